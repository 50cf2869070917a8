"""Every customer of a newer history scored by a model that was trained before: what changes, and what stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import duckdb
import numpy as np
import pandas as pd

from churnkit.config import AnalysisSettings
from churnkit.errors import ChurnkitError, ModelError
from churnkit.explain.contributions import Contributions, contributions
from churnkit.features.indicators import known_indicators
from churnkit.features.product_factors import FACTOR_PREFIX
from churnkit.ingest import Ingested
from churnkit.results.folders import Results
from churnkit.results.profile import Profile
from churnkit.segments.standing import is_active, risk_tier
from churnkit.services.analyse.history import History, build_panel
from churnkit.services.analyse.history_notes import history_notes
from churnkit.services.analyse.revenue import PastRevenue, past_revenue
from churnkit.services.decide.short_history import short_history_notes
from churnkit.services.look.first_look import Clock, judge, open_file
from churnkit.services.refresh.past_windows import notes_of, window_before
from churnkit.services.score.newer_file import complete, customers_by, plan_of, require_currency, weaknesses
from churnkit.services.score.scorer import Scorer
from churnkit.tournament.later_levels import Steps
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.progress import Stage
from churnkit.windows import CutoffPlan

# What a model raises that does not fit the rows that it is given.
_MISFITS = (ModelError, KeyError, TypeError, ValueError, ArithmeticError, AttributeError, IndexError)


class CannotScoreError(Exception):
    """The model cannot score this history; ``reason`` says why, in a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Refreshed:
    """What a refresh found.

    Attributes
    ----------
    scorer
        With the level of today's date.
    rows, before
        Panel rows of today, and of one churn threshold earlier (empty where the history is too short), by customer.
    parts
        Log-odds by feature of ``rows``.
    p_before
        Probability of churn of ``before``, by the model at the level of that date, shape (n,).
    customers
        The columns of ``customers.csv``, by rank.
    steps
        How the level moved at today's date; None where it is that of the training.
    notes
        What weakens the result, in plain sentences.
    """

    scorer: Scorer
    ingested: Ingested
    history: History
    profile: Profile
    plan: CutoffPlan
    rows: pd.DataFrame
    before: pd.DataFrame
    parts: Contributions
    p_before: np.ndarray
    customers: pd.DataFrame
    past_revenue: PastRevenue
    steps: Steps | None
    notes: tuple[str, ...]
    made_at: datetime

    @property
    def settings(self) -> AnalysisSettings:
        """Those of the run that trained the model."""
        return self.scorer.facts.settings

    @property
    def scored_rows(self) -> pd.DataFrame:
        """Another name of ``rows``."""
        return self.rows

    @property
    def model(self) -> ChurnModel:
        """What scored, at the level of today's date."""
        return self.scorer.learned.model

    @property
    def earlier(self) -> pd.DataFrame:
        """``customer_id``, ``p_churn_before``, ``risk_tier_before`` one threshold ago; who had lapsed then had no tier."""
        recency = self.before["recency_days"].to_numpy()
        active = is_active(recency, self.plan.horizon_days)
        tiers = risk_tier(self.p_before, active, self.settings.tiers, proven=self.scorer.facts.proven)
        return pd.DataFrame(
            {
                "customer_id": self.before["customer_id"].astype("str"),
                "p_churn_before": self.p_before.round(6),
                "risk_tier_before": pd.array(tiers, dtype="str"),
            }
        )


def refreshed(
    ingested: Ingested,
    connection: duckdb.DuckDBPyConnection,
    trained: Results,
    learn: Callable[[], Scorer],
    clock: Clock,
) -> Refreshed:
    """Score the customers of a history by an earlier run's model; nothing is trained.

    Parameters
    ----------
    connection
        Holds the history for as long as what was found is written.
    trained
        The run that trained the model.
    learn
        Makes its scorer.

    Raises
    ------
    CannotScoreError
        The model is missing, damaged, or does not fit the history: a rule has to.
    DataError
        The history cannot be used.
    """
    scorer = _learned(learn)
    require_currency(scorer, ingested)
    history = open_file(connection, ingested, clock)
    settings = replace(scorer.facts.settings, horizon_days=scorer.facts.horizon_days)
    profile = judge(history, ingested, settings, clock)
    plan = plan_of(history, scorer)
    with clock.stage(Stage.FEATURES):
        rows, before, absent = _rows(history, plan, scorer)
    with clock.stage(Stage.EXPLAIN):
        try:
            ended = window_before(trained, scorer, before)
            scorer, steps = scorer.at(plan.scoring, rows, before)
            parts = contributions(scorer.learned.model, rows)
            customers = customers_by(scorer, rows, parts, history, plan, ingested.currency)
        except _MISFITS as error:
            raise CannotScoreError(_why(error)) from error
    short = short_history_notes(profile, plan.horizon_days, settings.gates)
    notes = (*short, *weaknesses(scorer, plan, absent, steps), *history_notes(history, rows))
    return Refreshed(
        scorer=scorer,
        ingested=ingested,
        history=history,
        profile=profile,
        plan=plan,
        rows=rows,
        before=before,
        parts=parts,
        p_before=ended.p_churn,
        customers=customers,
        past_revenue=past_revenue(history),
        steps=steps,
        notes=(*notes, *notes_of(trained, ended, plan)),
        made_at=datetime.now(UTC),
    )


def _learned(learn: Callable[[], Scorer]) -> Scorer:
    try:
        return learn()
    except ChurnkitError as error:
        raise CannotScoreError(error.message) from error


def _rows(history: History, plan: CutoffPlan, scorer: Scorer) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Panel rows of today, those of one threshold earlier, and the features that the history does not tell."""
    settings = scorer.facts.settings
    panel = build_panel(history, plan, seed=settings.tournament.seed, products=scorer.learned.products).panel
    if scorer.learned.products is None:
        panel = panel.drop(columns=[name for name in panel.columns if name.startswith(FACTOR_PREFIX)])
    panel = known_indicators(panel, settings.indicators)
    try:
        panel, absent = complete(panel, scorer)
    except ModelError as error:
        raise CannotScoreError(error.message) from error
    now = panel["cutoff"] == plan.scoring
    return panel[now].reset_index(drop=True), panel[~now].reset_index(drop=True), absent


def _why(error: Exception) -> str:
    if isinstance(error, ChurnkitError):
        return error.message
    return f"It does not fit the history as it is now ({type(error).__name__})."
