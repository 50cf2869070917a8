"""CUPED: taking out of a result what was known before the campaign, so that the same customers show smaller effects."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from churnkit.errors import DataError
from churnkit.experiments.intervals import FloatArray, as_values, difference_of_means
from churnkit.results.readout_figures import Cuped


def cuped(result: ArrayLike, before: ArrayLike, treated: ArrayLike, alpha: float = 0.05) -> Cuped:
    """Deng, Xu, Kohavi and Walker (2013), eq. 3 and 4: ``Y - theta (X - mean X)``, theta = cov(Y, X) / var(X).

    Theta and the mean of X are taken over both arms: the draw makes X alike in them, so the effect stays unbiased.

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
    plain = difference_of_means(y[t], y[~t], alpha)
    theta = slope(y, x)
    adjusted = y - theta * (x - x.mean())
    effect = difference_of_means(adjusted[t], adjusted[~t], alpha)
    kept = (effect.standard_error / plain.standard_error) ** 2 if plain.standard_error > 0 else 1.0
    return Cuped(effect=effect, theta=theta, variance_reduction=1 - kept)


def slope(y: FloatArray, x: FloatArray) -> float:
    """Covariance over variance; 0 where ``x`` does not vary."""
    centred = x - x.mean()
    spread = float(centred @ centred)
    return float(centred @ (y - y.mean()) / spread) if spread > 0 else 0.0
