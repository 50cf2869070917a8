"""``evidence.json``: what backs the numbers of an analysis; computed once, read by pages and reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from churnkit.results.codec import Step
from churnkit.results.evidence.feature_use import (
    FeaturePoints,
    FeatureSlider,
    FeatureWeight,
    RankedPoints,
    ResponseCurve,
    ShuffleLoss,
)
from churnkit.results.evidence.last_window import WindowFigures
from churnkit.results.evidence.months_ahead import Outlook
from churnkit.results.evidence.proof import ModelCard, Trust
from churnkit.results.evidence.standing_now import Driver, Estimate, LearnedRule, TierFigures, TierMoves
from churnkit.results.evidence.upgrades import with_active, with_parts, without_texts
from churnkit.results.evidence.winback import WinBack
from churnkit.results.found import Found, Missing
from churnkit.results.past_dates import PastDate
from churnkit.results.recommended import Recommendation

__all__ = ["EvidenceDocument"]


@dataclass(frozen=True, kw_only=True)
class EvidenceDocument:
    """Curves, words, rules and drivers; what cannot be had says why.

    Attributes
    ----------
    champion_title, champion_words
        The name on screen of what scores the customers, and how it came to.
    base
        Log-odds of churn before any feature pushes.
    test_cutoff
        The start of the last window whose outcome is known; None where the history has none.
    backtest
        Ascending by date.
    tiers
        High, medium, low: of the active customers.
    churn_rate, revenue_at_risk
        Mean probability of the active customers, and what is at risk with them (money, see ``MoneyStrip``).
    window, window_active
        Figures of the test window: of all customers, and of those active at its start.
    winback
        What the lapsed of earlier dates did.
    rules
        Some for all customers, then some for those who had bought within the threshold.
    importance
        Strongest first.
    shap_summary, dependence, partial_dependence
        The strongest features; the last for those that the champion reads itself.
    controllable
        Features that a shop can influence.
    outlook
        With the recommended campaign as the action.
    """

    title: ClassVar[str] = "the evidence of an analysis"
    steps: ClassVar[tuple[Step, ...]] = (with_parts, with_active, without_texts)

    champion_title: str
    champion_words: str
    base: float
    test_cutoff: datetime | None
    horizon_days: int
    backtest: Found[tuple[PastDate, ...]] | Missing
    trust: Trust
    tiers: tuple[TierFigures, ...]
    churn_rate: Estimate
    revenue_at_risk: Found[Estimate] | Missing
    warnings: Found[TierMoves] | Missing
    drivers: Found[tuple[Driver, ...]] | Missing
    model_card: ModelCard
    window: Found[WindowFigures] | Missing
    window_active: Found[WindowFigures] | Missing
    winback: Found[WinBack] | Missing
    rules: Found[tuple[LearnedRule, ...]] | Missing
    importance: tuple[FeatureWeight, ...]
    shap_summary: tuple[RankedPoints, ...]
    dependence: tuple[FeaturePoints, ...]
    partial_dependence: tuple[ResponseCurve, ...]
    permutation: Found[tuple[ShuffleLoss, ...]] | Missing
    controllable: Found[tuple[FeatureSlider, ...]] | Missing
    recommended: Found[Recommendation] | Missing
    outlook: Outlook
