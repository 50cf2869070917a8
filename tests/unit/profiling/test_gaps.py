"""Gaps and the return curve, against hand-computed numbers and a pandas oracle."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from churnkit.profiling import gaps, tables
from churnkit.results.profile import GapQuantiles

END = date(2024, 1, 13)
# a: gaps of 3 and 5 days, then 4 days open; b: one purchase, 12 days open; c: a gap of 3 days, 8 days open.
PURCHASES = {
    "a": ("2024-01-01", "2024-01-04", "2024-01-09"),
    "b": ("2024-01-01",),
    "c": ("2024-01-02", "2024-01-05"),
}


@pytest.fixture
def days(transactions, bought):
    lines = [line for name, dates in PURCHASES.items() for line in bought(name, *dates)]
    lines += bought("a", "2024-01-04T18:30:00")
    lines += bought("b", "2024-01-11", amount=-5.0)
    return tables.purchase_days(transactions(lines))


def as_set(frame: pd.DataFrame, *columns: str) -> set[tuple[int, ...]]:
    return {tuple(row) for row in frame[list(columns)].astype(int).itertuples(index=False)}


def test_spells_are_gaps_between_purchase_days_and_one_open_spell_a_customer(days):
    found = as_set(tables.small_frame(gaps.spells(days, END)), "gap_days", "closed", "spells")
    assert found == {(3, 1, 2), (5, 1, 1), (4, 0, 1), (12, 0, 1), (8, 0, 1)}


def test_lifetimes_count_days_from_first_and_last_purchase(days):
    found = as_set(tables.small_frame(gaps.lifetimes(days, END)), "tenure_days", "recency_days", "customers")
    assert found == {(12, 4, 1), (12, 12, 1), (11, 8, 1)}


def counted_spells(times: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "gap_days": [3, 5, 4, 12, 8],
            "closed": [True, True, False, False, False],
            "spells": [2 * times, times, times, times, times],
        }
    )


def test_return_curve_counts_open_spells_as_censored():
    curve = gaps.return_curve(counted_spells(times=30))
    # 6 spells at risk on day 3 and 2 end; on day 5, 3 are at risk (5, 8 and 12 days) and 1 ends.
    expected = {0: 1.0, 2: 1.0, 3: 4 / 6, 4: 4 / 6, 5: 4 / 6 * 2 / 3, 12: 4 / 9}
    for day, share in expected.items():
        assert curve.silent_at(day) == pytest.approx(share)
    assert (curve.closed_spells, curve.support_days) == (90, 12)
    assert curve.silent_at(13) is None
    assert curve.late_return_share(4) == pytest.approx(1 - (4 / 9) / (4 / 6))


def test_return_curve_ends_where_too_few_spells_remain():
    counts = pd.DataFrame({"gap_days": [3, 8, 12], "closed": [True, False, False], "spells": [50, 100, 29]})
    # Of 129 customers, day 9 is reached by 29 spells, where 30 are needed.
    assert gaps.return_curve(counts).support_days == 8
    # Of three customers it takes five spells.
    assert gaps.return_curve(counted_spells(times=1)).support_days == 3


def test_return_curve_without_censoring_is_the_share_of_longer_gaps():
    counts = pd.DataFrame({"gap_days": [2, 10], "closed": [True, True], "spells": [60, 40]})
    curve = gaps.return_curve(counts)
    assert curve.silent_at(1) == 1.0
    assert curve.silent_at(2) == pytest.approx(0.4)
    assert curve.silent_at(10) == pytest.approx(0.0)
    assert curve.late_return_share(6) == pytest.approx(1.0)


def test_late_returns_are_not_told_without_time_to_come_back():
    # Watched for 12 days: after 8 days of silence there are 4 left, half as long again; after 9 there are 3.
    curve = gaps.return_curve(counted_spells(times=30))
    assert curve.told_days == 8
    assert curve.late_return_share(8) == pytest.approx(0.0)
    assert curve.late_return_share(9) is None


def test_a_pause_counts_once_it_is_longer():
    curve = gaps.return_curve(counted_spells(times=30))
    assert [int(curve.pauses[day]) for day in (0, 3, 4, 5, 12)] == [180, 120, 90, 60, 0]


def test_a_small_shop_is_not_blind():
    # 12 customers, five of whom were watched for 90 days: a quarter of them would be 3, but five are needed.
    counts = pd.DataFrame(
        {"gap_days": [30, 60, 90, 120], "closed": [True, False, False, False], "spells": [40, 7, 2, 3]}
    )
    curve = gaps.return_curve(counts)
    assert (curve.support_days, curve.late_return_share(29)) == (90, pytest.approx(40 / 52))


def test_returns_after_a_year_are_told_from_others():
    counts = pd.DataFrame(
        {
            "gap_days": [40, 200, 365, 394, 900],
            "closed": [True, True, True, True, False],
            "spells": [100, 100, 200, 100, 500],
        }
    )
    curve = gaps.return_curve(counts)
    assert curve.yearly_part(30) == pytest.approx(300 / 500)
    assert curve.yearly_part(100) == pytest.approx(300 / 400)
    assert curve.yearly_part(340) == 0.0
    assert curve.returned_part(100) == pytest.approx(100 / 500)


def test_gap_distribution_describes_closed_gaps_only():
    counts = pd.DataFrame(
        {"gap_days": [1, 7, 8, 400, 50], "closed": [True] * 4 + [False], "spells": [1, 4, 3, 2, 99]}
    )
    found = gaps.gap_distribution(counts)
    assert found.count == 10
    assert found.mean_days == pytest.approx((1 + 28 + 24 + 800) / 10)
    assert found.quantiles_days == GapQuantiles(p10=1, p25=7, p50=7, p75=8, p90=400, p95=400)
    cells = {(cell.from_days, cell.to_days): cell.gaps for cell in found.histogram}
    assert cells[1, 7] == 5
    assert cells[8, 14] == 3
    assert cells[366, None] == 2
    assert sum(cells.values()) == 10
    assert sum(cell.share for cell in found.histogram) == pytest.approx(1.0)


def test_gap_distribution_of_one_time_buyers_is_empty():
    counts = pd.DataFrame({"gap_days": [5], "closed": [False], "spells": [3]})
    assert gaps.gap_distribution(counts).count == 0


def test_spells_and_lifetimes_agree_with_pandas():
    random = np.random.default_rng(7)
    frame = pd.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(600)],
            "customer_id": [f"c{i}" for i in random.integers(0, 60, 600)],
            "ordered_at": pd.Timestamp("2024-01-01")
            + pd.to_timedelta(random.integers(0, 200 * 86_400, 600), unit="s"),
            "amount": random.choice([10.0, -3.0, 0.0], 600, p=[0.8, 0.15, 0.05]),
            "is_return": False,
            "source_row": range(1, 601),
        }
    )
    frame["ordered_at"] = frame["ordered_at"].astype("datetime64[us]")
    cutoff = datetime(2024, 6, 1)
    days = tables.purchase_days(tables.history(ibis.memtable(pa.Table.from_pandas(frame)), cutoff))

    past = frame[(frame["ordered_at"] < cutoff) & (frame["amount"] > 0)]
    by_customer = past.assign(day=past["ordered_at"].dt.normalize()).groupby("customer_id")["day"]
    expected_spells: dict[tuple[int, bool], int] = {}
    expected_lives: dict[tuple[int, int], int] = {}
    for _name, dates in by_customer:
        distinct = sorted(set(dates))
        lengths = [((b - a).days, True) for a, b in pairwise(distinct)]
        lengths.append(((pd.Timestamp(cutoff) - distinct[-1]).days, False))
        for length in lengths:
            expected_spells[length] = expected_spells.get(length, 0) + 1
        life = ((pd.Timestamp(cutoff) - distinct[0]).days, (pd.Timestamp(cutoff) - distinct[-1]).days)
        expected_lives[life] = expected_lives.get(life, 0) + 1

    spells = tables.small_frame(gaps.spells(days, cutoff.date()))
    assert {
        (int(row["gap_days"]), bool(row["closed"])): int(row["spells"]) for row in spells.to_dict("records")
    } == expected_spells
    lives = tables.small_frame(gaps.lifetimes(days, cutoff.date()))
    assert {
        (int(row["tenure_days"]), int(row["recency_days"])): int(row["customers"])
        for row in lives.to_dict("records")
    } == expected_lives
