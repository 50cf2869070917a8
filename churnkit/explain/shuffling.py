"""What a model of members says of customers among whom one feature was shuffled: only what the feature moves is asked anew.

A scaled column of shuffled values is the scaled column shuffled, and trees that never look at a feature say what they said.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from churnkit.tournament.baselines import BASELINE_COLUMNS, FittedBaseline
from churnkit.tournament.candidates import Fitted
from churnkit.tournament.margins import to_probability
from churnkit.tournament.model import ChurnModel

# Shuffled together: each question to trees costs some milliseconds whoever it is about.
_FEATURES_AT_ONCE = 5


def shuffled_p_churn(
    model: ChurnModel, rows: pd.DataFrame, names: Sequence[str], orders: np.ndarray
) -> np.ndarray:
    """Probabilities of churn as ``model.p_churn`` gives them, shape (names, repeats, n).

    Parameters
    ----------
    model
        Of members.
    names
        Columns of ``rows``, shuffled one at a time.
    orders
        Permutations of the rows, shape (repeats, n).
    """
    assert model.preparation is not None
    matrix = model.matrix(rows)
    at = {name: position for position, name in enumerate(model.preparation.features)}
    total = np.zeros((len(names), *orders.shape))
    for member in model.members:
        raw = np.empty(total.shape)
        if isinstance(member.fitted, FittedBaseline):
            _ask_rule(raw, member.fitted, rows, names, orders)
        else:
            # Every member that reads no such column says what it says of the rows as they are.
            raw[:] = member.fitted.margin(matrix)
            moving = [(k, at[name]) for k, name in enumerate(names) if name in at]
            ask = _ask_linear if _is_linear(member.fitted) else _ask_any
            ask(raw, member.fitted, matrix, moving, orders)
        total += member.weight * member.scaling.apply(raw.ravel()).reshape(raw.shape)
    return to_probability(total + model.level)


def _ask_rule(
    raw: np.ndarray, rule: FittedBaseline, rows: pd.DataFrame, names: Sequence[str], orders: np.ndarray
) -> None:
    raw[:] = rule.margin(rows)
    for k, name in enumerate(names):
        if name in BASELINE_COLUMNS:
            for repeat, order in enumerate(orders):
                raw[k, repeat] = rule.margin(rows.assign(**{name: rows[name].to_numpy()[order]}))


def _is_linear(fitted: Fitted) -> bool:
    steps = getattr(fitted.estimator, "named_steps", {})
    return list(steps) == ["tails", "impute", "scale", "model"] and isinstance(
        steps["model"], LogisticRegression
    )


def _ask_linear(
    raw: np.ndarray,
    fitted: Fitted,
    matrix: np.ndarray,
    moving: Sequence[tuple[int, int]],
    orders: np.ndarray,
) -> None:
    """Of a logistic regression behind ``features.scaling.linear_steps``, which takes each column by itself."""
    pipeline = fitted.estimator
    inputs, model = pipeline[:-1].transform(matrix), pipeline[-1]
    flags = pipeline.named_steps["impute"].indicator_.features_.tolist()
    asked = np.tile(inputs, (len(orders), 1))
    for k, position in moving:
        columns = [position]
        if position in flags:
            columns.append(matrix.shape[1] + flags.index(position))
        asked[:, columns] = inputs[:, columns][orders.ravel()]
        raw[k] = (model.decision_function(asked) - fitted.offset).reshape(orders.shape)
        asked[:, columns] = np.tile(inputs[:, columns], (len(orders), 1))


def _ask_any(
    raw: np.ndarray,
    fitted: Fitted,
    matrix: np.ndarray,
    moving: Sequence[tuple[int, int]],
    orders: np.ndarray,
) -> None:
    looked_at = _looked_at(fitted)
    moved = [(k, position) for k, position in moving if looked_at is None or position in looked_at]
    size = orders.size
    for start in range(0, len(moved), _FEATURES_AT_ONCE):
        some = moved[start : start + _FEATURES_AT_ONCE]
        asked = np.tile(matrix, (len(some) * len(orders), 1))
        for number, (_k, position) in enumerate(some):
            asked[number * size : (number + 1) * size, position] = matrix[orders.ravel(), position]
        found = fitted.margin(asked).reshape(len(some), *orders.shape)
        for (k, _position), one in zip(some, found, strict=True):
            raw[k] = one


def _looked_at(fitted: Fitted) -> frozenset[int] | None:
    """Columns of the matrix that a boosted model's trees ask about; None where that is not known."""
    if fitted.name == "lightgbm":
        return frozenset(np.flatnonzero(fitted.estimator.booster_.feature_importance()).tolist())
    if fitted.name == "xgboost":
        counted = fitted.estimator.get_booster().get_score(importance_type="weight")
        return frozenset(int(name.removeprefix("f")) for name in counted)
    return None
