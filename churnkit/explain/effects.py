"""What a model does with its features as a whole: contributions by value, what shuffling costs, what varying changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from churnkit import metrics
from churnkit.explain.catalogue import feature
from churnkit.explain.contributions import Contributions
from churnkit.explain.members import BASELINE_FEATURES, baselines_of
from churnkit.explain.process_parts import PROCESS_INPUTS, with_process
from churnkit.explain.shuffling import shuffled_p_churn
from churnkit.features.purchase_process import fit_process
from churnkit.features.time_passed import SAME_AS_RECENCY, TimePassed
from churnkit.results.evidence.feature_use import ResponseCurve, ShuffleLoss
from churnkit.tournament.baselines import PURCHASE_PROCESS
from churnkit.tournament.model import ChurnModel

Ask = Callable[[pd.DataFrame], np.ndarray]
"""Panel rows (n, columns) in, probability of churn (n,) out."""

GRID_POINTS = 15
RECENCY = "recency_days"
# Kernel machines and forests answer a hundred times slower than trees and lines.
_SLOW = ("svm", "random_forest")
_SLOW_FACTOR = 8


def asking(model: ChurnModel, at_cutoff: pd.DataFrame) -> tuple[Ask, list[str]]:
    """How to ask a model about rows with changed features, and the columns that it answers to.

    The purchase process as a champion answers to what it judges by (days since the last purchase, repeat purchases, days
    as a customer) with the parameters of the shop, all of whose customers are ``at_cutoff``.
    """
    if model.baseline is not None and model.baseline.name == PURCHASE_PROCESS:
        process = fit_process(at_cutoff)
        if process is not None:
            fitted = process
            return (
                lambda rows: model.p_churn(with_process(rows, fitted, model.horizon_days)),
                list(PROCESS_INPUTS),
            )
    names = [] if model.preparation is None else list(model.preparation.features)
    for baseline in baselines_of(model):
        names += [name for name in BASELINE_FEATURES.get(baseline.name, []) if name not in names]
    return model.p_churn, names


def affordable_rows(model: ChurnModel, at_most: int) -> int:
    """``at_most`` rows, fewer where the model is slow to ask."""
    slow = any(getattr(member.fitted, "name", "") in _SLOW for member in model.members)
    return max(50, at_most // _SLOW_FACTOR) if slow else at_most


def sample_positions(count: int, at_most: int, seed: int) -> np.ndarray:
    """``at_most`` of ``count`` positions, ascending; all where there are no more."""
    if count <= at_most:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, at_most, replace=False))


def pushes(parts: Contributions, name: str) -> pd.DataFrame:
    """Each customer's value of a feature (``x``), what it adds to the log-odds (``push``), and the value's ``rank``
    among the customers (0 lowest to 1 highest, equal values alike; missing where the value is)."""
    x = parts.matrix[name].to_numpy(dtype=float)
    rank = pd.Series(x).rank(method="average")
    known = int(np.isfinite(x).sum())
    return pd.DataFrame(
        {
            "x": x,
            "push": parts.values[name].to_numpy(dtype=float),  # noqa: PD011 - a frame of contributions
            "rank": ((rank - 1) / max(1, known - 1)).to_numpy(),
        }
    )


def permutation_importance(
    ask: Ask,
    names: Sequence[str],
    rows: pd.DataFrame,
    *,
    repeats: int = 3,
    seed: int = 42,
    model: ChurnModel | None = None,
) -> tuple[ShuffleLoss, ...]:
    """By how much the log loss rises when a feature is shuffled among customers (Breiman 2001; Fisher et al. 2019).

    Features that say the same stand in for each other, so each of them can look dispensable.

    Parameters
    ----------
    ask, names
        See :func:`asking`; of a model that was not fitted on the outcomes of ``rows``.
    rows
        Labelled panel rows of one cutoff, so that nothing but the feature is shuffled.
    model
        Whom ``ask`` asks; one of members is asked anew for what a feature moves alone, which takes half the time.

    Returns
    -------
    tuple
        Largest increase first.
    """
    churned = rows["churned"].to_numpy(dtype=float)
    before = metrics.log_loss(churned, ask(rows))
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(len(rows)) for _ in range(repeats)]
    if model is not None and model.members:
        answers = shuffled_p_churn(model, rows, names, np.array(orders))
    else:
        answers = _shuffled_answers(ask, names, rows, orders)
    found = []
    for name, asked in zip(names, answers, strict=True):
        rise = np.array([metrics.log_loss(churned, one) for one in asked]) - before
        found.append(
            ShuffleLoss(
                feature=name,
                loss_increase=float(rise.mean()),
                sd=float(rise.std(ddof=1)) if repeats > 1 else 0.0,
                label=feature(name).label,
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.loss_increase, one.feature)))


def _shuffled_answers(
    ask: Ask, names: Sequence[str], rows: pd.DataFrame, orders: Sequence[np.ndarray]
) -> np.ndarray:
    """Probabilities where each feature in turn is shuffled, shape (names, orders, n)."""
    copies = pd.concat([rows] * len(orders), ignore_index=True)
    shuffled = (
        copies.assign(**{name: np.concatenate([rows[name].to_numpy()[order] for order in orders])})
        for name in names
    )
    return np.array([ask(one).reshape(len(orders), len(rows)) for one in shuffled])


def varied(names: Sequence[str], answered: Sequence[str]) -> list[str]:
    """The features to vary for ``names``, each once: those that say how long ago the last purchase was cannot change
    alone, so the days themselves stand for them.

    ``answered`` are the columns that a model answers to, see :func:`asking`.
    """
    asked = [name for name in names if name in answered]
    return list(dict.fromkeys(RECENCY if SAME_AS_RECENCY.fullmatch(name) else name for name in asked))


def partial_dependence(
    ask: Ask, rows: pd.DataFrame, name: str, passed: TimePassed | None = None
) -> ResponseCurve | None:
    """Mean probability of churn if every customer had the same value of a feature (Friedman 2001).

    Parameters
    ----------
    ask, rows
        See :func:`asking`; some of its customers.
    name
        Feature.
    passed
        Moves what follows from the days since the last purchase along with them. Otherwise, and for any other feature, the
        feature moves alone.

    Returns
    -------
    ResponseCurve or None
        At up to fifteen values between the 2nd and the 98th percentile, ascending; for a category at its most frequent
        names. None where fewer than two values are known.
    """
    values = grid(rows[name], name)
    if len(values) < 2:
        return None
    if name == RECENCY and passed is not None:
        repeated = pd.concat([rows] * len(values), ignore_index=True)
        changed = passed.rows(repeated, np.repeat(np.array(values, dtype=float), len(rows)))
    else:
        changed = _alone(rows, name, values)
    p = ask(changed).reshape(len(values), len(rows)).mean(axis=1)
    return ResponseCurve(
        feature=name,
        label=feature(name).label,
        kind=feature(name).kind,
        grid=tuple(values),
        mean_p_churn=tuple(p.tolist()),
    )


def _alone(rows: pd.DataFrame, name: str, values: Sequence[float | str]) -> pd.DataFrame:
    """The rows once for each value of a feature, the others as they are."""
    repeated = pd.concat([rows] * len(values), ignore_index=True)
    column = np.repeat(np.array(values, dtype=object), len(rows))
    if feature(name).kind != "category":
        column = column.astype(float)
    return repeated.assign(**{name: column})


def grid(column: pd.Series, name: str) -> Sequence[float | str]:
    """Values to try a feature at; see :func:`partial_dependence`."""
    known = column.dropna()
    if feature(name).kind == "category":
        return sorted(
            known.value_counts().sort_index().sort_values(ascending=False, kind="stable").index[:10]
        )
    numbers = known.to_numpy(dtype=float)
    if len(numbers) == 0:
        return []
    steps = np.quantile(numbers, np.linspace(0.02, 0.98, GRID_POINTS), method="nearest")
    return [float(value) for value in np.unique(steps)]
