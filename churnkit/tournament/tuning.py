"""Tuning inside a time budget: sets of parameters are proposed, raced over the folds, and the best of a family stays."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from churnkit import metrics
from churnkit.config import TournamentSettings
from churnkit.text.figures import significant
from churnkit.tournament.calibration import Calibration, calibrate, calibrate_all_ways, fit_platt
from churnkit.tournament.candidates import CANDIDATES, ON_DEMAND, Candidate, Fitted, fit_candidate
from churnkit.tournament.effort import effort_seconds
from churnkit.tournament.entrants import Entrant, FoldData, Validation
from churnkit.tournament.failures import fit_errors, reason_of
from churnkit.tournament.margins import paired, row_losses, to_probability
from churnkit.tournament.progress import Progress, Stage
from churnkit.tournament.search import Searcher, searcher
from churnkit.tournament.spaces import Params

MIN_TRIALS, MAX_TRIALS = 3, 12
# Standard errors of the paired difference: a family whose default set lies further behind the best one's cannot win, and
# tuning has paid once its best set lies further ahead of its default.
MAX_ERRORS_OUT_OF_REACH, MIN_ERRORS_PAID = 2.0, 1.0
# Below this a run is a quick look, and a family may have its default set alone.
FULL_BUDGET_SECONDS = 30.0
# Share of the time budget that tuning may plan to use; the rest is the test, the backtest and the final fit.
TUNING_SHARE = 1 / 4
# Folds after which a set that is so many standard errors behind is given up.
RACE_FOLDS, MAX_ERRORS_BEHIND = 2, 2.0

Outcome = Literal["chosen", "complete", "given up", "failed"]


@dataclass(frozen=True)
class Trial:
    """One set of parameters of one family.

    Attributes
    ----------
    candidate, trial, params
        The family, the number of the set (0 is its default), and the set in words.
    log_loss
        Of its cross-fitted calibrated probabilities on all validation rows; NaN where it was not tried on all.
    folds
        On how many folds it was fitted.
    fit_seconds
        CPU seconds of its fits.
    outcome, reason
        What became of it, and why where it was given up or failed.
    """

    candidate: str
    trial: int
    params: str
    log_loss: float
    folds: int
    fit_seconds: float
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True)
class Tuned:
    """The best of every family, all trials in the order of ``Trial``'s fields, and why families stepped aside."""

    entrants: tuple[Entrant, ...]
    trials: pd.DataFrame
    failures: dict[str, str]


@dataclass(frozen=True)
class _FoldFit:
    """What one fit of one fold gave, and its log-odds of the fold's validation rows, CPU seconds and planned effort."""

    fitted: Fitted
    margin: np.ndarray
    seconds: float
    effort: float


@dataclass
class _Family:
    """A family while it is tuned."""

    candidate: Candidate
    search: Searcher
    trials: list[Trial] = field(default_factory=list)
    best: Entrant | None = None
    best_raw: np.ndarray | None = None
    default_losses: np.ndarray | None = None
    best_losses: np.ndarray | None = None
    efforts: list[float] = field(default_factory=list)
    failure: str = ""
    is_over: bool = False

    def wants_more(self, settings: TournamentSettings, leading: np.ndarray) -> bool:
        """Whether another trial may pay and fits: by validation and by effort, which are the same on every machine.

        ``leading`` are the losses (n,) of the family that leads with its default set.
        """
        if self.is_over or self.failure or len(self.trials) >= MAX_TRIALS or self.default_losses is None:
            return False
        if _errors_behind(self.default_losses, leading) > MAX_ERRORS_OUT_OF_REACH:
            return False
        if len(self.trials) < (MIN_TRIALS if settings.budget_seconds >= FULL_BUDGET_SECONDS else 1):
            return True
        if len(self.trials) >= MIN_TRIALS and not self.has_paid():
            return False
        return sum(self.efforts) + float(np.mean(self.efforts)) <= _share_seconds(settings)

    def has_paid(self) -> bool:
        """Whether a tuned set beats the default one beyond the error of their difference."""
        if self.default_losses is None or self.best_losses is None:
            return False
        return _errors_behind(self.default_losses, self.best_losses) > MIN_ERRORS_PAID

    def max_errors_behind(self, settings: TournamentSettings) -> float:
        """Standard errors that a set may lie behind the best after two folds; none once the family's share is spent."""
        return 0.0 if sum(self.efforts) >= _share_seconds(settings) else MAX_ERRORS_BEHIND


def _share_seconds(settings: TournamentSettings) -> float:
    return settings.budget_seconds * TUNING_SHARE / len(CANDIDATES)


def competing(settings: TournamentSettings) -> tuple[Candidate, ...]:
    """The families of a tournament: those that always compete, and those asked for."""
    return (*CANDIDATES, *(one for one in ON_DEMAND if one.name in settings.extras))


def validate_candidates(
    prepared: Sequence[FoldData],
    validation: Validation,
    settings: TournamentSettings,
    progress: Progress,
) -> Tuned:
    """Tune each family and keep the set with the lowest log loss.

    The default sets of all families run first. A family whose default set lies more than two standard errors (of the
    paired difference) behind the best one's cannot win and stays with it. Each other family goes on to three sets, and
    from there to twelve at most, while its best set beats its default beyond one standard error and while the effort of
    another set fits into its share of the budget. Effort is counted from the fits themselves (trees and iterations that
    were needed, rows, columns) and turned into seconds by the costs in ``candidates``, and no clock cuts a trial off: so
    the same seed gives the same result on every machine, however busy. A set that is clearly behind the best so far
    after two folds is given up, in a family that has spent its share one that is behind at all. A family whose default
    set raises, or that gives no finite answer, steps aside.
    """
    families = [
        _Family(one, searcher(settings.search, one.space, (settings.seed, place)))
        for place, one in enumerate((*CANDIDATES, *ON_DEMAND))
        if one in competing(settings)
    ]
    done, total = 0, len(families) * MAX_TRIALS
    with Parallel(n_jobs=settings.job_count, prefer="threads") as parallel:
        for number in range(MAX_TRIALS):
            leading = _leading(families)
            for family in families:
                if number == 0 or (leading is not None and family.wants_more(settings, leading)):
                    _try_next(parallel, family, prepared, validation, settings)
                done += 1
                progress(Stage.MODELS, done / total, model=family.candidate.name)
    return _tuned(families, validation)


def _leading(families: Sequence[_Family]) -> np.ndarray | None:
    """The losses of the best default set; None before the first."""
    found = [one.default_losses for one in families if one.default_losses is not None]
    return min(found, key=lambda losses: float(losses.mean())) if found else None


def _tuned(families: Sequence[_Family], validation: Validation) -> Tuned:
    entrants, rows = [], []
    for family in families:
        best = family.best
        rows += [_with_choice(trial, best) for trial in family.trials]
        if best is None or family.best_raw is None:
            continue
        calibration = calibrate_all_ways(
            family.best_raw,
            validation.churned,
            validation.fold,
            native_odds=family.candidate.native_odds,
        )
        seconds = sum(trial.fit_seconds for trial in family.trials)
        entrants.append(
            replace(best, calibration=calibration, trials=len(family.trials), fit_seconds=seconds)
        )
    failures = {family.candidate.name: family.failure for family in families if family.failure}
    return Tuned(tuple(entrants), pd.DataFrame([asdict(row) for row in rows]), failures)


def _with_choice(trial: Trial, best: Entrant | None) -> Trial:
    is_chosen = best is not None and trial.outcome == "complete" and trial.params == params_words(best.params)
    return replace(trial, outcome="chosen") if is_chosen else trial


def params_words(params: Params) -> str:
    """A set of parameters as tables show it."""
    return ", ".join(f"{name}={significant(value, 4)}" for name, value in params.items())


def _try_next(
    parallel: Parallel,
    family: _Family,
    prepared: Sequence[FoldData],
    validation: Validation,
    settings: TournamentSettings,
) -> None:
    """Try the family's next set, and take note of what became of it."""
    params = family.search.propose()
    if params is None:
        family.is_over = True
        return
    fits: list[_FoldFit] = []
    try:
        given_up = _race(parallel, family, params, fits, prepared, validation, settings)
    except fit_errors() as error:
        if not family.trials:
            family.failure = reason_of(error)
        family.search.tell([], complete=False)
        _note(family, params, fits, "failed", reason=reason_of(error))
        return
    if given_up is not None:
        family.search.tell([given_up], complete=False)
        _note(family, params, fits, "given up", reason=f"behind the best set after {RACE_FOLDS} folds")
        return
    raw = np.concatenate([one.margin for one in fits])
    calibration = calibrate(
        raw, validation.churned, validation.fold, native_odds=family.candidate.native_odds
    )
    loss = metrics.log_loss(validation.churned, to_probability(calibration.margin))
    family.search.tell([loss], complete=True)
    _note(family, params, fits, "complete", log_loss=loss)
    losses = row_losses(calibration.margin, validation.churned)
    if family.default_losses is None:
        family.default_losses = losses
    if family.best is None or loss < _loss(family.best, validation):
        family.best, family.best_raw = _entrant(family.candidate, params, calibration, fits), raw
        family.best_losses = losses


def _race(
    parallel: Parallel,
    family: _Family,
    params: Params,
    fits: list[_FoldFit],
    prepared: Sequence[FoldData],
    validation: Validation,
    settings: TournamentSettings,
) -> float | None:
    """Fit fold by fold into ``fits``; the log loss so far where the set was given up, else None."""
    laps = [prepared] if family.best_raw is None else [prepared[:RACE_FOLDS], prepared[RACE_FOLDS:]]
    for lap, folds in enumerate(laps):
        fits += parallel(delayed(_fit_fold)(family.candidate, params, data, settings) for data in folds)
        if lap == 0 and len(laps) > 1 and len(prepared) > RACE_FOLDS and family.best_raw is not None:
            margin = np.concatenate([one.margin for one in fits])
            best, churned = family.best_raw[: len(margin)], validation.churned[: len(margin)]
            behind = _behind(margin, best, churned, family.max_errors_behind(settings))
            if behind is not None:
                return behind
    return None


def _behind(margin: np.ndarray, best: np.ndarray, churned: np.ndarray, max_errors: float) -> float | None:
    """The log loss, where it lies above the best set's by more than so many standard errors of their paired difference.

    Both are Platt-scaled on these rows, so that neither is blamed for a level or a scale that calibration mends.
    """
    if len(np.unique(churned)) < 2:
        return None
    ours, theirs = (
        row_losses(fit_platt(one, churned, native_odds=False).apply(one), churned) for one in (margin, best)
    )
    return float(ours.mean()) if _errors_behind(ours, theirs) > max_errors else None


def _errors_behind(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Standard errors of the paired difference by which the mean of ``ours`` lies above that of ``theirs``."""
    behind, error = paired(ours, theirs)
    return behind / error if error > 0 else float(np.copysign(np.inf, behind)) if behind else 0.0


def _fit_fold(candidate: Candidate, params: Params, data: FoldData, settings: TournamentSettings) -> _FoldFit:
    started = time.thread_time()
    fitted = fit_candidate(
        candidate,
        params,
        data.x_train,
        data.y_train,
        data.stop_rows,
        imbalance=settings.imbalance,
        seed=settings.seed,
    )
    margin = fitted.margin(data.x_valid)
    if not np.isfinite(margin).all():
        raise ValueError(
            f"no finite answer for {int((~np.isfinite(margin)).sum())} of {len(margin)} customers"
        )
    effort = effort_seconds(candidate, fitted, data.x_train.shape)
    return _FoldFit(fitted, margin, time.thread_time() - started, effort)


def _note(
    family: _Family,
    params: Params,
    fits: Sequence[_FoldFit],
    outcome: Outcome,
    *,
    log_loss: float = float("nan"),
    reason: str = "",
) -> None:
    family.efforts.append(sum(one.effort for one in fits))
    seconds = sum(one.seconds for one in fits)
    family.trials.append(
        Trial(
            family.candidate.name,
            len(family.trials),
            params_words(params),
            log_loss,
            len(fits),
            seconds,
            outcome,
            reason,
        )
    )


def _entrant(
    candidate: Candidate, params: Params, calibration: Calibration, fits: Sequence[_FoldFit]
) -> Entrant:
    trees = [one.fitted.tree_count for one in fits if one.fitted.tree_count is not None]
    return Entrant(
        name=candidate.name,
        kind="model",
        calibration=calibration,
        params=params,
        tree_count=int(np.median(trees)) if trees else None,
        fitted=fits[-1].fitted,
    )


def _loss(entrant: Entrant, validation: Validation) -> float:
    return metrics.log_loss(validation.churned, to_probability(entrant.margin))
