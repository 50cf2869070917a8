"""One leaderboard row: every measure of one candidate on validation or test rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit import metrics
from churnkit.config import Money
from churnkit.tournament.margins import to_probability

SPREAD = ("f1", "recall", "roc_auc", "log_loss", "profit_share")


@dataclass(frozen=True)
class Stakes:
    """Money side of an evaluation: value at stake per row (n,), cost of a contact and share of churners it keeps."""

    value: np.ndarray
    contact_cost: float
    save_rate: float

    def of(self, rows: np.ndarray) -> Stakes:
        """Those of some rows."""
        return Stakes(self.value[rows], self.contact_cost, self.save_rate)


def value_at_stake(rows: pd.DataFrame, horizon_days: int) -> np.ndarray:
    """What a customer spends in ``horizon_days`` at the past pace, in money, 0 at least; shape (n,)."""
    spend: np.ndarray = (
        np.clip(rows["spend_per_month"].to_numpy(dtype=float), 0.0, None) * horizon_days / 30.0
    )
    return spend


def contact_cost(money: Money, rows: pd.DataFrame) -> float:
    """Cost of one contact: as set, else a share of the mean order value."""
    if money.contact_cost is not None:
        return money.contact_cost
    return money.contact_cost_share * float(rows["gross_total"].sum() / max(rows["order_count"].sum(), 1))


def is_active(rows: pd.DataFrame, horizon_days: int) -> np.ndarray:
    """Mask of the panel rows of customers who were active at the cutoff: silent no longer than the threshold."""
    active: np.ndarray = (rows["recency_days"] <= horizon_days).to_numpy(dtype=bool)
    return active


def expected_count_threshold(p: np.ndarray) -> float:
    """Threshold that calls as many customers churners as are expected to be: the sum of the probabilities.

    It balances precision and recall (equal when p is calibrated), where the F1-optimal threshold drifts towards
    calling everybody as soon as most customers leave.
    """
    called = int(np.clip(round(float(p.sum())), 1, len(p)))
    return float(np.sort(p)[::-1][called - 1])


def measure(margin: np.ndarray, churned: np.ndarray, stakes: Stakes, threshold: float) -> dict[str, float]:
    """Measures of calibrated log-odds ``margin`` (n,) against ``churned`` (n,), 0 or 1.

    ``expected_profit`` is what contacting those whose expected gain exceeds the cost would have earned, in
    money; ``profit_share`` divides it by the profit of knowing the churners beforehand (1 = perfect).
    """
    p = to_probability(margin)
    matrix = metrics.confusion(churned, p, threshold)
    money = {"contact_cost": stakes.contact_cost, "save_rate": stakes.save_rate}
    chosen = metrics.choose_targets(churned, p, stakes.value, score=p * stakes.value, **money)
    perfect = metrics.choose_targets(churned, churned, stakes.value, score=churned * stakes.value, **money)
    best = perfect.realised_profit
    return {
        "accuracy": matrix.accuracy,
        "precision": matrix.precision,
        "recall": matrix.recall,
        "f1": matrix.f1,
        "f1_everybody": metrics.f1_of_everybody(churned),
        "threshold": threshold,
        "roc_auc": metrics.roc_auc(churned, p),
        "average_precision": metrics.average_precision(churned, p),
        "brier": metrics.brier(churned, p),
        "log_loss": metrics.log_loss(churned, p),
        "ece": metrics.ece(churned, p),
        "precision_at_10": metrics.precision_at_k(churned, p, 0.1),
        "precision_at_20": metrics.precision_at_k(churned, p, 0.2),
        "lift_at_10": metrics.lift_at_k(churned, p, 0.1),
        "lift_at_20": metrics.lift_at_k(churned, p, 0.2),
        "expected_profit": chosen.realised_profit,
        "profit_share": chosen.realised_profit / best if best > 0 else 0.0,
        "mean_p_churn": float(p.mean()),
        "churn_rate": float(np.mean(churned)),
        "customers": float(len(p)),
    }


def auc_among(some: np.ndarray, churned: np.ndarray, margin: np.ndarray) -> float:
    """ROC-AUC among the rows of the mask ``some``, shape (n,); NaN where there are none or all did the same."""
    return metrics.roc_auc(churned[some], margin[some]) if some.any() else float("nan")


@dataclass(frozen=True)
class FoldMeasures:
    """Measures on all validation rows, with the spread over folds, and those of each fold."""

    overall: dict[str, float]
    by_fold: tuple[dict[str, float], ...]


def measure_folds(margin: np.ndarray, churned: np.ndarray, fold: np.ndarray, stakes: Stakes) -> FoldMeasures:
    """:func:`measure` on all validation rows and per fold; ``<name>_sd`` is the spread over folds of ``SPREAD``.

    The threshold is :func:`expected_count_threshold`; the one that maximises F1 stands beside it as
    ``best_f1_threshold`` with its ``best_f1``, which on a shop with much churn calls nearly everybody.
    Folds of one class only are left out of the spread.
    """
    p = to_probability(margin)
    threshold = expected_count_threshold(p)
    best = metrics.best_f1_threshold(churned, p)
    row = measure(margin, churned, stakes, threshold)
    row["best_f1_threshold"] = best
    row["best_f1"] = metrics.confusion(churned, p, best).f1
    by_fold = tuple(
        measure(margin[rows], churned[rows], stakes.of(rows), threshold)
        for rows in (fold == k for k in np.unique(fold))
        if 0 < churned[rows].sum() < rows.sum()
    )
    for name in SPREAD:
        values = np.array([m[name] for m in by_fold])
        row[f"{name}_sd"] = float(values.std(ddof=1)) if len(values) > 1 else float("nan")
    return FoldMeasures(row, by_fold)
