"""What a campaign would bring, for a page that asks again with every move of a slider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

import numpy as np
import pandas as pd

from churnkit.config import AnalysisSettings
from churnkit.results.campaign_money import Assumptions, Outcome, Scenario
from churnkit.results.folders import Results
from churnkit.results.interval import Interval
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
from churnkit.services.decide.recommendation import default_assumptions, recommended_count, still_there
from churnkit.text import figures

USUAL_SIZE = 100
_CURVE_POINTS = 240
# A slider of whole percents moves a rate by half a percent at most.
_ROUNDING = 0.0051


@dataclass(frozen=True)
class Play:
    """One campaign, looked at from all sides.

    Attributes
    ----------
    outcome
        The honest account, with intervals.
    curve
        ``customers`` and expected ``net`` (money) for a chart.
    optimum, optimum_net
        How many contacts bring most, and how much; 0 when none pays.
    recommended
        The fewest contacts that bring most of that (see ``services.decide.recommendation``).
    simple
        The simple formula on the same targets, with their mean value and mean cost.
    """

    outcome: Outcome
    curve: pd.DataFrame
    optimum: int
    optimum_net: float
    recommended: int
    simple: SimpleCampaign


class Desk:
    """An analysis prepared for playing: made once, shared by everybody who looks at it, never changed.

    Attributes
    ----------
    customers
        The run's active customers, best first.
    settings
        Those of the analysis.
    defaults
        The settings as a campaign's assumptions.
    uncertainty
        Errors at past cutoffs, behind the intervals.
    high_risk
        Booleans of shape (n,).
    planner
        Of the customers, in their order.
    """

    def __init__(self, results: Results) -> None:
        self.customers = still_there(results.customers)
        self.settings: AnalysisSettings = results.summary.settings.analysis
        self.uncertainty: Uncertainty = uncertainty_from_backtest(results.summary.backtest)
        self.defaults = default_assumptions(results.customers, self.settings.money, results.currency)
        self.high_risk = (self.customers["risk_tier"] == "high").to_numpy()
        self._margin = self.settings.money.margin
        self.planner = Planner.of(self.customers, self.uncertainty, self._margin)
        kept, lost = (self.customers[name].to_numpy(dtype=float) for name in ("clv_if_kept", "clv_if_lost"))
        self._value = (kept - lost) / self._margin

    @property
    def tells_gone(self) -> bool:
        """Whether the history tells who may have dropped out for good; if not, success with them plays no part."""
        return bool((self.planner.gone_share > 0).any())

    @property
    def count(self) -> int:
        """Number of active customers."""
        return len(self.customers)

    def is_measured(self, save_rate: float) -> bool:
        """Whether a campaign has found this success rate, as the settings hold it."""
        same = abs(save_rate - self.defaults.save_rate) < _ROUNDING
        return same and self.settings.money.kind("save_rate") == "measured"

    def play(self, scenario: Scenario) -> Play:
        """Everything about one campaign."""
        assumptions = scenario.assumptions
        chosen = self._chosen(scenario)
        outcome = self.planner.outcome_of(assumptions, chosen)
        curve = self.planner.curve(assumptions)
        return Play(
            outcome=outcome,
            curve=curve.points(_CURVE_POINTS),
            optimum=curve.optimum,
            optimum_net=float(curve.net.max()),
            recommended=recommended_count(curve),
            simple=self._simple(assumptions, chosen, outcome),
        )

    def affordable(self, assumptions: Assumptions, budget: float) -> int:
        """How many customers a budget (money) pays for, see :class:`Scenario`."""
        return int(self.planner.best_within(assumptions, budget).sum())

    def _chosen(self, scenario: Scenario) -> np.ndarray:
        if scenario.customers is None:
            return self.high_risk
        if scenario.budget is not None:
            return self.planner.best_within(scenario.assumptions, scenario.budget, scenario.customers)
        return self.planner.chosen(scenario.assumptions, scenario.customers)

    def _simple(self, assumptions: Assumptions, chosen: np.ndarray, outcome: Outcome) -> SimpleCampaign:
        contacted = outcome.contacted
        mean_clv = float(self._value[chosen].mean()) if contacted else 0.0
        cost_each = outcome.cost.value / contacted if contacted else assumptions.contact_cost
        return simple_campaign(contacted, assumptions.save_rate, mean_clv, cost_each)

    def ready_made(self) -> tuple[Scenario, ...]:
        """Scenarios that every analysis has."""
        sizes = by_size(self.defaults)
        return (*presets(self.defaults), *sizes[:-1])

    def compare(self, scenarios: Sequence[Scenario]) -> pd.DataFrame:
        """One row per scenario: its main assumptions and its outcome, an interval in three columns (``_low``, ``_high``)."""
        rows = []
        for scenario in scenarios:
            outcome = self.planner.outcome_of(scenario.assumptions, self._chosen(scenario))
            assumed = {name: getattr(scenario.assumptions, name) for name in ("save_rate", "discount")}
            rows.append({"name": scenario.name, **assumed, **_columns(outcome)})
        return pd.DataFrame(rows)

    def targets(self, scenario: Scenario, sent: date | None) -> pd.DataFrame:
        """The customers to contact, best first, with what a message's merge fields need.

        ``expected_gain`` is money; ``last_purchase`` and ``valid_until``, 14 days after the day it is ``sent``, are
        written out. Without a day, because the data are too old to promise one, these two are left out.
        """
        gains = self.planner.gains(scenario.assumptions)
        order = self.planner.ranking(scenario.assumptions)
        best = order[self._chosen(scenario)[order]]
        rows = self.customers.iloc[best]
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
