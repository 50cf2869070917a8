"""Validation of the candidates: tuning inside a time budget, out-of-fold log-odds, calibration, blends."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from churnkit import metrics
from churnkit.config import TournamentSettings
from churnkit.tournament.baselines import BASELINES, PURCHASE_PROCESS, fit_baseline
from churnkit.tournament.calibration import Calibration, calibrate
from churnkit.tournament.candidates import CANDIDATES, Candidate, Fitted, Params, fit_candidate
from churnkit.tournament.folds import Folds, customer_groups
from churnkit.tournament.margins import to_probability
from churnkit.tournament.preparation import Preparation
from churnkit.tournament.progress import Progress, Stage

MAX_TRIALS = 12
TUNING_MAX_ROWS = 30_000
EARLY_STOPPING_GROUPS = 7
# The number of trials is planned from nominal costs, so that the same seed gives the same result; only a machine
# that is this much slower than planned, or that stalls, has later trials cut off by the clock.
HARD_STOP_FACTOR = 4.0
MIN_HARD_STOP_SECONDS = 120.0
# Share of the time budget that tuning may plan to use; the rest is the test, the backtest and the final fit.
TUNING_SHARE = 0.5
# A fixed number rather than the machine's: the plan must not depend on where it runs.
NOMINAL_CORES = 2


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
    """One line of the leaderboard before it is measured."""

    name: str
    kind: str
    calibration: Calibration
    params: Params = field(default_factory=dict)
    tree_count: int | None = None
    trials: int = 1
    fit_seconds: float = 0.0
    members: tuple[str, ...] = ()

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


def trial_count(candidate: Candidate, rows: int, settings: TournamentSettings) -> int:
    """Trials that fit the candidate's share of the budget, by its nominal cost: the same on every machine."""
    seconds = candidate.microseconds_per_row * 1e-6 * min(rows, candidate.max_rows) * settings.folds
    share = settings.budget_seconds * TUNING_SHARE / len(CANDIDATES) * NOMINAL_CORES
    return int(np.clip(share / max(seconds, 1e-6), 1, MAX_TRIALS))


def _fit_fold(
    candidate: Candidate, params: Params, data: FoldData, settings: TournamentSettings
) -> tuple[np.ndarray, int | None, float]:
    started = time.perf_counter()
    fitted: Fitted = fit_candidate(
        candidate,
        params,
        data.x_train,
        data.y_train,
        data.stop_rows,
        imbalance=settings.imbalance,
        seed=settings.seed,
    )
    return fitted.margin(data.x_valid), fitted.tree_count, time.perf_counter() - started


def validate_candidates(
    prepared: Sequence[FoldData],
    validation: Validation,
    settings: TournamentSettings,
    progress: Progress,
) -> list[Entrant]:
    """Tune each candidate by random search (trial 0 is its default) and keep the trial with the lowest log loss.

    The first trials of all candidates run first. Later ones are skipped once the wall clock has run to several
    times the budget, which on a machine of ordinary speed does not happen.
    """
    started = time.perf_counter()
    hard_stop_seconds = max(MIN_HARD_STOP_SECONDS, HARD_STOP_FACTOR * settings.budget_seconds)
    plans = []
    for candidate in CANDIDATES:
        rng = np.random.default_rng([settings.seed, CANDIDATES.index(candidate)])
        count = trial_count(candidate, max(len(d.y_train) for d in prepared), settings)
        plans.append([candidate.default, *(candidate.draw(rng) for _ in range(count - 1))])
    best: dict[str, Entrant] = {}
    done, total = 0, sum(map(len, plans))
    with Parallel(n_jobs=settings.job_count, prefer="threads") as parallel:
        for trial in range(max(map(len, plans))):
            for candidate, plan in zip(CANDIDATES, plans, strict=True):
                if trial >= len(plan) or (trial and time.perf_counter() - started > hard_stop_seconds):
                    continue
                entrant = _run_trial(parallel, candidate, plan[trial], prepared, validation, settings)
                best[candidate.name] = _better(best.get(candidate.name), entrant, validation.churned)
                done += 1
                progress(Stage.MODELS, done / total, count=(done, total), model=candidate.name)
    return [best[candidate.name] for candidate in CANDIDATES]


def _run_trial(
    parallel: Parallel,
    candidate: Candidate,
    params: Params,
    prepared: Sequence[FoldData],
    validation: Validation,
    settings: TournamentSettings,
) -> Entrant:
    results = parallel(delayed(_fit_fold)(candidate, params, data, settings) for data in prepared)
    margin = np.concatenate([r[0] for r in results])
    trees = [r[1] for r in results if r[1] is not None]
    return Entrant(
        name=candidate.name,
        kind="model",
        calibration=calibrate(margin, validation.churned, validation.fold, native_odds=candidate.native_odds),
        params=params,
        tree_count=int(np.median(trees)) if trees else None,
        fit_seconds=sum(r[2] for r in results),
    )


def _loss(entrant: Entrant, churned: np.ndarray) -> float:
    return metrics.log_loss(churned, to_probability(entrant.margin))


def _better(before: Entrant | None, entrant: Entrant, churned: np.ndarray) -> Entrant:
    if before is None:
        return entrant
    keep = entrant if _loss(entrant, churned) < _loss(before, churned) else before
    return replace(keep, trials=before.trials + 1, fit_seconds=before.fit_seconds + entrant.fit_seconds)


def validate_baselines(
    labelled: pd.DataFrame, folds: Folds, validation: Validation, horizon_days: int
) -> list[Entrant]:
    """Out-of-fold log-odds of the baselines, calibrated like everything else."""
    entrants = []
    for name in BASELINES:
        started = time.perf_counter()
        margin = np.concatenate(
            [
                fit_baseline(name, labelled.iloc[fold.train], horizon_days).margin(labelled.iloc[fold.valid])
                for fold in folds.folds
            ]
        )
        calibration = calibrate(margin, validation.churned, validation.fold, native_odds=True)
        entrants.append(Entrant(name, "baseline", calibration, fit_seconds=time.perf_counter() - started))
    return entrants


def blend(entrants: Sequence[Entrant], churned: np.ndarray) -> Entrant:
    """The average, in calibrated log-odds, of logistic regression, boosted models and process that serves best.

    A smooth and a stepwise model err differently, so their plain average beats either (see README); the
    purchase process, which needs no labels, steadies both where they had few. Members are limited to what adds
    up over features in log-odds.
    """
    additive = {c.name for c in CANDIDATES if c.additive} | {PURCHASE_PROCESS}
    by_name = {e.name: e for e in entrants if e.name in additive}
    boosted = [c.name for c in CANDIDATES if c.boosted]
    models = [("logistic_regression", n) for n in boosted] + [("logistic_regression", *boosted)]
    options = models + [(*names, PURCHASE_PROCESS) for names in models]

    def average(names: tuple[str, ...]) -> np.ndarray:
        margins: np.ndarray = np.mean([by_name[n].margin for n in names], axis=0)
        return margins

    members = min(options, key=lambda names: metrics.log_loss(churned, to_probability(average(names))))
    return Entrant(
        name="blend",
        kind="blend",
        calibration=Calibration(average(members), by_name[members[0]].calibration.platt, "of its members"),
        members=members,
        fit_seconds=sum(by_name[n].fit_seconds for n in members),
    )


def params_of(entrant: Entrant) -> Params:
    """Parameters for the final fit: those of the best trial, with the number of trees it stopped at."""
    params = dict(entrant.params)
    if entrant.tree_count is not None:
        params["n_estimators"] = max(1, entrant.tree_count)
    return params
