"""The test window: the last one whose outcome is known, and what was forecast for it with what was known before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd

from churnkit.results.found import Missing
from churnkit.services.analyse.analysis import Analysis
from churnkit.tournament.backtest import PastOutcome
from churnkit.tournament.baselines import BASE_RATE, BASELINES, fit_baseline
from churnkit.tournament.evaluation import expected_count_threshold
from churnkit.tournament.margins import to_probability
from churnkit.tournament.model import ChurnModel


@dataclass(frozen=True)
class LastWindow:
    """Customers at the test cutoff, with outcomes; all arrays of shape (n,).

    Attributes
    ----------
    model
        The champion as it stood at the cutoff.
    rows, train
        Panel rows of the cutoff, and of the cutoffs whose outcomes were known by then.
    p_churn, churned
        Forecast and outcome.
    by_rule
        Forecast of each simple rule but the base rate.
    threshold
        Probability at or above which the champion calls a customer a leaver, chosen before the window was seen; with
        nothing trained, the one that calls as many as the forecast expects to leave.
    outcome
        The same as a step of the backtest, with what was at stake.
    """

    model: ChurnModel
    cutoff: datetime
    rows: pd.DataFrame
    train: pd.DataFrame
    p_churn: np.ndarray
    churned: np.ndarray
    by_rule: Mapping[str, np.ndarray]
    threshold: float
    outcome: PastOutcome

    def among(self, rows: np.ndarray) -> LastWindow:
        """The same of the customers in the mask ``rows``, shape (n,)."""
        return replace(
            self,
            rows=self.rows[rows],
            p_churn=self.p_churn[rows],
            churned=self.churned[rows],
            by_rule={name: p[rows] for name, p in self.by_rule.items()},
            outcome=self.outcome.among(rows),
        )


def active_part(window: LastWindow | Missing, horizon_days: int) -> LastWindow | Missing:
    """The window of the customers who were active at its start, or why there is none."""
    if isinstance(window, Missing):
        return window
    found = window.among(window.outcome.recency_days <= horizon_days)
    if len(np.unique(found.churned)) < 2:
        return Missing(
            "In the last window whose outcome is known no active customers left and others stayed, so nothing can be"
            " told apart among them."
        )
    return found


def open_last_window(analysis: Analysis) -> LastWindow | Missing:
    """The test window of an analysis, or why there is none."""
    tournament, past, plan = analysis.tournament, analysis.past, analysis.plan
    if past is None:
        return Missing("No model was trained, so there is none to test. " + " ".join(analysis.notes[:1]))
    model = tournament.test_model if tournament else past.rule_then or analysis.model
    test = plan.test
    if test is None or model is None or not past.outcomes or past.outcomes[-1].cutoff != test:
        return Missing("The history is too short for a test on a later window.")
    labelled = analysis.panel[analysis.panel["churned"].notna()]
    rows = labelled[labelled["cutoff"] == test].sort_values("customer_id", ignore_index=True)
    churned = rows["churned"].to_numpy(dtype=float)
    if len(np.unique(churned)) < 2:
        return Missing(
            "In the last window whose outcome is known "
            + ("everybody left" if churned.all() else "nobody left")
            + ", so nothing can be told apart in it."
        )
    train = labelled[labelled["cutoff"].isin(plan.known_before(test))]
    p = model.p_churn(rows)
    # The purchase process may be tested before any outcome was known that a rule could learn from.
    rules = [name for name in BASELINES if name not in (BASE_RATE, model.name)] if len(train) else []
    by_rule = {
        name: to_probability(fit_baseline(name, train, plan.horizon_days).margin(rows)) for name in rules
    }
    return LastWindow(
        model=model,
        cutoff=test,
        rows=rows,
        train=train,
        p_churn=p,
        churned=churned,
        by_rule=by_rule,
        threshold=tournament.threshold if tournament else expected_count_threshold(p),
        outcome=replace(past.outcomes[-1], p_churn=p),
    )
