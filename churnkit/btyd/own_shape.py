"""How much one customer's orders differ from one another: the Gamma-Gamma's shape p, seen in the orders themselves."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

_MIN_TELLING, _MOST_WEIGHT = 30, 10.0
_LEAST_SHAPE = 0.01


def own_shape(order_count: ArrayLike, order_mean: ArrayLike, order_std: ArrayLike) -> float | None:
    """Gamma-Gamma's p from how much the orders of one customer differ; None with fewer than thirty customers to tell.

    A gamma variable of shape p has the squared coefficient of variation 1/p. Variances and squared means are pooled over
    customers in their own scale, with n - 1 as the weight and 10 at most, and the squared mean of n orders is freed of the
    1/(n p) by which it is too large on average.

    Parameters
    ----------
    order_count, order_mean, order_std
        Shape (n,): orders, their mean and their sample standard deviation, in money. Customers of one order, or whose mean
        is not above 0, do not count.

    Returns
    -------
    float
        Above 0; infinite where nobody's orders differ.

    Examples
    --------
    >>> round(own_shape([5] * 30, [100.0] * 30, [50.0] * 30), 3)
    3.8
    """
    n, mean, std = (np.asarray(one, dtype=np.float64) for one in (order_count, order_mean, order_std))
    tells = (n > 1) & np.isfinite(std) & np.isfinite(mean) & (mean > 0)
    if tells.sum() < _MIN_TELLING:
        return None
    n, mean, std = n[tells], mean[tells], std[tells]
    weight = np.minimum(n - 1, _MOST_WEIGHT)
    # n values of one sign have a squared coefficient of variation of n at most; where orders were given back it may be more.
    squared = np.minimum((std / mean) ** 2, n)
    spread, level = float(weight @ squared), float(weight @ (1 - squared / n))
    return level / spread if spread > 0 and level > 0 else _no_shape(level)


def _no_shape(level: float) -> float:
    """Orders that do not differ have no end of shape; those that differ as much as they can have next to none."""
    return math.inf if level > 0 else _LEAST_SHAPE
