"""Expected purchases of a customer who is alive, without the hypergeometric function.

The published closed form, ``(a+b+m-1)/(a-1) * [1 - ((alpha+T)/(alpha+T+h))^(r+x) 2F1(...)]``, is 0/0 at
a = 1, cancels near it, and its 2F1 fails for frequent buyers and short histories. The same quantity is an
average over a beta distribution.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import betaln, log_expit

from churnkit.btyd.histories import FloatArray

_LOG_NEGLIGIBLE = 36.0
_MAX_STEP = 0.3
_MIN_NODES = 48
_CHUNK_ELEMENTS = 1_000_000


def expected_while_alive(
    shape: FloatArray, rate_time: FloatArray, horizon: float, a: float, b_posterior: FloatArray
) -> FloatArray:
    """Expected purchases in the next ``horizon`` of customers known to be alive now.

    With rate ~ gamma(shape, rate_time) and drop-out probability p ~ beta(a, b_posterior), purchases arrive
    until the first one that is followed by a drop-out, so their expected number given both is
    ``(1 - exp(-rate p h)) / p``. The mean over the rate is ``g(p) = (1 - (1 + p h / rate_time)^-shape) / p``.
    The mean of g over p is taken by the trapezoid rule in the logit of p, which converges exponentially.
    g minus the chord through its end points is what is integrated (the chord's mean is exact): it vanishes
    at both ends, which keeps the range short when a or b is far below 1.

    Parameters
    ----------
    shape, rate_time, b_posterior
        Shape (n,), positive.
    horizon
        In the unit of ``rate_time``, >= 0.
    a
        >= 0; 0 means no drop-out, and the result is ``shape * horizon / rate_time``.

    Returns
    -------
    FloatArray
        Shape (n,), >= 0; relative error near 1e-13, up to 1e-7 for a and ratios of times in the hundreds.
    """
    ratio = horizon / rate_time
    at_zero = shape * ratio
    if a == 0 or horizon == 0 or shape.size == 0:
        return at_zero
    at_one = -np.expm1(-shape * np.log1p(ratio))
    b_unique, b_index = np.unique(b_posterior, return_inverse=True)
    # Towards p = 0 the gap closes only below p = 1 / at_zero; the range has to reach beyond that.
    p, weights = _beta_nodes(a, b_unique, _LOG_NEGLIGIBLE + math.log1p(float(at_zero.max())))
    mean_gap = np.empty_like(shape)
    rows = max(1, _CHUNK_ELEMENTS // p.shape[1])
    for start in range(0, shape.size, rows):
        part = slice(start, start + rows)
        node, weight = p[b_index[part]], weights[b_index[part]]
        low, high = at_zero[part, None], at_one[part, None]
        g = -np.expm1(-shape[part, None] * np.log1p(ratio[part, None] * node)) / node
        mean_gap[part] = np.sum(weight * (low + node * (high - low) - g), axis=1)
    mean_p = a / (a + b_posterior)
    return np.maximum(at_zero + mean_p * (at_one - at_zero) - mean_gap, 0.0)


def _beta_nodes(a: float, b: FloatArray, depth: float) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights, shape (len(b), k), for integrands that vanish at both ends of beta(a, b).

    The range is where the density times p (1 - p), in the logit, exceeds exp(-depth) of its maximum.
    """
    left, right = _range(a + 1, b + 1, depth)
    count = max(_MIN_NODES, math.ceil(float(np.max(right - left)) / _MAX_STEP))
    logit = left[:, None] + (right - left)[:, None] * np.linspace(0.0, 1.0, count)
    step = (right - left)[:, None] / (count - 1)
    log_p = log_expit(logit)
    log_density = a * log_p + b[:, None] * log_expit(-logit) - betaln(a, b)[:, None]
    return np.exp(log_p), step * np.exp(log_density)


def _range(a: float, b: FloatArray, depth: float) -> tuple[FloatArray, FloatArray]:
    """The two logits at which ``a log p + b log(1-p)`` lies ``depth`` below its maximum.

    Since p < exp(logit) and 1 - p < exp(-logit), ``floor / a`` and ``-floor / b`` lie outside; bisection
    tightens them.
    """

    def level(logit: FloatArray) -> FloatArray:
        height: FloatArray = a * log_expit(logit) + b * log_expit(-logit)
        return height

    mode = np.log(a / b)
    floor = level(mode) - depth
    ends = []
    for outside in (floor / a, -floor / b):
        inside = mode
        for _ in range(30):
            middle = (inside + outside) / 2
            is_inside = level(middle) > floor
            inside, outside = np.where(is_inside, middle, inside), np.where(is_inside, outside, middle)
        ends.append(outside)
    return ends[0], ends[1]
