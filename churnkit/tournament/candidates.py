"""The models that compete: how each is built, its search space, and how it is fitted to log-odds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC, LinearSVC

from churnkit.config import Imbalance
from churnkit.features.scaling import linear_pipeline
from churnkit.tournament.boosted_margins import lightgbm_margin
from churnkit.tournament.devices import on_device, to_processor
from churnkit.tournament.margins import to_logit
from churnkit.tournament.rebalancing import rebalanced
from churnkit.tournament.spaces import SPACES, Params, Space

MAX_TREES = 400
EARLY_STOPPING_ROUNDS = 25
KERNEL_SVM_MAX_ROWS = 2000
_BATCH_ROWS = 100


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
    milliseconds_per_step, nanoseconds_per_cell
        What one step of a fit (a tree, an iteration, an epoch; the whole fit where it has no steps) costs on the machine
        that the plan of trials is made for: a constant, and a part for each cell of the matrix.
    """

    name: str
    build: Callable[[Params, int], Any]
    milliseconds_per_step: float
    nanoseconds_per_cell: float
    additive: bool = False
    boosted: bool = False
    native_odds: bool = True
    max_rows: int = 120_000

    @property
    def space(self) -> Space:
        """What tuning may try."""
        return SPACES[self.name]

    @property
    def default(self) -> Params:
        """The set that is tried first."""
        return self.space.default


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
    ).set_params(**on_device("lightgbm"))


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
    ).set_params(**on_device("xgboost"))


def _svm(params: Params, seed: int) -> Any:
    if params["rows"] <= KERNEL_SVM_MAX_ROWS:
        return linear_pipeline(SVC(C=params["C"], gamma=params["gamma"], random_state=seed))
    kernel = Nystroem(gamma=params["gamma"], n_components=params["components"], random_state=seed)
    return linear_pipeline(LinearSVC(C=params["C"], dual=False, random_state=seed), ("kernel", kernel))


def _tree(params: Params, seed: int) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return linear_pipeline(
        DecisionTreeClassifier(
            max_depth=params["max_depth"], min_samples_leaf=params["min_samples_leaf"], random_state=seed
        )
    )


def _network(params: Params, seed: int) -> Any:
    from sklearn.neural_network import MLPClassifier

    return linear_pipeline(
        MLPClassifier(
            hidden_layer_sizes=(params["hidden"],),
            alpha=params["alpha"],
            learning_rate_init=params["learning_rate"],
            max_iter=params["epochs"],
            batch_size=min(_BATCH_ROWS, params["rows"]),
            random_state=seed,
        )
    )


CANDIDATES: tuple[Candidate, ...] = (
    Candidate("logistic_regression", _logistic, 1.5, 52.0, additive=True),
    Candidate("random_forest", _forest, 1.5, 15.0, max_rows=12_000),
    Candidate("xgboost", _xgboost, 0.4, 6.5, additive=True, boosted=True),
    Candidate("lightgbm", _lightgbm, 0.25, 4.5, additive=True, boosted=True),
    Candidate("svm", _svm, 20.0, 800.0, native_odds=False, max_rows=6_000),
)
"""Those that always compete."""

ON_DEMAND: tuple[Candidate, ...] = (
    Candidate("decision_tree", _tree, 10.0, 500.0),
    Candidate("small_network", _network, 4.0, 60.0, max_rows=30_000),
)
"""Those that compete when asked for."""


def candidate_named(name: str) -> Candidate:
    """The family of that name."""
    return next(one for one in (*CANDIDATES, *ON_DEMAND) if one.name == name)


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
            raw = lightgbm_margin(self.estimator, matrix)
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
    """Fit on (a sample of) the rows and undo the shift that rebalancing put into the log-odds.

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
    x, y, weight, offset = rebalanced(matrix[fit_rows], churned[fit_rows], imbalance, seed)
    if not candidate.native_odds:
        offset = 0.0
    estimator = candidate.build({**params, "rows": len(y)}, seed)
    trees: int | None
    if stops_early:
        # The rows that decide the stop must be balanced as the fit is, by weights where the fit made or dropped rows.
        rate = churned[fit_rows].mean() if offset else 0.5
        balance = np.where(churned[stop_rows] == 1, 0.5 / rate, 0.5 / (1 - rate))
        stop = (matrix[stop_rows], churned[stop_rows], balance)
        trees = _fit_boosted(estimator, x, y, weight, stop, candidate.name)
    else:
        _fit_weighted(estimator, x, y, weight)
        trees = params.get("n_estimators") if candidate.boosted else None
    if candidate.boosted:
        to_processor(candidate.name, estimator)
    return Fitted(candidate.name, estimator, offset, trees)


def _sampled(
    matrix: np.ndarray, churned: np.ndarray, stop_rows: np.ndarray, max_rows: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if len(churned) <= max_rows:
        return matrix, churned, stop_rows
    chosen = np.sort(np.random.default_rng(seed).choice(len(churned), max_rows, replace=False))
    return matrix[chosen], churned[chosen], stop_rows[chosen]


def _fit_weighted(estimator: Any, x: np.ndarray, y: np.ndarray, weight: np.ndarray | None) -> None:
    if hasattr(estimator, "steps") and hasattr(estimator.steps[-1][1], "partial_fit"):
        _fit_network(estimator, x, y, weight)
    elif weight is None:
        estimator.fit(x, y)
    elif hasattr(estimator, "steps"):
        estimator.fit(x, y, model__sample_weight=weight)
    else:
        estimator.fit(x, y, sample_weight=weight)


def _fit_network(pipeline: Any, x: np.ndarray, y: np.ndarray, weight: np.ndarray | None) -> None:
    """As many epochs as tuning says: when to stop is a parameter, so nothing has to converge."""
    inputs = pipeline[:-1].fit_transform(x)
    network = pipeline.steps[-1][1]
    for _epoch in range(network.max_iter):
        network.partial_fit(inputs, y, classes=np.array([0.0, 1.0]), sample_weight=weight)


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
