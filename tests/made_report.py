"""A made-up analysis of a made-up shop, small and complete, for the report's tests."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from functools import cache

import ibis
import pandas as pd
import pyarrow as pa

from churnkit.config import AnalysisSettings, Gates, IngestSettings, ThresholdSettings, Tiers
from churnkit.profiling import profile
from churnkit.reports.content import ReportContent
from churnkit.results.customer import Customer
from churnkit.results.found import Found
from churnkit.results.leaderboard import LeaderboardRow
from churnkit.results.look_facts import MonthTotal
from churnkit.results.measures import ChosenBy, Measures
from churnkit.results.money_strip import MoneyFigure, MoneyStrip
from churnkit.results.profile import Profile
from churnkit.results.run_settings import RunSettings
from churnkit.results.summary import (
    ChurnQuestion,
    Contest,
    CustomerTotals,
    FoldSize,
    Method,
    SourceFile,
    StatusTotal,
    Summary,
    TierTotal,
    TierTotals,
    ValueForecast,
)
from churnkit.results.value_errors import ValueErrors
from churnkit.results.year_forecast import YearBacktest, YearForecast, YearRule, YearShares
from churnkit.text.kinds import Kind
from tests.made_evidence import bare_evidence, made_evidence
from tests.made_groups import bare_groups, made_groups
from tests.made_look import small_profile

CUTOFF = "2025-07-01T00:00:00"


@cache
def made_profile(
    names: tuple[str, ...] = ("Beans", "Mug"), customer: str = "C{:03d}", currency: str | None = "EUR"
) -> Profile:
    """The profile of 240 orders of 40 customers over half a year; ``names`` are its products."""
    start = datetime(2025, 1, 1, 9)
    count = 240
    frame = pd.DataFrame(
        {
            "order_id": [f"A{k}" for k in range(count)],
            "customer_id": [customer.format(k * 7 % 40) for k in range(count)],
            "ordered_at": pd.Series(
                [start + timedelta(hours=18 * k) for k in range(count)], dtype="datetime64[us]"
            ),
            "amount": [10.0 + k % 13 for k in range(count)],
            "product_id": [f"P{k % len(names)}" for k in range(count)],
            "product_name": [names[k % len(names)] for k in range(count)],
            "is_return": False,
            "source_row": range(1, count + 1),
            **({"currency": currency} if currency else {}),
        }
    )
    ledger = pd.DataFrame(
        [("no_customer", "dropped", 5, 5 / (count + 5), "No customer is named.", "row 7: Customer=")],
        columns=["reason", "action", "rows", "share", "explanation", "example_rows"],
    )
    return profile(
        ibis.memtable(pa.Table.from_pandas(frame, preserve_index=False)),
        cutoff=datetime(2025, 7, 1),
        ledger=ledger,
        rows_in=count + 5,
        gates=Gates(),
        threshold=ThresholdSettings(),
    )


def made_year() -> YearForecast:
    """Learned from one earlier date and tested there."""
    shares = YearShares(pace=0.5, own=0.25, base=3.0)
    rule = YearRule(
        days=365, horizon_days=60, own_days=180, kept=shares, lost=shares, level=1.1, newcomer=40.0,
        edges=(50.0, 500.0), low=(0.0, 0.4), high=(2.0, 1.6), spread=0.12,
    )  # fmt: skip
    test = YearBacktest(
        cutoff=datetime(2024, 6, 30), days=365, customers=80, basis="last_year", forecast=2500.0, actual=2400.0,
        total_repeat=3100.0, mae=21.5, mae_repeat=30.25, inside=0.85,
    )  # fmt: skip
    return YearForecast(
        basis="learned", words="Learned from the customers of 30 Jun 2024.", notes=(),
        learned_at=(datetime(2024, 6, 30),), learned_days=365, scale=1.1, total=2700.0, total_low=2315.0,
        total_high=3149.0, backtests=(test,), rule=rule,
    )  # fmt: skip


def made_summary(method: Method = "models", settings: AnalysisSettings | None = None) -> Summary:
    """``summary.json``; any other method than models has no tournament."""
    low, high = (
        TierTotal(customers=number, expected_spend=100.0, clv=900.0, value_at_risk=300.0)
        for number in (20, 12)
    )
    return Summary(
        churnkit_version="0.1.0",
        file=SourceFile(
            format="comma, UTF-8",
            preset=None,
            mapping={"customer_id": "Customer", "ordered_at": "Date", "amount": "Total"},
            rows_in=245,
            rows_kept=240,
            currency="EUR",
            returns="net",
            has_order_id=True,
            has_time=True,
            notes=("Dates were read day first.",),
            monthly_totals=(MonthTotal(month="2025-06", orders=40, amount=640.0),),
        ),
        question=ChurnQuestion(
            cutoff=datetime(2025, 7, 1),
            horizon_days=30,
            horizon_reason="Most who come back do so within 30 days.",
            labelled_cutoffs=(datetime(2025, 3, 3), datetime(2025, 4, 2), datetime(2025, 5, 2)),
            return_share=0.18,
            population="every customer with a purchase before the cutoff",
        ),
        method=method,
        notes=("Less than a year of history.",),
        data_ends=date(2025, 6, 30),
        analysed_on=date(2025, 7, 2),
        data_age_days=2,
        money=made_money(),
        customers=CustomerTotals(
            count=40,
            active=made_status(40),
            lapsed=replace(made_status(0), mean_p_churn=None),
            mean_p_churn=0.412,
            tiers=TierTotals(high=high, medium=replace(high, customers=8), low=low),
            expected_orders=50.0,
            expected_spend=300.0,
            clv=2700.0,
        ),
        quality=made_evidence().trust.quality,
        value=ValueForecast(method="two_part", scale=1.0, past_errors=(), year=Found(made_year())),
        tournament=made_contest() if method == "models" else None,
        backtest=(),
        settings=RunSettings.of(
            settings or AnalysisSettings(tiers=Tiers(high=0.7, medium=0.4)), IngestSettings(), None
        ),
        profile=small_profile(),
    )


def made_status(customers: int) -> StatusTotal:
    """So many customers, 41.2 % of whom should leave."""
    return StatusTotal(
        customers=customers,
        mean_p_churn=0.412,
        expected_leavers=0.412 * customers,
        expected_orders=1.25 * customers,
        expected_spend=7.5 * customers,
        clv=67.5 * customers,
        value_at_risk=117.775 * customers,
    )


def made_money() -> MoneyStrip:
    """Last year and the next."""

    def figure(value: float, kind: Kind, words: str) -> MoneyFigure:
        return MoneyFigure(value=value, low=None, high=None, kind=kind, words=words)

    return MoneyStrip(
        days=365,
        revenue=figure(3000.0, "measured", "All customers."),
        revenue_active=figure(2900.0, "measured", "Active today."),
        forecast=MoneyFigure(value=2700.0, low=2500.0, high=2900.0, kind="forecast", words="Next year."),
        forecast_lapsed=figure(0.0, "forecast", "Lapsed."),
        at_risk=Found(figure(4711.0, "forecast", "At risk.")),
        margin=1.0,
    )


def made_contest() -> Contest:
    """A blend won."""
    figures = {field.name: 0.5 for field in fields(Measures)}
    chosen = ChosenBy(f1=0.66, f1_everybody=0.58, recall=0.7, roc_auc=0.801, log_loss=0.512, ece=0.02)
    return Contest(
        champion="blend",
        verdict="wins by its score",
        members="xgboost + mbg_nbd",
        threshold=0.5,
        validation=chosen,
        test=Measures(**{**figures, "roc_auc": 0.812, "log_loss": 0.51, "ece": 0.031}),
        level="not moved",
        folds=(FoldSize(validation_cutoff=datetime(2025, 4, 2), train_rows=80, valid_rows=20),),
        outcomes_kept_apart=True,
        features_kept=("recency_days",),
        features_dropped={"gross_total": "correlation 0.99 with monetary_total"},
        leakage_screen=(),
    )


def made_leaderboard() -> tuple[LeaderboardRow, ...]:
    """A champion, a model and a rule."""
    champion = LeaderboardRow(
        candidate="blend",
        kind="blend",
        is_champion=True,
        verdict="wins by its score",
        score=0.71,
        roc_auc=0.801,
        log_loss=0.512,
        ece=0.02,
        f1=0.66,
    )
    model = replace(champion, candidate="xgboost", kind="model", is_champion=False, verdict="may win")
    rule = replace(model, candidate="recency_rule", kind="baseline", verdict="", f1=math.nan)
    return champion, model, rule


def made_contacts(
    customer: str = "C{:03d}", reason: str = "Has not bought for 62 days"
) -> tuple[Customer, ...]:
    """Twelve customers to contact."""
    return tuple(
        Customer.of_row(
            {
                "customer_id": customer.format(k),
                "p_churn": 0.9 - k / 50,
                "risk_tier": "high" if k < 8 else "medium",
                "value_at_risk": 812.5 - 31 * k,
                "last_purchase_at": datetime(2025, 4, 30),
                "order_count": 7 + k,
                "factor_1": reason,
            }
        )
        for k in range(12)
    )


def made_content(text: str = "", *, customer: str = "C{:03d}", name: str = "orders.csv") -> ReportContent:
    """Everything there; ``text`` turns up in names, reasons and sentences."""
    return ReportContent(
        name=name,
        currency="EUR",
        summary=made_summary(),
        tier_limits=Tiers(high=0.7, medium=0.4),
        profile=made_profile(("Beans", text or "Mug"), customer),
        evidence=made_evidence(text),
        leaderboard=made_leaderboard(),
        contact=made_contacts(customer, f"Has not bought {text} for 62 days"),
        customer_count=40,
        groups=made_groups(text),
        value_errors=(
            ValueErrors(
                quantity="Spend within the threshold",
                span_days=60,
                population="Active",
                dates=3,
                forecasts=400,
                mean_actual=81.2,
                mae=38.4,
                rmse=91.7,
                mae_repeat=52.3,
                rmse_repeat=118.9,
            ),
        ),
    )


def bare_content(method: Method = "rules", reason: str = "Only 12 days of history.") -> ReportContent:
    """A small shop: nothing trained, no evidence at all."""
    return ReportContent(
        name="tiny.csv",
        currency=None,
        summary=made_summary(method),
        tier_limits=Tiers(high=0.7, medium=0.4),
        profile=made_profile(currency=None),
        evidence=bare_evidence(reason),
        leaderboard=(),
        contact=(),
        customer_count=40,
        groups=bare_groups(reason),
    )
