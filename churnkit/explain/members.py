"""What each member of a model adds by feature, on the member's own scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC, LinearSVC

from churnkit.errors import ModelError
from churnkit.explain.boosted import lightgbm_contributions, xgboost_contributions
from churnkit.explain.forest import forest_contributions
from churnkit.explain.kernel import kernel_contributions
from churnkit.explain.linear import linear_contributions, standardised
from churnkit.explain.process_parts import ProcessOfAll, process_contributions
from churnkit.explain.sampling import sampled_contributions
from churnkit.text.figures import count, significant
from churnkit.tournament.baselines import (
    PURCHASE_PROCESS,
    RECENCY_FREQUENCY,
    RECENCY_RULE,
    RETURN_CURVE,
    FittedBaseline,
    ReturnCurveRule,
)
from churnkit.tournament.calibration import Scaling
from churnkit.tournament.candidates import Fitted
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.residuals import PROCESS_COLUMN

Baseline = FittedBaseline | ReturnCurveRule
BASELINE_FEATURES = {
    RECENCY_RULE: ["recency_days"],
    RETURN_CURVE: ["recency_days"],
    RECENCY_FREQUENCY: ["recency_days", "order_count"],
    PURCHASE_PROCESS: [PROCESS_COLUMN],
}
# Single-precision trees add up to some 1e-5; more than this is not rounding.
ROUNDING = 1e-3
_CHECKED_ROWS = 300


@dataclass(frozen=True)
class MemberParts:
    """One member of a model and some customers.

    Attributes
    ----------
    weight, scaling
        Its share of the average and its calibration.
    added
        Contributions to the member's own margin, shape (n, features of the member).
    columns
        Positions of these features among the model's.
    reference
        Margin of the member's reference.
    margin
        The member's own margin, shape (n,): contributions and reference come to it, but for rounding.
    """

    weight: float
    scaling: Scaling
    added: np.ndarray
    columns: list[int]
    reference: float
    margin: np.ndarray


def baselines_of(model: ChurnModel) -> list[Baseline]:
    """The simple rules that have a say in a model."""
    in_blend = [member.fitted for member in model.members if isinstance(member.fitted, FittedBaseline)]
    return [*in_blend, *([] if model.baseline is None else [model.baseline])]


def member_parts(
    model: ChurnModel, rows: pd.DataFrame, seed: int, process: ProcessOfAll | None
) -> tuple[list[str], np.ndarray, list[MemberParts]]:
    """Names of the features, what the model saw of them (n, features), and its members."""
    if model.baseline is not None:
        found, reference = _of_champion_baseline(model.baseline, rows, process)
        names, margin = list(found.columns), model.baseline.margin(rows)
        matrix = rows[names].to_numpy(dtype=float)
        values = found.to_numpy(dtype=float)
        places = list(range(len(names)))
        return names, matrix, [MemberParts(1.0, model.scaling, values, places, reference, margin)]
    names, matrix = _prepared(model, rows)
    columns = [matrix]
    parts = []
    for member in model.members:
        if isinstance(member.fitted, FittedBaseline):
            found, reference = _of_baseline(member.fitted, rows)
            # Selection may have dropped a column that the baseline reads.
            dropped = [name for name in found.columns if name not in names]
            names = [*names, *dropped]
            columns += [rows[name].to_numpy(dtype=float)[:, None] for name in dropped]
            values, margin = found.to_numpy(dtype=float), member.fitted.margin(rows)
            places = [names.index(name) for name in found.columns]
        else:
            own = names[: matrix.shape[1]]
            values, reference, margin = _of_model(member.fitted, matrix, own, seed)
            places = list(range(matrix.shape[1]))
        parts.append(MemberParts(member.weight, member.scaling, values, places, reference, margin))
    return names, np.hstack(columns) if len(columns) > 1 else matrix, parts


def _prepared(model: ChurnModel, rows: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    """Names and matrix (n, features) of what the models of a blend see."""
    assert model.preparation is not None
    names = list(model.preparation.features)
    # Encoders refuse to encode nobody.
    return names, model.matrix(rows) if len(rows) else np.empty((0, len(names)))


def _of_model(
    fitted: Fitted, x: np.ndarray, names: list[str], seed: int
) -> tuple[np.ndarray, float, np.ndarray]:
    """Contributions (n, features) to a fitted candidate's margin, the margin of its reference, and the margin."""
    model = fitted.estimator.steps[-1][1] if hasattr(fitted.estimator, "steps") else fitted.estimator
    if not len(x):
        return np.zeros(x.shape), -fitted.offset, np.zeros(0)
    if isinstance(model, LogisticRegression):
        inputs = standardised(fitted.estimator, x)
        values, base = linear_contributions(fitted.estimator, x, inputs)
        margin = np.asarray(model.decision_function(inputs), dtype=float) - fitted.offset
        return values, base - fitted.offset, margin
    if fitted.name == "lightgbm":
        return _of_lightgbm(fitted, x)
    margin = fitted.margin(x)
    if fitted.name == "xgboost":
        values = xgboost_contributions(fitted.estimator, x, fitted.tree_count)
        base = float(margin[0] - values[0].sum()) + fitted.offset
    elif isinstance(model, RandomForestClassifier):
        values, base = forest_contributions(fitted.estimator, x)
    elif isinstance(model, SVC | LinearSVC):
        values, base = kernel_contributions(fitted.estimator, x)
    else:
        values, base = sampled_contributions(fitted, x, names, seed)
    return values, base - fitted.offset, margin


def _of_lightgbm(fitted: Fitted, x: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
    """As :func:`_of_model`. Contributions come to the margin to the last digits, and to ask for it takes as long as they
    do: some customers are held against the library."""
    values = lightgbm_contributions(fitted.estimator, x, fitted.tree_count)
    some = np.unique(np.linspace(0, len(x) - 1, min(len(x), _CHECKED_ROWS)).astype(int))
    added, asked = values.sum(axis=1), fitted.margin(x[some])
    reference = float((asked - added[some]).mean())
    margin = reference + added
    worst = float(np.abs(margin[some] - asked).max())
    if worst > ROUNDING:
        raise ModelError(
            f"Explaining customers: what the trees of LightGBM say must add up to its log-odds; it misses them by up to"
            f" {significant(worst)} among {count(len(some))} customers.",
            "Reinstall the versions of the libraries that the model was saved with, or train again.",
        )
    return values, reference, margin


def _of_champion_baseline(
    baseline: Baseline, rows: pd.DataFrame, process: ProcessOfAll | None
) -> tuple[pd.DataFrame, float]:
    """As :func:`_of_baseline`, but the purchase process is taken apart where that of all customers is known."""
    if baseline.name == PURCHASE_PROCESS and len(rows):
        inside = process_contributions(rows, baseline.horizon_days, process)
        if inside is not None:
            return inside
    return _of_baseline(baseline, rows)


def _of_baseline(baseline: Baseline, rows: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Contributions (n, features) to a baseline's margin, and the margin of its reference."""
    features = BASELINE_FEATURES.get(baseline.name, [])
    values = np.zeros((len(rows), len(features)))
    base = baseline.base
    if len(rows) and baseline.logistic is not None:
        scaler, model = (step for _name, step in baseline.logistic.steps)
        inputs = scaler.transform(np.log1p(rows[features].to_numpy(dtype=float)))
        values, base = inputs * model.coef_[0], float(model.intercept_[0])
    elif len(rows) and len(features) == 1:
        values[:, 0] = baseline.margin(rows) - base
    return pd.DataFrame(values, columns=features), base
