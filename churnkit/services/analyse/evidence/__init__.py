"""What backs the numbers of an analysis: curves, words, rules, drivers; computed once, read by pages and reports."""

from __future__ import annotations

import pandas as pd

from churnkit.results.evidence import EvidenceDocument
from churnkit.results.evidence.proof import Trust
from churnkit.results.found import Found, Missing
from churnkit.roi import uncertainty_from_backtest
from churnkit.services.analyse.analysis import Analysis
from churnkit.services.analyse.evidence.ahead import ahead
from churnkit.services.analyse.evidence.behaviour import behaviour
from churnkit.services.analyse.evidence.findings import drivers, rules
from churnkit.services.analyse.evidence.model_card import model_card
from churnkit.services.analyse.evidence.standing import tiers, totals, warnings
from churnkit.services.analyse.evidence.trust import read_record, trust
from churnkit.services.analyse.evidence.window import open_last_window
from churnkit.services.analyse.evidence.window_curves import window_figures
from churnkit.tournament.backtest import backtest_summary
from churnkit.tournament.baselines import BASELINES
from churnkit.tournament.names import model_label
from churnkit.tournament.progress import Progress, Stage, silent

__all__ = ["gather_evidence"]


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
    past = backtest_summary(analysis.past.outcomes) if analysis.past else ()
    by_customer = customers.set_index("customer_id").loc[rows["customer_id"]].reset_index()
    is_rule = analysis.tournament is None or analysis.model.name in BASELINES
    window = open_last_window(analysis)
    rate, at_risk = totals(by_customer, p_churn, uncertainty_from_backtest(past) if past else None)
    progress(Stage.EVIDENCE, 0.2)
    learned = rules(window, plan, currency, seed)
    progress(Stage.EVIDENCE, 0.5)
    used = behaviour(analysis.model, rows, parts, window, seed)
    progress(Stage.EVIDENCE, 0.8)
    advice, months = ahead(analysis, rows, by_customer, uncertainty_from_backtest(past))
    progress(Stage.EVIDENCE, 1.0)
    return EvidenceDocument(
        champion_title=model_label(analysis.model.name),
        champion_words=_champion_words(analysis, is_rule=is_rule),
        base=parts.base,
        test_cutoff=plan.test,
        horizon_days=plan.horizon_days,
        backtest=Found(past)
        if past
        else Missing("No earlier date could be forecast: " + " ".join(analysis.notes)),
        trust=_trust(analysis, is_rule=is_rule),
        tiers=tiers(customers),
        churn_rate=rate,
        revenue_at_risk=at_risk,
        warnings=warnings(customers, plan.test, currency),
        drivers=drivers(rows, parts, p_churn, analysis.settings.tiers.high, currency),
        model_card=model_card(analysis),
        window=window if isinstance(window, Missing) else Found(window_figures(window, currency)),
        rules=learned,
        **vars(used),
        recommended=advice,
        outlook=months,
    )


def _trust(analysis: Analysis, *, is_rule: bool) -> Trust:
    horizon_days = analysis.plan.horizon_days
    return trust(
        read_record(analysis.past.outcomes if analysis.past else (), horizon_days),
        champion=analysis.model.name,
        is_rule=is_rule,
        horizon_days=horizon_days,
        notes=analysis.notes,
    )


def _champion_words(analysis: Analysis, *, is_rule: bool) -> str:
    """One line on how it came to score the customers."""
    if analysis.tournament is None:
        return "no model could be trained"
    if is_rule:
        return "a simple rule that no model beat"
    entrants = analysis.tournament.leaderboard
    rules = int((entrants["kind"] == "baseline").sum())
    return f"best of {len(entrants) - rules} models and {rules} simple rules on past dates"
