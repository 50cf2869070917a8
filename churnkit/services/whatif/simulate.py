"""What a campaign would bring, for a page that asks again with every move of a slider."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from churnkit.config import AnalysisSettings
from churnkit.results.campaign_money import Assumptions, Outcome, Scenario
from churnkit.results.interval import Interval
from churnkit.results.whom import Whom
from churnkit.roi import (
    VALID_DAYS,
    Planner,
    SimpleCampaign,
    Uncertainty,
    at_risk_by,
    by_size,
    presets,
    simple_campaign,
    uncertainty_from_backtest,
)
from churnkit.services.decide.chosen_customers import Scored, is_among, whom_words, with_groups
from churnkit.services.decide.recommendation import default_assumptions, recommended_count, still_there
from churnkit.services.whatif.played import GroupEffect, Play
from churnkit.text import figures

USUAL_SIZE = 100
Lists = Mapping[str, Collection[str]]
"""Ids of customers by the name of a reader's list."""
NO_LISTS: Lists = {}
_CURVE_POINTS = 240
# A slider of whole percents moves a rate by half a percent at most.
_ROUNDING = 0.0051


class Desk:
    """An analysis prepared for playing: made once, shared by everybody who looks at it, never changed.

    Where a method takes a scenario it also takes the ``lists`` of customers that scenarios may name: ids by name.

    Attributes
    ----------
    customers
        The run's active customers, best first, and with ``lapsed`` those after them; with ``cluster``, their found
        group.
    settings
        Those of the analysis.
    defaults
        The settings as a campaign's assumptions.
    uncertainty
        Errors at past cutoffs, behind the intervals.
    planner
        Of the customers, in their order.
    """

    def __init__(self, results: Scored, *, lapsed: bool = False) -> None:
        self._results, self._lapsed = results, lapsed
        self._with_lapsed: Desk | None = None
        everybody = with_groups(results)
        self.customers = (
            everybody.sort_values("rank", ignore_index=True) if lapsed else still_there(everybody)
        )
        self.settings: AnalysisSettings = results.summary.settings.analysis
        self.uncertainty: Uncertainty = uncertainty_from_backtest(results.summary.backtest)
        self.defaults = default_assumptions(results.customers, self.settings.money, results.currency)
        self._margin = self.settings.money.margin
        self.planner = Planner.of(
            self.customers, self.uncertainty, self._margin, self.settings.money.success_by_tier
        )
        kept, lost = (self.customers[name].to_numpy(dtype=float) for name in ("clv_if_kept", "clv_if_lost"))
        self._value = (kept - lost) / self._margin

    def taking(self, whom: Whom) -> Desk:
        """This one, or where ``whom`` takes the lapsed one that has them too."""
        if self._lapsed or not whom.takes_lapsed:
            return self
        if self._with_lapsed is None:
            self._with_lapsed = Desk(self._results, lapsed=True)
        return self._with_lapsed

    def among(self, whom: Whom, lists: Lists = NO_LISTS) -> np.ndarray:
        """Who of the customers of :meth:`taking` comes into question, booleans of their number."""
        return is_among(self.taking(whom).customers, whom, lists.get(whom.name, ()))

    @cached_property
    def tells_gone(self) -> bool:
        """Whether the history tells who may have dropped out for good; if not, success with them plays no part."""
        return bool((self.planner.gone_share > 0).any())

    @property
    def count(self) -> int:
        """Number of customers: the active ones, unless the lapsed are taken, too."""
        return len(self.customers)

    def is_measured(self, save_rate: float) -> bool:
        """Whether a campaign has found this success rate, as the settings hold it."""
        same = abs(save_rate - self.defaults.save_rate) < _ROUNDING
        return same and self.settings.money.kind("save_rate") == "measured"

    def play(self, scenario: Scenario, lists: Lists = NO_LISTS) -> Play:
        """Everything about one campaign."""
        return self.taking(scenario.whom)._play(scenario, self.among(scenario.whom, lists))

    def _play(self, scenario: Scenario, among: np.ndarray) -> Play:
        assumptions = scenario.assumptions
        chosen = self._chosen(scenario, among)
        outcome = self.planner.outcome_of(assumptions, chosen)
        curve = self.planner.curve(assumptions, among)
        return Play(
            outcome=outcome,
            group=self._group(among, outcome, assumptions.margin),
            curve=curve.points(_CURVE_POINTS),
            optimum=curve.optimum,
            optimum_net=float(curve.net.max()),
            recommended=recommended_count(curve),
            simple=self._simple(assumptions, chosen, outcome),
        )

    def affordable(self, scenario: Scenario, lists: Lists = NO_LISTS) -> int:
        """How many of a scenario's customers its budget pays for, however many it wants to contact."""
        if scenario.budget is None:
            return int(self.among(scenario.whom, lists).sum())
        planner, among = self.taking(scenario.whom).planner, self.among(scenario.whom, lists)
        return int(planner.best_within(scenario.assumptions, scenario.budget, None, among).sum())

    def chosen(self, scenario: Scenario, lists: Lists = NO_LISTS) -> np.ndarray:
        """Whom a scenario contacts, booleans over the customers of :meth:`taking`."""
        return self.taking(scenario.whom)._chosen(scenario, self.among(scenario.whom, lists))

    def _chosen(self, scenario: Scenario, among: np.ndarray) -> np.ndarray:
        assumptions, customers = scenario.assumptions, scenario.customers
        if scenario.budget is not None:
            return self.planner.best_within(assumptions, scenario.budget, customers, among)
        if customers is None:
            return among
        return self.planner.chosen(assumptions, customers, among)

    def _group(self, among: np.ndarray, outcome: Outcome, margin: float) -> GroupEffect:
        stay = float((1 - self.planner.p_churn[among]).sum())
        year = float(self.customers["clv"].to_numpy(dtype=float)[among].sum()) * margin / self._margin
        return GroupEffect(
            customers=int(among.sum()),
            contacted=outcome.contacted,
            stay=stay,
            stay_with=outcome.saves.times(1, stay),
            year=year,
            year_with=outcome.net.times(1, year),
        )

    def _simple(self, assumptions: Assumptions, chosen: np.ndarray, outcome: Outcome) -> SimpleCampaign:
        contacted = outcome.contacted
        mean_clv = float(self._value[chosen].mean()) if contacted else 0.0
        cost_each = outcome.cost.value / contacted if contacted else assumptions.contact_cost
        return simple_campaign(contacted, assumptions.save_rate, mean_clv, cost_each)

    def ready_made(self) -> tuple[Scenario, ...]:
        """Scenarios that every analysis has."""
        sizes = by_size(self.defaults)
        return (*presets(self.defaults), *sizes[:-1])

    def outcome(self, scenario: Scenario, lists: Lists = NO_LISTS) -> Outcome:
        """What comes of one campaign."""
        planner = self.taking(scenario.whom).planner
        return planner.outcome_of(scenario.assumptions, self.chosen(scenario, lists))

    def compare(self, scenarios: Sequence[Scenario], lists: Lists = NO_LISTS) -> pd.DataFrame:
        """One row per scenario: its main assumptions and its outcome, an interval in three columns (``_low``, ``_high``)."""
        rows = []
        for scenario in scenarios:
            outcome = self.outcome(scenario, lists)
            assumed = {name: getattr(scenario.assumptions, name) for name in ("save_rate", "discount")}
            whom = whom_words(scenario.whom)
            rows.append({"name": scenario.name, "whom": whom, **assumed, **_columns(outcome)})
        return pd.DataFrame(rows)

    def targets(self, scenario: Scenario, sent: date | None, lists: Lists = NO_LISTS) -> pd.DataFrame:
        """The customers to contact, best first, with what a message's merge fields need.

        ``expected_gain`` is money; ``last_purchase`` and ``valid_until``, 14 days after the day it is ``sent``, are
        written out. Without a day, because the data are too old to promise one, these two are left out.
        """
        taking = self.taking(scenario.whom)
        gains = taking.planner.gains(scenario.assumptions)
        order = taking.planner.ranking(scenario.assumptions)
        best = order[self.chosen(scenario, lists)[order]]
        rows = taking.customers.iloc[best]
        table: pd.DataFrame = rows[
            ["customer_id", "risk_tier", "p_churn", "clv_if_kept", "mean_order_value"]
        ].assign(expected_gain=gains[best].round(2), main_reason=rows["factor_1"])
        if sent is not None:
            table["last_purchase"] = [figures.day(at) for at in rows["last_purchase_at"]]
            table["valid_until"] = figures.day(sent + timedelta(days=VALID_DAYS))
        table.insert(0, "rank", np.arange(1, len(table) + 1))
        return table.reset_index(drop=True)

    def at_risk(self, by: str) -> pd.DataFrame:
        """Value at risk by ``risk_tier`` or ``segment``, with intervals."""
        return at_risk_by(self.planner, self.customers[by].fillna("–"), self._margin)


def _columns(outcome: Outcome) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for part in fields(outcome):
        value = getattr(outcome, part.name)
        if isinstance(value, Interval):
            found |= {
                part.name: value.value,
                f"{part.name}_low": value.low,
                f"{part.name}_high": value.high,
            }
        else:
            found[part.name] = value
    return found
