"""When the next order is due: a customer's own gaps, drawn towards the shop's, as a date with an interval.

Logarithms of the days between purchases are normal around a mean of the customer's own, and these means are normal
around the shop's; both spreads come from the analysis of variance. A customer with many gaps is thus judged by them,
one with none by the shop. Given the days of silence so far, and that an order does come within the horizon, the
distribution is cut to what is left. How its levels lie to what then happened is learned at earlier dates of the shop,
and checked on the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from churnkit.baskets.association_rules import FloatArray
from churnkit.baskets.orders import IntArray

COVERAGE = 0.8
LEVELS = ((1 - COVERAGE) / 2, 0.5, (1 + COVERAGE) / 2)
MIN_GAPS = 30
MIN_RETURNS = 50
_MIN_SPREAD = 0.05


@dataclass(frozen=True)
class Habits:
    """Customers at one day: how the log of their next gap is distributed.

    Attributes
    ----------
    mean, spread
        Of the log of the next gap in days, shape (n,): the customer's own mean drawn towards the shop's, and the
        standard deviation of one gap around it, what is not known of the mean included.
    gaps
        Gaps behind each customer's mean, shape (n,).
    silent_days
        Days since the last purchase day, 1 or more, shape (n,).
    """

    mean: FloatArray
    spread: FloatArray
    gaps: IntArray
    silent_days: IntArray

    @property
    def usual_days(self) -> FloatArray:
        """The median gap in days, shape (n,)."""
        return np.exp(self.mean)

    def levels_of(self, gap_days: FloatArray, horizon_days: int) -> FloatArray:
        """How much of the distribution of a next order within the horizon lies below these gaps, 0 to 1, shape (n,)."""
        start, end = self._tails(horizon_days)
        return np.clip((start - self._tail(gap_days)) / np.maximum(start - end, 1e-300), 0.0, 1.0)

    def gap_at(self, level: float, horizon_days: int) -> FloatArray:
        """The gap (days, not before today's silence) below which ``level`` of that distribution lies, shape (n,)."""
        start, end = self._tails(horizon_days)
        tail = start - level * (start - end)
        gap = np.exp(self.mean - self.spread * ndtri(np.maximum(tail, 1e-300)))
        latest: FloatArray = np.clip(gap, self.silent_days, self.silent_days + horizon_days - 1)
        return latest

    def _tail(self, gap_days: NDArray[np.floating[Any]]) -> FloatArray:
        return np.asarray(ndtr((self.mean - np.log(gap_days)) / self.spread))

    def _tails(self, horizon_days: int) -> tuple[FloatArray, FloatArray]:
        # Gaps are whole days: each stands for the day around it.
        return self._tail(self.silent_days - 0.5), self._tail(self.silent_days + horizon_days - 0.5)


def habits(customer: IntArray, day: IntArray, today: int) -> Habits | None:
    """Customers with a purchase before ``today``; None with fewer than 30 gaps in the shop.

    Parameters
    ----------
    customer, day
        Distinct purchase days, shape (days,), sorted by customer and day; customers are 0 to n - 1 and each has one
        before ``today``.
    """
    same = customer[1:] == customer[:-1]
    log_gap = np.log((day[1:] - day[:-1])[same].astype(float))
    who = customer[1:][same]
    if len(log_gap) < MIN_GAPS:
        return None
    number = int(customer.max()) + 1
    last = np.zeros(number, dtype=np.int64)
    last[customer] = day
    count = np.bincount(who, minlength=number)
    total: FloatArray = np.bincount(who, log_gap, minlength=number).astype(np.float64)
    shop, within, between = _spreads(count, total, log_gap)
    precision = count / within + 1 / between
    mean = (total / within + shop / between) / precision
    return Habits(mean, np.sqrt(within + 1 / precision), count, today - last)


def _spreads(count: IntArray, total: FloatArray, log_gap: FloatArray) -> tuple[float, float, float]:
    """Mean of all gaps, variance within customers and between their means (one-way analysis of variance)."""
    some = count > 0
    size, groups = len(log_gap), int(some.sum())
    shop = float(log_gap.mean())
    means = total[some] / count[some]
    inner = float((log_gap**2).sum() - (count[some] * means**2).sum())
    outer = float((count[some] * (means - shop) ** 2).sum())
    within = max(inner / max(size - groups, 1), _MIN_SPREAD**2)
    typical = (size - (count[some].astype(float) ** 2).sum() / size) / max(groups - 1, 1)
    between = (outer / max(groups - 1, 1) - within) / typical if typical > 0 else 0.0
    return shop, within, max(between, _MIN_SPREAD**2)


@dataclass(frozen=True)
class Checked:
    """What came of the same forecast at an earlier date.

    Attributes
    ----------
    returned
        Customers who ordered within the horizon from then.
    coverage
        Share of them who did so within the 80 % interval.
    width_days
        Median width of the interval.
    error_days
        Mean absolute error of the expected day.
    naive_error_days
        That of the day on which, at the dates before, half of those who ordered had done so, the same for everybody.
    """

    returned: int
    coverage: float
    width_days: float
    error_days: float
    naive_error_days: float


@dataclass(frozen=True)
class Due:
    """Expected next orders.

    Attributes
    ----------
    table
        One row per customer in the order of their numbers: ``usual_gap_days``, ``gaps``, and in days from today (0 is
        today) ``due_in``, ``due_in_low``, ``due_in_high``, each for an order within the horizon.
    levels
        Where low, middle and high lie in the model's distribution, as earlier dates have taught.
    checked
        None where no earlier date could be looked at.
    """

    table: pd.DataFrame
    levels: tuple[float, float, float]
    checked: Checked | None


def next_orders(
    customer: IntArray, day: IntArray, today: int, horizon_days: int, earlier: Sequence[int] = ()
) -> Due | None:
    """Expected next order of every customer, if it comes within ``horizon_days``; None with too few gaps.

    Parameters
    ----------
    customer, day
        Distinct purchase days before ``today`` as whole numbers, sorted by customer and day; customers are 0 to n - 1.
    earlier
        Days at which the same is asked to learn and to check the levels: those whose horizon is over by ``today``.
    """
    now = habits(customer, day, today)
    if now is None:
        return None
    asked = [_replayed(customer, day, then, horizon_days) for then in sorted(earlier)]
    past = [one for one in asked if one is not None]
    levels = _taught(past)
    days = [now.gap_at(level, horizon_days) - now.silent_days for level in levels]
    low, middle, high = (np.rint(values).astype(int) for values in days)
    table = pd.DataFrame(
        {
            "usual_gap_days": now.usual_days,
            "gaps": now.gaps,
            "due_in": middle,
            "due_in_low": low,
            "due_in_high": high,
        }
    )
    return Due(table, levels, _check(past, horizon_days))


@dataclass(frozen=True)
class _Replayed:
    """One earlier day: the customers who came back within the horizon, and the gaps that this ended."""

    today: int
    habits: Habits
    returned: NDArray[np.bool_]
    gap_days: FloatArray
    level: FloatArray


def _replayed(customer: IntArray, day: IntArray, today: int, horizon_days: int) -> _Replayed | None:
    known = day < today
    if not known.any():
        return None
    # They come by customer, so that nothing need be sorted.
    who = customer[known]
    is_next = np.append(True, who[1:] != who[:-1])
    names, position = who[is_next], np.cumsum(is_next) - 1
    then = habits(position, day[known], today)
    if then is None:
        return None
    number = int(customer.max()) + 1
    following = np.full(number, np.iinfo(np.int64).max)
    later = (day >= today) & (day < today + horizon_days)
    # The earliest is written last, and stays.
    following[customer[later][::-1]] = day[later][::-1]
    returned = following[names] < np.iinfo(np.int64).max
    gap = np.where(returned, following[names] - today + then.silent_days, 1).astype(float)
    return _Replayed(today, then, returned, gap, then.levels_of(gap, horizon_days))


def _taught(past: Sequence[_Replayed]) -> tuple[float, float, float]:
    """Levels below which 10, 50 and 90 % of the orders came at earlier dates; these themselves with too few."""
    seen = np.concatenate([one.level[one.returned] for one in past]) if past else np.array([])
    if len(seen) < MIN_RETURNS:
        return LEVELS
    low, middle, high = np.quantile(seen, LEVELS)
    return float(low), float(middle), float(high)


def _check(past: Sequence[_Replayed], horizon_days: int) -> Checked | None:
    """The last earlier date, judged with levels from those whose horizon was over by then."""
    if not past or past[-1].returned.sum() == 0:
        return None
    last = past[-1]
    before = [one for one in past if one.today + horizon_days <= last.today]
    came = last.returned
    low, middle, high = (np.rint(last.habits.gap_at(v, horizon_days)[came]) for v in _taught(before))
    gap, silent = last.gap_days[came], last.habits.silent_days[came]
    waits = [one.gap_days[one.returned] - one.habits.silent_days[one.returned] for one in before]
    usual = float(np.median(np.concatenate(waits))) if waits else (horizon_days - 1) / 2
    return Checked(
        returned=int(came.sum()),
        coverage=float(((gap >= low) & (gap <= high)).mean()),
        width_days=float(np.median(high - low)),
        error_days=float(np.abs(gap - middle).mean()),
        naive_error_days=float(np.abs(gap - silent - usual).mean()),
    )
