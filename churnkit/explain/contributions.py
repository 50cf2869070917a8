"""How much each feature adds to a customer's log-odds of churn."""

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
from churnkit.explain.linear import linear_contributions
from churnkit.explain.sampling import sampled_contributions
from churnkit.tournament.baselines import (
    PURCHASE_PROCESS,
    RECENCY_FREQUENCY,
    RECENCY_RULE,
    RETURN_CURVE,
    FittedBaseline,
    ReturnCurveRule,
)
from churnkit.tournament.candidates import Fitted
from churnkit.tournament.level import PROCESS_COLUMN
from churnkit.tournament.margins import to_probability
from churnkit.tournament.model import ChurnModel, Member

# Single-precision trees add up to some 1e-5; more than this is not rounding.
_ROUNDING = 1e-3
Baseline = FittedBaseline | ReturnCurveRule
_BASELINE_FEATURES = {
    RECENCY_RULE: ["recency_days"],
    RETURN_CURVE: ["recency_days"],
    RECENCY_FREQUENCY: ["recency_days", "order_count"],
    PURCHASE_PROCESS: [PROCESS_COLUMN],
}
_BOOSTED = {"lightgbm": lightgbm_contributions, "xgboost": xgboost_contributions}


@dataclass(frozen=True)
class Contributions:
    """Log-odds of customers, taken apart by feature.

    Attributes
    ----------
    values
        Contributions, shape (n, features), in log-odds of churn; rows 0..n-1 in the order of the explained rows.
    base
        Log-odds of the reference: ``base + values.sum(axis=1)`` is the model's calibrated, levelled margin.
    matrix
        What the model saw, same shape as ``values``, NaN where missing; the favourite category as its churn rate.
    """

    values: pd.DataFrame
    base: float
    matrix: pd.DataFrame

    @property
    def margin(self) -> np.ndarray:
        """Log-odds of churn, shape (n,)."""
        return self.base + self.values.to_numpy().sum(axis=1)

    @property
    def p_churn(self) -> np.ndarray:
        """Probability of churn in (0, 1), shape (n,)."""
        return to_probability(self.margin)


def contributions(model: ChurnModel, rows: pd.DataFrame, *, seed: int = 42) -> Contributions:
    """Contribution of every feature to every customer's log-odds.

    =====================  ====================================  ==========================================
    model                  method                                error
    =====================  ====================================  ==========================================
    logistic regression    coefficient x distance from the mean  none
    XGBoost, LightGBM      TreeSHAP of the library               none (single precision, closed to the margin)
    random forest          decision paths, stretched             adds up; shares differ from TreeSHAP's
    SVM                    integral of the multilinear extension  quadrature, closed to the margin
    blend                  weighted sum of its members'          none
    baselines              their one or two features             none
    any other pipeline     sampled orders of features            sampling; adds up
    =====================  ====================================  ==========================================

    The references differ by a constant per model (mean row for linear and kernel models, mean output for
    trees) and go into ``base`` with intercepts, offsets and the level. Sources: Lundberg and Lee 2017 (SHAP),
    Lundberg et al. 2018 (TreeSHAP), Saabas 2014 (paths), Owen 1972 (extension), Strumbelj and Kononenko 2014
    (sampling).

    Parameters
    ----------
    model
        Fitted champion.
    rows
        Panel rows, any index.
    seed
        Used where features' orders are sampled, nowhere else.

    Raises
    ------
    ModelError
        If the rows lack columns of the model, or the parts do not add up to the model's margin.
    """
    _require_columns(model, rows)
    if model.baseline is not None:
        matrix = rows[_baseline_features(model.baseline)].astype(float).reset_index(drop=True)
        parts = [(1.0, model.platt, _baseline_parts(model.baseline, rows))]
    else:
        matrix = _prepared(model, rows)
        learned = model.preparation.features if model.preparation else []
        parts = [
            (member.weight, member.platt, _parts(member, matrix, rows, learned, seed))
            for member in model.members
        ]
    total, base = np.zeros(matrix.shape), model.level
    for weight, platt, (values, reference) in parts:
        total += weight * platt.slope * values
        base += weight * float(platt.apply(np.array(reference)))
    closed = _closed(total, base, model, rows)
    return Contributions(pd.DataFrame(closed, columns=list(matrix.columns)), base, matrix)


def _require_columns(model: ChurnModel, rows: pd.DataFrame) -> None:
    needed = (
        _baseline_features(model.baseline)
        if model.baseline is not None
        else model.preparation.features
        if model.preparation is not None
        else []
    )
    missing = [name for name in needed if name not in rows.columns]
    if missing:
        raise ModelError(
            f"Explaining customers: the panel must hold all {len(needed)} features that {model.name} was fitted on;"
            f" {len(missing)} are missing, e.g. {missing[0]!r}.",
            "Compute the panel with the settings of the session in which the model was trained.",
        )


def _prepared(model: ChurnModel, rows: pd.DataFrame) -> pd.DataFrame:
    assert model.preparation is not None
    if len(rows):
        matrix = model.preparation.transform(rows)
    else:
        # Encoders refuse to encode nobody.
        matrix = pd.DataFrame(columns=model.preparation.features, dtype=float)
    for member in model.members:
        # Selection may have dropped the column that a baseline in the blend reads.
        if isinstance(member.fitted, FittedBaseline):
            for name in _baseline_features(member.fitted):
                matrix[name] = rows[name].to_numpy(dtype=float)
    return matrix


def _parts(
    member: Member, matrix: pd.DataFrame, rows: pd.DataFrame, learned: list[str], seed: int
) -> tuple[np.ndarray, float]:
    """Contributions of a member to its margin in the columns of ``matrix``, and the margin of its reference."""
    total = np.zeros(matrix.shape)
    if isinstance(member.fitted, FittedBaseline):
        values, base = _baseline_parts(member.fitted, rows)
        features = _baseline_features(member.fitted)
    else:
        features = learned
        values, base = _member_parts(member.fitted, matrix[features], seed)
    total[:, matrix.columns.get_indexer(pd.Index(features))] = values
    return total, base


def _member_parts(fitted: Fitted, matrix: pd.DataFrame, seed: int) -> tuple[np.ndarray, float]:
    """Contributions (n, features) to one member's margin, and the margin of its reference."""
    x = matrix.to_numpy(dtype=float)
    if not len(x):
        return np.zeros(x.shape), -fitted.offset
    if fitted.name in _BOOSTED:
        values = _BOOSTED[fitted.name](fitted.estimator, x, fitted.tree_count)
        return values, float(fitted.margin(x[:1])[0] - values[0].sum())
    model = fitted.estimator.steps[-1][1]
    if isinstance(model, LogisticRegression):
        values, base = linear_contributions(fitted.estimator, x)
    elif isinstance(model, RandomForestClassifier):
        values, base = forest_contributions(fitted.estimator, x)
    elif isinstance(model, SVC | LinearSVC):
        values, base = kernel_contributions(fitted.estimator, x)
    else:
        values, base = sampled_contributions(fitted, x, list(matrix.columns), seed)
    return values, base - fitted.offset


def _baseline_features(baseline: Baseline) -> list[str]:
    return _BASELINE_FEATURES.get(baseline.name, [])


def _baseline_parts(baseline: Baseline, rows: pd.DataFrame) -> tuple[np.ndarray, float]:
    """Contributions (n, features) to a baseline's margin, and the margin of its reference."""
    features = _baseline_features(baseline)
    values = np.zeros((len(rows), len(features)))
    if not len(rows):
        return values, baseline.base
    if baseline.logistic is not None:
        scaler, model = (step for _name, step in baseline.logistic.steps)
        inputs = scaler.transform(np.log1p(rows[features].to_numpy(dtype=float)))
        return inputs * model.coef_[0], float(model.intercept_[0])
    if len(features) == 1:
        values[:, 0] = baseline.margin(rows) - baseline.base
    return values, baseline.base


def _closed(values: np.ndarray, base: float, model: ChurnModel, rows: pd.DataFrame) -> np.ndarray:
    """Contributions with the rounding of single-precision trees and quadrature spread over them in proportion."""
    if not len(values):
        return values
    rest = model.margin(rows) - base - values.sum(axis=1)
    worst = float(np.abs(rest).max())
    if worst > _ROUNDING:
        raise ModelError(
            f"Explaining customers: the parts must add up to the log-odds of {model.name}; they miss them by up to"
            f" {worst:.3g} in row {int(np.abs(rest).argmax())} of {len(values)}.",
            "Reinstall the versions of the libraries that the model was saved with, or train again.",
        )
    size = np.abs(values)
    whole = size.sum(axis=1, keepdims=True)
    return values + rest[:, None] * np.divide(size, whole, out=np.zeros_like(size), where=whole > 0)
