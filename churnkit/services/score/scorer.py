"""What scores a shop's later files: the fitted models, what they were learned as, and what was asked then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

import pandas as pd

from churnkit.clv import ValueModel, YearModel
from churnkit.config import AnalysisSettings
from churnkit.features.product_factors import ProductBasis
from churnkit.ingest import Reading
from churnkit.results.codec import Step
from churnkit.results.year_forecast import YearForecast
from churnkit.roi import Uncertainty, uncertainty_from_backtest
from churnkit.services.analyse.analysis import Analysis, is_proven
from churnkit.services.analyse.levels import levels_of
from churnkit.tournament.backtest import backtest_summary
from churnkit.tournament.later_levels import Levels, Steps
from churnkit.tournament.model import ChurnModel


@dataclass(frozen=True, kw_only=True)
class ScorerFacts:
    """What a model says of itself: ``scoring.json``.

    Attributes
    ----------
    churnkit_version
        Of the program that fitted it.
    model
        Name in the leaderboard of what scores.
    cutoff
        The date at which it was made: everything before it was known.
    horizon_days
        Of its question: no purchase in so many days.
    currency
        Of all money, None where the file named none.
    proven
        Whether the past showed that it tells the active apart; if not, there are no tiers and nothing is at risk.
    reading
        How the file was read; a newer one with the same columns is read the same way.
    settings
        Of the analysis: tiers, money.
    year
        How the value of a year was learned.
    """

    title: ClassVar[str] = "what a model says of itself"
    steps: ClassVar[tuple[Step, ...]] = ()

    churnkit_version: str
    model: str
    cutoff: datetime
    horizon_days: int
    currency: str | None
    proven: bool
    reading: Reading
    settings: AnalysisSettings
    year: YearForecast


# As near as windows of two years count as the same season, see ``tournament.residuals``.
_MIN_SEASON_DAYS = 7.0


@dataclass(frozen=True)
class Learned:
    """The fitted parts: probability of churn, spend, product factors (None without any), errors of past forecasts.

    ``levels`` moves model and value model to another date; None in older runs, where a rule scores, and where no
    window of the past was over.
    """

    model: ChurnModel
    value_model: ValueModel
    products: ProductBasis | None
    uncertainty: Uncertainty
    levels: Levels | None = None


@dataclass(frozen=True)
class Scorer:
    """All that scoring takes; nothing in it is a customer's row."""

    facts: ScorerFacts
    learned: Learned

    @property
    def year_model(self) -> YearModel:
        """Values the year."""
        return YearModel(self.facts.year)

    def at(
        self, scoring: datetime, rows: pd.DataFrame, finished: pd.DataFrame | None = None
    ) -> tuple[Scorer, Steps | None]:
        """The same at the level of a date, and the steps to it; None where those were not learned, and at its own date.

        Parameters
        ----------
        rows
            The panel rows of all customers at that date, as :func:`newer_file.complete` makes them.
        finished
            Panel rows with outcomes: what windows missed counts that have ended since the training, by that date.
        """
        learned, levels = self.learned, self.learned.levels
        if levels is None or scoring == self.facts.cutoff:
            return replace(self, learned=replace(learned, value_model=self.value_model_at(scoring))), None
        if finished is not None and not finished.empty:
            levels = levels.knowing(finished, scoring)
        level = levels.level(learned.model, scoring, rows)
        model = learned.model.at_level(level.shift)
        unmoved = learned.value_model.moved(0.0).expected_spend(rows, model.p_churn(rows))
        steps = Steps(level, levels.total(scoring, rows, float(unmoved.sum())))
        value_model = learned.value_model.moved(steps.total.shift)
        moved = replace(learned, model=model, value_model=value_model, levels=levels)
        return replace(self, learned=moved), steps

    def value_model_at(self, scoring: datetime) -> ValueModel:
        """For who sees some of the customers only: with the season of the model's own date, and only near that date."""
        tolerance_days = max(_MIN_SEASON_DAYS, self.facts.horizon_days / 4)
        near = abs((scoring - self.facts.cutoff).total_seconds()) <= 86_400 * tolerance_days
        return self.learned.value_model if near else self.learned.value_model.moved(0.0)


def scorer_of(analysis: Analysis) -> Scorer:
    """The scorer of an analysis that has just been made."""
    ingested, plan = analysis.ingested, analysis.plan
    outcomes = analysis.past.outcomes if analysis.past else ()
    past = backtest_summary(outcomes, plan.horizon_days)
    facts = ScorerFacts(
        churnkit_version=_version(),
        model=analysis.model.name,
        cutoff=plan.scoring,
        horizon_days=plan.horizon_days,
        currency=ingested.currency,
        proven=is_proven(outcomes, plan.horizon_days),
        reading=replace(ingested.reading, mapping=ingested.mapping, preset=ingested.preset, as_of=None),
        settings=analysis.settings,
        year=analysis.year_model.forecast,
    )
    learned = Learned(
        analysis.model,
        analysis.value_model,
        analysis.products,
        uncertainty_from_backtest(past),
        levels_of(analysis),
    )
    return Scorer(facts, learned)


def _version() -> str:
    from churnkit import __version__

    return __version__
