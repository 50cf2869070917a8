"""Money: what a campaign costs, whom it saves, what it brings, how sure that is, and what is at stake."""

from churnkit.roi.assumptions import VALID_DAYS, Assumptions
from churnkit.roi.at_risk import at_risk_by, value_at_risk
from churnkit.roi.mission import SimpleCampaign, simple_campaign
from churnkit.roi.outcome import COVERAGE, Outcome, Range
from churnkit.roi.planner import Planner, ProfitCurve
from churnkit.roi.scenarios import Scenario, by_size, presets
from churnkit.roi.uncertainty import Uncertainty, uncertainty_from_backtest

__all__ = [
    "COVERAGE",
    "VALID_DAYS",
    "Assumptions",
    "Outcome",
    "Planner",
    "ProfitCurve",
    "Range",
    "Scenario",
    "SimpleCampaign",
    "Uncertainty",
    "at_risk_by",
    "by_size",
    "presets",
    "simple_campaign",
    "uncertainty_from_backtest",
    "value_at_risk",
]
