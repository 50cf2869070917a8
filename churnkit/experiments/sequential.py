"""Intervals that hold however often one looks: for readouts before the planned end.

Every look at a running campaign is another chance to see an effect that is not there. The normal-mixture boundary of
Robbins (1970) is crossed with probability alpha at most over all looks together; with an estimated variance it is an
asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, section 2; their approximate
tuning makes it narrowest near the planned end). Here time is information: the variance that the difference between
the arms has gathered so far.

- Conversion. For customers drawn at once, the share that has bought by t behaves under no effect like an empirical
  distribution function: the difference of the arms over (1 - p_t) is a martingale with variance proportional to
  p_t / (1 - p_t), which is therefore the clock.
- Revenue. Customers who spend early tend to spend later too. Sums with positively related increments are closer to
  each other than those of the boundary's Brownian motion, so it is crossed more seldom; the clock is the share of the
  planned days.
"""

from __future__ import annotations

import math

from churnkit.errors import SettingsError
from churnkit.results.interval import Interval

_RATE_LIMIT = 1e-4


def safe_factor(information: float, alpha: float = 0.05) -> float:
    """By how many standard errors a look may differ: the two-sided normal mixture, narrowest near ``information`` 1.

    ``sqrt((1 + 1 / x) log((1 + x) / alpha^2))`` with ``x = information * (2 log(1/alpha) + log(1 + 2 log(1/alpha)))``.

    Parameters
    ----------
    information
        Information gathered as a share of that at the planned end, above 0; may pass 1.
    """
    if not information > 0 or not 0 < alpha < 1:
        raise SettingsError(
            f"Looking before the end: information must be above 0 and alpha between 0 and 1, found {information!r}"
            f" and {alpha!r}."
        )
    twice = -2 * math.log(alpha)
    x = information * (twice + math.log1p(twice))
    return math.sqrt((1 + 1 / x) * (math.log1p(x) - 2 * math.log(alpha)))


def safe_interval(value: float, standard_error: float, information: float, alpha: float = 0.05) -> Interval:
    """The interval around ``value`` that holds at every look at once with probability 1 - alpha."""
    half = safe_factor(information, alpha) * standard_error
    return Interval(value, value - half, value + half)


def conversion_information(rate_so_far: float, planned_rate: float) -> float:
    """Information of a conversion rate over both arms, as a share of that planned for the end; above 0."""

    def odds(rate: float) -> float:
        held = min(max(rate, _RATE_LIMIT), 1 - _RATE_LIMIT)
        return held / (1 - held)

    return odds(rate_so_far) / odds(planned_rate)
