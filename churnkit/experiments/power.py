"""The chance that a readout shows an effect: that of the interval which gives its verdict, counted out."""

from __future__ import annotations

import math

import numpy as np

from churnkit.errors import SettingsError
from churnkit.experiments.intervals import ALPHA, FloatArray, newcombe_sides

# Results of the small arm further out than this many standard deviations, and another ten, have a chance below 1e-8.
_REACH_SD = 6.0
_REACH_COUNT = 10


def power_of(
    base_rate: float, target_rate: float, treated: int, held_out: int, *, alpha: float = ALPHA
) -> float:
    """Probability, in [0, 1], that the verdict on arms of these sizes is an effect on the side of ``target_rate``.

    The verdict is that of :func:`~churnkit.experiments.intervals.difference_of_proportions`: an effect where the
    interval leaves out 0. Every result of the arms is weighed by its binomial probability, so that nothing is
    approximated: with a tenth held out the normal formula promises 0.8 for 0.05 against 0.08 where this interval keeps
    0.685. Where both rates are equal it is the chance of an upward error.

    Raises
    ------
    SettingsError
        If a rate lies outside [0, 1] or an arm is empty.

    Examples
    --------
    >>> round(power_of(0.05, 0.08, treated=900, held_out=100), 3)
    0.133
    """
    require_share("the base rate", base_rate)
    require_share("the target rate", target_rate)
    require_arms(treated, held_out)
    if target_rate < base_rate:
        # A fall in who buys is a rise in who does not.
        base_rate, target_rate = 1 - base_rate, 1 - target_rate
    from scipy.special import bdtrc

    bought = _likely(base_rate, held_out)
    least = _least_shown(bought, held_out, treated, alpha)
    shown = np.where(least > treated, 0.0, bdtrc(least - 1.0, treated, target_rate))
    return float(np.clip(_chance(bought, held_out, base_rate) @ shown, 0.0, 1.0))


def _likely(rate: float, count: int) -> FloatArray:
    """Buyers to be reckoned with among ``count`` customers."""
    middle, reach = rate * count, _REACH_SD * math.sqrt(rate * (1 - rate) * count) + _REACH_COUNT
    return np.arange(
        max(0, math.floor(middle - reach)), min(count, math.ceil(middle + reach)) + 1, dtype=float
    )


def _chance(bought: FloatArray, count: int, rate: float) -> FloatArray:
    """Binomial probabilities."""
    from scipy.special import gammaln, xlog1py, xlogy

    ways = gammaln(count + 1) - gammaln(bought + 1) - gammaln(count - bought + 1)
    return np.asarray(np.exp(ways + xlogy(bought, rate) + xlog1py(count - bought, -rate)))


def _least_shown(base_bought: FloatArray, base_count: int, count: int, alpha: float) -> FloatArray:
    """The fewest buyers of ``count`` whose difference to each base lies wholly above 0; count + 1 where none does.

    The lower bound rises with the buyers, so that the middle can be halved for all bases at once.
    """
    low, high = np.zeros_like(base_bought), np.full_like(base_bought, count + 1.0)
    base = base_bought / base_count
    above = newcombe_sides(base_bought, base_count, alpha)[1]
    while (low < high).any():
        middle = np.floor((low + high) / 2)
        tried = np.minimum(middle, count)
        difference = tried / count - base
        shown = (difference > np.hypot(newcombe_sides(tried, count, alpha)[0], above)) | (middle > count)
        low, high = np.where(shown, low, np.minimum(middle + 1, high)), np.where(shown, middle, high)
    return high


def require_share(what: str, value: float) -> None:
    """A SettingsError unless a rate lies in [0, 1]."""
    if not 0 <= value <= 1:
        raise SettingsError(f"Planning an experiment: {what} must be between 0 and 1, found {value!r}.")


def require_arms(treated: int, held_out: int) -> None:
    """A SettingsError unless each arm has a customer."""
    if treated < 1 or held_out < 1:
        raise SettingsError(
            f"Planning an experiment: each group must have 1 customer or more, found {treated} and {held_out}.",
            "Leave some customers out for comparison, and contact some.",
        )
