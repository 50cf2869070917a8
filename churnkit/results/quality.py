"""How good forecasts at past dates were, of the active customers and of all."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.results.found import Found, Missing


@dataclass(frozen=True, kw_only=True)
class Quality:
    """Forecasts at past dates against what came, for one population; each customer counts at each date.

    Attributes
    ----------
    windows
        Windows that do not overlap.
    customers, churned
        Customers in all windows, and how many of them left.
    expected_churn_rate, actual_churn_rate
        Mean forecast, and the share who left.
    roc_auc, roc_auc_low
        Chance that a leaver was ranked above a stayer of the same date, and the lower end of its 95 % interval.
    average_precision, brier
        Over all windows together.
    log_loss, log_loss_of_base_rate
        Nats a customer; of the forecast, and of giving everybody the rate of all windows together.
    ece
        Expected calibration error over ten groups, a share.
    lift_at_20, left_among_riskiest, left_among_longest_silent
        Share who left among the riskiest fifth of each date, over ``actual_churn_rate`` and as it is, and among the
        fifth who had been silent longest.
    level_miss
        Mean over the windows of the distance between expected and actual churn rate, in shares.
    expected_spend, actual_spend
        Over all windows, in money.
    """

    windows: int
    customers: int
    churned: int
    expected_churn_rate: float
    actual_churn_rate: float
    roc_auc: float
    roc_auc_low: float
    average_precision: float
    brier: float
    log_loss: float
    log_loss_of_base_rate: float
    ece: float
    lift_at_20: float
    left_among_riskiest: float
    left_among_longest_silent: float
    level_miss: float
    expected_spend: float
    actual_spend: float


@dataclass(frozen=True, kw_only=True)
class QualityLine(Quality):
    """A row of a table of both, with whose figures they are."""

    population: str


@dataclass(frozen=True, kw_only=True)
class QualityByStatus:
    """Of the customers who were active at the date (silent no longer than the threshold), and of all."""

    active: Found[Quality] | Missing
    all: Found[Quality] | Missing


def quality_lines(found: QualityByStatus) -> tuple[QualityLine, ...]:
    """A row for each population that was measured, the active first."""
    return tuple(
        QualityLine(population=name, **vars(one.value))
        for name, one in (("Active", found.active), ("All", found.all))
        if isinstance(one, Found)
    )
