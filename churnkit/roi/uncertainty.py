"""How far the shop's own past forecasts were off, as the errors that campaign intervals are drawn from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from churnkit.results.past_dates import PastDate
from churnkit.text import figures

PRIOR_LEVEL_SD = 0.25
PRIOR_VALUE_LOG_SD = 0.25
# The prior counts as this many windows. Past cutoffs lie half a horizon apart, so two of them make one window.
PRIOR_WINDOWS = 2.0
WINDOWS_PER_CUTOFF = 0.5
MIN_SD = 0.02


@dataclass(frozen=True)
class Uncertainty:
    """Standard errors of a forecast for the next window.

    Attributes
    ----------
    level_sd
        Of the log-odds of the churn rate of the active customers: an error that all share.
    value_log_sd
        Of the logarithm of what a customer who buys brings: shared too.
    total_log_sd
        Of the logarithm of the total spend, in which both of the above are at work.
    spend_cv
        Standard deviation over mean of what one kept customer brings, given the mean, 0 to 1: nobody's own spend is
        the average. 1 is that of an exponential distribution.
    windows
        Windows of the past behind the figures; 0 means that all are priors.
    """

    level_sd: float = PRIOR_LEVEL_SD
    value_log_sd: float = PRIOR_VALUE_LOG_SD
    total_log_sd: float = math.hypot(PRIOR_LEVEL_SD, PRIOR_VALUE_LOG_SD)
    spend_cv: float = 1.0
    windows: float = 0.0

    def words(self) -> str:
        """Where the intervals come from."""
        if self.windows == 0:
            return (
                "Likely ranges hold in 8 of 10 cases. No window of the past could be tested, so they rest on usual errors:"
                f" {_typical(self.level_sd)} of the odds of churn, {_typical(self.value_log_sd)} of a buyer's spend."
            )
        return (
            "Likely ranges hold in 8 of 10 cases. They come from errors of this shop's own past (about"
            f" {figures.decimal(self.windows, 1)} windows):"
            f" {_typical(self.level_sd)} of the odds of churn, {_typical(self.value_log_sd)} of a buyer's spend."
        )


def _typical(log_sd: float) -> str:
    return figures.percent(math.expm1(log_sd))


def uncertainty_from_backtest(past: Sequence[PastDate]) -> Uncertainty:
    """Errors at past cutoffs, drawn towards a prior that weighs two windows.

    They are those of the active customers, whom the money is about; of all where a date has none apart.
    The chance of a finite number of customers is taken out of the error of the level, since a campaign's
    interval adds its own. The error of value is that of spend per buyer, so that a wrong level counts once.

    Parameters
    ----------
    past
        Of ``tournament.backtest.backtest_summary``; may be empty.
    """
    level, value, total = [], [], []
    for date in past:
        one = date.active or date
        expected, actual = _rate(one.expected_churn_rate), _rate(one.actual_churn_rate)
        chance = 1.0 / (max(float(one.customers), 1.0) * expected * (1 - expected))
        level.append((_logit(actual) - _logit(expected)) ** 2 - chance)
        if one.expected_spend > 0 and one.actual_spend > 0:
            ratio = math.log(one.actual_spend / one.expected_spend)
            total.append(ratio**2)
            value.append((ratio - math.log((1 - actual) / (1 - expected))) ** 2)
    return Uncertainty(
        level_sd=_root_mean(level, PRIOR_LEVEL_SD),
        value_log_sd=_root_mean(value, PRIOR_VALUE_LOG_SD),
        total_log_sd=_root_mean(total, math.hypot(PRIOR_LEVEL_SD, PRIOR_VALUE_LOG_SD)),
        windows=len(level) * WINDOWS_PER_CUTOFF,
    )


def _root_mean(squares: Iterable[float], prior_sd: float) -> float:
    found = list(squares)
    windows = WINDOWS_PER_CUTOFF * len(found)
    total = PRIOR_WINDOWS * prior_sd**2 + WINDOWS_PER_CUTOFF * sum(found)
    return math.sqrt(max(total / (PRIOR_WINDOWS + windows), MIN_SD**2))


def _rate(value: float) -> float:
    return min(max(float(value), 1e-3), 1 - 1e-3)


def _logit(p: float) -> float:
    return math.log(p / (1 - p))
