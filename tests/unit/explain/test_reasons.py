"""Reasons agree with the probability, say true things, and stay silent where there is nothing to say."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from churnkit.errors import ModelError
from churnkit.explain.contributions import Contributions, contributions
from churnkit.explain.facts import Facts
from churnkit.explain.importance import importance
from churnkit.explain.owners import RANKED_GROUPS
from churnkit.explain.ranking import MIN_LOG_ODDS, Shop, centred, describe_shop, drivers
from churnkit.explain.reasons import reasons
from churnkit.explain.sentences import STATEMENTS, Rank
from churnkit.features.purchase_process import add_purchase_process
from churnkit.text.figures import NARROW
from churnkit.tournament.baselines import BASELINES, fit_baseline
from churnkit.tournament.model import ChurnModel

Fit = Callable[..., ChurnModel]
MakePanel = Callable[[int, int], pd.DataFrame]

# What a shop owner takes each beginning to mean, written down apart from the sentences' own marks.
BAD_NEWS = (
    r"Only \d",
    r"All \d+ orders on one day",
    r"Has spent only",
    r"Spends only",
    r"Has returned all",
    r"Came back only",
    r"Buys only every",
    r"Once stayed away",
    r"Last order was only",
    r"Has bought only",
    r"Seldom buys the same product",
    r"Few items",
    r"New customer",
    r"First bought only",
    r"Buys mostly with a discount",
)
GOOD_NEWS = (
    r"Came back (after|\d)",
    r"Never stayed away",
    r"Buys every",
    r"Buys the same products again",
    r"Many items",
    r"Customer for",
    r"Seldom needs a discount",
    r"Buys at only",
    r"Has returned nothing",
)
# Figures beside what is usual: what they mean follows from which one is larger, and whether more is better.
COMPARED = (
    (r"Last purchase (\d+ days?|today)(?: ago)?; usually buys every (\d+)", 1),
    (r"Last purchase (\d+ days?|today)(?: ago)?; the typical customer (\d+|today)", 1),
    (r"Last purchase (\d+) days? ago; last time came back after (\d+)", 1),
    (r"(\d+) orders? so far; the typical customer has (\d+)", -1),
    (r"(\d+) orders? in the last [^;,]+; the typical customer has (\d+|none)", -1),
    (r"(\d+) orders? in the last \d+ days, (\d+|none) in the", -1),
    (r"Spent ([\d.,]+) in the last \d+ days, ([\d.,]+) in the", -1),
    (r"Last order was ([\d.,]+); ([\d.,]+) is usual", -1),
    (r"Has spent ([\d.,]+); the typical customer ([\d.,]+)", -1),
    (r"Spends ([\d.,]+) an order; the typical customer ([\d.,]+)", -1),
    (r"Has bought (\d+) different products?; the typical customer (\d+)", -1),
    (r"Usually buys every (\d+) days?; the typical customer every (\d+)", 1),
    (r"Returned ([\d.]+)\s% [^;]+; the typical customer ([\d.]+)", 1),
    (r"Buys at ([\d.]+)\s% off on average; the typical customer ([\d.]+)", 1),
    (r"A discount on ([\d.]+)\s% of orders; the typical customer ([\d.]+)", 1),
    (r"Products bought before \(([\d.]+)\s% of items\); the typical customer ([\d.]+)", -1),
)
# Nobody takes these for good or bad news.
NO_NEWS = (
    r"[\d.]+\s% of orders (at weekends|in the evening)",
    r"Orders around",
    r"Spends most on",
    r"First bought \d",
    r"Visits per week",
)


def meaning(text: str) -> int:
    """1 for bad news, -1 for good news, 0 for neither, by the words alone."""
    if any(re.match(beginning, text) for beginning in BAD_NEWS):
        return 1
    if any(re.match(beginning, text) for beginning in GOOD_NEWS):
        return -1
    for pattern, high in COMPARED:
        if found := re.match(pattern, text):
            own, usual = (_number(part) for part in found.groups())
            return high if own > 1.3 * usual else -high if own < 0.75 * usual else 0
    assert any(re.match(beginning, text) for beginning in NO_NEWS), f"no clear meaning: {text}"
    return 0


def _number(text: str) -> float:
    return (
        0.0
        if text in ("today", "none")
        else float(text.removesuffix(" days").removesuffix(" day").replace(",", ""))
    )


def made_up_parts(rows: pd.DataFrame, seed: int) -> Contributions:
    """Contributions out of thin air: words must agree with them whatever a model does."""
    rng = np.random.default_rng(seed)
    names = [name for name in rows.columns if name not in ("customer_id", "cutoff", "churned")]
    strength = rng.gamma(0.5, 0.4, len(names))
    values = pd.DataFrame(rng.normal(size=(len(rows), len(names))) * strength, columns=names)
    matrix = pd.DataFrame(rng.normal(size=values.shape), columns=names)
    return Contributions(values, float(rng.normal()), matrix)


def nothing(_rows: pd.DataFrame) -> ChurnModel:
    """A model that is never asked."""
    return ChurnModel("none", 60, None, ())


def average(rows: pd.DataFrame, p_churn: np.ndarray) -> float:
    """Mean probability of the active customers."""
    return float(p_churn[rows["recency_days"].to_numpy() <= 60].mean())


@pytest.mark.parametrize("seed", range(12))
def test_words_and_drivers_agree_with_the_probability(make_panel: MakePanel, seed: int) -> None:
    rows = make_panel(300, seed)
    parts = made_up_parts(rows, seed)
    shop = describe_shop(rows, parts, 60)
    texts = reasons(nothing(rows), rows, parts)
    ranked = drivers(rows, parts, shop)
    above = parts.p_churn > average(rows, parts.p_churn)
    named = 0
    for i in range(len(rows)):
        said = [text for text in texts.iloc[i] if text is not None]
        named += len(said)
        assert len(said) <= (ranked.push[i] > 0).sum()
        assert {meaning(text) for text in said} <= {0, 1 if above[i] else -1}
        assert len(set(said)) == len(said)
        assert not any("goes with" in text for text in said)
    assert named > 300
    assert np.array_equal(ranked.side, np.where(above, 1, -1))
    assert ranked.push[ranked.push > 0].min() >= MIN_LOG_ODDS


@pytest.mark.parametrize("name", ["logistic_regression", "random_forest", "xgboost", "lightgbm", "svm"])
def test_words_agree_with_every_model(fit: Fit, rows: pd.DataFrame, name: str) -> None:
    model = fit(name)
    texts = reasons(model, rows)
    p = model.p_churn(rows)
    assert list(texts.columns) == ["factor_1", "factor_2", "factor_3"]
    assert texts.index.equals(rows.index)
    for i in range(len(rows)):
        for text in texts.iloc[i].dropna():
            assert meaning(text) in (0, 1 if p[i] > average(rows, p) else -1)
    assert texts["factor_1"].notna().mean() > 0.9


@pytest.mark.parametrize("name", BASELINES)
def test_words_agree_with_every_baseline(rows: pd.DataFrame, name: str) -> None:
    model = ChurnModel(name, 60, None, (), fit_baseline(name, rows, 60))
    texts = reasons(model, rows)
    p = model.p_churn(rows)
    for i in range(len(rows)):
        for text in texts.iloc[i].dropna():
            assert meaning(text) in (0, 1 if p[i] > average(rows, p) else -1)
    assert texts["factor_1"].notna().any() == (name != "base_rate")


def test_sentences_tell_the_truth(make_panel: MakePanel) -> None:
    """The figures in the sentences are the customer's and the shop's."""
    rows = make_panel(800, 3)
    checked = dict.fromkeys(("away", "rhythm", "orders", "spent"), 0)
    for seed in range(4):
        parts = made_up_parts(rows, seed)
        texts = reasons(nothing(rows), rows, parts, currency="EUR")
        active = rows[rows["recency_days"] <= 60]
        median = active["recency_days"].quantile(0.5, interpolation="lower")
        for (_index, row), said in zip(rows.iterrows(), texts.to_numpy(), strict=True):
            for text in (t for t in said if t is not None):
                if found := re.fullmatch(
                    r"Last purchase (\d+) days? ago; the typical customer (\d+) days ago", text
                ):
                    assert (int(found[1]), int(found[2])) == (row["recency_days"], median)
                    checked["away"] += 1
                if found := re.search(r"; usually buys every (\d+) day", text):
                    assert int(found[1]) == round(row["gap_mean_days"]) and row["purchase_days"] >= 3
                    checked["rhythm"] += 1
                if found := re.match(r"(?:Only )?(\d+) orders? so far; the typical customer has \d", text):
                    assert int(found[1]) == row["order_count"]
                    checked["orders"] += 1
                if found := re.match(r"Has spent (?:only )?€([\d.,]+)", text):
                    assert abs(float(found[1].replace(",", "")) - row["monetary_total"]) <= 0.5
                    checked["spent"] += 1
    assert min(checked.values()) > 50


SHOP_FIGURES = {
    "recency_days": 40.0,
    "order_count": 4.0,
    "orders_90d": 2.0,
    "orders_365d": 4.0,
    "orders_180d": 3.0,
    "monetary_total": 200.0,
    "monetary_mean": 50.0,
    "gap_mean_days": 31.0,
    "gap_cv": 0.5,
    "tenure_days": 400.0,
    "product_count": 5.0,
    "repeat_product_share": 0.4,
    "lines_per_order": 3.0,
    "discount_share": 0.1,
    "discount_order_share": 0.2,
    "return_share": 0.05,
    "weekend_share": 0.3,
    "evening_share": 0.25,
    "hour_mean": 11.2,
    "gap_max_days": 62.0,
    "visits_per_week": 4.0,
}
CUSTOMER: dict[str, Any] = {
    "recency_days": 94,
    "tenure_days": 500,
    "order_count": 6,
    "purchase_days": 6,
    "orders_90d": 0,
    "orders_365d": 3,
    "spend_90d": 0.0,
    "monetary_total": 120.0,
    "monetary_mean": 20.0,
    "last_order_value": 10.0,
    "last_order_value_ratio": 0.5,
    "gap_mean_days": 31.2,
    "gap_last_days": 60,
    "gap_min_days": 3,
    "gap_max_days": 120,
    "gap_cv": 0.9,
    "spend_trend_90d": np.nan,
    "return_share": 0.2,
    "weekend_share": 0.8,
    "evening_share": 0.05,
    "hour_mean": 14.4,
    "product_count": 2,
    "repeat_product_share": 0.1,
    "lines_per_order": 1.5,
    "discount_share": 0.25,
    "discount_order_share": 0.58,
    "favourite_category": "Coffee",
}
ONCE = {
    "order_count": 1,
    "purchase_days": 1,
    "orders_365d": 1,
    "gap_mean_days": np.nan,
    "gap_last_days": np.nan,
    "gap_min_days": np.nan,
    "gap_max_days": np.nan,
    "gap_cv": np.nan,
}


def one_reason(
    feature: str, push: float, changes: Mapping[str, Any], currency: str | None = "GBP"
) -> str | None:
    """What is said of one customer of whom a model says one thing only."""
    rows = pd.DataFrame([{**CUSTOMER, **changes}])
    parts = Contributions(pd.DataFrame({feature: [push]}), 0.0, pd.DataFrame({feature: [0.0]}))
    shop = Shop(0.5, {feature: 0.0}, SHOP_FIGURES)
    texts = reasons(nothing(rows), rows, parts, shop=shop, count=1, currency=currency)
    said: str | None = texts["factor_1"][0]
    return said


BACK = {"recency_days": 3, "orders_90d": 5, "spend_90d": 50.0}


@pytest.mark.parametrize(
    ("feature", "push", "changes", "text"),
    [
        ("recency_days", 1, {}, "Last purchase 94 days ago; usually buys every 31 days"),
        (
            "recency_days",
            1,
            {"order_count": 2, "purchase_days": 2, "gap_last_days": 31},
            "Last purchase 94 days ago; last time came back after 31 days",
        ),
        (
            "recency_days",
            1,
            {"gap_mean_days": 120.0},
            "Last purchase 94 days ago; the typical customer 40 days ago",
        ),
        (
            "recency_days",
            1,
            {"gap_mean_days": 120.0, "recency_days": 45},
            "Last purchase 45 days ago; the typical customer 40 days ago",
        ),
        ("recency_days", -1, BACK, "Last purchase 3 days ago; usually buys every 31 days"),
        ("recency_days", -1, {**BACK, "recency_days": 0}, "Last purchase today; usually buys every 31 days"),
        (
            "recency_days",
            -1,
            {**ONCE, **BACK},
            "Last purchase 3 days ago; the typical customer 40 days ago",
        ),
        # Bought just now, or long overdue: no shopkeeper takes that for the opposite.
        ("recency_days", 1, BACK, None),
        ("recency_days", -1, {}, None),
        (
            "orders_90d",
            1,
            {**BACK, "orders_90d": 1},
            "Only 1 order in the last 90 days; the typical customer has 2",
        ),
        ("orders_90d", -1, BACK, "5 orders in the last 90 days; the typical customer has 2"),
        ("order_count", 1, ONCE, "Only 1 order so far; the typical customer has 4"),
        ("gap_mean_days", 1, ONCE, "Only 1 order so far; the typical customer has 4"),
        ("gap_mean_days", 1, {**ONCE, "order_count": 3}, "All 3 orders on one day: too few to know a rhythm"),
        ("order_count", 1, {"order_count": 3}, "Only 3 orders so far; the typical customer has 4"),
        ("order_count", -1, {}, "6 orders so far; the typical customer has 4"),
        ("orders_365d", 1, {}, "Only 3 orders in the last 12 months; the typical customer has 4"),
        ("monetary_total", 1, {}, "Has spent only £120.00; the typical customer £200.00"),
        (
            "monetary_total",
            1,
            {"monetary_total": 0.0, "gross_total": 75.0},
            "Has returned all of the £75.00 bought",
        ),
        ("monetary_total", -1, {"monetary_total": 300.0}, "Has spent £300.00; the typical customer £200.00"),
        ("monetary_mean", 1, {}, "Spends only £20.00 an order; the typical customer £50.00"),
        ("monetary_mean", -1, {"monetary_mean": 80.0}, "Spends £80.00 an order; the typical customer £50.00"),
        ("gap_last_days", 1, {}, "Came back only after 60 days last time; 31 days is usual"),
        ("gap_last_days", -1, {"gap_last_days": 10}, "Came back after 10 days last time; 31 days is usual"),
        (
            "gap_mean_days",
            1,
            {"gap_mean_days": 60.0},
            "Buys only every 60 days; the typical customer every 31 days",
        ),
        (
            "gap_mean_days",
            -1,
            {"gap_mean_days": 14.0},
            "Buys every 14 days; the typical customer every 31 days",
        ),
        (
            "gap_cv",
            1,
            {},
            "Once stayed away for 120 days between two purchases; the typical customer for 62 days",
        ),
        (
            "gap_cv",
            -1,
            {"gap_cv": 0.1, "gap_max_days": 40},
            "Never stayed away for more than 40 days; the typical customer for 62 days",
        ),
        (
            "gap_mean_days",
            1,
            {"order_count": 4, "purchase_days": 2, "gap_mean_days": 90.0, "recency_days": 20},
            "Came back only 90 days after the first purchase; the typical customer buys every 31 days",
        ),
        (
            "spend_trend_90d",
            1,
            {**BACK, "spend_trend_90d": (50 - 100) / 150},
            "Spent £50.00 in the last 90 days, £100.00 in the 90 before",
        ),
        (
            "spend_trend_90d",
            -1,
            {**BACK, "spend_trend_90d": (50 - 20) / 70},
            "Spent £50.00 in the last 90 days, £20.00 in the 90 before",
        ),
        (
            "orders_trend_90d",
            1,
            {**BACK, "orders_90d": 1, "orders_trend_90d": (1 - 5) / 6},
            "1 order in the last 90 days, 5 in the 90 before; the typical customer has 2",
        ),
        (
            "orders_trend_90d",
            1,
            {**BACK, "orders_trend_90d": (5 - 10) / 15},
            "5 orders in the last 90 days, 10 in the 90 before",
        ),
        (
            "orders_trend_90d",
            -1,
            {**BACK, "orders_trend_90d": 1.0},
            "5 orders in the last 90 days, none in the 90 before; the typical customer has 2",
        ),
        ("last_order_value_ratio", 1, BACK, "Last order was only £10.00; £20.00 is usual"),
        (
            "discount_order_share",
            1,
            {},
            "Buys mostly with a discount: 58 % of orders; the typical customer 20 %",
        ),
        (
            "discount_order_share",
            -1,
            {"discount_order_share": 0.0},
            "Seldom needs a discount: 0 % of orders; the typical customer 20 %",
        ),
        ("discount_share", 1, {}, "Buys at 25 % off on average; the typical customer 10 %"),
        ("return_share", 1, {}, "Returned 20 % of what was bought, by value; the typical customer 5 %"),
        (
            "return_share",
            -1,
            {"return_share": 0.0},
            "Has returned nothing; the typical customer 5 % of what was bought",
        ),
        ("weekend_share", 1, {}, "80 % of orders at weekends; the typical customer 30 %"),
        ("evening_share", -1, {}, "5 % of orders in the evening; the typical customer 25 %"),
        ("hour_mean", -1, {}, "Orders around 14:00 on average; the typical customer around 11:00"),
        (
            "tenure_days",
            1,
            {"tenure_days": 35, "recency_days": 5},
            "New customer: first bought 35 days ago; the typical customer 13 months ago",
        ),
        (
            "tenure_days",
            1,
            {"tenure_days": 200},
            "First bought only 7 months ago; the typical customer 13 months ago",
        ),
        (
            "tenure_days",
            1,
            {"tenure_days": 1100},
            "Only 6 orders in 3 years; the typical customer 4 in 13 months",
        ),
        (
            "tenure_days",
            -1,
            {"tenure_days": 1100},
            "Customer for 3 years; the typical customer for 13 months",
        ),
        ("product_count", 1, {}, "Has bought only 2 different products; the typical customer 5"),
        (
            "repeat_product_share",
            1,
            {},
            "Seldom buys the same product again (10 % of items); the typical customer 40 %",
        ),
        ("lines_per_order", 1, {}, "Few items an order: 1.5; the typical customer 3"),
        # A taste has no name: another fact of the theme that reads the same way is said.
        ("product_factor_3", 1, {}, "Has bought only 2 different products; the typical customer 5"),
        ("product_factor_3", -1, {}, None),
        ("visits_per_week", 1, {"visits_per_week": 2.0}, "Visits per week: 2; the typical customer 4"),
    ],
)
def test_wording(feature: str, push: float, changes: Mapping[str, Any], text: str | None) -> None:
    said = one_reason(feature, push, changes)
    assert (None if said is None else said.replace(NARROW, " ")) == text
    assert said is None or meaning(said.replace("£", "")) in (0, push)


def test_one_order_long_ago_is_away_and_lately_is_new() -> None:
    """Without a second purchase the time as a customer is the time since the last purchase."""
    long_ago = {**ONCE, "recency_days": 300, "tenure_days": 300}
    lately = {**ONCE, "recency_days": 10, "tenure_days": 10}
    away = "Last purchase 300 days ago; the typical customer 40 days ago"
    assert one_reason("tenure_days", 1, long_ago) == away
    new = "New customer: first bought 10 days ago; the typical customer 13 months ago"
    assert one_reason("recency_days", 1, lately) == new
    fresh = "Last purchase 10 days ago; the typical customer 40 days ago"
    assert one_reason("tenure_days", -1, lately) == fresh


OVERDUE = "Last purchase 94 days ago; usually buys every 31 days"


def test_the_usual_time_as_a_customer_makes_the_silence_long() -> None:
    """As many orders in as many months as others have are a rhythm: who is behind it is told so."""
    assert one_reason("tenure_days", 1, {"tenure_days": 420}) == OVERDUE
    in_time = {"tenure_days": 420, "recency_days": 20}
    assert (
        one_reason("tenure_days", 1, in_time)
        == "First bought 14 months ago; the typical customer 13 months ago"
    )


def test_what_reads_as_the_typical_customers_is_no_reason() -> None:
    assert one_reason("tenure_days", 1, {"tenure_days": 401, "recency_days": 20}) is None
    assert one_reason("order_count", -1, {"order_count": 4, "recency_days": 40}) is None


@pytest.mark.parametrize(("share", "told"), [(0.11, False), (0.115, False), (0.13, True)])
def test_shares_within_two_points_are_no_reason(share: float, told: bool) -> None:
    said = one_reason("discount_share", 1, {"discount_share": share})
    assert (said is not None and "off on average" in said) is told


def test_the_purchase_process_means_time_or_number() -> None:
    assert one_reason("btyd_p_no_purchase", 1, {}) == OVERDUE
    once = "Only 1 order so far; the typical customer has 4"
    assert one_reason("btyd_p_no_purchase", 1, {**ONCE, "recency_days": 5}) == once
    assert one_reason("btyd_p_no_purchase", -1, {}) == "6 orders so far; the typical customer has 4"


@pytest.mark.parametrize("feature", ["order_count", "repeat_count"])
def test_many_orders_that_have_stopped_are_the_time_away(feature: str) -> None:
    assert one_reason(feature, 1, {}) == OVERDUE
    # They go on: then another fact of the theme speaks for leaving, or nothing does.
    late_last_time = "Came back only after 60 days last time; 31 days is usual"
    assert one_reason(feature, 1, {"recency_days": 20, "orders_365d": 4, "gap_cv": 0.2}) == late_last_time
    steady = {"recency_days": 20, "gap_last_days": 30, "gap_cv": 0.2, "orders_365d": 4}
    assert one_reason(feature, 1, steady) is None


def test_change_is_not_repeated_for_those_who_are_away() -> None:
    """Nothing bought in 90 days: spending fell because of that, so it counts as that."""
    assert one_reason("spend_trend_90d", 1, {"spend_trend_90d": -1.0}) == OVERDUE


def test_few_orders_where_few_are_usual() -> None:
    rows = pd.DataFrame([{**CUSTOMER, **ONCE}])
    frame = pd.DataFrame({"order_count": [1.0]})
    shop = Shop(0.5, {"order_count": 0.0}, {**SHOP_FIGURES, "order_count": 1.0})
    said = reasons(nothing(rows), rows, Contributions(frame, 0.0, frame), shop=shop)
    assert said.iloc[0, 0] == "Only 1 order so far; the typical customer has no more"


def test_a_figure_that_tells_comes_before_a_stronger_one_that_does_not() -> None:
    values = {"recency_days": 0.4, "weekend_share": 2.0}
    rows, frame = pd.DataFrame([CUSTOMER]), pd.DataFrame([values])
    shop = Shop(0.5, dict.fromkeys(values, 0.0), SHOP_FIGURES)
    said = reasons(nothing(rows), rows, Contributions(frame, 0.0, frame), shop=shop).iloc[0]
    weekend = f"80{NARROW}% of orders at weekends; the typical customer 30{NARROW}%"
    assert said.tolist() == [OVERDUE, weekend, None]


def test_features_of_a_group_are_one_reason() -> None:
    """Three features say "away" and none of them alone is as strong as the discount."""
    values = {
        "recency_days": 0.3,
        "recency_days_rank": 0.3,
        "overdue_ratio": 0.3,
        "discount_order_share": 0.5,
        "weekend_share": -2.0,
    }
    rows = pd.DataFrame([CUSTOMER])
    parts = Contributions(pd.DataFrame([values]), 2.0, pd.DataFrame([values]))
    shop = Shop(0.5, dict.fromkeys(values, 0.0), SHOP_FIGURES)
    texts = reasons(nothing(rows), rows, parts, shop=shop)
    assert texts.iloc[0].tolist() == [
        OVERDUE,
        "Buys mostly with a discount: 58\u202f% of orders; the typical customer 20\u202f%",
        None,
    ]


def test_the_strongest_figure_of_a_group_is_said() -> None:
    rows = pd.DataFrame([CUSTOMER])
    shop = Shop(0.5, {"monetary_total": 0.0, "monetary_mean": 0.0}, SHOP_FIGURES)
    for values, beginning in (((0.2, 0.9), "Spends only"), ((0.9, 0.2), "Has spent only")):
        frame = pd.DataFrame([values], columns=["monetary_total", "monetary_mean"])
        said = reasons(nothing(rows), rows, Contributions(frame, 0.0, frame), shop=shop, count=1)
        assert str(said.iloc[0, 0]).startswith(beginning)


def test_what_everybody_shares_explains_nobody(make_panel: MakePanel) -> None:
    rows = make_panel(60, 0)
    frame = pd.DataFrame({"weekend_share": np.full(60, 2.0), "monetary_total": np.linspace(-1, 1, 60)})
    texts = reasons(nothing(rows), rows, Contributions(frame, 0.0, frame))
    assert texts["factor_1"].str.contains("weekend").sum() == 0
    assert texts["factor_2"].isna().all()


def test_season_is_no_reason(make_panel: MakePanel) -> None:
    rows = make_panel(60, 0)
    frame = pd.DataFrame({"cutoff_month_sin": np.linspace(-1, 1, 60)})
    assert reasons(nothing(rows), rows, Contributions(frame, 0.0, frame)).isna().all(axis=None)


@pytest.mark.parametrize("push", [0.0, MIN_LOG_ODDS * 0.99, -MIN_LOG_ODDS * 0.99])
def test_too_little_to_name(push: float) -> None:
    assert one_reason("recency_days", push, {}) is None


def test_a_small_share_of_the_whole_is_left_out() -> None:
    values = {"recency_days": 3.0, "monetary_total": 0.08, "discount_order_share": 0.4}
    rows = pd.DataFrame([CUSTOMER])
    frame = pd.DataFrame([values])
    shop = Shop(0.5, dict.fromkeys(values, 0.0), SHOP_FIGURES)
    said = reasons(nothing(rows), rows, Contributions(frame, 0.0, frame), shop=shop).iloc[0]
    assert said.notna().tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("feature", "missing"),
    [
        ("discount_share", ["discount_share", "discount_order_share", "monetary_total", "monetary_mean"]),
        (
            "favourite_category",
            ["favourite_category", "product_count", "repeat_product_share", "lines_per_order"],
        ),
        ("recency_days", ["recency_days"]),
    ],
)
def test_missing_figures_are_no_reason(feature: str, missing: list[str]) -> None:
    assert one_reason(feature, 1, {**BACK, **dict.fromkeys(missing, np.nan)}) is None


def test_columns_that_the_export_lacks(make_panel: MakePanel) -> None:
    rows = make_panel(100, 0)[["customer_id", "recency_days", "order_count"]]
    frame = pd.DataFrame(
        np.random.default_rng(0).normal(size=(100, 3)), columns=["recency_days", "order_count", "gap_cv"]
    )
    texts = reasons(nothing(rows), rows, Contributions(frame, 0.0, frame))
    assert texts["factor_1"].notna().mean() > 0.5


@pytest.mark.parametrize(
    ("category", "text"),
    [
        ("{order_count} %s {0}", "“{order_count} %s {0}”"),
        ("=HYPERLINK(1)\r\n<script>", "“=HYPERLINK(1) <script>”"),
        ("x" * 500, "“" + "x" * 59 + "…”"),
        ("\u202eevil", "“evil”"),
    ],
)
def test_hostile_names_are_plain_text(category: str, text: str) -> None:
    told = {"favourite_category": category, "favourite_share": 0.5, **dict.fromkeys(("product_count",), 5)}
    steady = {"repeat_product_share": 0.4, "lines_per_order": 3.0}
    said = one_reason("favourite_category", 1, {**told, **steady})
    assert said == f"Spends most on {text} (50{NARROW}% of the money)"


@pytest.mark.parametrize("category", ["", "  ", "\u202e", None, np.nan, pd.NA, 7])
def test_names_that_show_nothing(category: object) -> None:
    unnamed = {"favourite_category": category, "favourite_share": 0.5, "product_count": 9}
    assert (
        one_reason("favourite_category", 1, {**unnamed, "repeat_product_share": 0.4, "lines_per_order": 3.0})
        is None
    )


def test_one_customer_against_the_shop_reads_as_among_all(fit: Fit, rows: pd.DataFrame) -> None:
    model = fit("logistic_regression", "lightgbm")
    parts = contributions(model, rows)
    everybody = reasons(model, rows, parts)
    shop = describe_shop(rows, parts, 60)
    for i in (0, 77, 499):
        pd.testing.assert_frame_equal(reasons(model, rows.iloc[[i]], shop=shop), everybody.iloc[[i]])


def test_one_customer_without_a_shop_is_not_compared_with_others(fit: Fit, rows: pd.DataFrame) -> None:
    model = fit("logistic_regression")
    texts = pd.concat([reasons(model, rows.iloc[[i]]) for i in range(15)])
    assert texts["factor_1"].notna().mean() > 0.8
    assert not texts.stack().str.contains("typical").any()


def test_differences_from_the_shop_add_up_to_the_side_of_the_average(make_panel: MakePanel) -> None:
    """Also where many stand between the mean probability and the mean log-odds."""
    rows = make_panel(400, 2)
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"recency_days": rng.exponential(2.0, 400), "weekend_share": rng.normal(size=400) * 0.2}
    )
    parts = Contributions(frame, -1.0, frame)
    shop = describe_shop(rows, parts, 60)
    total = centred(parts, shop).sum(axis=1)
    np.testing.assert_allclose(total, parts.margin - np.log(shop.p_churn / (1 - shop.p_churn)), atol=1e-9)
    above = parts.p_churn > shop.p_churn
    between = above & (parts.margin < parts.margin.mean())
    assert between.sum() > 5
    assert ((total > 0) == above).all()


def test_shop_described_with_other_features(rows: pd.DataFrame) -> None:
    parts = made_up_parts(rows, 0)
    with pytest.raises(ModelError, match=r"unknown to it, e\.g\. 'recency_days'"):
        reasons(nothing(rows), rows, parts, shop=Shop(0.5, {"a": 0.0}, {}))


def test_process_champion_names_more_than_one_thing(make_panel: MakePanel) -> None:
    rows = add_purchase_process(make_panel(400, 11).drop(columns="btyd_p_no_purchase"), 60)
    model = ChurnModel("mbg_nbd", 60, None, (), fit_baseline("mbg_nbd", rows, 60))
    parts = contributions(model, rows)
    texts = reasons(model, rows, parts)
    p = model.p_churn(rows)
    for i in range(len(rows)):
        assert {meaning(text) for text in texts.iloc[i].dropna()} <= {0, 1 if p[i] > average(rows, p) else -1}
    assert texts["factor_1"].notna().mean() > 0.9
    # Gaps are regular here, so that how late somebody is says most.
    assert texts["factor_2"].notna().mean() > 0.25
    for i, side in ((int(p.argmin()), -1), (int(p.argmax()), 1)):
        alone = reasons(model, rows.iloc[[i]], shop=describe_shop(rows, parts, 60))
        assert meaning(str(alone.iloc[0, 0])) == side


@pytest.mark.parametrize(
    ("recency", "text"), [(200, "Last purchase 200 days ago"), (100, "Only 1 order in the last 180")]
)
def test_a_window_without_orders_is_the_time_away(recency: int, text: str) -> None:
    said = one_reason("orders_180d", 1, {"recency_days": recency, "orders_180d": int(recency < 180)})
    assert said is not None
    assert said.startswith(text)


def test_equal_customers_have_no_reasons(make_panel: MakePanel) -> None:
    rows = pd.concat([make_panel(1, 0)] * 50, ignore_index=True)
    frame = pd.DataFrame({"recency_days": np.ones(50)})
    assert reasons(nothing(rows), rows, Contributions(frame, 0.0, frame)).isna().all(axis=None)


def test_nobody(fit: Fit, rows: pd.DataFrame) -> None:
    texts = reasons(fit("logistic_regression"), rows.iloc[:0], count=2)
    assert texts.shape == (0, 2)


def test_repeated_index_labels_stay(fit: Fit, rows: pd.DataFrame) -> None:
    doubled = pd.concat([rows.iloc[:40], rows.iloc[:40]])
    texts = reasons(fit("logistic_regression"), doubled)
    assert texts.index.equals(doubled.index)
    assert texts.iloc[:40].equals(texts.iloc[40:])


def test_importance_by_hand() -> None:
    values = pd.DataFrame(
        {"recency_days": [1.0, -1.0, 2.0], "order_count": [-0.5, 0.0, 0.5], "gap_cv": [0.0, 0.0, 0.0]}
    )
    matrix = pd.DataFrame(
        {"recency_days": [20.0, 10.0, 30.0], "order_count": [3.0, 2.0, 1.0], "gap_cv": [1.0, np.nan, 2.0]}
    )
    table = importance(Contributions(values, 0.0, matrix))
    assert table["feature"].tolist() == ["recency_days", "order_count", "gap_cv"]
    assert table["label"].tolist()[0] == "Days since the last purchase"
    np.testing.assert_allclose(table["mean_absolute_log_odds"], [4 / 3, 1 / 3, 0.0])
    np.testing.assert_allclose(table["share"], [0.8, 0.2, 0.0])
    assert table["direction"].tolist() == ["raises risk", "lowers risk", "none"]


def test_importance_without_direction() -> None:
    values = pd.DataFrame(
        {"recency_days": [1.0, -1.0, -1.0, 1.0], "favourite_category": [1.0, 2.0, 3.0, 4.0]}
    )
    matrix = pd.DataFrame({"recency_days": [1.0, 2.0, 3.0, 4.0], "favourite_category": [0.1, 0.2, 0.3, 0.4]})
    table = importance(Contributions(values, 0.0, matrix)).set_index("feature")
    assert table.loc["recency_days", "direction"] == "mixed"
    assert table.loc["favourite_category", "direction"] == "mixed"


def test_importance_of_nothing() -> None:
    empty = Contributions(pd.DataFrame(index=range(3)), 0.0, pd.DataFrame(index=range(3)))
    assert importance(empty).empty


def test_importance_shares_add_up(fit: Fit, rows: pd.DataFrame) -> None:
    table = importance(contributions(fit("lightgbm"), rows))
    assert table["share"].sum() == pytest.approx(1.0)
    assert set(table["direction"]) <= {"raises risk", "lowers risk", "mixed", "none"}
    assert table["mean_absolute_log_odds"].is_monotonic_decreasing


@pytest.mark.parametrize(
    ("pushes", "text"),
    [
        ({"recency_days": 2.0, "order_count": 0.3}, "Only 1 order so far; the typical customer has 4"),
        ({"recency_days": 2.0}, "Last purchase 42 days ago; the typical customer 40 days ago"),
    ],
)
def test_a_figure_like_the_shops_is_said_only_for_want_of_a_better_one(
    pushes: Mapping[str, float], text: str
) -> None:
    rows, frame = pd.DataFrame([{**CUSTOMER, **ONCE, "recency_days": 42}]), pd.DataFrame([pushes])
    shop = Shop(0.5, dict.fromkeys(pushes, 0.0), SHOP_FIGURES)
    said = reasons(nothing(rows), rows, Contributions(frame, 0.0, frame), shop=shop).iloc[0]
    assert said.tolist() == [text, None, None]


def test_every_theme_can_be_said_with_and_without_a_shop() -> None:
    assert {*STATEMENTS, "other"} == set(RANKED_GROUPS)
    for group, some in STATEMENTS.items():
        ranks = {s.rank for s in some}
        assert Rank.BARE in ranks and ranks & {Rank.NEUTRAL, Rank.UNREMARKABLE}, group
        for one in some:
            assert one.rank is Rank.TELLING or "only" not in one.template.lower()


@pytest.mark.slow
def test_a_large_shop_takes_seconds(fit: Fit, make_panel: MakePanel) -> None:
    model = fit("logistic_regression", "lightgbm", early_stopping=False)
    many = make_panel(20_000, 9)
    started = time.process_time()
    texts = reasons(model, many)
    assert time.process_time() - started < 5.0
    assert texts["factor_1"].notna().mean() > 0.9


def test_reasons_given_in_chunks_are_the_same(make_panel: MakePanel, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = make_panel(300, 5)
    parts = made_up_parts(rows, 5)
    whole = reasons(nothing(rows), rows, parts, currency="EUR")
    monkeypatch.setattr("churnkit.explain.reasons.CHUNK_ROWS", 70)
    pd.testing.assert_frame_equal(reasons(nothing(rows), rows, parts, currency="EUR"), whole)


def test_percent_signs_and_braces_of_a_file_stand_in_a_sentence_as_they_are(make_panel: MakePanel) -> None:
    rows = make_panel(60, 1).assign(favourite_category="100 % {x} %s")
    facts = Facts(rows, {}, None)
    assert facts.fill("50 % of it on {favourite_category}")[0] == "50 % of it on “100 % {x} %s”"
    assert facts.fill("Nothing at 5 %") == ["Nothing at 5 %"] * 60
