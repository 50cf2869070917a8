"""Scores on each rung of the ladder: trained models, the purchase process alone, or simple rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

import ibis
import numpy as np
import pandas as pd
from ibis import _

from churnkit.clv import KnownThen, SpendPast, ValueModel, fit_value_model, needed_cutoffs
from churnkit.config import Money
from churnkit.features.events import events_at
from churnkit.labels import cutoff_table
from churnkit.profiling.gaps import return_curve
from churnkit.services.analyse.history import History
from churnkit.tournament.backtest import PastOutcome
from churnkit.tournament.baselines import PURCHASE_PROCESS, RETURN_CURVE, FittedBaseline, ReturnCurveRule
from churnkit.tournament.evaluation import Stakes, contact_cost, value_at_stake
from churnkit.tournament.knockout import Tournament
from churnkit.tournament.margins import to_probability
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.residuals import PROCESS_COLUMN
from churnkit.tournament.totals import NO_STEP, TotalRule, TotalStep, total_residuals
from churnkit.windows import CutoffPlan


def process_model(rows: pd.DataFrame, horizon_days: int) -> ChurnModel | None:
    """The purchase process alone as a churn model, or None where it could not be fitted on ``rows``."""
    if rows[PROCESS_COLUMN].isna().any():
        return None
    alone = FittedBaseline(PURCHASE_PROCESS, horizon_days, 0.0, 0.0, 0.0, None)
    return ChurnModel(PURCHASE_PROCESS, horizon_days, None, (), alone)


def rule_model(history: History, rows: pd.DataFrame, horizon_days: int) -> ChurnModel:
    """The shop's own return curve as a churn model (see ``ReturnCurveRule``), for histories too thin for anything else."""
    closed = (
        history.events.filter(_.gap_days.notnull())
        .group_by("gap_days")
        .aggregate(spells=_.count())
        .to_pyarrow()
        .to_pandas()
    )
    return ChurnModel(RETURN_CURVE, horizon_days, None, (), _rule(closed, rows, horizon_days))


def _rule(closed: pd.DataFrame, rows: pd.DataFrame, horizon_days: int) -> ReturnCurveRule:
    """From finished gaps counted (``gap_days``, ``spells``) and the panel ``rows`` of everybody at the same date."""
    still_open = rows["recency_days"].value_counts().rename_axis("gap_days").reset_index(name="spells")
    counts = pd.concat([closed.assign(closed=True), still_open.assign(closed=False)], ignore_index=True)
    return ReturnCurveRule(return_curve(counts).silent, horizon_days)


@dataclass(frozen=True)
class Past:
    """The champion's levelled forecasts at past cutoffs, with outcomes, and the value model that learned from them.

    ``known`` is what it knew at those cutoffs that the year is learned from or tested at, ``total_step`` how the total
    of the scoring cutoff's spend was moved and ``totals`` by which rule (None where a rule scores), ``rule_then`` the return
    curve, where that scores, of the last past cutoff.
    """

    outcomes: tuple[PastOutcome, ...]
    value_model: ValueModel
    known: Mapping[datetime, KnownThen]
    total_step: TotalStep
    rule_then: ChurnModel | None = None
    totals: TotalRule | None = None


def replay(
    tournament: Tournament,
    panel: pd.DataFrame,
    plan: CutoffPlan,
    money: Money,
    earlier_totals: Mapping[datetime, float] = MappingProxyType({}),
) -> Past:
    """Forecasts of people and money at every past cutoff, made with what was known then.

    At each cutoff the level rule uses residuals of windows that were over by then. The money forecast of a
    cutoff comes from a value model that has only seen cutoffs before it.

    Parameters
    ----------
    earlier_totals
        What the process missed of total spend in windows before the plan's (``totals.total_residuals``).
    """
    forecasts = []
    for prediction in tournament.past:
        shift = tournament.level_rule.forecast(
            prediction.cutoff, prediction.margin, prediction.p_no_purchase
        ).shift
        forecasts.append((prediction.cutoff, to_probability(prediction.margin + shift)))
    scored = _rows_at(panel, plan.scoring)
    return _compared(
        forecasts, tournament.model.p_churn(scored), panel, plan, money, _totals(panel, plan, earlier_totals)
    )


def replay_process(
    panel: pd.DataFrame,
    plan: CutoffPlan,
    money: Money,
    earlier_totals: Mapping[datetime, float] = MappingProxyType({}),
) -> Past:
    """The same for the purchase process alone, at the past cutoffs on whose own history it could be fitted.

    Its parameters were learned from what was known at each cutoff, and its forecast needs no outcomes.
    """
    forecasts = []
    for cutoff in plan.labelled:
        rows = _rows_at(panel, cutoff)
        if len(rows) and rows[PROCESS_COLUMN].notna().all():
            forecasts.append((cutoff, rows[PROCESS_COLUMN].to_numpy(dtype=float)))
    now = _rows_at(panel, plan.scoring)[PROCESS_COLUMN].to_numpy(dtype=float)
    return _compared(forecasts, now, panel, plan, money, _totals(panel, plan, earlier_totals))


def replay_rule(
    history: History, panel: pd.DataFrame, plan: CutoffPlan, money: Money, rule: ChurnModel
) -> Past | None:
    """The same for the shop's return curve, as it was at each past cutoff; None where no window of the past is over.

    ``rule`` is the curve of the scoring cutoff.
    """
    if not plan.labelled:
        return None
    when = cutoff_table(plan.labelled, plan.horizon_days, history.scoring)
    gaps = events_at(history.lines, when, history.events).filter(_.gap_days.notnull())
    followed = panel.loc[panel["cutoff"] != plan.scoring, "customer_id"].unique()
    if len(followed) < history.customers:
        # Of a large shop the panel follows a sample; finished gaps and open ones must be of the same customers.
        gaps = gaps.semi_join(ibis.memtable(pd.DataFrame({"customer_id": followed})), "customer_id")
    counted = gaps.group_by("cutoff", "gap_days").aggregate(spells=_.count()).to_pyarrow().to_pandas()
    forecasts, then = [], rule
    for cutoff in plan.labelled:
        rows, closed = _rows_at(panel, cutoff), counted[counted["cutoff"] == cutoff].drop(columns="cutoff")
        if len(rows):
            then = replace(rule, baseline=_rule(closed, rows, plan.horizon_days))
            forecasts.append((cutoff, then.p_churn(rows)))
    if not forecasts:
        return None
    past = _compared(forecasts, rule.p_churn(_rows_at(panel, plan.scoring)), panel, plan, money, None)
    return replace(past, rule_then=then)


def _rows_at(panel: pd.DataFrame, cutoff: datetime) -> pd.DataFrame:
    return panel[panel["cutoff"] == cutoff].sort_values("customer_id")


def _totals(panel: pd.DataFrame, plan: CutoffPlan, earlier: Mapping[datetime, float]) -> TotalRule:
    return TotalRule(plan, {**earlier, **total_residuals(panel)})


def _compared(
    forecasts: Sequence[tuple[datetime, np.ndarray]],
    now: np.ndarray,
    panel: pd.DataFrame,
    plan: CutoffPlan,
    money: Money,
    totals: TotalRule | None,
) -> Past:
    """Forecasts of past cutoffs, ascending, each of its panel rows by customer, with spend and what came.

    ``now`` are those of the scoring cutoff: the season of its total is learned from the past ones. Without
    ``totals`` none is moved: too few customers for the process are too few for its season.
    """
    labelled = panel[panel["churned"].notna()]
    steps: list[SpendPast] = []
    outcomes: list[PastOutcome] = []
    cost = contact_cost(money, labelled)
    for_year = needed_cutoffs(plan.labelled, plan.history_start, plan.scoring, plan.horizon_days)
    known: dict[datetime, KnownThen] = {}
    for cutoff, p in forecasts:
        rows = _rows_at(labelled, cutoff)
        train = labelled[labelled["cutoff"].isin(plan.known_before(cutoff))]
        finished = [s for s in steps if s.cutoff in plan.known_before(cutoff)]
        value_model = fit_value_model(train, finished)
        step = NO_STEP
        if totals is not None:
            before_step = float(value_model.expected_spend(rows, p).sum())
            step = totals.step(cutoff, rows, before_step)
            totals.learn(cutoff, step, before_step, float(rows["spend_next"].sum()))
        spend = value_model.moved(step.shift).expected_spend(rows, p)
        if cutoff in for_year:
            known[cutoff] = KnownThen(cutoff, rows, p, value_model.spend_if_buying(rows))
        outcomes.append(
            PastOutcome(
                cutoff=cutoff,
                p_churn=p,
                churned=rows["churned"].to_numpy(dtype=float),
                expected_spend=spend,
                actual_spend=rows["spend_next"].to_numpy(dtype=float),
                recency_days=rows["recency_days"].to_numpy(dtype=float),
                stakes=Stakes(value_at_stake(rows, plan.horizon_days), cost, money.save_rate),
            )
        )
        steps.append(SpendPast(cutoff, rows, p, train, step.shift))
    value_model, scored = fit_value_model(labelled, steps), _rows_at(panel, plan.scoring)
    step = NO_STEP
    if totals is not None:
        step = totals.step(plan.scoring, scored, float(value_model.expected_spend(scored, now).sum()))
    return Past(tuple(outcomes), value_model.moved(step.shift), known, step, totals=totals)
