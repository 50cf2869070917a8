"""Effects by regression on the outcome itself: ridge, or boosted trees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

import numpy as np

from churnkit.experiments.uplift.outcome_learners import Effect
from churnkit.experiments.uplift.outcome_model import FloatArray

Kind = Literal["linear", "boosted", "calibrated"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_RIDGE_STRENGTHS = tuple(10.0**k for k in range(-1, 6))


def _two_model(
    x: FloatArray, treated: np.ndarray, y: FloatArray, share: float, kind: Kind, seed: int
) -> Effect:
    with_contact = fitted(x[treated], y[treated], kind, seed)
    without = fitted(x[~treated], y[~treated], kind, seed)
    return lambda new: with_contact(new) - without(new)


def _x_learner(
    x: FloatArray, treated: np.ndarray, y: FloatArray, share: float, kind: Kind, seed: int
) -> Effect:
    with_contact = fitted(x[treated], y[treated], kind, seed)
    without = fitted(x[~treated], y[~treated], kind, seed)
    # Each arm's missing result comes from the model of the other, which has not seen these customers.
    of_treated = fitted(x[treated], y[treated] - without(x[treated]), kind, seed)
    of_others = fitted(x[~treated], with_contact(x[~treated]) - y[~treated], kind, seed)
    return lambda new: share * of_others(new) + (1 - share) * of_treated(new)


def _transformed(
    x: FloatArray, treated: np.ndarray, y: FloatArray, share: float, kind: Kind, seed: int
) -> Effect:
    weight = np.where(treated, 1 / share, -1 / (1 - share))
    return fitted(x, (y - y.mean()) * weight, kind, seed)


FITTERS: dict[str, Callable[[FloatArray, np.ndarray, FloatArray, float, Kind, int], Effect]] = {
    "two_model": _two_model,
    "x_learner": _x_learner,
    "transformed": _transformed,
}


def fitted(x: FloatArray, y: FloatArray, kind: Kind, seed: int) -> Effect:
    model = _linear() if kind == "linear" else _boosted(len(y), seed)
    model.fit(x, y)
    return lambda new: np.asarray(model.predict(new), dtype=float)


def _linear() -> Any:
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        RidgeCV(alphas=_RIDGE_STRENGTHS),
    )


def _boosted(rows: int, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor

    # Effects are small beside the noise: shallow trees with large leaves, and not many of them.
    return HistGradientBoostingRegressor(
        max_iter=60,
        learning_rate=0.05,
        max_leaf_nodes=6,
        min_samples_leaf=max(20, rows // 100),
        l2_regularization=10.0,
        early_stopping=False,
        random_state=seed,
    )
