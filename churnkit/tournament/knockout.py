"""The tournament: validate, choose, test once on the last complete window, refit on everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

import numpy as np
import pandas as pd

from churnkit.config import Money, TournamentSettings
from churnkit.errors import ModelError
from churnkit.features.column_names import SEASON_COLUMNS, feature_columns
from churnkit.features.feature_selection import SEASON_REASON, leakage_screen
from churnkit.text.figures import count, score
from churnkit.tournament.blending import blends
from churnkit.tournament.devices import device_notes
from churnkit.tournament.entrants import (
    Entrant,
    FoldData,
    Validation,
    prepare_folds,
    validate_baselines,
)
from churnkit.tournament.evaluation import Stakes, auc_among, contact_cost, value_at_stake
from churnkit.tournament.failures import SteppedAside
from churnkit.tournament.final_test import with_test
from churnkit.tournament.folds import MIN_CLASS_ROWS, Folds, make_folds
from churnkit.tournament.kept import Kept, LastFold, kept_models
from churnkit.tournament.level import (
    LevelForecast,
    LevelRule,
    PastPrediction,
)
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.names import NOTHING_TELLS, model_label
from churnkit.tournament.progress import Progress, silent
from churnkit.tournament.refits import FINAL_MAX_ROWS, Refits
from churnkit.tournament.residuals import PROCESS_COLUMN
from churnkit.tournament.selection import leaderboard
from churnkit.tournament.signal import past_signal, tells_apart
from churnkit.tournament.tuning import validate_candidates
from churnkit.tournament.validated import validation_frame
from churnkit.windows import CutoffPlan

STEPPED_ASIDE = "stepped aside"
SEASON_MIN_DAYS = 2 * 365
MIN_LABELLED_ROWS = 100


@dataclass(frozen=True)
class Tournament:
    """What came out.

    Attributes
    ----------
    leaderboard
        One row per entrant, champion first (see ``selection.leaderboard``); ``test_*`` columns hold the
        measures on the test cutoff, taken after the champion was chosen.
    model
        Champion, refitted on every labelled cutoff, stretched and levelled for the scoring cutoff.
    past
        The champion's out-of-time log-odds at every past cutoff that had training data before it, stretched by what was
        known of its slope there (:mod:`churnkit.tournament.slope`).
    test_model
        The champion as it was trained and levelled for the test cutoff, on what was known before it; None where there
        was too little to train on. Whatever is measured on test rows is measured with this one.
    level, level_rule
        The shift applied at the scoring cutoff, and the rule that made it.
    screen
        Single-feature leakage screen.
    dropped_features
        Reason per feature that did not survive selection in the final fit.
    folds
        The validation design.
    validation
        What every entrant said of the validation customers (``validated.validation_frame``).
    threshold
        Probability from which on the champion calls a customer a churner: on the validation rows it calls as many as
        are expected to leave, the sum of the probabilities.
    trials
        Every set of parameters that was tried, see ``tuning.Trial``.
    kept
        The other competitors as they were measured.
    notes
        Plain sentences on what weakens the proof.
    """

    leaderboard: pd.DataFrame
    model: ChurnModel
    past: tuple[PastPrediction, ...]
    test_model: ChurnModel | None
    level: LevelForecast
    level_rule: LevelRule
    screen: pd.DataFrame
    dropped_features: Mapping[str, str]
    folds: Folds
    validation: pd.DataFrame
    threshold: float
    trials: pd.DataFrame
    kept: Kept
    notes: tuple[str, ...]

    @property
    def champion(self) -> pd.Series:
        """The champion's row of the leaderboard."""
        return self.leaderboard.iloc[0]


def run_tournament(
    panel: pd.DataFrame,
    plan: CutoffPlan,
    settings: TournamentSettings,
    money: Money,
    progress: Progress = silent,
    *,
    earlier_residuals: Mapping[datetime, float] = MappingProxyType({}),
) -> Tournament:
    """Run the whole tournament on a panel with purchase-process columns.

    Parameters
    ----------
    panel
        Rows of every cutoff in ``plan``; ``churned`` NaN at the scoring cutoff.
    progress
        Called with a step in words and the share of the step that is done.
    earlier_residuals
        What the process missed in windows before the plan's, in log-odds by cutoff (``residuals.process_residuals``).

    Raises
    ------
    ModelError
        If fewer than 100 labelled rows, or fewer than 20 churners or stayers, leave nothing to learn from.
    """
    labelled = panel[panel["churned"].notna()].sort_values(["cutoff", "customer_id"], ignore_index=True)
    _require_enough(labelled)
    screen = leakage_screen(labelled)
    columns = _columns(labelled, plan, screen)
    folds = make_folds(labelled, plan, settings.folds)
    prepared, validation = prepare_folds(labelled, folds, columns, settings.seed)
    stakes = _stakes(labelled, validation, plan, money)
    baselines = validate_baselines(labelled, folds, validation, plan.horizon_days)
    tuned = validate_candidates(prepared, validation, settings, progress)
    models, failures = list(tuned.entrants), dict(tuned.failures)
    recency_days = labelled["recency_days"].to_numpy(dtype=float)[validation.rows]
    active, nothing_tells = recency_days <= plan.horizon_days, False
    while True:
        entrants = [*models, *blends(models, baselines, validation, settings), *baselines]
        by_name = {entrant.name: entrant for entrant in entrants}
        board = leaderboard(entrants, validation, stakes, settings, nothing_tells=nothing_tells)
        board["roc_auc_active"] = _auc_of_active(board, by_name, validation, active)
        champion = str(board.loc[0, "candidate"])
        refits = Refits(labelled, plan, columns, settings, by_name, champion, earlier_residuals)
        try:
            past, test_model = refits.past_predictions(progress)
            if not nothing_tells and not _tells_apart(past, refits, board):
                nothing_tells = True
                continue
            board, test_model = with_test(board, refits, past, test_model, money)
            said = validation_frame(by_name, validation, stakes, recency_days)
            last = _last_fold(prepared, labelled, folds)
            return _finish(
                panel, refits, board, past, test_model, screen, folds, said, tuned.trials, failures, last
            )
        except SteppedAside as failed:
            # Validated, and yet it cannot be fitted on other rows: the others decide among themselves.
            failures[failed.name] = failed.reason
            models = [one for one in models if one.name != failed.name]


def _stakes(labelled: pd.DataFrame, validation: Validation, plan: CutoffPlan, money: Money) -> Stakes:
    at_stake = value_at_stake(labelled, plan.horizon_days)[validation.rows]
    return Stakes(at_stake, contact_cost(money, labelled), money.save_rate)


def _auc_of_active(
    board: pd.DataFrame, by_name: Mapping[str, Entrant], validation: Validation, active: np.ndarray
) -> list[float]:
    return [auc_among(active, validation.churned, by_name[name].margin) for name in board["candidate"]]


def _last_fold(prepared: Sequence[FoldData], labelled: pd.DataFrame, folds: Folds) -> LastFold:
    fold = folds.folds[-1]
    return LastFold(prepared[-1].preparation, labelled.iloc[fold.train], fold.valid_cutoff)


def with_failures(board: pd.DataFrame, failures: Mapping[str, str]) -> pd.DataFrame:
    """The leaderboard with a last row for each candidate that stepped aside: no measures, and why."""
    rows = [
        {
            "candidate": name,
            "kind": "model",
            "calibration": "",
            "members": "",
            "params": "",
            "trials": 0,
            "fit_seconds": 0.0,
            "eligible": False,
            "is_champion": False,
            "verdict": f"{STEPPED_ASIDE}: {reason}",
        }
        for name, reason in failures.items()
    ]
    return pd.concat([board, pd.DataFrame(rows)], ignore_index=True) if rows else board


def _require_enough(labelled: pd.DataFrame) -> None:
    churners = int(labelled["churned"].sum())
    if len(labelled) >= MIN_LABELLED_ROWS and MIN_CLASS_ROWS <= churners <= len(labelled) - MIN_CLASS_ROWS:
        return
    raise ModelError(
        f"Training models: they need {MIN_LABELLED_ROWS} past customer outcomes with {MIN_CLASS_ROWS} who left and"
        f" {MIN_CLASS_ROWS} who stayed; found {count(len(labelled))} with {churners} who left.",
        "Choose another horizon or a longer export.",
    )


def _columns(labelled: pd.DataFrame, plan: CutoffPlan, screen: pd.DataFrame) -> list[str]:
    """Features on offer: those that pass the screen; calendar columns only where two years show each season twice."""
    excluded = set(screen.loc[screen["verdict"] == "excluded", "feature"])
    if plan.observation_days(plan.scoring) < SEASON_MIN_DAYS:
        excluded |= set(SEASON_COLUMNS)
    return [c for c in feature_columns(labelled) if c not in excluded]


def _finish(
    panel: pd.DataFrame,
    refits: Refits,
    board: pd.DataFrame,
    past: tuple[PastPrediction, ...],
    test_model: ChurnModel | None,
    screen: pd.DataFrame,
    folds: Folds,
    validation: pd.DataFrame,
    trials: pd.DataFrame,
    failures: Mapping[str, str],
    last_fold: LastFold,
) -> Tournament:
    plan = refits.plan
    slope, stretched = refits.slope(past), refits.stretched(past)
    rule = refits.level_rule(stretched)
    fitted = refits.fit(refits.rows_of(plan.trains_on(plan.scoring)), FINAL_MAX_ROWS)
    model = fitted.stretched(slope)
    scored = panel[panel["cutoff"] == plan.scoring]
    level = rule.forecast(plan.scoring, model.margin(scored), scored[PROCESS_COLUMN].to_numpy(dtype=float))
    dropped = dict(model.preparation.selector.dropped_) if model.preparation else {}
    for row in screen[screen["verdict"] == "excluded"].to_dict("records"):
        dropped[row["feature"]] = f"leakage screen: normalised Gini {score(row['gini'])} alone"
    unseen = [name for name in SEASON_COLUMNS if name in panel and name not in {*refits.columns, *dropped}]
    dropped |= dict.fromkeys(unseen, SEASON_REASON)
    return Tournament(
        leaderboard=with_failures(board, failures),
        model=model.at_level(level.shift),
        past=stretched,
        test_model=test_model,
        level=replace(level, slope=model.slope),
        level_rule=rule,
        screen=screen,
        dropped_features=dropped,
        folds=folds,
        validation=validation,
        threshold=float(board["threshold"].iloc[0]),
        trials=trials,
        kept=kept_models(refits.entrants, refits.champion, last_fold, plan.horizon_days, level.shift),
        notes=(*_failure_notes(failures), *device_notes(), *_notes(board, past, folds)),
    )


def _tells_apart(past: Sequence[PastPrediction], refits: Refits, board: pd.DataFrame) -> bool:
    """As :func:`signal.tells_apart` of the champion.

    What came in the test window plays no part: those past dates count whose window was over before it.
    """
    test = refits.plan.test
    before = refits.plan.known_before(test) if test else ()
    past = [one for one in past if one.cutoff in before]
    cutoffs, who = refits.labelled["cutoff"].to_numpy(), pd.factorize(refits.labelled["customer_id"])[0]
    customers = [who[cutoffs == np.datetime64(one.cutoff)] for one in past]
    return tells_apart(past_signal(past, customers), board.iloc[0])


def _failure_notes(failures: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        f"{model_label(name)} could not be fitted and took no part ({reason}). The others were compared without it."
        for name, reason in failures.items()
    )


def _notes(board: pd.DataFrame, past: Sequence[PastPrediction], folds: Folds) -> tuple[str, ...]:
    notes = []
    is_chance = board["verdict"].iloc[0].endswith(NOTHING_TELLS)
    if is_chance:
        notes.append(
            "Nothing in this file tells who will leave beyond what chance alone would show, so every customer is given the"
            " same probability, the churn rate, and nobody has a tier."
        )
    elif board["kind"].iloc[0] == "baseline":
        notes.append(
            "No model beat the simple rules on this shop's past, so the best rule scores the customers. Tiers say"
            " little more than that rule does."
        )
    if not folds.purged:
        notes.append(
            "The history is too short to keep training and validation outcomes apart in time; the validation"
            " figures compare customers, not periods, and flatter the level."
        )
    if not past:
        notes.append("The history is too short for a test on a later period: no figure here is out of time.")
    return tuple(notes)
