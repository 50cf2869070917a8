"""The tournament: validate, choose, test once on the last complete window, refit on everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from churnkit.config import Money, TournamentSettings
from churnkit.errors import ModelError
from churnkit.features.feature_selection import (
    SEASON_COLUMNS,
    SEASON_REASON,
    feature_columns,
    leakage_screen,
)
from churnkit.text.figures import count, score
from churnkit.tournament.baselines import BASELINES, fit_baseline
from churnkit.tournament.blending import blends
from churnkit.tournament.candidates import candidate_named, fit_candidate
from churnkit.tournament.entrants import (
    Entrant,
    params_of,
    prepare_folds,
    stop_customers,
    validate_baselines,
)
from churnkit.tournament.evaluation import Stakes, auc_among, measure
from churnkit.tournament.failures import SteppedAside, fit_errors, reason_of
from churnkit.tournament.folds import MIN_CLASS_ROWS, Folds, make_folds
from churnkit.tournament.kept import Kept, LastFold, kept_models
from churnkit.tournament.level import (
    PROCESS_COLUMN,
    LevelForecast,
    LevelRule,
    PastPrediction,
    fit_level_rule,
    process_residuals,
)
from churnkit.tournament.model import ChurnModel, Member
from churnkit.tournament.names import model_label
from churnkit.tournament.preparation import Preparation
from churnkit.tournament.progress import Progress, Stage, silent
from churnkit.tournament.selection import leaderboard
from churnkit.tournament.tuning import validate_candidates
from churnkit.tournament.validated import validation_frame
from churnkit.windows import CutoffPlan

FINAL_MAX_ROWS = 120_000
BACKTEST_MAX_ROWS = 40_000
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
        champion's and the baselines' measures on the test cutoff.
    model
        Champion, refitted on every labelled cutoff, levelled for the scoring cutoff.
    past
        The champion's out-of-time log-odds at every past cutoff that had training data before it.
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


def value_at_stake(rows: pd.DataFrame, horizon_days: int) -> np.ndarray:
    """What a customer spends in ``horizon_days`` at the past pace, in money, 0 at least; shape (n,)."""
    spend: np.ndarray = (
        np.clip(rows["spend_per_month"].to_numpy(dtype=float), 0.0, None) * horizon_days / 30.0
    )
    return spend


def contact_cost(money: Money, rows: pd.DataFrame) -> float:
    """Cost of one contact: as set, else a share of the mean order value."""
    if money.contact_cost is not None:
        return money.contact_cost
    return money.contact_cost_share * float(rows["gross_total"].sum() / max(rows["order_count"].sum(), 1))


def is_active(rows: pd.DataFrame, horizon_days: int) -> np.ndarray:
    """Mask of the panel rows of customers who were active at the cutoff: silent no longer than the threshold."""
    active: np.ndarray = (rows["recency_days"] <= horizon_days).to_numpy(dtype=bool)
    return active


def run_tournament(
    panel: pd.DataFrame,
    plan: CutoffPlan,
    settings: TournamentSettings,
    money: Money,
    progress: Progress = silent,
) -> Tournament:
    """Run the whole tournament on a panel with purchase-process columns.

    Parameters
    ----------
    panel
        Rows of every cutoff in ``plan``; ``churned`` NaN at the scoring cutoff.
    progress
        Called with a step in words and the share of the step that is done.

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
    stakes = Stakes(
        value_at_stake(labelled, plan.horizon_days)[validation.rows],
        contact_cost(money, labelled),
        money.save_rate,
    )
    baselines = validate_baselines(labelled, folds, validation, plan.horizon_days)
    tuned = validate_candidates(prepared, validation, settings, progress)
    models, failures = list(tuned.entrants), dict(tuned.failures)
    recency_days = labelled["recency_days"].to_numpy(dtype=float)[validation.rows]
    active = recency_days <= plan.horizon_days
    while True:
        entrants = [*models, *blends(models, baselines, validation, settings), *baselines]
        board = leaderboard(entrants, validation, stakes, settings)
        by_name = {entrant.name: entrant for entrant in entrants}
        board["roc_auc_active"] = [
            auc_among(active, validation.churned, by_name[name].margin) for name in board["candidate"]
        ]
        builder = _Builder(
            labelled, plan, columns, settings, by_name, champion=str(board.loc[0, "candidate"])
        )
        try:
            past, test_model = builder.past_predictions(progress)
            board, test_model = _with_test(board, builder, past, test_model, plan, money)
            said = validation_frame(by_name, validation, stakes, recency_days)
            last = LastFold(
                prepared[-1].preparation,
                labelled.iloc[folds.folds[-1].train],
                folds.folds[-1].valid_cutoff,
            )
            return _finish(
                panel, builder, board, past, test_model, screen, folds, said, tuned.trials, failures, last
            )
        except SteppedAside as failed:
            # Validated, and yet it cannot be fitted on other rows: the others decide among themselves.
            failures[failed.name] = failed.reason
            models = [one for one in models if one.name != failed.name]


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


@dataclass(frozen=True)
class _Builder:
    """Fits the champion on any set of cutoffs."""

    labelled: pd.DataFrame
    plan: CutoffPlan
    columns: list[str]
    settings: TournamentSettings
    entrants: Mapping[str, Entrant]
    champion: str

    def rows_of(self, cutoffs: Sequence[datetime]) -> pd.DataFrame:
        return self.labelled[self.labelled["cutoff"].isin(list(cutoffs))]

    def fit(self, train: pd.DataFrame, max_rows: int) -> ChurnModel:
        """Champion on ``train``; with more than ``max_rows``, on a sample."""
        horizon_days = self.plan.horizon_days
        entrant = self.entrants[self.champion]
        if self.champion in BASELINES:
            baseline = fit_baseline(self.champion, train, horizon_days)
            return ChurnModel(self.champion, horizon_days, None, (), baseline, entrant.calibration.scaling)
        if len(train) > max_rows:
            rng = np.random.default_rng(self.settings.seed)
            train = train.iloc[np.sort(rng.choice(len(train), max_rows, replace=False))]
        churned = train["churned"].to_numpy(dtype=float)
        preparation = Preparation(self.columns, self.settings.seed)
        matrix = preparation.fit_transform(train, churned).to_numpy(dtype=float)
        names = entrant.members or (self.champion,)
        weights = entrant.weights or (1.0,)
        by = entrant.shift / sum(weights)
        members = tuple(
            self._member(name, matrix, churned, train, weight, by)
            for name, weight in zip(names, weights, strict=True)
        )
        return ChurnModel(self.champion, horizon_days, preparation, members)

    def _member(
        self,
        name: str,
        matrix: np.ndarray,
        churned: np.ndarray,
        train: pd.DataFrame,
        weight: float,
        shift: float,
    ) -> Member:
        """One member, its calibrated log-odds moved by ``shift``: its share of what a blend adds to everybody's."""
        entrant = self.entrants[name]
        scaling = entrant.calibration.scaling.shifted(shift)
        if name in BASELINES:
            return Member(fit_baseline(name, train, self.plan.horizon_days), scaling, weight)
        try:
            fitted = fit_candidate(
                candidate_named(name),
                params_of(entrant),
                matrix,
                churned,
                stop_customers(train["customer_id"]),
                imbalance=self.settings.imbalance,
                seed=self.settings.seed,
            )
        except fit_errors() as error:
            raise SteppedAside(name, reason_of(error)) from error
        return Member(fitted, scaling, weight)

    def predict_past(self, cutoff: datetime) -> tuple[PastPrediction, ChurnModel] | None:
        """Champion trained on what was known at ``cutoff``, or None when that was too little."""
        train = self.rows_of(self.plan.trains_on(cutoff))
        if not MIN_CLASS_ROWS <= train["churned"].sum() <= len(train) - MIN_CLASS_ROWS:
            return None
        rows = self.rows_of([cutoff])
        model = self.fit(train, BACKTEST_MAX_ROWS)
        prediction = PastPrediction(
            cutoff,
            model.margin(rows),
            rows[PROCESS_COLUMN].to_numpy(dtype=float),
            rows["churned"].to_numpy(dtype=float),
        )
        return prediction, model

    def past_predictions(self, progress: Progress) -> tuple[tuple[PastPrediction, ...], ChurnModel | None]:
        """Out-of-time predictions at every labelled cutoff that had training data before it; the test cutoff's model."""
        done: list[PastPrediction] = []
        test_model: ChurnModel | None = None
        with Parallel(n_jobs=self.settings.job_count, prefer="threads", return_as="generator") as parallel:
            results = parallel(delayed(self.predict_past)(c) for c in self.plan.labelled)
            for number, result in enumerate(results, start=1):
                progress(Stage.BACKTEST, number / len(self.plan.labelled))
                if result is not None:
                    prediction, model = result
                    done.append(prediction)
                    if prediction.cutoff == self.plan.test:
                        test_model = model
        return tuple(done), test_model


def _with_test(
    board: pd.DataFrame,
    builder: _Builder,
    past: Sequence[PastPrediction],
    test_model: ChurnModel | None,
    plan: CutoffPlan,
    money: Money,
) -> tuple[pd.DataFrame, ChurnModel | None]:
    """Measures on the last labelled cutoff, for the champion (levelled by earlier cutoffs only) and the baselines."""
    test = plan.test
    assert test is not None
    rows = builder.rows_of([test])
    known = plan.known_before(test)
    train = builder.rows_of(plan.trains_on(test))
    if test_model is not None and 0 < rows["churned"].sum() < len(rows):
        residuals = process_residuals(builder.labelled)
        # Cutoffs less than a horizon before the test one have outcomes that reach into its window.
        rule = fit_level_rule(plan, residuals, [p for p in past if p.cutoff in known])
        shift = rule.forecast(test, past[-1].margin, past[-1].p_no_purchase).shift
        test_model = test_model.at_level(shift)
        champion = past[-1].margin + shift
        margins = {name: fit_baseline(name, train, plan.horizon_days).margin(rows) for name in BASELINES}
        margins[builder.champion] = champion
        churned = rows["churned"].to_numpy(dtype=float)
        stakes = Stakes(
            value_at_stake(rows, plan.horizon_days), contact_cost(money, builder.labelled), money.save_rate
        )
        active = is_active(rows, plan.horizon_days)
        for position in board.index:
            name = board.loc[position, "candidate"]
            if name in margins:
                board.loc[position, "test_roc_auc_active"] = auc_among(active, churned, margins[name])
                measured = measure(margins[name], churned, stakes, board.loc[position, "threshold"])
                for key, value in measured.items():
                    if key != "threshold":
                        board.loc[position, f"test_{key}"] = value
    return board, test_model


def _finish(
    panel: pd.DataFrame,
    builder: _Builder,
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
    plan = builder.plan
    rule = fit_level_rule(plan, process_residuals(builder.labelled), past)
    model = builder.fit(builder.rows_of(plan.trains_on(plan.scoring)), FINAL_MAX_ROWS)
    scored = panel[panel["cutoff"] == plan.scoring]
    level = rule.forecast(plan.scoring, model.margin(scored), scored[PROCESS_COLUMN].to_numpy(dtype=float))
    dropped = dict(model.preparation.selector.dropped_) if model.preparation else {}
    for row in screen[screen["verdict"] == "excluded"].to_dict("records"):
        dropped[row["feature"]] = f"leakage screen: normalised Gini {score(row['gini'])} alone"
    unseen = [name for name in SEASON_COLUMNS if name in panel and name not in {*builder.columns, *dropped}]
    dropped |= dict.fromkeys(unseen, SEASON_REASON)
    return Tournament(
        leaderboard=with_failures(board, failures),
        model=model.at_level(level.shift),
        past=past,
        test_model=test_model,
        level=level,
        level_rule=rule,
        screen=screen,
        dropped_features=dropped,
        folds=folds,
        validation=validation,
        threshold=float(board["threshold"].iloc[0]),
        trials=trials,
        kept=kept_models(builder.entrants, builder.champion, last_fold, plan.horizon_days, level.shift),
        notes=(*_failure_notes(failures), *_notes(board, past, plan, folds)),
    )


def _failure_notes(failures: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        f"{model_label(name)} could not be fitted and took no part ({reason}). The others were compared without it."
        for name, reason in failures.items()
    )


def _notes(
    board: pd.DataFrame, past: Sequence[PastPrediction], plan: CutoffPlan, folds: Folds
) -> tuple[str, ...]:
    notes = []
    if board["kind"].iloc[0] == "baseline":
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
    if plan.observation_days(plan.scoring) < 365 + plan.horizon_days:
        notes.append(
            "Less than a year of history precedes the outcome window's season: a seasonal peak or slump in the"
            " coming window has no precedent here, and the level of all probabilities may be off by some points."
        )
    if float(board["roc_auc"].iloc[0]) < 0.55:
        notes.append("Nothing in this file tells who will leave: the ranking is hardly better than chance.")
    return tuple(notes)
