"""What competes: matrices of the folds, a competitor's out-of-fold log-odds, and the simple rules."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from churnkit.tournament.baselines import BASE_RATE, BASELINES, fit_baseline
from churnkit.tournament.calibration import Calibration, Platt, calibrate_all_ways
from churnkit.tournament.candidates import Fitted
from churnkit.tournament.folds import Folds, customer_groups
from churnkit.tournament.preparation import Preparation
from churnkit.tournament.spaces import Params

TUNING_MAX_ROWS = 30_000
EARLY_STOPPING_GROUPS = 7


@dataclass(frozen=True)
class FoldData:
    """Matrices of one fold, made once and shared by all candidates."""

    x_train: np.ndarray
    y_train: np.ndarray
    stop_rows: np.ndarray
    x_valid: np.ndarray
    preparation: Preparation


@dataclass(frozen=True)
class Validation:
    """All validation rows in fold order: positions in the labelled panel, outcome and fold number, each (n,)."""

    rows: np.ndarray
    churned: np.ndarray
    fold: np.ndarray


@dataclass(frozen=True)
class Entrant:
    """One line of the leaderboard before it is measured.

    Attributes
    ----------
    members, weights
        Of a blend: the names of its members, and what each one's calibrated log-odds count; empty for others.
    shift
        What a blend adds to everybody's log-odds.
    fitted
        The fit of the last fold, kept for whoever wants this model's scores; None for blends and rules.
    """

    name: str
    kind: str
    calibration: Calibration
    params: Params = field(default_factory=dict)
    tree_count: int | None = None
    trials: int = 1
    fit_seconds: float = 0.0
    members: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    shift: float = 0.0
    fitted: Fitted | None = None

    @property
    def margin(self) -> np.ndarray:
        """Cross-fitted calibrated log-odds of the validation rows."""
        return self.calibration.margin


def stop_customers(customer_ids: pd.Series) -> np.ndarray:
    """True for about a seventh of the customers: they decide when boosting stops, and are not boosted on."""
    stops: np.ndarray = (
        customer_groups("early-stopping:" + customer_ids.astype(str), EARLY_STOPPING_GROUPS) == 0
    )
    return stops


def prepare_folds(
    labelled: pd.DataFrame, folds: Folds, columns: list[str], seed: int
) -> tuple[list[FoldData], Validation]:
    """Matrices of every fold; training rows above ``TUNING_MAX_ROWS`` are sampled."""
    churned = labelled["churned"].to_numpy(dtype=float)
    prepared = []
    for number, fold in enumerate(folds.folds):
        train = fold.train
        if len(train) > TUNING_MAX_ROWS:
            rng = np.random.default_rng([seed, number])
            train = np.sort(rng.choice(train, TUNING_MAX_ROWS, replace=False))
        preparation = Preparation(columns, seed)
        train_rows = labelled.iloc[train]
        x_train = preparation.fit_transform(train_rows, churned[train])
        prepared.append(
            FoldData(
                x_train.to_numpy(dtype=float),
                churned[train],
                stop_customers(train_rows["customer_id"]),
                preparation.transform(labelled.iloc[fold.valid]).to_numpy(dtype=float),
                preparation,
            )
        )
    rows = np.concatenate([fold.valid for fold in folds.folds])
    number_of = np.concatenate([np.full(len(fold.valid), k) for k, fold in enumerate(folds.folds)])
    return prepared, Validation(rows, churned[rows], number_of)


def validate_baselines(
    labelled: pd.DataFrame, folds: Folds, validation: Validation, horizon_days: int
) -> list[Entrant]:
    """Out-of-fold log-odds of the baselines, calibrated like everything else."""
    entrants = []
    for name in BASELINES:
        started = time.thread_time()
        margin = np.concatenate(
            [
                fit_baseline(name, labelled.iloc[fold.train], horizon_days).margin(labelled.iloc[fold.valid])
                for fold in folds.folds
            ]
        )
        calibration = calibrate_all_ways(margin, validation.churned, validation.fold, native_odds=True)
        if name == BASE_RATE:
            # One number a date: there is nothing to scale, and a slope through a few dates would carry it astray.
            calibration = replace(calibration, margin=margin, scaling=Platt(), method="none")
        entrants.append(Entrant(name, "baseline", calibration, fit_seconds=time.thread_time() - started))
    return entrants


def params_of(entrant: Entrant) -> Params:
    """Parameters for the final fit: those of the best trial, with the number of trees it stopped at."""
    params = dict(entrant.params)
    if entrant.tree_count is not None:
        params["n_estimators"] = max(1, entrant.tree_count)
    return params
