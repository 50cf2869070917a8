"""What the profile says of the churn threshold in days: the choice, what it rests on, what others would mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ThresholdMethod = Literal["elbow", "default", "given"]
Severity = Literal["balanced", "moderate", "severe", "unknown"]

SEVERE_MINORITY = 0.10
MODERATE_MINORITY = 0.20


@dataclass(frozen=True, kw_only=True)
class SensitivityRow:
    """What one threshold would mean.

    Attributes
    ----------
    customers_beyond, share_beyond
        Customers silent for more than ``threshold_days`` at the cutoff ("already lapsed"), and their share of
        all.
    outcome_customers, churn_share
        Customers known ``threshold_days`` before the cutoff, and the share of them without a purchase since:
        the class balance of the last complete outcome window. ``None`` where nobody was known by then.
    returned_share
        Share of purchases followed by another within ``threshold_days`` (Kaplan-Meier).
    late_return_share
        Share of purchases followed by another although ``threshold_days`` of silence came first; ``None``
        beyond the days that the history can tell about.
    allowed
        Whether the history is long enough to learn with this threshold.
    """

    threshold_days: int
    customers_beyond: int
    share_beyond: float
    outcome_customers: int
    churn_share: float | None
    returned_share: float | None
    late_return_share: float | None
    allowed: bool


@dataclass(frozen=True, kw_only=True)
class GapQuantiles:
    """The least number of days that 10, 25, 50, 75, 90 and 95 % of gaps do not exceed."""

    p10: int
    p25: int
    p50: int
    p75: int
    p90: int
    p95: int


@dataclass(frozen=True, kw_only=True)
class GapBar:
    """Gaps of ``from_days`` to ``to_days`` days; ``to_days`` is None in the last bar."""

    from_days: int
    to_days: int | None
    gaps: int
    share: float


@dataclass(frozen=True, kw_only=True)
class GapDistribution:
    """Gaps between purchase days that did end; with a ``count`` of 0 there is no mean, quantile or bar."""

    count: int
    mean_days: float | None
    quantiles_days: GapQuantiles | None
    histogram: tuple[GapBar, ...]


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """Share of purchases followed by another within ``days``."""

    days: int
    returned_share: float


@dataclass(frozen=True, kw_only=True)
class LapsedCustomers:
    """Customers silent for longer than the threshold, and their share of all."""

    customers: int
    share: float


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """The chosen number of days and everything that it rests on.

    Attributes
    ----------
    days
        The threshold, at least 1.
    elbow_days
        Where the return curve bends, before rounding; ``None`` if it does not or there are too few gaps.
    method
        ``elbow``, ``default`` (no elbow: 90 days) or ``given`` (set by the user).
    clipped_from
        The days it would have been without the bounds; ``None`` if they did not bite.
    reason
        The choice in words.
    history_limit_days
        The longest threshold that the history can carry.
    curve
        The return curve, evenly spaced.
    lapsed
        Who has lapsed at the cutoff already: no forecast.
    """

    days: int
    elbow_days: int | None
    method: ThresholdMethod
    clipped_from: int | None
    reason: str
    history_days: int
    history_limit_days: int
    customers: int
    sensitivity: tuple[SensitivityRow, ...]
    gap_distribution: GapDistribution
    curve: tuple[CurvePoint, ...]
    lapsed: LapsedCustomers


@dataclass(frozen=True, kw_only=True)
class ClassBalance:
    """Churners and stayers over the last complete outcome window of the chosen threshold.

    ``severe``: the smaller class has less than 10 %; ``moderate``: less than 20 %. Shares are None where no window is
    complete.
    """

    horizon_days: int
    customers: int
    churned: int
    churn_share: float | None
    minority_share: float | None
    severity: Severity
    recommendation: str
