"""What backs the numbers of an analysis: curves, words, rules, drivers; computed once, read by pages and reports."""

from __future__ import annotations

from typing import Any

import pandas as pd

from churnkit.results.codec import part_to_json
from churnkit.roi import uncertainty_from_backtest
from churnkit.services.analyse.analysis import Analysis
from churnkit.services.analyse.evidence.ahead import ahead
from churnkit.services.analyse.evidence.behaviour import behaviour
from churnkit.services.analyse.evidence.findings import drivers, rules
from churnkit.services.analyse.evidence.gathered import Missing, settled
from churnkit.services.analyse.evidence.model_card import model_card
from churnkit.services.analyse.evidence.standing import intervals, tiers, warnings
from churnkit.services.analyse.evidence.trust import read_record, trust
from churnkit.services.analyse.evidence.window import open_last_window
from churnkit.services.analyse.evidence.window_curves import window_curves
from churnkit.tournament.backtest import backtest_summary
from churnkit.tournament.baselines import BASELINES
from churnkit.tournament.names import model_label
from churnkit.tournament.progress import Progress, Stage, silent

__all__ = ["gather_evidence"]


def gather_evidence(
    analysis: Analysis, customers: pd.DataFrame, progress: Progress = silent
) -> dict[str, Any]:
    """``evidence.json``; a key whose figures cannot be had is None, with a sentence under ``missing``.

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
    summary = backtest_summary(outcomes)
    by_customer = customers.set_index("customer_id").loc[rows["customer_id"]].reset_index()
    window = open_last_window(analysis)
    is_rule = analysis.tournament is None or analysis.model.name in BASELINES
    evidence: dict[str, Any] = {
        "champion_title": model_label(analysis.model.name),
        "champion_words": _champion_words(analysis, is_rule=is_rule),
        "base": parts.base,
        "test_cutoff": plan.test,
        "horizon_days": plan.horizon_days,
        "backtest": [part_to_json(one) for one in summary]
        or Missing("No earlier date could be forecast: " + " ".join(analysis.notes)),
        "trust": trust(
            read_record(outcomes, plan.horizon_days),
            champion=analysis.model.name,
            is_rule=is_rule,
            horizon_days=plan.horizon_days,
            notes=analysis.notes,
        ),
        "tiers": tiers(customers),
        **intervals(by_customer, p_churn, uncertainty_from_backtest(summary) if summary else None),
        "warnings": warnings(customers, plan.test.isoformat() if plan.test else None, currency),
        "drivers": drivers(rows, parts, p_churn, analysis.settings.tiers.high, currency),
        "model_card": model_card(analysis),
    }
    progress(Stage.EVIDENCE, 0.2)
    threshold = analysis.tournament.threshold if analysis.tournament else None
    evidence |= window_curves(window, threshold, currency)
    evidence["rules"] = rules(window, plan, currency, seed)
    progress(Stage.EVIDENCE, 0.5)
    evidence |= behaviour(analysis.model, rows, parts, window, seed)
    progress(Stage.EVIDENCE, 0.8)
    evidence |= ahead(analysis, rows, by_customer, uncertainty_from_backtest(summary))
    progress(Stage.EVIDENCE, 1.0)
    return settled(evidence)


def _champion_words(analysis: Analysis, *, is_rule: bool) -> str:
    """One line on how it came to score the customers."""
    if analysis.tournament is None:
        return "no model could be trained"
    if is_rule:
        return "a simple rule that no model beat"
    entrants = analysis.tournament.leaderboard
    rules = int((entrants["kind"] == "baseline").sum())
    return f"best of {len(entrants) - rules} models and {rules} simple rules on past dates"
