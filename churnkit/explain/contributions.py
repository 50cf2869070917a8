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
from churnkit.explain.process_parts import ProcessOfAll, process_contributions
from churnkit.explain.sampling import sampled_contributions
from churnkit.text.figures import significant
from churnkit.tournament.baselines import (
    PURCHASE_PROCESS,
    RECENCY_FREQUENCY,
    RECENCY_RULE,
    RETURN_CURVE,
    FittedBaseline,
    ReturnCurveRule,
)
from churnkit.tournament.calibration import Platt, Scaling
from churnkit.tournament.candidates import Fitted
from churnkit.tournament.margins import to_probability
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.residuals import PROCESS_COLUMN

# Single-precision trees add up to some 1e-5; more than this is not rounding.
_ROUNDING = 1e-3
# Log-odds below which a customer is at the reference.
_NO_MOVE = 1e-9
Baseline = FittedBaseline | ReturnCurveRule
# Weight, calibration, contributions (n, features) to the member's own margin, margin of its reference.
Part = tuple[float, Scaling, pd.DataFrame, float]
BASELINE_FEATURES = {
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
        log_odds: np.ndarray = self.base + self.values.to_numpy().sum(axis=1)
        return log_odds

    @property
    def p_churn(self) -> np.ndarray:
        """Probability of churn in (0, 1), shape (n,)."""
        return to_probability(self.margin)

    def take(self, positions: np.ndarray) -> Contributions:
        """The same for some of the customers, by position."""
        return Contributions(
            self.values.iloc[positions].reset_index(drop=True),
            self.base,
            self.matrix.iloc[positions].reset_index(drop=True),
        )


def contributions(
    model: ChurnModel, rows: pd.DataFrame, *, seed: int = 42, process: ProcessOfAll | None = None
) -> Contributions:
    """Contribution of every feature to every customer's log-odds.

    =====================  ====================================  ==========================================
    model                  method                                error
    =====================  ====================================  ==========================================
    logistic regression    coefficient x distance from the mean  none
    XGBoost, LightGBM      TreeSHAP of the library               none (single precision, closed to the margin)
    random forest          TreeSHAP of the churn rate, stretched  none
    SVM                    integral of the multilinear extension  quadrature, closed to the margin
    blend                  weighted sum of its members'          none
    purchase process       all coalitions of its three inputs    none; one feature unless the rows are a whole cutoff
    other baselines        their one or two features             none
    any other pipeline     sampled orders of features            sampling; adds up
    =====================  ====================================  ==========================================

    The references differ by a constant per model (mean row for linear and kernel models, mean output for
    trees) and go into ``base`` with intercepts, offsets and the level. Sources: Lundberg and Lee 2017 (SHAP),
    Lundberg et al. 2018 (TreeSHAP), Owen 1972 (extension), Strumbelj and Kononenko 2014 (sampling).

    Parameters
    ----------
    model
        Fitted champion.
    rows
        Panel rows, any index.
    seed
        Used where features' orders are sampled, nowhere else.
    process
        Of all customers of the cutoff, where ``rows`` are some of them.

    Raises
    ------
    ModelError
        If the rows lack columns of the model, or the parts do not add up to the model's margin.
    """
    _require_columns(model, rows)
    matrix, parts = _parts(model, rows, seed, process)
    total, base = np.zeros(matrix.shape), model.level
    for weight, scaling, values, reference in parts:
        columns = matrix.columns.get_indexer(values.columns)
        own = values.to_numpy(dtype=float)
        total[:, columns] += weight * _slopes(scaling, own, reference) * own
        base += weight * float(scaling.apply(np.array(reference)))
    closed = _closed(total, base, model, rows)
    return Contributions(pd.DataFrame(closed, columns=list(matrix.columns)), base, matrix)


def _slopes(scaling: Scaling, values: np.ndarray, reference: float) -> np.ndarray:
    """What calibration makes of one log-odds of a member, shape (n, 1).

    A curve has no one slope: there each customer gets that of the chord between the reference and the customer, which
    keeps signs and proportions (the rescale rule, as for forests).
    """
    if isinstance(scaling, Platt):
        return np.full((len(values), 1), scaling.slope)
    moved = values.sum(axis=1)
    risen = scaling.apply(reference + moved) - scaling.apply(np.array(reference))
    slopes: np.ndarray = np.divide(risen, moved, out=np.zeros_like(moved), where=np.abs(moved) > _NO_MOVE)
    return slopes[:, None]


def _require_columns(model: ChurnModel, rows: pd.DataFrame) -> None:
    needed = [] if model.preparation is None else list(model.preparation.features)
    for baseline in baselines_of(model):
        needed += [name for name in BASELINE_FEATURES.get(baseline.name, []) if name not in needed]
    missing = [name for name in needed if name not in rows.columns]
    if missing:
        raise ModelError(
            f"Explaining customers: the panel must hold all {len(needed)} features that {model.name} was fitted on;"
            f" {len(missing)} are missing, e.g. {missing[0]!r}.",
            "Compute the panel with the settings of the session in which the model was trained.",
        )


def baselines_of(model: ChurnModel) -> list[Baseline]:
    """The simple rules that have a say in a model."""
    in_blend = [member.fitted for member in model.members if isinstance(member.fitted, FittedBaseline)]
    return [*in_blend, *([] if model.baseline is None else [model.baseline])]


def _parts(
    model: ChurnModel, rows: pd.DataFrame, seed: int, process: ProcessOfAll | None
) -> tuple[pd.DataFrame, list[Part]]:
    """What the model saw (n, features), and the contributions of each of its members to the member's own margin."""
    if model.baseline is not None:
        values, reference = _of_champion_baseline(model.baseline, rows, process)
        matrix = rows[list(values.columns)].astype(float).reset_index(drop=True)
        return matrix, [(1.0, model.scaling, values, reference)]
    learned = _prepared(model, rows)
    matrix = learned.copy()
    parts = []
    for member in model.members:
        if isinstance(member.fitted, FittedBaseline):
            values, reference = _of_baseline(member.fitted, rows)
            # Selection may have dropped a column that the baseline reads.
            for name in values.columns.difference(matrix.columns):
                matrix[name] = rows[name].to_numpy(dtype=float)
        else:
            values, reference = _of_model(member.fitted, learned, seed)
        parts.append((member.weight, member.scaling, values, reference))
    return matrix, parts


def _prepared(model: ChurnModel, rows: pd.DataFrame) -> pd.DataFrame:
    assert model.preparation is not None
    if len(rows):
        return model.preparation.transform(rows)
    # Encoders refuse to encode nobody.
    return pd.DataFrame(columns=model.preparation.features, dtype=float)


def _of_model(fitted: Fitted, matrix: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, float]:
    """Contributions (n, features) to a fitted candidate's margin, and the margin of its reference."""
    x = matrix.to_numpy(dtype=float)
    model = fitted.estimator.steps[-1][1] if hasattr(fitted.estimator, "steps") else fitted.estimator
    if not len(x):
        values, base = np.zeros(x.shape), 0.0
    elif fitted.name in _BOOSTED:
        values = _BOOSTED[fitted.name](fitted.estimator, x, fitted.tree_count)
        base = float(fitted.margin(x[:1])[0] - values[0].sum()) + fitted.offset
    elif isinstance(model, LogisticRegression):
        values, base = linear_contributions(fitted.estimator, x)
    elif isinstance(model, RandomForestClassifier):
        values, base = forest_contributions(fitted.estimator, x)
    elif isinstance(model, SVC | LinearSVC):
        values, base = kernel_contributions(fitted.estimator, x)
    else:
        values, base = sampled_contributions(fitted, x, list(matrix.columns), seed)
    return pd.DataFrame(values, columns=list(matrix.columns)), base - fitted.offset


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


def _closed(values: np.ndarray, base: float, model: ChurnModel, rows: pd.DataFrame) -> np.ndarray:
    """Contributions with the rounding of single-precision trees and quadrature spread over them in proportion."""
    if not len(values):
        return values
    rest = model.margin(rows) - base - values.sum(axis=1)
    worst = float(np.abs(rest).max())
    if worst > _ROUNDING:
        raise ModelError(
            f"Explaining customers: the parts must add up to the log-odds of {model.name}; they miss them by up to"
            f" {significant(worst)} in row {int(np.abs(rest).argmax())} of {len(values)}.",
            "Reinstall the versions of the libraries that the model was saved with, or train again.",
        )
    size = np.abs(values)
    whole = size.sum(axis=1, keepdims=True)
    shares = np.divide(size, whole, out=np.zeros_like(size), where=whole > 0)
    closed: np.ndarray = values + rest[:, None] * shares
    return closed
