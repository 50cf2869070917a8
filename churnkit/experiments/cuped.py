"""CUPED: taking out of a result what was known before the campaign, so that the same customers show smaller effects."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from churnkit.errors import DataError
from churnkit.experiments.intervals import ALPHA, FloatArray, as_values
from churnkit.experiments.spend import difference_of_spend, pooled_spread
from churnkit.results.found import Missing
from churnkit.results.readout_figures import Cuped
from churnkit.text import figures

# With fewer the adjusted share of a small arm has hardly a spread of its own, and its interval covers .63 to .90.
MIN_OF_EACH = 10


def cuped(result: ArrayLike, before: ArrayLike, treated: ArrayLike, alpha: float = ALPHA) -> Cuped:
    """Deng, Xu, Kohavi and Walker (2013), eq. 3 and 4: ``Y - theta (X - mean X)``, theta = cov(Y, X) / var(X).

    Theta and the mean of X are taken over both arms: the draw makes X alike in them, so the effect stays unbiased.
    The adjusted results are compared as money is (:func:`difference_of_spend`).

    Parameters
    ----------
    result, before
        Shape (n,): the result, and what was known of the customer before the start (look back one purchase cycle at
        least).
    treated
        Booleans, shape (n,).

    Raises
    ------
    DataError
        If the shapes differ or a value is not finite.
    """
    y, x, t = as_values(result), as_values(before), np.asarray(treated, dtype=bool)
    if not len(y) == len(x) == len(t):
        raise DataError(
            f"Adjusting a result: {len(y)} results, {len(x)} covariates and {len(t)} arms must match."
        )
    theta = slope(y, x)
    adjusted = y - theta * (x - x.mean())
    effect = difference_of_spend(adjusted[t], adjusted[~t], alpha=alpha)
    plain = pooled_spread(y[t], y[~t])[0]
    kept = (pooled_spread(adjusted[t], adjusted[~t])[0] / plain) ** 2 if plain > 0 else 1.0
    return Cuped(effect=effect, theta=theta, variance_reduction=1 - kept)


def too_few(bought: np.ndarray, treated: np.ndarray, *, others_too: bool = True) -> Missing | None:
    """Why earlier behaviour is not taken out, where an arm has fewer than ``MIN_OF_EACH`` buyers; both booleans (n,).

    Of a share the others count as well (``others_too``): one near 1 is as bad as one near 0.
    """
    for arm, name in ((~treated, "left out for comparison"), (treated, "contacted")):
        buyers = int(bought[arm].sum())
        if buyers < MIN_OF_EACH:
            return _scarce(name, buyers, "bought")
        if others_too and int(arm.sum()) - buyers < MIN_OF_EACH:
            return _scarce(name, int(arm.sum()) - buyers, "did not buy")
    return None


def _scarce(arm: str, found: int, what: str) -> Missing:
    return Missing(
        f"Earlier behaviour is not taken into account: each group must have {MIN_OF_EACH} customers who {what},"
        f" and those {arm} have"
        f" {figures.count(found)}."
    )


def slope(y: FloatArray, x: FloatArray) -> float:
    """Covariance over variance; 0 where ``x`` does not vary."""
    centred = x - x.mean()
    spread = float(centred @ centred)
    return float(centred @ (y - y.mean()) / spread) if spread > 0 else 0.0
