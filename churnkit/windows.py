"""Cutoffs, horizons and splits: the only date arithmetic of the package.

A cutoff is an instant. What a customer did strictly before it may be known, what happens in
``[cutoff, cutoff + horizon_days)`` is the outcome.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from churnkit.errors import WindowError
from churnkit.text.figures import instant

MIN_OBSERVATION_DAYS = 30
MAX_CUTOFFS = 24
DAYS_PER_MONTH = 365.25 / 12


def end_of_data(last_ordered_at: datetime) -> datetime:
    """First midnight after the last order: the scoring cutoff when no as-of date is given.

    Examples
    --------
    >>> end_of_data(datetime(2024, 2, 28, 17, 30))
    datetime.datetime(2024, 2, 29, 0, 0)
    """
    return datetime.combine(last_ordered_at.date(), datetime.min.time()) + timedelta(days=1)


def last_day(scoring: datetime) -> date:
    """The last day that the data before the scoring instant speak of.

    Examples
    --------
    >>> last_day(datetime(2024, 2, 29)), last_day(datetime(2024, 2, 29, 12))
    (datetime.date(2024, 2, 28), datetime.date(2024, 2, 29))
    """
    return (scoring - timedelta(microseconds=1)).date()


def quarter_before(moment: datetime) -> datetime:
    """The same day three months earlier; the last day of that month where it has no such day.

    Examples
    --------
    >>> quarter_before(datetime(2024, 5, 31)), quarter_before(datetime(2024, 1, 15, 12))
    (datetime.datetime(2024, 2, 29, 0, 0), datetime.datetime(2023, 10, 15, 12, 0))
    """
    months = 12 * moment.year + moment.month - 1 - 3
    year, month = divmod(months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def outcome_end(cutoff: datetime, horizon_days: int) -> datetime:
    """First instant after the outcome window of ``cutoff``."""
    return cutoff + timedelta(days=horizon_days)


def window_over(cutoff: datetime, horizon_days: int, observed_until: datetime) -> bool:
    """Whether the outcome of ``cutoff`` is fully known at ``observed_until``.

    Examples
    --------
    >>> window_over(datetime(2024, 2, 1), 30, observed_until=datetime(2024, 3, 2))
    True
    >>> window_over(datetime(2024, 2, 1), 30, observed_until=datetime(2024, 3, 1))
    False
    """
    return outcome_end(cutoff, horizon_days) <= observed_until


@dataclass(frozen=True)
class CutoffPlan:
    """Which cutoffs an analysis uses.

    Attributes
    ----------
    scoring
        The instant the customers are scored at; its outcome is unknown.
    labelled
        Cutoffs with a complete outcome, ascending; the last is ``scoring - horizon_days``.
    horizon_days, step_days
        Length of the outcome window and distance between labelled cutoffs.
    history_start
        Instant of the first order.
    training_months
        How long before a date the cutoffs may lie that a model for it learns from; None: any time.
    """

    scoring: datetime
    labelled: tuple[datetime, ...]
    horizon_days: int
    step_days: int
    history_start: datetime
    training_months: int | None = None

    @property
    def all(self) -> tuple[datetime, ...]:
        """Labelled cutoffs and the scoring cutoff, ascending."""
        return (*self.labelled, self.scoring)

    @property
    def test(self) -> datetime | None:
        """The last labelled cutoff: touched once, after every choice has been made."""
        return self.labelled[-1] if self.labelled else None

    def known_before(self, cutoff: datetime) -> tuple[datetime, ...]:
        """Labelled cutoffs whose outcome was complete at ``cutoff``: all that a model built then could learn from."""
        return tuple(c for c in self.labelled if window_over(c, self.horizon_days, cutoff))

    def trains_on(self, cutoff: datetime) -> tuple[datetime, ...]:
        """Those of :meth:`known_before` that lie in the training window; the latest of them where none does."""
        known = self.known_before(cutoff)
        return self.recent(known, cutoff) or known[-1:]

    def recent(self, cutoffs: Sequence[datetime], before: datetime) -> tuple[datetime, ...]:
        """Those of ``cutoffs`` that lie in the training window of the date ``before``."""
        if self.training_months is None:
            return tuple(cutoffs)
        earliest = before - timedelta(days=self.training_months * DAYS_PER_MONTH)
        return tuple(c for c in cutoffs if c >= earliest)

    def observation_days(self, cutoff: datetime) -> int:
        """Days of history before ``cutoff``."""
        return (cutoff - self.history_start).days


def plan_cutoffs(
    history_start: datetime,
    scoring: datetime,
    horizon_days: int,
    *,
    max_cutoffs: int = MAX_CUTOFFS,
    min_observation_days: int | None = None,
    training_months: int | None = None,
) -> CutoffPlan:
    """Cutoffs every half horizon, rounded up, from ``scoring - horizon_days`` back to the start of the history.

    Parameters
    ----------
    history_start, scoring
        Instant of the first order and of the score.
    horizon_days
        Length of the outcome window, at least 1.
    max_cutoffs
        The most recent labelled cutoffs that are kept.
    min_observation_days
        Least history before a labelled cutoff; by default the horizon, but between 14 and 30 days.
    training_months
        See :class:`CutoffPlan`.

    Raises
    ------
    WindowError
        If the horizon is below one day or the history does not start before the scoring instant.

    Examples
    --------
    >>> plan = plan_cutoffs(datetime(2024, 1, 1), datetime(2024, 5, 1), horizon_days=60)
    >>> [f"{cutoff:%d %b}" for cutoff in plan.all]
    ['01 Feb', '02 Mar', '01 May']
    """
    if horizon_days < 1:
        raise WindowError(
            f"Planning cutoffs: the horizon must be at least 1 day, it is {horizon_days}.",
            "Give --horizon-days 1 or more.",
        )
    if history_start >= scoring:
        raise WindowError(
            f"Planning cutoffs: no order lies before {instant(scoring)}; the first is at"
            f" {instant(history_start)}.",
            "Choose a later as-of date, or leave it out.",
        )
    if min_observation_days is None:
        min_observation_days = min(MIN_OBSERVATION_DAYS, max(14, horizon_days))
    # Up, so that the outcome of the cutoff two steps earlier is over: rounded down, an odd horizon would lose it.
    step_days = -(-horizon_days // 2)
    earliest = history_start + timedelta(days=min_observation_days)
    cutoffs: list[datetime] = []
    cutoff = scoring - timedelta(days=horizon_days)
    while cutoff >= earliest and len(cutoffs) < max_cutoffs:
        cutoffs.append(cutoff)
        cutoff -= timedelta(days=step_days)
    return CutoffPlan(
        scoring=scoring,
        labelled=tuple(reversed(cutoffs)),
        horizon_days=horizon_days,
        step_days=step_days,
        history_start=history_start,
        training_months=training_months,
    )


def non_overlapping(cutoffs: Sequence[datetime], horizon_days: int) -> tuple[datetime, ...]:
    """The latest cutoff and those before it at distances of at least the horizon, ascending.

    Examples
    --------
    >>> cutoffs = [datetime(2024, 1, 1), datetime(2024, 1, 16), datetime(2024, 1, 31)]
    >>> [cutoff.day for cutoff in non_overlapping(cutoffs, 30)]
    [1, 31]
    """
    kept: list[datetime] = []
    for cutoff in sorted(cutoffs, reverse=True):
        if not kept or outcome_end(cutoff, horizon_days) <= kept[-1]:
            kept.append(cutoff)
    return tuple(reversed(kept))
