"""What backs the numbers of an analysis: curves, words, rules, drivers; computed once, read by pages and reports."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from churnkit.forecast import past_survival
from churnkit.results.evidence import EvidenceDocument
from churnkit.results.evidence.proof import Grade, Trust
from churnkit.results.evidence.winback import WinBack
from churnkit.results.found import Found, Missing
from churnkit.roi import uncertainty_from_backtest
from churnkit.services.analyse.analysis import Analysis
from churnkit.services.analyse.evidence.ahead import Question, ahead
from churnkit.services.analyse.evidence.behaviour import behaviour
from churnkit.services.analyse.evidence.findings import drivers, rules
from churnkit.services.analyse.evidence.model_card import model_card
from churnkit.services.analyse.evidence.standing import UNPROVEN, active_totals, tiers, warnings
from churnkit.services.analyse.evidence.trust import trust
from churnkit.services.analyse.evidence.winback import win_back
from churnkit.services.analyse.evidence.window import active_part, open_last_window
from churnkit.services.analyse.evidence.window_curves import window_figures
from churnkit.tournament.backtest import PastOutcome, backtest_summary
from churnkit.tournament.baselines import BASELINES
from churnkit.tournament.evaluation import is_active
from churnkit.tournament.names import model_label
from churnkit.tournament.progress import Progress, Stage, silent
from churnkit.tournament.quality import quality_by_status

NOBODY_AT_RISK = (
    "Nothing in this shop's past proves that the forecast tells who leaves, so nobody is called high-risk."
)


def gather_evidence(
    analysis: Analysis, customers: pd.DataFrame, progress: Progress = silent
) -> EvidenceDocument:
    """What backs the numbers.

    Parameters
    ----------
    customers
        What ``services.analyse.customer_details.customer_details`` returns.
    """
    progress(Stage.EVIDENCE, 0.0)
    plan, currency = analysis.plan, analysis.ingested.currency
    seed = analysis.settings.tournament.seed
    rows, parts = analysis.scored_rows.reset_index(drop=True), analysis.contributions
    p_churn = analysis.model.p_churn(rows)
    outcomes = analysis.past.outcomes if analysis.past else ()
    past = backtest_summary(outcomes, plan.horizon_days)
    by_customer = customers.set_index("customer_id").loc[rows["customer_id"]].reset_index()
    is_rule = analysis.tournament is None or analysis.model.name in BASELINES
    window = open_last_window(analysis)
    proof = _trust(analysis, outcomes)
    rate, at_risk = active_totals(customers, uncertainty_from_backtest(past) if past else None)
    proven = bool(customers["risk_tier"].notna().any())
    progress(Stage.EVIDENCE, 0.2)
    learned = rules(window, plan, currency, seed)
    progress(Stage.EVIDENCE, 0.5)
    used = behaviour(analysis.model, rows, parts, window, seed)
    progress(Stage.EVIDENCE, 0.8)
    asked = Question(plan.scoring, plan.horizon_days, currency)
    advice, months = ahead(
        analysis.settings,
        asked,
        rows,
        by_customer,
        uncertainty_from_backtest(past),
        proven=proven,
        survival=past_survival(analysis.panel, plan.horizon_days),
    )
    progress(Stage.EVIDENCE, 1.0)
    return EvidenceDocument(
        champion_title=model_label(analysis.model.name),
        champion_words=_champion_words(analysis, proof.grade, is_rule=is_rule),
        base=parts.base,
        test_cutoff=plan.test,
        horizon_days=plan.horizon_days,
        backtest=Found(past)
        if past
        else Missing("No earlier date could be forecast: " + " ".join(analysis.notes[:1])),
        trust=proof,
        tiers=tiers(customers),
        churn_rate=rate,
        revenue_at_risk=Found(at_risk) if proven else Missing(UNPROVEN),
        warnings=warnings(customers, plan.test, currency),
        drivers=drivers(
            rows,
            parts,
            p_churn,
            analysis.settings.tiers.high,
            currency,
            is_active(rows, plan.horizon_days),
        )
        if proven
        else Missing(NOBODY_AT_RISK),
        model_card=model_card(analysis),
        window=window_figures(window, currency),
        window_active=window_figures(
            active_part(window, plan.horizon_days), currency, who="active customers"
        ),
        winback=_win_back(analysis, outcomes, rows["recency_days"].to_numpy(dtype=float), p_churn),
        rules=learned,
        **vars(used),
        recommended=advice,
        outlook=months,
    )


def _trust(analysis: Analysis, outcomes: Sequence[PastOutcome]) -> Trust:
    horizon_days = analysis.plan.horizon_days
    return trust(
        quality_by_status(outcomes, horizon_days),
        champion=analysis.model.name,
        horizon_days=horizon_days,
        is_rule=analysis.tournament is None or analysis.model.name in BASELINES,
        trained=analysis.tournament is not None,
        notes=analysis.notes,
    )


def _win_back(
    analysis: Analysis, outcomes: Sequence[PastOutcome], recency_days: np.ndarray, p_churn: np.ndarray
) -> Found[WinBack] | Missing:
    horizon_days = analysis.plan.horizon_days
    return win_back(
        outcomes,
        p_churn[recency_days > horizon_days],
        horizon_days,
        analysis.settings.money.margin,
        analysis.ingested.currency,
    )


def _champion_words(analysis: Analysis, grade: Grade, *, is_rule: bool) -> str:
    """One line on how it came to score the customers."""
    if analysis.tournament is None:
        return "no model could be trained"
    if grade == "none":
        return "for want of a better one: not proven on the active customers of past dates"
    if is_rule:
        return "a simple rule that no model beat"
    entrants = analysis.tournament.leaderboard
    rules = int((entrants["kind"] == "baseline").sum())
    return f"chosen among {len(entrants) - rules} models and {rules} simple rules on past dates"
