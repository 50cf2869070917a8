"""A made-up shop's evidence, small and complete, and that of a shop too small for any."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from churnkit.results.campaign_money import Assumptions, Outcome
from churnkit.results.customer import Tier
from churnkit.results.evidence import EvidenceDocument
from churnkit.results.evidence.feature_use import (
    FeaturePoints,
    FeatureSlider,
    FeatureWeight,
    RankedPoints,
    ResponseCurve,
    ShuffleLoss,
)
from churnkit.results.evidence.last_window import (
    Calibrated,
    CalibrationGroup,
    Calls,
    ProfitByReach,
    RecallCurve,
    RecallCurves,
    RocCurve,
    RocCurves,
    WindowFigures,
)
from churnkit.results.evidence.months_ahead import MonthAhead, Outlook
from churnkit.results.evidence.proof import CardMeasures, ModelCard, Trust
from churnkit.results.evidence.standing_now import Driver, Estimate, LearnedRule, TierFigures, TierMoves
from churnkit.results.evidence.winback import WinBack
from churnkit.results.found import Found, Missing
from churnkit.results.interval import Interval
from churnkit.results.past_dates import PastDate, PastFigures
from churnkit.results.quality import Quality, QualityByStatus
from churnkit.results.recommended import Recommendation

TEST_CUTOFF = datetime(2025, 6, 1)
_TIERS: tuple[tuple[Tier, int, float], ...] = (("high", 12, 0.85), ("medium", 8, 0.55), ("low", 20, 0.15))


def made_past_date(
    cutoff: datetime = datetime(2025, 3, 2),
    customers: int = 30,
    roc_auc: float | None = 0.8,
    expected_churn_rate: float = 0.4,
    actual_churn_rate: float = 0.43,
    expected_spend: float = 2000.0,
    actual_spend: float = 1900.0,
    active: PastFigures | None = None,
) -> PastDate:
    """A forecast that was not far off."""
    return PastDate(
        cutoff=cutoff,
        active=active,
        customers=customers,
        roc_auc=roc_auc,
        log_loss=0.5,
        log_loss_of_base_rate=0.69,
        ece=0.03,
        expected_churn_rate=expected_churn_rate,
        actual_churn_rate=actual_churn_rate,
        expected_spend=expected_spend,
        actual_spend=actual_spend,
        contacted=20,
        profit_chosen=310.0,
        profit_random=60.0,
        profit_recency=120.0,
        profit_everybody=80.0,
    )


def made_quality(
    windows: int = 4,
    customers: int = 400,
    churned: int = 120,
    roc_auc: float = 0.80,
    roc_auc_low: float = 0.75,
    log_loss: float = 0.55,
    log_loss_of_base_rate: float = 0.61,
    left_among_riskiest: float = 0.60,
    left_among_longest_silent: float = 0.40,
    level_miss: float = 0.03,
) -> Quality:
    """Good enough for the best grade."""
    rate = churned / customers
    return Quality(
        windows=windows,
        customers=customers,
        churned=churned,
        expected_churn_rate=rate + 0.01,
        actual_churn_rate=rate,
        roc_auc=roc_auc,
        roc_auc_low=roc_auc_low,
        average_precision=0.62,
        brier=0.17,
        log_loss=log_loss,
        log_loss_of_base_rate=log_loss_of_base_rate,
        ece=0.03,
        lift_at_20=left_among_riskiest / rate,
        left_among_riskiest=left_among_riskiest,
        left_among_longest_silent=left_among_longest_silent,
        level_miss=level_miss,
        expected_spend=4100.0,
        actual_spend=4000.0,
    )


def made_active() -> PastFigures:
    """Half of the customers of a past date."""
    figures = {key: value for key, value in vars(made_past_date()).items() if key not in ("cutoff", "active")}
    return PastFigures(**{**figures, "customers": 15, "expected_churn_rate": 0.25, "actual_churn_rate": 0.27})


def made_win_back() -> WinBack:
    """A tenth comes back."""
    return WinBack(
        lapsed=20,
        expected_returns=2.2,
        windows=3,
        lapsed_then=50,
        returned_then=6,
        return_share=0.12,
        return_share_low=0.08,
        return_share_high=0.2,
        spend_each=31.0,
        worth=34.1,
        words="Of the customers who had lapsed at 3 earlier dates 12 % came back.",
    )


def made_window(text: str = "") -> WindowFigures:
    """Curves of 21 points, and 40 customers called."""
    steps = tuple(k / 20 for k in range(21))
    recall = RecallCurve(recall=steps, precision=tuple(0.9 - 0.4 * step for step in steps))
    return WindowFigures(
        quality=made_quality(windows=1),
        roc=RocCurves(
            champion=RocCurve(fpr=steps, tpr=tuple(step**0.4 for step in steps)),
            baselines={"recency_rule": RocCurve(fpr=(0.0, 1.0), tpr=(0.0, 1.0))},
        ),
        precision_recall=RecallCurves(champion=recall, baselines={"recency_rule": recall}),
        calibration=Calibrated(
            bins=tuple(
                CalibrationGroup(predicted=k / 10, observed=k / 10 + 0.02, customers=20) for k in range(1, 9)
            ),
            ece=0.031,
            bin_count=8,
        ),
        confusion=Calls(
            threshold=0.5,
            true_positive=11,
            false_positive=4,
            true_negative=20,
            false_negative=5,
            words=(
                f"11 of 40 customers were called churners {text} and left.",
                "4 were called and stayed.",
            ),
        ),
        profit=ProfitByReach(
            contacted=(0, 10, 20, 30, 40),
            model=(0.0, 400.0, 520.0, 480.0, 300.0),
            recency=(0.0, 200.0, 300.0, 320.0, 300.0),
            random=(0.0, 75.0, 150.0, 225.0, 300.0),
            everybody=300.0,
            contact_cost=1.25,
            save_rate=0.35,
        ),
    )


def made_tiers() -> tuple[TierFigures, ...]:
    """12, 8 and 20 customers."""
    return tuple(
        TierFigures(
            tier=tier,
            customers=number,
            share=number / 40,
            mean_p_churn=p,
            clv=210.0 * number,
            value_at_risk=3000.0 * p,
            mean_clv=210.0,
            mean_recency_days=90 * p,
            mean_order_count=3.2,
            mean_order_value=17.4,
            expected_churners=number * p,
        )
        for tier, number, p in _TIERS
    )


def made_card() -> ModelCard:
    """A blend of two."""
    return ModelCard(
        name="blend",
        label="Blend",
        meaning="the average, in log-odds, of the models named as its members",
        is_rule=False,
        members=("XGBoost", "Purchase process (MBG/NBD)"),
        question="Will this customer make no purchase in the 30 days from 1 Jul 2025?",
        population="Every customer with a purchase before that date: 40.",
        data="240 rows from 1 Jan 2025 to 1 Jul 2025; returns are deducted.",
        cutoffs=(datetime(2025, 3, 3), datetime(2025, 4, 2)),
        training="80 past outcomes of 40 customers at 2 earlier dates.",
        features=3,
        feature_groups={"Time since the last purchase": 1, "Discounts": 2},
        dropped_features=1,
        level="log-odds of everybody moved by +0.02",
        test=CardMeasures(
            roc_auc=0.812,
            log_loss=0.51,
            ece=0.031,
            precision=0.7,
            recall=0.6,
            f1=0.65,
            f1_everybody=0.6,
            lift_at_20=1.6,
            churn_rate=0.43,
        ),
        test_cutoff=TEST_CUTOFF,
        seed=42,
        versions={"python": "3.11"},
        intended_use="To decide whom to look after first, and what that is worth, in this shop.",
        not_for=("Causes: a feature that goes with leaving need not make anybody leave.",),
        limits=("Less than a year of history.",),
    )


def made_driver(words: str, value: float = 60.0) -> Driver:
    """Silence."""
    return Driver(
        words=words,
        condition=f"have not bought for {value:.0f} days or more",
        feature="recency_days",
        label="Days since the last purchase",
        operator=">=",
        value=value,
        share_high=0.78,
        share_rest=0.12,
        customers=9,
        figure_definition="Share of the 12 high-risk customers who meet the condition.",
    )


def made_rule(text: str = "", population: str = "all customers") -> LearnedRule:
    """Twelve customers met it, ten left."""
    condition = f"the last purchase {text} is more than 40 days ago"
    return LearnedRule(
        words=f"IF {condition} THEN the customer leaves",
        conditions=(condition,),
        population=population,
        customers=12,
        precision=0.83,
        coverage=0.6,
        base_rate=0.41,
        lift=2.02,
        train_precision=0.8,
        test_cutoff=TEST_CUTOFF,
    )


def made_recommendation(text: str = "", contacted: int = 12) -> Recommendation:
    """Twelve customers, a gain."""
    outcome = Outcome(
        contacted=contacted,
        contact_cost=12.0,
        cost=Interval(15.0, 14.0, 16.0),
        discount_to_stayers=1.0,
        saves=Interval(3.4, 2.0, 5.0),
        revenue_protected=Interval(625.0, 400.0, 800.0),
        net=Interval(610.0, 380.0, 790.0),
        roi=Interval(40.7, 25.0, 52.0),
        break_even_save_rate=0.02,
        p_profit=0.99,
    )
    return Recommendation(
        outcome=outcome,
        first=None,
        words=f"Contact the best 12 customers {text} with 15 % off the next order.",
        assumptions=Assumptions(contact_cost=1.0),
        interval_words="80 % intervals.",
        horizon_days=30,
    )


def made_outlook() -> Outlook:
    """Half a year in decline."""
    return Outlook(
        months=tuple(
            MonthAhead(
                month=f"2025-{month:02d}",
                active_customers=30.0 - month,
                revenue=900.0 - 20 * month,
                revenue_low=700.0,
                revenue_high=1100.0,
                active_with_action=31.0 - month,
                revenue_with_action=950.0 - 20 * month,
            )
            for month in range(7, 13)
        ),
        active_now=30,
        words="Without action today's customers bring 4,200 in six months.",
        assumptions=("No new customers are counted.",),
    )


def made_evidence(text: str = "") -> EvidenceDocument:
    """Everything there; ``text`` is woven into the sentences."""
    silence = "Days since the last purchase"
    return EvidenceDocument(
        champion_title="Blend",
        champion_words="chosen among 6 models and 4 simple rules on past dates",
        base=-0.2,
        test_cutoff=TEST_CUTOFF,
        horizon_days=30,
        backtest=Found(
            tuple(made_past_date(datetime(2025, month, 2), active=made_active()) for month in (3, 4, 5))
        ),
        trust=Trust(
            grade="fair",
            headline="Tested on this shop's past: useful, with misses",
            sentences=(
                "In 3 past forecasts the champion ranked better than every simple rule.",
                "It forecast 40 % to leave; 43 % left.",
            ),
            quality=QualityByStatus(
                active=Found(made_quality(windows=3)),
                all=Found(made_quality(windows=3, customers=900, churned=500, roc_auc=0.88)),
            ),
        ),
        tiers=made_tiers(),
        churn_rate=Estimate(value=0.412, low=0.35, high=0.47, interval_words="80 % interval."),
        revenue_at_risk=Found(
            Estimate(value=4711.0, low=4000.0, high=5400.0, interval_words="80 % interval.")
        ),
        warnings=Found(
            TierMoves(
                cutoff_before=TEST_CUTOFF,
                known_before=36,
                moved_up=5,
                value_at_risk=420.0,
                words="5 customers moved up a tier since 1 Jun 2025.",
            )
        ),
        drivers=Found(
            (
                made_driver(
                    f"78 % of high-risk customers have not bought {text} for 60+ days; 12 % of the others."
                ),
                made_driver("Half of them bought once only; a fifth of the others."),
            )
        ),
        model_card=made_card(),
        window=Found(made_window(text)),
        window_active=Found(made_window(text)),
        winback=Found(made_win_back()),
        rules=Found((made_rule(text),)),
        importance=tuple(
            FeatureWeight(
                feature=f"f{k}",
                label=f"Fact number {k} {text}",
                group="recency",
                mean_absolute_log_odds=0.6 / (k + 1),
                share=0.3 / (k + 1),
                direction="raises risk",
            )
            for k in range(14)
        ),
        shap_summary=(
            RankedPoints(
                feature="recency_days",
                label=silence,
                kind="days",
                x=(90.0, None),
                push=(0.4, -0.2),
                rank=(1.0, None),
            ),
        ),
        dependence=(
            FeaturePoints(
                feature="recency_days", label=silence, kind="days", x=(90.0, None), push=(0.4, -0.2)
            ),
        ),
        partial_dependence=(
            ResponseCurve(
                feature="favourite_category",
                label="Favourite category",
                kind="category",
                grid=("Beans", "Mugs"),
                mean_p_churn=(0.4, 0.5),
            ),
        ),
        permutation=Found(
            (ShuffleLoss(feature="recency_days", loss_increase=0.02, sd=0.001, label=silence),)
        ),
        controllable=Found(
            (
                FeatureSlider(
                    feature="discount_share",
                    label="Discount",
                    low=0.0,
                    high=1.0,
                    step=0.01,
                    kind="share",
                ),
            )
        ),
        recommended=Found(made_recommendation(text)),
        outlook=made_outlook(),
    )


def bare_evidence(reason: str) -> EvidenceDocument:
    """A small shop: nothing trained, nothing tested."""
    missing = Missing(reason)
    untested = Estimate(value=0.412, low=None, high=None, interval_words=f"No interval: {reason}")
    return replace(
        made_evidence(),
        champion_title="Return curve",
        champion_words="no model could be trained",
        test_cutoff=None,
        backtest=missing,
        trust=Trust(
            grade="none",
            headline="Not proven on this shop's past",
            sentences=(reason,),
            quality=QualityByStatus(active=missing, all=missing),
        ),
        churn_rate=untested,
        revenue_at_risk=missing,
        recommended=missing,
        warnings=missing,
        drivers=missing,
        model_card=replace(made_card(), name="return_curve", is_rule=True, level=None, test=None),
        window=missing,
        window_active=missing,
        winback=missing,
        rules=missing,
        importance=(),
        shap_summary=(),
        dependence=(),
        partial_dependence=(),
        permutation=missing,
        controllable=missing,
    )
