"""Money: what a campaign costs, whom it saves, what it brings, how sure that is, and what is at stake."""

from churnkit.roi.assumptions import VALID_DAYS, Assumptions
from churnkit.roi.mission import SimpleCampaign, simple_campaign
from churnkit.roi.outcome import COVERAGE, Outcome, Range
from churnkit.roi.planner import Planner, ProfitCurve
from churnkit.roi.uncertainty import Uncertainty, uncertainty_from_backtest

__all__ = [
    "COVERAGE",
    "VALID_DAYS",
    "Assumptions",
    "Outcome",
    "Planner",
    "ProfitCurve",
    "Range",
    "SimpleCampaign",
    "Uncertainty",
    "simple_campaign",
    "uncertainty_from_backtest",
]
