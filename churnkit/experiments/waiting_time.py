"""How long customers take to buy, where for some of them it has not happened yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from churnkit.errors import DataError
from churnkit.experiments.intervals import ALPHA, FloatArray
from churnkit.results.interval import Interval
from churnkit.text import figures

MIN_CUSTOMERS = 2


@dataclass(frozen=True)
class Waiting:
    """Share of a group that has bought by each day, by Kaplan and Meier (1958).

    Attributes
    ----------
    days
        Days from the start on which somebody bought, ascending.
    share
        Share that has bought by then, 0 to 1; who was followed for a shorter time counts for as long as he was.
    low, high
        Of its 95 % interval: Greenwood's (1926) on the log-log scale, which stays within 0 and 1.
    followed_days
        The longest that anybody was followed.
    """

    days: FloatArray
    share: FloatArray
    low: FloatArray
    high: FloatArray
    followed_days: float

    def by(self, day: float) -> Interval | None:
        """Share that has bought by ``day`` with its interval; None where nobody was followed so long."""
        if day > self.followed_days:
            return None
        place = int(np.searchsorted(self.days, day, side="right")) - 1
        if place < 0:
            return Interval(0.0, 0.0, 0.0)
        return Interval(float(self.share[place]), float(self.low[place]), float(self.high[place]))


def waiting(days: ArrayLike, bought: ArrayLike, alpha: float = ALPHA) -> Waiting:
    """The share that has bought by each day.

    Parameters
    ----------
    days
        Days from the start to the purchase, or for how long the customer was followed; 0 or more, shape (n,).
    bought
        Whether it is a purchase, booleans of shape (n,).

    Raises
    ------
    DataError
        If a day is missing or below 0, or there are fewer than ``MIN_CUSTOMERS``.

    Examples
    --------
    >>> found = waiting([1, 2, 2, 4], [True, True, False, False])
    >>> found.share.tolist()
    [0.25, 0.5]
    """
    from scipy.special import ndtri

    time, event = _checked(days, bought)
    at, number = np.unique(time[event], return_counts=True)
    at_risk = (time[None, :] >= at[:, None]).sum(axis=1) if len(at) else np.empty(0)
    left = np.cumprod(1 - number / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(number / (at_risk * (at_risk - number)))
        spread = float(ndtri(1 - alpha / 2)) * np.sqrt(greenwood) / np.abs(np.log(left))
        ends = left ** np.exp(spread), left ** np.exp(-spread)
    # Once everybody has bought there is no spread left to speak of.
    narrow, wide = (np.where(np.isfinite(end), end, 0.0) for end in ends)
    return Waiting(at, 1 - left, 1 - wide, 1 - narrow, float(time.max()))


def log_rank(days: ArrayLike, bought: ArrayLike, group: ArrayLike) -> float:
    """Probability of groups as far apart in when they buy if they did not differ (Mantel 1966, Peto 1972).

    Parameters
    ----------
    days, bought
        As in :func:`waiting`.
    group
        Which group each customer belongs to, shape (n,); two or more.
    """
    from scipy.special import chdtrc

    time, event = _checked(days, bought)
    names, member = np.unique(np.asarray(group).astype(str), return_inverse=True)
    if len(names) < 2:
        raise DataError(f"Comparing when groups buy: two groups or more are needed, found {len(names)}.")
    inside = member[None, :] == np.arange(len(names))[:, None]
    apart, spread = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for day in np.unique(time[event]):
        there, now = time >= day, event & (time == day)
        at_risk, total = (inside & there).sum(axis=1).astype(float), float(there.sum())
        deaths = float(now.sum())
        share = at_risk / total
        apart += (inside & now).sum(axis=1) - deaths * share
        if total > 1:
            factor = deaths * (total - deaths) / (total - 1)
            spread += factor * (np.diag(share) - np.outer(share, share))
    # The rows of all groups add up to 0: the last one says nothing new.
    some, matrix = apart[:-1], spread[:-1, :-1]
    statistic = float(some @ np.linalg.pinv(matrix) @ some)
    return float(chdtrc(len(names) - 1, statistic))


def _checked(days: ArrayLike, bought: ArrayLike) -> tuple[FloatArray, NDArray[np.bool_]]:
    time, event = np.asarray(days, dtype=float), np.asarray(bought, dtype=bool)
    bad = ~(np.isfinite(time) & (time >= 0))
    if len(time) < MIN_CUSTOMERS or bad.any():
        raise DataError(
            f"Timing purchases: {MIN_CUSTOMERS} customers or more are needed, each with days of 0 or more, found"
            f" {figures.count(len(time))}, {figures.count(int(bad.sum()))} of them without.",
            "Give for each customer the day of the purchase, or for how many days he was followed.",
        )
    return time, event
