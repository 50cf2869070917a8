"""Pure figures of merit: labels (0 or 1) and scores in, numbers out.

Labels are 1 for churned. Tied scores count with their mean, so no figure depends on the order of rows. A
figure that one class alone leaves undefined is NaN; empty or impossible input is a ModelError.
"""

from churnkit.metrics.curves import precision_recall_curve, roc_curve
from churnkit.metrics.decisions import (
    Confusion,
    TargetChoice,
    best_f1_threshold,
    choose_targets,
    confusion,
    f1_of_everybody,
    profit_curve,
)
from churnkit.metrics.drift import Shift, psi, shift
from churnkit.metrics.probabilities import ReliabilityBin, brier, ece, log_loss, reliability_table
from churnkit.metrics.ranking import (
    average_precision,
    base_rate,
    lift_at_k,
    normalised_gini,
    precision_at_k,
    roc_auc,
    roc_auc_variance,
    top_count,
)

__all__ = [
    "Confusion",
    "ReliabilityBin",
    "Shift",
    "TargetChoice",
    "average_precision",
    "base_rate",
    "best_f1_threshold",
    "brier",
    "choose_targets",
    "confusion",
    "ece",
    "f1_of_everybody",
    "lift_at_k",
    "log_loss",
    "normalised_gini",
    "precision_at_k",
    "precision_recall_curve",
    "profit_curve",
    "psi",
    "reliability_table",
    "roc_auc",
    "roc_auc_variance",
    "roc_curve",
    "shift",
    "top_count",
]
