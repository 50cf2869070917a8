"""The few figures by which the versions of an analysis are compared; the store keeps them with each run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from churnkit.results.codec import Step


@dataclass(frozen=True, kw_only=True)
class RunFigures:
    """Figures of one version; None where it has none, or where an earlier version of the program did not keep it.

    Attributes
    ----------
    roc_auc
        Of the champion on validation dates.
    test_roc_auc, test_log_loss, test_ece
        On the last complete window, which no choice has seen.
    test_roc_auc_active
        Among the customers active at its start.
    """

    title: ClassVar[str] = "the figures of a version"
    steps: ClassVar[tuple[Step, ...]] = ()

    method: Literal["models", "btyd", "rules"] | None = None
    cutoff: datetime | None = None
    customers: int | None = None
    mean_p_churn: float | None = None
    verdict: str | None = None
    roc_auc: float | None = None
    test_roc_auc: float | None = None
    test_roc_auc_active: float | None = None
    test_log_loss: float | None = None
    test_ece: float | None = None
