"""What an analysis found, as routes say it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from churnkit.api.models.figures import Answer, Currency, Figure, Instant, Range, Share

TierName = Literal["high", "medium", "low"]
MethodName = Literal["models", "btyd", "rules"]


class Shop(Answer):
    """A shop: an analysis with a finished run."""

    id: str = Field(description="Id of the analysis.", examples=["6eaf8284b1504b09badf5408361f984b"])
    name: str
    run_id: str
    currency: Currency
    scored_at: Instant = Field(description="The instant that its customers were scored at.")
    customers: int = Field(description="All scored customers.")
    active: int = Field(description="Those silent no longer than the churn threshold.")
    horizon_days: int = Field(description="The churn threshold in days.")
    is_default: bool = Field(description="Whether `default` means it.")


class Headline(Answer):
    """The figures that a dashboard begins with; of the active customers where nothing else is said."""

    customers: int = Field(description="All scored customers.")
    active: int
    lapsed: int
    churn_rate: Range = Field(description="Mean probability of churn.")
    expected_leavers: Figure
    revenue_at_risk: Range | None = Field(description="Money; null where nothing is proven.")
    revenue: Figure = Field(description="Money of the last `revenue_days` days, of all customers.")
    revenue_days: int
    forecast: Range = Field(description="Money of the next 365 days.")


class Performance(Answer):
    """How the champion did on customers whom no choice had seen, or else on those it was chosen by."""

    measured_on: Literal["test", "validation"]
    f1: Figure
    f1_everybody: Figure = Field(description="F1 of calling everybody a leaver.")
    accuracy: Figure = None
    precision: Figure = None
    recall: Figure
    roc_auc: Figure
    average_precision: Figure = None
    brier: Figure = None
    log_loss: Figure
    ece: Figure = Field(description="Expected calibration error.")
    lift_at_10: Figure = None
    lift_at_20: Figure = None
    customers: Figure = None


class Grade(Answer):
    """How far to trust the forecast, by this shop's own past."""

    grade: Literal["strong", "fair", "weak", "none"]
    headline: str
    sentences: tuple[str, ...]


class FeatureImportance(Answer):
    """Mean size of a feature's pushes over all customers."""

    feature: str
    label: str
    group: str
    mean_absolute_log_odds: Figure
    share: Share
    direction: Literal["raises risk", "lowers risk", "mixed", "none"]


class TierSummary(Answer):
    """The active customers of a risk tier; money over a year."""

    tier: TierName
    customers: int
    share: Figure
    mean_p_churn: Figure
    clv: Figure
    mean_clv: Figure
    value_at_risk: Figure
    expected_churners: Figure


class OutcomeFigures(Answer):
    """What comes of a campaign; intervals are 80 %, money in the analysis' currency."""

    contacted: int
    contact_cost: Figure
    cost: Range
    discount_to_stayers: Figure
    saves: Range = Field(description="Customers who stay because of it.")
    revenue_protected: Range
    net: Range
    roi: Range | None = Field(description="Net over cost: 6.22 is 622 %.")
    break_even_save_rate: Figure
    p_profit: Figure


class AssumptionFigures(Answer):
    """What is assumed of a campaign; shares lie in 0 to 1."""

    contact_cost: float
    save_rate: float
    gone_success: float
    discount: float
    stayers_redeem: float
    reach: float
    margin: float
    returns_anyway: float
    save_rate_weight: float


class Advice(Answer):
    """The campaign that the analysis recommends."""

    words: str
    outcome: OutcomeFigures
    assumptions: AssumptionFigures


class AnalysisResults(Answer):
    """What an analysis found."""

    analysis_id: str
    run_id: str
    name: str
    currency: Currency
    scored_at: Instant
    data_ends: date
    horizon_days: int
    method: MethodName
    champion: str
    champion_title: str
    champion_words: str
    summary: Headline
    performance: Performance | None
    trust: Grade
    importance: list[FeatureImportance] = Field(
        description="The ten strongest features; all under /importance."
    )
    tiers: list[TierSummary]
    recommendation: Advice | None
    missing: dict[str, str] = Field(description="Parts that could not be had, each with its reason.")
    notes: tuple[str, ...] = Field(description="What weakens the result.")


class Importance(Answer):
    """Every feature that the champion looks at, strongest first."""

    analysis_id: str
    run_id: str
    features: list[FeatureImportance]


class Group(Answer):
    """An RFM segment or a found group; money in the analysis' currency."""

    group: str
    customers: int
    active: int
    share: Figure
    monetary_total: Figure
    clv: Figure
    value_at_risk: Figure
    expected_leavers: Figure
    mean_p_churn: Figure
    mean_clv: Figure
    mean_order_value: Figure
    median_recency_days: Figure
    median_order_count: Figure


class FoundGroup(Group):
    """A group that K-Means found."""

    words: str
    stability: Literal["stable", "a tendency", "doubtful"]


class Segments(Answer):
    """Groups of customers: by risk, by recency, frequency and money, and as they were found."""

    analysis_id: str
    run_id: str
    currency: Currency
    tiers: list[TierSummary]
    segments: list[Group]
    found_groups: list[FoundGroup]
    missing: dict[str, str]


class LeaderboardEntry(Answer):
    """A model or simple rule that competed, measured on validation dates; null where a figure does not exist."""

    candidate: str
    label: str
    kind: Literal["model", "blend", "baseline"]
    is_champion: bool
    eligible: bool
    verdict: str
    members: str
    score: Figure
    f1: Figure
    precision: Figure
    recall: Figure
    roc_auc: Figure
    roc_auc_active: Figure
    average_precision: Figure
    log_loss: Figure
    brier: Figure
    ece: Figure
    lift_at_10: Figure
    lift_at_20: Figure
    profit_share: Figure
    test_roc_auc: Figure
    test_roc_auc_active: Figure
    test_log_loss: Figure
    test_ece: Figure
    calibration: str
    params: str


class Leaderboard(Answer):
    """Who competed, the champion first; empty where nothing was trained."""

    analysis_id: str
    run_id: str
    champion: str
    method: MethodName
    entries: list[LeaderboardEntry]


class PastFigures(Answer):
    """What was forecast with what was known then, and what came."""

    customers: int
    roc_auc: Figure
    log_loss: Figure
    log_loss_of_base_rate: Figure
    ece: Figure
    expected_churn_rate: Figure
    actual_churn_rate: Figure
    expected_spend: Figure
    actual_spend: Figure
    contacted: int
    profit_chosen: Figure
    profit_random: Figure
    profit_recency: Figure
    profit_everybody: Figure


class PastTest(PastFigures):
    """One past date: of all customers, and of those who were active at it."""

    cutoff: Instant
    active: PastFigures | None


class Scorecard(Answer):
    """The forecast held against this shop's own past."""

    analysis_id: str
    run_id: str
    currency: Currency
    trust: Grade
    dates: list[PastTest]


class Metrics(Answer):
    """How good the champion is, in figures of merit."""

    analysis_id: str
    run_id: str
    champion: str
    performance: Performance | None
    trust: Grade
    customers: int
    churn_rate: Range
