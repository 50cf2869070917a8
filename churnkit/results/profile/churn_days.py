"""What the profile says of the churn threshold in days: the choice, what it rests on, what others would mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ThresholdMethod = Literal["found", "default", "given"]
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
        Of the pauses longer than ``threshold_days``, the share that a purchase ended (``returned_after_share``);
        ``None`` beyond the days that the history can tell about.
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
    """Share of purchases followed by another within ``days``, and of longer pauses that ended all the same.

    ``late_return_share`` is None where the history cannot tell, and in older documents.
    """

    days: int
    returned_share: float
    late_return_share: float | None


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
    method
        ``found`` in the shop's own past, ``default`` (too few gaps: 90 days) or ``given`` (set by the user).
    returned_after_share
        Of the pauses longer than ``days``, the share that a purchase ended within the history seen (Kaplan-Meier
        over pauses); None where the history cannot tell, and in older documents.
    max_return_share
        What that share may be at most for the threshold to separate a pause from a loss; None in older documents.
    separates
        Whether it is; None where the history cannot tell, and in older documents.
    pauses
        How many pauses longer than ``days`` were seen, over or not; None in older documents.
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
    method: ThresholdMethod
    returned_after_share: float | None
    max_return_share: float | None
    separates: bool | None
    pauses: int | None
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
