"""Competitors fitted anew on the outcomes that were known at a date: what the backtest, the test and the final fit do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from churnkit.config import TournamentSettings
from churnkit.tournament.baselines import BASE_RATE, BASELINES, fit_baseline
from churnkit.tournament.candidates import Fitted, candidate_named, fit_candidate
from churnkit.tournament.entrants import Entrant, params_of, stop_customers
from churnkit.tournament.failures import SteppedAside, fit_errors, reason_of
from churnkit.tournament.folds import MIN_CLASS_ROWS
from churnkit.tournament.level import LevelRule, PastPrediction, fit_level_rule
from churnkit.tournament.model import ChurnModel, Member
from churnkit.tournament.preparation import Preparation
from churnkit.tournament.progress import Progress, Stage
from churnkit.tournament.residuals import PROCESS_COLUMN, process_residuals
from churnkit.tournament.slope import Slope, Slopes
from churnkit.windows import CutoffPlan

FINAL_MAX_ROWS = 120_000
BACKTEST_MAX_ROWS = 40_000


@dataclass(frozen=True)
class Refits:
    """Fits entrants on any set of cutoffs, the champion above all."""

    labelled: pd.DataFrame
    plan: CutoffPlan
    columns: list[str]
    settings: TournamentSettings
    entrants: Mapping[str, Entrant]
    champion: str
    earlier_residuals: Mapping[datetime, float] = field(default_factory=dict)
    """What the process missed in windows before the plan's."""
    _slopes: Slopes = field(default_factory=Slopes)

    @cached_property
    def residuals(self) -> dict[datetime, float]:
        """What the process missed in every finished window, in log-odds by cutoff."""
        return {**self.earlier_residuals, **process_residuals(self.labelled)}

    def rows_of(self, cutoffs: Sequence[datetime]) -> pd.DataFrame:
        """Labelled panel rows of some cutoffs."""
        return self.labelled[self.labelled["cutoff"].isin(list(cutoffs))]

    def fit(self, train: pd.DataFrame, max_rows: int) -> ChurnModel:
        """Champion on ``train``; with more than ``max_rows``, on a sample.

        Raises
        ------
        SteppedAside
            It cannot be fitted on these rows.
        """
        entrant = self.entrants[self.champion]
        if self.champion in BASELINES:
            return self._rule(entrant, train)
        train = self._sampled(train, max_rows)
        preparation = Preparation(self.columns, self.settings.seed)
        churned = train["churned"].to_numpy(dtype=float)
        matrix = preparation.fit_transform(train, churned).to_numpy(dtype=float)
        fitted = {
            name: self._fitted(name, matrix, train) for name in _parts(entrant) if name not in BASELINES
        }
        return self._model(entrant, preparation, fitted, train)

    def fit_all(self, train: pd.DataFrame, max_rows: int, champion: ChurnModel) -> dict[str, ChurnModel]:
        """Every model and blend but the champion by name, as :meth:`fit` would; what cannot be fitted is left out.

        ``champion`` was fitted on the same rows: what it is made of serves the others too.
        """
        train = self._sampled(train, max_rows)
        # Anew, as the champion's was: to transform the rows that it was fitted on would show each its own outcome.
        preparation = Preparation(self.columns, self.settings.seed)
        matrix = preparation.fit_transform(train, train["churned"].to_numpy(dtype=float)).to_numpy(
            dtype=float
        )
        fitted = {m.fitted.name: m.fitted for m in champion.members if isinstance(m.fitted, Fitted)}
        others = [e for e in self.entrants.values() if e.name not in (self.champion, *BASELINES)]
        wanted = [e.name for e in others if not e.members and e.name not in fitted]
        with Parallel(n_jobs=self.settings.job_count, prefer="threads") as parallel:
            found = parallel(delayed(self._fitted_or_none)(name, matrix, train) for name in wanted)
        fitted |= {one.name: one for one in found if one is not None}
        return {
            one.name: self._model(one, preparation, fitted, train)
            for one in others
            if all(name in fitted or name in BASELINES for name in _parts(one))
        }

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

    def level_rule(self, past: Sequence[PastPrediction]) -> LevelRule:
        """How the champion's level moves, learned from ``past``; the base rate is one, and stays as it is."""
        if self.champion == BASE_RATE:
            return LevelRule(self.plan, self.residuals, 0.0)
        return fit_level_rule(self.plan, self.residuals, past)

    def slope(self, past: Sequence[PastPrediction]) -> Slope:
        """How far apart the champion puts customers, learned from ``past``; a simple rule answers as it is."""
        return Slope() if self.champion in BASELINES else self._slopes.fit(past)

    def stretched(self, past: Sequence[PastPrediction]) -> tuple[PastPrediction, ...]:
        """``past``, each by what was known of the slope at its cutoff."""
        if self.champion in BASELINES:
            return tuple(past)
        return self._slopes.stretched(past, self.plan.known_before)

    def _sampled(self, train: pd.DataFrame, max_rows: int) -> pd.DataFrame:
        if len(train) <= max_rows:
            return train
        rng = np.random.default_rng(self.settings.seed)
        return train.iloc[np.sort(rng.choice(len(train), max_rows, replace=False))]

    def _rule(self, entrant: Entrant, train: pd.DataFrame) -> ChurnModel:
        horizon_days = self.plan.horizon_days
        rule = fit_baseline(entrant.name, train, horizon_days)
        return ChurnModel(entrant.name, horizon_days, None, (), rule, entrant.calibration.scaling)

    def _model(
        self,
        entrant: Entrant,
        preparation: Preparation,
        fitted: Mapping[str, Fitted],
        train: pd.DataFrame,
    ) -> ChurnModel:
        """An entrant of its fitted parts; the calibrated log-odds of each moved by its share of what a blend adds."""
        names, weights = _parts(entrant), entrant.weights or (1.0,)
        by = entrant.shift / sum(weights)
        horizon_days = self.plan.horizon_days
        members = tuple(
            Member(
                fitted[name] if name in fitted else fit_baseline(name, train, horizon_days),
                self.entrants[name].calibration.scaling.shifted(by),
                weight,
            )
            for name, weight in zip(names, weights, strict=True)
        )
        return ChurnModel(entrant.name, horizon_days, preparation, members)

    def _fitted(self, name: str, matrix: np.ndarray, train: pd.DataFrame) -> Fitted:
        try:
            return fit_candidate(
                candidate_named(name),
                params_of(self.entrants[name]),
                matrix,
                train["churned"].to_numpy(dtype=float),
                stop_customers(train["customer_id"]),
                imbalance=self.settings.imbalance,
                seed=self.settings.seed,
            )
        except fit_errors() as error:
            raise SteppedAside(name, reason_of(error)) from error

    def _fitted_or_none(self, name: str, matrix: np.ndarray, train: pd.DataFrame) -> Fitted | None:
        # It was validated and did not win: that it has no figure of the test changes nobody's score.
        try:
            return self._fitted(name, matrix, train)
        except SteppedAside:
            return None


def _parts(entrant: Entrant) -> tuple[str, ...]:
    return entrant.members or (entrant.name,)
