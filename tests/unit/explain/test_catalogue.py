"""Every feature has words, and every value can be written."""

from __future__ import annotations

from datetime import datetime

import ibis
import numpy as np
import pandas as pd
import pytest

from churnkit.explain.catalogue import GROUPS, feature, feature_label, feature_value
from churnkit.explain.sentence_values import (
    money_text,
    plain_text,
    shown,
    span_text,
)
from churnkit.features.column_names import feature_columns
from churnkit.features.indicators import INDICATOR_PREFIX
from churnkit.features.panel import panel
from churnkit.features.product_factors import FACTOR_PREFIX
from churnkit.features.purchase_process import PURCHASE_PROCESS_COLUMNS
from churnkit.text.figures import NARROW


def panel_features() -> list[str]:
    """Features of an export with every optional column."""
    lines = pd.DataFrame(
        {
            "order_id": ["1"],
            "customer_id": ["a"],
            "ordered_at": pd.to_datetime(["2025-01-01"]).astype("datetime64[us]"),
            "product_id": ["p"],
            "product_name": ["p"],
            "category": ["c"],
            "quantity": [1.0],
            "unit_price": [1.0],
            "amount": [1.0],
            "discount": [0.0],
            "is_return": [False],
            "source_row": [1],
        }
    )
    cutoff = datetime(2026, 1, 1)
    columns = panel(ibis.memtable(lines), [cutoff], 30, observed_until=cutoff).columns
    names = feature_columns(pd.DataFrame(columns=list(columns)))
    return [*names, *PURCHASE_PROCESS_COLUMNS, f"{FACTOR_PREFIX}1", f"{INDICATOR_PREFIX}Consumer mood"]


def test_every_feature_of_the_panel_has_words_of_its_own() -> None:
    names = panel_features()
    assert len(names) > 80
    assert [name for name in names if feature(name).group == "other"] == []


def test_labels_tell_features_apart_and_show_no_column_names() -> None:
    names = panel_features()
    labels = [feature_label(name) for name in names]
    assert len(set(labels)) == len(labels)
    assert [label for label in labels if "_" in label or label.lower() in names] == []
    for name in names:
        known = feature(name)
        assert known.group in GROUPS and known.group != "other"
        assert known.high != known.low


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("recency_days_rank", "recency"),
        ("orders_decay_30d", "frequency"),
        ("orders_before_90d", "frequency"),
        ("orders_365d", "frequency"),
        ("spend_365d", "money"),
        ("spend_trend_180d", "money"),
        ("orders_trend_180d", "frequency"),
        ("gap_mean_days", "frequency"),
        ("discount_share", "money"),
        ("weekend_share", "season"),
        ("product_factor_7", "products"),
        ("cutoff_month_sin", "season"),
        ("visits_per_week", "other"),
        ("orders_365days", "other"),
    ],
)
def test_groups(name: str, group: str) -> None:
    assert feature(name).group == group


def test_an_unknown_feature_is_spelt_out() -> None:
    assert feature_label("visits_per_week") == "Visits per week"
    assert feature_value("visits_per_week", 2.5) == "2.5"


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("recency_days", 94.4, "94 days"),
        ("recency_days", 1, "1 day"),
        ("order_count", 1204, "1,204"),
        ("monetary_total", 1204.4, "£1,204"),
        ("monetary_total", -12.5, "-£12.50"),
        ("return_share", 0.123, "12.3 %"),
        ("return_share", 1.7, "100 %"),
        ("overdue_ratio", 2.04, "2 times"),
        ("spend_trend_90d", -0.5, "-50 %"),
        ("hour_mean", 14.6, "around 14:00"),
        ("orders_per_month", 0.333, "0.33"),
        ("favourite_category", " Tea\n& more ", "“Tea & more”"),
        ("favourite_category", None, "unknown"),
        ("favourite_category", float("nan"), "unknown"),
        ("recency_days", float("nan"), "unknown"),
        ("monetary_total", float("inf"), "unknown"),
    ],
)
def test_values_are_written_as_a_reader_expects(name: str, value: object, text: str) -> None:
    assert feature_value(name, value, "GBP").replace(NARROW, " ") == text


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (1204.4, None, "1,204"),
        (12.0, "£", "£12.00"),
        (-12.0, "R$", "-R$12.00"),
        (12.0, "kr", "12.00 kr"),
        (12.0, "\u202e<b>\n", "<b>12.00"),
        (12.0, "", "12.00"),
    ],
)
def test_money(value: float, currency: str | None, text: str) -> None:
    assert money_text(value, currency).replace(NARROW, " ") == text


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0, "0 days"),
        (59, "59 days"),
        (61, "2 months"),
        (400, "13 months"),
        (731, "2 years"),
        (1100, "3 years"),
        (1280, "3.5 years"),
    ],
)
def test_spans(days: float, text: str) -> None:
    assert span_text(days) == text


def test_text_out_of_the_file_is_one_visible_line() -> None:
    assert plain_text("  a\r\n\tb\x00\x1b[31m\u202e\ud800c ") == "a b[31mc"
    assert plain_text("x" * 60) == "x" * 60
    assert plain_text("x" * 61) == "x" * 59 + "…"
    assert plain_text("word " * 1000) == ("word " * 12)[:59].rstrip() + "…"
    assert plain_text("\u200e\u2067") == ""


def test_values_that_read_the_same_count_as_the_same() -> None:
    np.testing.assert_array_equal(shown("days", np.array([30.6, 31.4])), [31, 31])
    np.testing.assert_array_equal(shown("money", np.array([99.994, 100.4])), [99.99, 100])
    np.testing.assert_array_equal(shown("share", np.array([0.123, 1.8, -0.1])), [0.12, 1.0, 0.0])
    assert np.isnan(shown("share", np.array([np.nan])))[0]
