"""What is said before a forecast is used: by how much finished windows came out otherwise than was forecast of them.

Every past date was forecast with what was known then. Three things of it are told, each only where it missed: the window of
this season a year ago, the last finished window, and, where no window of this season is in the history, how far windows
without such a precedent were off. What came out as forecast is no news.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from churnkit.text.figures import counted, decimal, percent
from churnkit.tournament.backtest import PastOutcome
from churnkit.tournament.residuals import YEAR_DAYS, season_tolerance_days

WORTH_POINTS = 0.03
"""Shares of customers from which on a miss of the churn rate is told."""
WORTH_SPEND = math.log(1.15)
"""Logarithms from which on a miss of total spend is told."""
# A miss is told beyond so many of its own standard errors.
_ERRORS = 2.0


@dataclass(frozen=True)
class Missed:
    """By how much one finished window came out otherwise than was forecast of it, with standard errors.

    Attributes
    ----------
    churn
        Share that left less the mean probability.
    spend
        log(actual / forecast) of the total; NaN where either was nothing.
    """

    cutoff: datetime
    churn: float
    churn_error: float
    spend: float
    spend_error: float

    @property
    def tells_churn(self) -> bool:
        """Whether the miss of the churn rate is told."""
        return abs(self.churn) >= max(WORTH_POINTS, _ERRORS * self.churn_error)

    @property
    def tells_spend(self) -> bool:
        """Whether the miss of total spend is told."""
        return abs(self.spend) >= max(WORTH_SPEND, _ERRORS * self.spend_error)

    def words(self) -> str:
        """What is told of it; empty for nothing."""
        told = []
        if self.tells_churn:
            more = "more" if self.churn > 0 else "fewer"
            told.append(f"{_points(abs(self.churn))} {more} customers left")
        if self.tells_spend:
            more = "more" if self.spend > 0 else "less"
            told.append(f"{percent(abs(math.expm1(self.spend)))} {more} was spent")
        return " and ".join(told)


def _points(share: float) -> str:
    return f"{decimal(100 * share, 1)} points"


def missed(outcome: PastOutcome) -> Missed:
    """What a past date's forecasts missed."""
    p, came, said = outcome.p_churn, outcome.actual_spend, outcome.expected_spend
    actual, forecast = float(came.sum()), float(said.sum())
    known = actual > 0 and forecast > 0
    return Missed(
        outcome.cutoff,
        float(outcome.churned.mean() - p.mean()),
        math.sqrt(float((p * (1 - p)).sum())) / len(p),
        math.log(actual / forecast) if known else math.nan,
        math.sqrt(float(((came - said) ** 2).sum())) / actual if known else math.nan,
    )


def past_notes(
    windows: Sequence[Missed], scoring: datetime, history_start: datetime, horizon_days: int, step_days: int
) -> tuple[str, ...]:
    """Sentences on the forecast of ``scoring``; none where the past windows came out as forecast.

    Parameters
    ----------
    windows
        Past dates of any order; those whose window was not over play no part.
    """
    over = sorted(
        (one for one in windows if one.cutoff + timedelta(days=horizon_days) <= scoring),
        key=lambda one: one.cutoff,
    )
    if not over:
        return ()
    notes = []
    precedent = _of_this_season(over, scoring, season_tolerance_days(step_days))
    if precedent is not None and precedent.words():
        notes.append(
            f"The window of this season last year came out otherwise than was forecast of it: {precedent.words()}. The"
            " forecasts have learned from that since, in part."
        )
    if over[-1] is not precedent and over[-1].words():
        notes.append(
            f"The last finished window came out otherwise than was forecast of it: {over[-1].words()}."
        )
    said_already = len(over) == 1 and notes
    if (scoring - history_start).days < YEAR_DAYS + horizon_days and not said_already:
        notes += _unseen_season(over)
    return tuple(notes)


def _of_this_season(over: Sequence[Missed], scoring: datetime, tolerance_days: float) -> Missed | None:
    """The window that began a year before, or as near to that as windows count as of one season."""
    apart = [abs((scoring - one.cutoff) / timedelta(days=1) - YEAR_DAYS) for one in over]
    nearest = int(np.argmin(apart))
    return over[nearest] if apart[nearest] <= tolerance_days else None


def _unseen_season(over: Sequence[Missed]) -> list[str]:
    """By how much windows without a precedent were off on average, chance taken off, where that is worth telling."""
    churn = _typical([(one.churn, one.churn_error) for one in over])
    spend = _typical([(one.spend, one.spend_error) for one in over if not math.isnan(one.spend)])
    off = []
    if churn >= WORTH_POINTS:
        off.append(f"{_points(churn)} of churn")
    if spend >= WORTH_SPEND:
        off.append(f"{percent(math.expm1(spend))} of spend")
    if not off:
        return []
    they = "The finished window" if len(over) == 1 else f"The {counted(len(over), 'finished window')}"
    return [
        f"No window of the season ahead is in this history. {they} had no such precedent either, and came out"
        f" {' and '.join(off)} off{'' if len(over) == 1 else ' on average'}: expect as much of the next one."
    ]


def _typical(misses: Sequence[tuple[float, float]]) -> float:
    """Root mean square of misses beyond what chance brings."""
    if not misses:
        return 0.0
    values, errors = np.array(misses).T
    return math.sqrt(max(float((values**2).mean() - (errors**2).mean()), 0.0))
