"""A history moved by some days, against the panel of a later date on which nothing had happened since."""

from __future__ import annotations

from datetime import datetime, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest

from churnkit.features.panel import panel
from churnkit.features.purchase_process import add_purchase_process
from churnkit.features.time_passed import SAME_AS_RECENCY, TimePassed
from tests.shops import order_lines

CUTOFF, DAYS_LATER, HORIZON_DAYS = datetime(2026, 6, 1), 40, 60
# What the windows' ends alone do not tell; and the calendar, which is the date's own.
APPROXIMATE = r"(orders|spend|lines)_(\d+d|trend_\d+d)"
OF_THE_DATE = r"cutoff.*|.*_rank|btyd_.*|p_alive"


@pytest.fixture(scope="module")
def both() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Panel rows at a date and at a later one, of the customers who had done nothing in between."""
    lines = order_lines(customers=300, days=700)
    lines = lines[lines["ordered_at"] < pd.Timestamp(CUTOFF)].assign(is_return=False)
    lines["ordered_at"] = lines["ordered_at"].astype("datetime64[us]")
    lines = lines.assign(source_row=np.arange(len(lines)))
    dates = [CUTOFF, CUTOFF + timedelta(days=DAYS_LATER)]
    rows = panel(ibis.memtable(lines), dates, HORIZON_DAYS, observed_until=dates[-1])
    frame = add_purchase_process(rows.to_pyarrow().to_pandas(), HORIZON_DAYS)
    frame = frame.sort_values("customer_id", ignore_index=True)
    now, later = (frame[frame["cutoff"] == date].reset_index(drop=True) for date in dates)
    return now, later


def figures(rows: pd.DataFrame) -> pd.DataFrame:
    numbers = rows.select_dtypes("number").astype(float)
    return numbers.drop(
        columns=[name for name in numbers if name in ("churned", "orders_next", "spend_next")]
    )


def one_by_one(now: pd.DataFrame, recency_days: np.ndarray) -> pd.DataFrame:
    passed = TimePassed.of(now, HORIZON_DAYS)
    moved = [passed.rows(now.iloc[[k]], days) for k, days in enumerate(recency_days)]
    return pd.concat(moved, ignore_index=True)


def test_all_that_follows_by_definition_is_what_a_later_panel_says(
    both: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    now, later = both
    moved = figures(one_by_one(now, later["recency_days"].to_numpy(dtype=float)))
    exact = moved.columns[
        ~moved.columns.str.fullmatch(APPROXIMATE) & ~moved.columns.str.fullmatch(OF_THE_DATE)
    ]
    assert {"overdue_ratio", "tenure_days", "orders_per_month", "active_month_share"} <= set(exact)
    assert {"recency_tenure_ratio", "orders_decay_30d", "spend_decay_180d"} <= set(exact)
    pd.testing.assert_frame_equal(moved[exact], figures(later)[exact], rtol=1e-4, atol=1e-3)


def test_windows_are_empty_when_the_last_purchase_has_left_them_and_close_before(
    both: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    now, later = both
    moved = one_by_one(now, later["recency_days"].to_numpy(dtype=float))
    for days in (30, 60, 90, 180, 365):
        orders = f"orders_{days}d"
        assert ((moved[orders] > 0) == (moved["recency_days"] <= days)).all()
        assert ((later[orders] > 0) == (later["recency_days"] <= days)).all()
        assert (moved[orders] - later[orders]).abs().mean() < 0.35
        assert (moved[orders] <= moved["order_count"]).all()
    known = later["orders_trend_90d"].notna()
    agree = np.sign(moved["orders_trend_90d"]) == np.sign(later["orders_trend_90d"])
    assert agree[known].mean() > 0.7


def test_nobody_changes_who_stays_as_he_is(both: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    now, _later = both
    same = one_by_one(now, now["recency_days"].to_numpy(dtype=float))
    pd.testing.assert_frame_equal(figures(same), figures(now), rtol=1e-6, atol=1e-6)


def test_ranks_and_the_purchase_process_follow(both: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    now, _later = both
    passed = TimePassed.of(now, HORIZON_DAYS)
    fresh, old = passed.rows(now, 0.0), passed.rows(now, 500.0)
    assert (fresh["recency_days_rank"] == 0).all()
    assert old["recency_days_rank"].min() == 1.0
    for name in ("overdue_ratio", "btyd_p_no_purchase"):
        known = now[name].notna()
        assert (old.loc[known, name] > fresh.loc[known, name]).all()
    assert (old["t_x_days"] == now["t_x_days"]).all()
    pd.testing.assert_series_equal(old["order_count_rank"], now["order_count_rank"])


def test_columns_that_are_not_there_are_not_made_up() -> None:
    rows = pd.DataFrame({"customer_id": ["a", "b"], "recency_days": [3, 40], "order_count": [1, 2]})
    moved = TimePassed.of(rows, HORIZON_DAYS).rows(rows, 10.0)
    assert moved.to_dict("list") == {
        "customer_id": ["a", "b"],
        "recency_days": [10.0, 10.0],
        "order_count": [1, 2],
    }


def test_what_only_says_the_same() -> None:
    same = [
        name
        for name in ("overdue_ratio", "p_alive", "tenure_days", "orders_30d")
        if SAME_AS_RECENCY.fullmatch(name)
    ]
    assert same == ["overdue_ratio", "p_alive"]
