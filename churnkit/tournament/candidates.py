"""The models that compete: how each is built, its search space, and how it is fitted to log-odds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC, LinearSVC

from churnkit.config import Imbalance
from churnkit.features.scaling import linear_pipeline
from churnkit.tournament.margins import to_logit

Params = Mapping[str, Any]
"""Keyword arguments of a family's estimator, whose types it alone knows."""

MAX_TREES = 400
EARLY_STOPPING_ROUNDS = 25
KERNEL_SVM_MAX_ROWS = 2000
SMOTE_MINORITY_SHARE = 0.2


@dataclass(frozen=True)
class Candidate:
    """One model family.

    Attributes
    ----------
    name
        Key in the leaderboard.
    additive
        Its log-odds are a sum of one contribution per feature that can be had exactly and fast; only such
        members enter the blend, so that the reasons of a blend add up to its probability.
    boosted
        Stops early on customers held out of its training rows.
    native_odds
        Its margin is a log-odds by construction; the others are always Platt-scaled.
    max_rows
        Most training rows it is given; more are sampled down.
    microseconds_per_row
        Rough cost of one fit, used to turn the time budget into a number of trials that does not depend on
        how busy the machine is.
    """

    name: str
    build: Callable[[Params, int], Any]
    default: Params
    draw: Callable[[np.random.Generator], Params]
    additive: bool = False
    boosted: bool = False
    native_odds: bool = True
    max_rows: int = 120_000
    microseconds_per_row: float = 20.0


def _logistic(params: Params, seed: int) -> Any:
    return linear_pipeline(LogisticRegression(C=params["C"], solver="newton-cholesky", random_state=seed))


def _forest(params: Params, seed: int) -> Any:
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline

    forest = RandomForestClassifier(
        n_estimators=params["n_estimators"],
        min_samples_leaf=params["min_samples_leaf"],
        max_features=params["max_features"],
        max_samples=params["max_samples"],
        n_jobs=1,
        random_state=seed,
    )
    # A missing gap or ratio means "too little history": below every value, so one split can set it apart.
    return Pipeline(
        [
            ("impute", SimpleImputer(strategy="constant", fill_value=-1.0, keep_empty_features=True)),
            ("model", forest),
        ]
    )


def _lightgbm(params: Params, seed: int) -> Any:
    from lightgbm import LGBMClassifier

    return LGBMClassifier(
        n_estimators=params.get("n_estimators", MAX_TREES),
        learning_rate=params["learning_rate"],
        num_leaves=params["num_leaves"],
        min_child_samples=params["min_child_samples"],
        colsample_bytree=params["colsample"],
        subsample=0.7,
        subsample_freq=1,
        reg_lambda=params["reg_lambda"],
        random_state=seed,
        deterministic=True,
        force_row_wise=True,
        n_jobs=1,
        verbose=-1,
    )


def _xgboost(params: Params, seed: int) -> Any:
    from xgboost import XGBClassifier

    return XGBClassifier(
        n_estimators=params.get("n_estimators", MAX_TREES),
        learning_rate=params["learning_rate"],
        max_depth=params["max_depth"],
        min_child_weight=params["min_child_weight"],
        colsample_bytree=params["colsample"],
        subsample=0.7,
        reg_lambda=params["reg_lambda"],
        tree_method="hist",
        random_state=seed,
        n_jobs=1,
        verbosity=0,
        early_stopping_rounds=None if "n_estimators" in params else EARLY_STOPPING_ROUNDS,
    )


def _svm(params: Params, seed: int) -> Any:
    if params["rows"] <= KERNEL_SVM_MAX_ROWS:
        return linear_pipeline(SVC(C=params["C"], gamma=params["gamma"], random_state=seed))
    kernel = Nystroem(gamma=params["gamma"], n_components=params["components"], random_state=seed)
    return linear_pipeline(LinearSVC(C=params["C"], dual=False, random_state=seed), ("kernel", kernel))


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


CANDIDATES: tuple[Candidate, ...] = (
    Candidate(
        name="logistic_regression",
        build=_logistic,
        default={"C": 0.01},
        draw=lambda rng: {"C": _log_uniform(rng, 5e-4, 1.0)},
        additive=True,
        microseconds_per_row=15.0,
    ),
    Candidate(
        name="random_forest",
        build=_forest,
        default={"n_estimators": 100, "min_samples_leaf": 20, "max_features": 0.2, "max_samples": 0.5},
        draw=lambda rng: {
            "n_estimators": 100,
            "min_samples_leaf": int(rng.integers(8, 60)),
            "max_features": float(rng.uniform(0.1, 0.4)),
            "max_samples": 0.5,
        },
        max_rows=12_000,
        microseconds_per_row=250.0,
    ),
    Candidate(
        name="xgboost",
        build=_xgboost,
        default={
            "learning_rate": 0.05,
            "max_depth": 3,
            "min_child_weight": 20.0,
            "colsample": 0.3,
            "reg_lambda": 20.0,
        },
        draw=lambda rng: {
            "learning_rate": 0.05,
            "max_depth": int(rng.integers(2, 6)),
            "min_child_weight": _log_uniform(rng, 5, 60),
            "colsample": float(rng.uniform(0.2, 0.6)),
            "reg_lambda": _log_uniform(rng, 3, 100),
        },
        additive=True,
        boosted=True,
        microseconds_per_row=80.0,
    ),
    Candidate(
        name="lightgbm",
        build=_lightgbm,
        default={
            "learning_rate": 0.05,
            "num_leaves": 6,
            "min_child_samples": 60,
            "colsample": 0.3,
            "reg_lambda": 30.0,
        },
        draw=lambda rng: {
            "learning_rate": 0.05,
            "num_leaves": int(rng.integers(4, 24)),
            "min_child_samples": int(rng.integers(20, 200)),
            "colsample": float(rng.uniform(0.2, 0.6)),
            "reg_lambda": _log_uniform(rng, 3, 100),
        },
        additive=True,
        boosted=True,
        microseconds_per_row=50.0,
    ),
    Candidate(
        name="svm",
        build=_svm,
        default={"C": 0.3, "gamma": 0.003, "components": 150},
        draw=lambda rng: {
            "C": _log_uniform(rng, 0.03, 3.0),
            "gamma": _log_uniform(rng, 5e-4, 0.02),
            "components": 150,
        },
        native_odds=False,
        max_rows=12_000,
        microseconds_per_row=85.0,
    ),
)


@dataclass(frozen=True)
class Fitted:
    """A fitted candidate: ``margin(X)`` gives log-odds of churn on the scale of the training rows' churn rate."""

    name: str
    estimator: Any
    offset: float
    tree_count: int | None

    def margin(self, matrix: np.ndarray) -> np.ndarray:
        """Shape (n,)."""
        if self.name == "lightgbm":
            raw = self.estimator.predict(matrix, raw_score=True)
        elif self.name == "xgboost":
            raw = self.estimator.predict(matrix, output_margin=True)
        elif hasattr(self.estimator, "decision_function"):
            raw = self.estimator.decision_function(matrix)
        else:
            raw = to_logit(self.estimator.predict_proba(matrix)[:, 1])
        return np.asarray(raw, dtype=float) - self.offset


def fit_candidate(
    candidate: Candidate,
    params: Params,
    matrix: np.ndarray,
    churned: np.ndarray,
    stop_rows: np.ndarray,
    *,
    imbalance: Imbalance,
    seed: int,
) -> Fitted:
    """Fit on (a sample of) the rows and undo the shift that class weights or SMOTE put into the log-odds.

    Parameters
    ----------
    matrix, churned
        Shapes (n, features) and (n,).
    stop_rows
        Shape (n,), True for the rows of the customers that only decide when a boosted model stops. Ignored
        where ``params`` fixes ``n_estimators``.
    """
    matrix, churned, stop_rows = _sampled(matrix, churned, stop_rows, candidate.max_rows, seed)
    stops_early = candidate.boosted and "n_estimators" not in params and 0 < stop_rows.sum() < len(stop_rows)
    if candidate.boosted and not stops_early and "n_estimators" not in params:
        params = {**params, "n_estimators": 100}
    fit_rows = ~stop_rows if stops_early else np.ones(len(churned), dtype=bool)
    x, y, weight, offset = _rebalanced(candidate, matrix[fit_rows], churned[fit_rows], imbalance, seed)
    estimator = candidate.build({**params, "rows": len(y)}, seed)
    trees: int | None
    if stops_early:
        # The rows that decide the stop must be balanced as the fit is, by weights where the fit used SMOTE.
        rate = churned[fit_rows].mean() if offset else 0.5
        balance = np.where(churned[stop_rows] == 1, 0.5 / rate, 0.5 / (1 - rate))
        stop = (matrix[stop_rows], churned[stop_rows], balance)
        trees = _fit_boosted(estimator, x, y, weight, stop, candidate.name)
    else:
        _fit_weighted(estimator, x, y, weight)
        trees = params.get("n_estimators") if candidate.boosted else None
    return Fitted(candidate.name, estimator, offset, trees)


def _sampled(
    matrix: np.ndarray, churned: np.ndarray, stop_rows: np.ndarray, max_rows: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if len(churned) <= max_rows:
        return matrix, churned, stop_rows
    chosen = np.sort(np.random.default_rng(seed).choice(len(churned), max_rows, replace=False))
    return matrix[chosen], churned[chosen], stop_rows[chosen]


def _rebalanced(
    candidate: Candidate, x: np.ndarray, y: np.ndarray, imbalance: Imbalance, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None, float]:
    """Rows, weights and the log-odds offset that the rebalancing added."""
    rate = y.mean()
    if imbalance == "none" or rate in (0.0, 1.0):
        return x, y, None, 0.0
    offset = float(-to_logit(rate)) if candidate.native_odds else 0.0
    if imbalance == "smote" and min(rate, 1 - rate) < SMOTE_MINORITY_SHARE:
        from imblearn.over_sampling import SMOTE

        # SMOTE interpolates between neighbours and cannot where a value is missing.
        filled = np.where(np.isnan(x), np.nanmedian(np.where(np.isnan(x).all(axis=0), 0.0, x), axis=0), x)
        neighbours = int(min(5, min(y.sum(), len(y) - y.sum()) - 1))
        if neighbours >= 1:
            x, y = SMOTE(random_state=seed, k_neighbors=neighbours).fit_resample(filled, y)
            return x, y, None, offset
    weight = np.where(y == 1, 0.5 / rate, 0.5 / (1 - rate))
    return x, y, weight, offset


def _fit_weighted(estimator: Any, x: np.ndarray, y: np.ndarray, weight: np.ndarray | None) -> None:
    if weight is None:
        estimator.fit(x, y)
    elif hasattr(estimator, "steps"):
        estimator.fit(x, y, model__sample_weight=weight)
    else:
        estimator.fit(x, y, sample_weight=weight)


def _fit_boosted(
    estimator: Any,
    x: np.ndarray,
    y: np.ndarray,
    weight: np.ndarray | None,
    stop: tuple[np.ndarray, np.ndarray, np.ndarray],
    name: str,
) -> int:
    """Fit with early stopping on ``stop`` (matrix, outcome, weights); the number of trees that is used."""
    x_stop, y_stop, stop_weight = stop
    if name == "xgboost":
        estimator.fit(
            x,
            y,
            sample_weight=weight,
            eval_set=[(x_stop, y_stop)],
            sample_weight_eval_set=[stop_weight],
            verbose=False,
        )
        return int(estimator.best_iteration) + 1
    from lightgbm import early_stopping

    estimator.fit(
        x,
        y,
        sample_weight=weight,
        eval_X=(x_stop,),
        eval_y=(y_stop,),
        eval_sample_weight=[stop_weight],
        callbacks=[early_stopping(EARLY_STOPPING_ROUNDS, verbose=False)],
    )
    return int(estimator.best_iteration_ or estimator.n_estimators)
