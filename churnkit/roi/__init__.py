"""Money: what a campaign costs, whom it saves, what it brings, how sure that is, and what is at stake."""

from churnkit.roi.assumptions import VALID_DAYS, assumption_words, assumptions_from_money, with_contact_cost
from churnkit.roi.at_risk import at_risk_by, value_at_risk
from churnkit.roi.mission import SimpleCampaign, simple_campaign
from churnkit.roi.outcome import COVERAGE
from churnkit.roi.planner import Planner, ProfitCurve
from churnkit.roi.profit import profit, redeemed
from churnkit.roi.scenarios import by_size, presets
from churnkit.roi.sensitivity import LEVEL, VALUE, Swing, tornado
from churnkit.roi.uncertainty import Uncertainty, uncertainty_from_backtest

__all__ = [
    "COVERAGE",
    "LEVEL",
    "VALID_DAYS",
    "VALUE",
    "Planner",
    "ProfitCurve",
    "SimpleCampaign",
    "Swing",
    "Uncertainty",
    "assumption_words",
    "assumptions_from_money",
    "at_risk_by",
    "by_size",
    "presets",
    "profit",
    "redeemed",
    "simple_campaign",
    "tornado",
    "uncertainty_from_backtest",
    "value_at_risk",
    "with_contact_cost",
]
