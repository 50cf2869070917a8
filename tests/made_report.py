"""A made-up analysis of a made-up shop, small and complete, for the report's tests."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa

from churnkit.config import AnalysisSettings, Gates, ThresholdSettings, Tiers
from churnkit.ingest import Reading
from churnkit.profiling import profile
from churnkit.reports.content import ReportContent
from churnkit.results.look_facts import MonthTotal
from churnkit.results.measures import ChosenBy, Measures
from churnkit.results.past_dates import PastDate
from churnkit.results.profile import Profile
from churnkit.results.summary import (
    ChurnQuestion,
    Contest,
    CustomerTotals,
    FoldSize,
    Method,
    SourceFile,
    Summary,
    TierTotal,
    TierTotals,
    ValueForecast,
)
from churnkit.services.workspace.stored_settings import settings_as_json
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


def made_summary(method: Method = "models", settings: AnalysisSettings | None = None) -> Summary:
    """``summary.json``; any other method than models has no tournament."""
    low, high = (
        TierTotal(customers=number, expected_spend=100.0, clv=900.0, clv_at_risk=300.0) for number in (20, 12)
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
            population="every customer with a purchase before the cutoff",
        ),
        method=method,
        notes=("Less than a year of history.",),
        customers=CustomerTotals(
            count=40,
            mean_p_churn=0.412,
            tiers=TierTotals(high=high, medium=replace(high, customers=8), low=low),
            expected_orders=50.0,
            expected_spend=300.0,
            clv=2700.0,
        ),
        value=ValueForecast(method="two_part", scale=1.0, past_errors=()),
        tournament=made_contest() if method == "models" else None,
        backtest=(),
        settings=settings_as_json(settings or AnalysisSettings(tiers=Tiers(high=0.7, medium=0.4)), Reading()),
        profile=small_profile(),
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


def made_past_date(**changes: Any) -> PastDate:
    """Forty customers, half of whom were expected to leave and did."""
    date = PastDate(
        cutoff=datetime(2025, 3, 2),
        customers=40,
        roc_auc=0.8,
        log_loss=0.5,
        log_loss_of_base_rate=0.69,
        ece=0.03,
        expected_churn_rate=0.5,
        actual_churn_rate=0.5,
        expected_spend=100.0,
        actual_spend=100.0,
        contacted=20,
        profit_chosen=310.0,
        profit_random=60.0,
        profit_recency=120.0,
        profit_everybody=80.0,
    )
    return replace(date, **changes)


def made_leaderboard() -> list[dict[str, Any]]:
    """A champion, a model and a rule."""
    figures = {"score": 0.71, "roc_auc": 0.801, "log_loss": 0.512, "ece": 0.02, "f1": 0.66}
    return [
        {
            "candidate": "blend",
            "kind": "blend",
            "is_champion": True,
            "verdict": "wins by its score",
            **figures,
        },
        {"candidate": "xgboost", "kind": "model", "is_champion": False, "verdict": "", **figures},
        {
            "candidate": "recency_rule",
            "kind": "baseline",
            "is_champion": False,
            "verdict": None,
            **figures,
            "f1": None,
        },
    ]


def made_contacts(
    customer: str = "C{:03d}", reason: str = "Has not bought for 62 days"
) -> list[dict[str, Any]]:
    """Twelve customers to contact."""
    return [
        {
            "customer_id": customer.format(k),
            "p_churn": 0.9 - k / 50,
            "risk_tier": "high" if k < 8 else "medium",
            "value_at_risk": 812.5 - 31 * k,
            "last_purchase_at": datetime(2025, 4, 30),
            "order_count": 7 + k,
            "factor_1": reason,
        }
        for k in range(12)
    ]


def made_evidence(text: str = "") -> dict[str, Any]:
    """``evidence.json`` with every key that a report shows; ``text`` is woven into the sentences."""
    curve = [{"fpr": k / 20, "tpr": (k / 20) ** 0.4} for k in range(21)]
    recall = [{"recall": k / 20, "precision": 0.9 - 0.4 * k / 20} for k in range(21)]
    return {
        "missing": {},
        "test_cutoff": "2025-06-01T00:00:00",
        "horizon_days": 30,
        "roc": {
            "champion": curve,
            "baselines": {"recency_rule": [{"fpr": 0, "tpr": 0}, {"fpr": 1, "tpr": 1}]},
        },
        "precision_recall": {"champion": recall, "baselines": {"recency_rule": recall}},
        "calibration": {
            "bins": [{"predicted": k / 10, "observed": k / 10 + 0.02, "customers": 20} for k in range(1, 9)],
            "ece": 0.031,
            "bin_count": 8,
        },
        "confusion": {
            "threshold": 0.5,
            "words": [
                f"11 of 40 customers were called churners {text} and left.",
                "4 were called and stayed.",
            ],
        },
        "profit": {
            "contacted": [0, 10, 20, 30, 40],
            "model": [0.0, 400.0, 520.0, 480.0, 300.0],
            "recency": [0.0, 200.0, 300.0, 320.0, 300.0],
            "random": [0.0, 75.0, 150.0, 225.0, 300.0],
            "everybody": 300.0,
            "contact_cost": 1.25,
            "save_rate": 0.35,
        },
        "backtest": [
            {
                "cutoff": f"2025-0{month}-02T00:00:00",
                "customers": 30,
                "roc_auc": 0.8,
                "expected_churn_rate": 0.4,
                "actual_churn_rate": 0.43,
                "expected_spend": 2000.0,
                "actual_spend": 1900.0,
                "profit_chosen": 310.0,
                "profit_recency": 120.0,
            }
            for month in (3, 4, 5)
        ],
        "importance": [
            {"feature": f"f{k}", "label": f"Fact number {k} {text}", "share": 0.3 / (k + 1)}
            for k in range(14)
        ],
        "rules": [
            {
                "words": f"IF the last purchase {text} is more than 40 days ago THEN the customer leaves",
                "customers": 12,
                "precision": 0.83,
                "coverage": 0.6,
                "base_rate": 0.41,
                "lift": 2.02,
                "test_cutoff": "2025-06-01T00:00:00",
            }
        ],
        "trust": {
            "sentences": [
                "In 3 past forecasts the champion ranked better than every simple rule.",
                "It forecast 40 % to leave; 43 % left.",
            ],
            "grade": "fair",
        },
        "drivers": [
            {
                "words": f"78 % of high-risk customers have not bought {text} for 60+ days; 12 % of the others."
            },
            {"words": "Half of them bought once only; a fifth of the others."},
        ],
        "tiers": [
            {
                "tier": tier,
                "customers": number,
                "share": number / 40,
                "mean_p_churn": p,
                "expected_churners": number * p,
                "value_at_risk": 3000.0 * p,
                "mean_clv": 210.0,
                "mean_recency_days": 90 * p,
                "mean_order_count": 3.2,
                "mean_order_value": 17.4,
            }
            for tier, number, p in (("high", 12, 0.85), ("medium", 8, 0.55), ("low", 20, 0.15))
        ],
        "warnings": {"moved_up": 5, "words": "5 customers moved up a tier since 1 Jun 2025."},
        "churn_rate": {"mean": 0.412, "low": 0.35, "high": 0.47},
        "revenue_at_risk": {"value": 4711.0, "low": 4000.0, "high": 5400.0},
        "outlook": {
            "months": [
                {
                    "month": f"2025-{month:02d}",
                    "active_customers": 30 - month,
                    "revenue": 900.0 - 20 * month,
                    "revenue_low": 700.0,
                    "revenue_high": 1100.0,
                    "active_with_action": 31 - month,
                    "revenue_with_action": 950.0 - 20 * month,
                }
                for month in range(7, 13)
            ],
            "words": "Without action today's customers bring 4,200 in six months.",
            "assumptions": ["No new customers are counted."],
        },
        "recommended": {
            "customers": 12,
            "cost": 15.0,
            "expected_saves": 3.4,
            "net": 610.0,
            "roi": 40.7,
            "words": f"Contact the best 12 customers {text} with 15 % off the next order.",
            "subject": "15 % off your next order",
            "body": "Hello,\n\nyour last order was on {last_purchase}.\n\nSee you soon.",
        },
    }


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
    )


def bare_content(method: Method = "rules", reason: str = "") -> ReportContent:
    """A small shop: nothing trained, no evidence at all."""
    keys = ("roc", "calibration", "profit", "drivers", "trust", "recommended", "outlook", "tiers", "rules")
    return ReportContent(
        name="tiny.csv",
        currency=None,
        summary=made_summary(method),
        tier_limits=Tiers(high=0.7, medium=0.4),
        profile=made_profile(currency=None),
        evidence={"missing": dict.fromkeys(keys, reason) if reason else {}},
        leaderboard=[],
        contact=[],
        customer_count=40,
    )
