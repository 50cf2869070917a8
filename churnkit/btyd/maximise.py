"""The bounded maximisation that every fit of this package shares."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import ThreadpoolController

from churnkit.btyd.histories import FloatArray

Objective = Callable[[FloatArray], tuple[float, FloatArray]]

_OPTIONS = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-7}
_limit_lock = threading.Lock()


def maximise(
    objective: Objective, starts: Iterable[FloatArray], bounds: Sequence[tuple[float, float]]
) -> tuple[FloatArray, float]:
    """The best of the L-BFGS-B maxima reached from several starts: the point and the value there.

    Parameters
    ----------
    objective
        Gives value and gradient, shape (k,), at a point of shape (k,); scaled to about 1.
    starts
        Points of shape (k,); moved into the bounds.
    bounds
        k pairs of lowest and highest.
    """

    def loss(point: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = objective(point)
        return -value, -gradient

    low, high = np.array(bounds).T
    # L-BFGS-B solves tiny triangular systems that OpenBLAS spreads over threads: on busy cores their
    # hand-over takes ten times as long as the fit. The limit holds for the process, hence the lock.
    with _limit_lock, _thread_pools().limit(limits=1, user_api="blas"):
        results = [
            minimize(
                loss, np.clip(start, low, high), jac=True, method="L-BFGS-B", bounds=bounds, options=_OPTIONS
            )
            for start in starts
        ]
    best = min(results, key=lambda result: float(result.fun))
    return best.x, -float(best.fun)


@functools.cache
def _thread_pools() -> ThreadpoolController:
    return ThreadpoolController()
