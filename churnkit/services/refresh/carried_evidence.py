"""``evidence.json`` of a refresh: what is about today's customers made anew, what was measured carried over and dated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from churnkit.forecast import past_survival
from churnkit.results.evidence import EvidenceDocument
from churnkit.results.evidence.proof import ModelCard
from churnkit.results.evidence.winback import WinBack
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.summary import Summary
from churnkit.services.analyse.evidence.ahead import Question, ahead
from churnkit.services.analyse.evidence.behaviour import behaviour
from churnkit.services.analyse.evidence.findings import drivers
from churnkit.services.analyse.evidence.gathering import NOBODY_AT_RISK
from churnkit.services.analyse.evidence.standing import UNPROVEN, active_totals, tiers, warnings
from churnkit.services.analyse.evidence.winback import win_back
from churnkit.services.refresh.refreshing import Refreshed
from churnkit.text import figures
from churnkit.tournament.backtest import PastOutcome
from churnkit.tournament.evaluation import Stakes, is_active
from churnkit.windows import last_day


def carried_evidence(
    found: Refreshed, customers: pd.DataFrame, trained: Results, panel: pd.DataFrame
) -> EvidenceDocument:
    """What backs the numbers of a refresh.

    Parameters
    ----------
    customers
        What ``services.analyse.customer_details.customer_details`` returns.
    trained
        The run that trained the model.
    panel
        ``customer_id, cutoff, recency_days`` of all dates, the run's and those of today.
    """
    then, summary = trained.evidence, trained.summary
    rows, plan, currency = found.rows, found.plan, found.ingested.currency
    model, settings = found.scorer.learned.model, found.settings
    uncertainty = found.scorer.learned.uncertainty
    proven = found.scorer.facts.proven
    p_churn = model.p_churn(rows)
    by_customer = customers.set_index("customer_id").loc[rows["customer_id"]].reset_index()
    rate, at_risk = active_totals(customers, uncertainty if summary.backtest else None)
    seed = settings.tournament.seed
    used = behaviour(model, rows, found.parts, Missing(""), seed, curves=then.partial_dependence)
    advice, months = ahead(
        settings,
        Question(plan.scoring, plan.horizon_days, currency),
        rows,
        by_customer,
        uncertainty,
        proven=proven,
        survival=past_survival(panel, plan.horizon_days),
    )
    active = is_active(rows, plan.horizon_days)
    told = drivers(rows, found.parts, p_churn, settings.tiers.high, currency, active)
    return replace(
        then,
        base=found.parts.base,
        trust=replace(then.trust, sentences=(*then.trust.sentences, measured_then(found, summary))),
        tiers=tiers(customers),
        churn_rate=rate,
        revenue_at_risk=Found(at_risk) if proven else Missing(UNPROVEN),
        warnings=warnings(customers, plan.test, currency),
        drivers=told if proven else Missing(NOBODY_AT_RISK),
        model_card=_card(then.model_card, found, summary),
        winback=_win_back(found, trained, p_churn[~active]),
        **{**vars(used), "permutation": then.permutation},
        recommended=advice,
        outlook=months,
    )


def measured_then(found: Refreshed, trained: Summary) -> str:
    """That quality was measured when the model was trained, and how long ago that is."""
    since = (found.plan.scoring - trained.question.cutoff).days
    if since == 0:
        return "Measured when the model was trained, on the same data."
    return (
        f"Measured when the model was trained, on data up to {figures.day(trained.data_ends)}; the scores are those of"
        f" {figures.day(found.plan.scoring)}, {figures.days(since)} later."
    )


def _card(card: ModelCard, found: Refreshed, trained: Summary) -> ModelCard:
    plan = found.plan
    return replace(
        card,
        question=f"Will this customer make no purchase in the {figures.days(plan.horizon_days)} from"
        f" {figures.day(plan.scoring)}?",
        population=f"Every customer with a purchase before that date: {figures.count(len(found.customers))}.",
        data=f"Trained on data up to {figures.day(trained.data_ends)}: {card.data} These scores:"
        f" {figures.count(found.ingested.row_count_kept)} rows up to {figures.day(last_day(plan.scoring))}.",
        level=card.level if card.level is None or found.steps is None else found.steps.level.words(),
        limits=(measured_then(found, trained), *card.limits, *found.notes),
    )


def _win_back(found: Refreshed, trained: Results, lapsed_p_churn: np.ndarray) -> Found[WinBack] | Missing:
    money = found.settings.money
    past = trained.past.sort_values(["cutoff", "customer_id"])
    outcomes = [
        PastOutcome(
            cutoff=pd.Timestamp(rows["cutoff"].iloc[0]).to_pydatetime(),
            stakes=Stakes(rows["value_at_stake"].to_numpy(dtype=float), 0.0, money.save_rate),
            **{
                name: rows[name].to_numpy(dtype=float)
                for name in ("p_churn", "churned", "expected_spend", "actual_spend", "recency_days")
            },
        )
        for _, rows in past.groupby("cutoff")
    ]
    return win_back(outcomes, lapsed_p_churn, found.plan.horizon_days, money.margin, found.ingested.currency)
