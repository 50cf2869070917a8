"""What a fit cost, counted from the fitted model itself: the same on every machine, however busy it is."""

from __future__ import annotations

from typing import Any

import numpy as np

from churnkit.tournament.candidates import EARLY_STOPPING_ROUNDS, MAX_TREES, Candidate, Fitted


def effort_seconds(candidate: Candidate, fitted: Fitted, shape: tuple[int, int]) -> float:
    """Seconds that the fit takes on the machine of the plan: its steps, each a constant and a part by cell.

    Parameters
    ----------
    shape
        Rows and columns that the candidate was given, of which it samples at most ``max_rows``.
    """
    rows, columns = min(shape[0], candidate.max_rows), shape[1]
    step = candidate.milliseconds_per_step * 1e-3 + candidate.nanoseconds_per_cell * 1e-9 * rows * columns
    return steps_of(fitted) * step


def steps_of(fitted: Fitted) -> int:
    """Trees grown, iterations or epochs made; 1 for a model that is fitted in one go."""
    model: Any = fitted.estimator
    if fitted.tree_count is not None:
        return min(fitted.tree_count + EARLY_STOPPING_ROUNDS, MAX_TREES)
    if hasattr(model, "steps"):
        model = model.steps[-1][1]
    if hasattr(model, "estimators_"):
        return len(model.estimators_)
    if fitted.name in ("logistic_regression", "small_network"):
        return int(np.max(model.n_iter_))
    return 1
