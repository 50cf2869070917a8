"""Which churn threshold is proposed: where a pause parts from a loss, as far as the history carries it.

Of the customers silent for t days some come back anyhow. The proposal is the shortest t after which at most
``max_return_share`` of them ever do, within the history seen (``ReturnCurve.late_return_share``). A yearly habit makes
the curve fall a second time after a year, and a winter's pause after a winter: a threshold before such a fall has the
later returns against it, so no season is cut off that the history has shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.config import ThresholdSettings
from churnkit.profiling.gaps import ReturnCurve

DEFAULT_DAYS = 90
STEP_DAYS = 5
MIN_CLOSED_SPELLS = 10
# Days to observe before the first outcome to learn from, and one that is lost where half a horizon is rounded up.
LEARNING_DAYS = 31
SHORT_DAYS = 30
# Where hardly anybody ever comes back, any silence is followed by few returns; the threshold still has to leave time
# for half of them, else the forecast would find nobody who stays.
MIN_RETURNED_PART = 0.5
# Of two thresholds of which neither separates, the shorter one, unless the longer is better by more than this.
MUCH_BETTER = 0.02


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A threshold in days.

    Attributes
    ----------
    days
        The threshold, at least 1.
    separating_days
        The shortest that separates and leaves time for half of the returns, whether or not bounds and history allow
        it; None if no day that the history can tell about does.
    from_returns
        False where too few gaps were seen: the usual choice.
    """

    days: int
    separating_days: int | None
    from_returns: bool


def history_limit(history_days: int) -> int:
    """The longest threshold that a history carries, rounded down to 5 days: models must learn from it and be tested.

    Two horizons, one to test on and an earlier one to learn from, and before them days to observe: half a horizon,
    a month at least. A third of the history where that is more.
    """
    most = max(history_days // 3, min(history_days * 2 // 5, (history_days - LEARNING_DAYS) // 2))
    return _whole_steps(most)


def _proven_limit(history_days: int) -> int:
    """The longest threshold of which three outcomes fit; below a month of days, a third of the history."""
    third = history_days // 3
    return _whole_steps(max((history_days - LEARNING_DAYS - 1) // 3, min(third, SHORT_DAYS)))


def history_needed(days: int) -> int:
    """The shortest history that carries a threshold of ``days``, but for rounding."""
    return min(3 * days, max(-(-5 * days // 2), 2 * days + LEARNING_DAYS))


def propose(curve: ReturnCurve, history_days: int, settings: ThresholdSettings) -> Proposal:
    """The threshold for a shop with this return curve.

    Where none separates within the limit, the best is proposed that leaves room for three outcomes one after the
    other: to learn from, to choose a model on and to test it on. A longer horizon would cost proof and win nothing.
    """
    limit = history_limit(history_days)
    if curve.closed_spells < MIN_CLOSED_SPELLS or curve.told_days < STEP_DAYS:
        usual = max(1, min(max(settings.low_days, DEFAULT_DAYS), limit))
        return Proposal(days=usual, separating_days=None, from_returns=False)
    separating = next(
        (
            day
            for day in _steps(curve.told_days)
            if separates(curve, day, settings) and _leaves_time(curve, day)
        ),
        None,
    )
    if separating is not None and separating <= limit:
        days = min(max(settings.low_days, separating), limit)
    else:
        days = _best(curve, min(_proven_limit(history_days), limit), settings)
    return Proposal(days=days, separating_days=separating, from_returns=True)


def separates(curve: ReturnCurve, days: int, settings: ThresholdSettings) -> bool:
    """Whether few come back after ``days`` of silence."""
    share = curve.late_return_share(days)
    return share is not None and share <= settings.max_return_share


def _leaves_time(curve: ReturnCurve, days: int) -> bool:
    return curve.returned_part(days) >= MIN_RETURNED_PART


def _best(curve: ReturnCurve, longest: int, settings: ThresholdSettings) -> int:
    """The shortest threshold about as good as ``longest`` that leaves time for half of the returns; else ``longest``."""
    best = curve.late_return_share(longest)
    if best is None:
        return longest
    for day in _steps(longest):
        share = curve.late_return_share(day)
        if share is not None and share <= best + MUCH_BETTER and _leaves_time(curve, day):
            return min(max(settings.low_days, day), longest)
    return longest


def _steps(last: int) -> range:
    return range(STEP_DAYS, last + 1, STEP_DAYS)


def _whole_steps(days: int) -> int:
    return max(1, days if days < STEP_DAYS else days - days % STEP_DAYS)
