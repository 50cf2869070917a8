"""One more order for everybody, against one more order for one customer at a time."""

from datetime import datetime

import ibis
import numpy as np
import pandas as pd
import pytest

from churnkit.features.cancellations import with_cancellations
from churnkit.features.events import events_at
from churnkit.features.one_more_event import apart_of, events_with
from churnkit.features.one_more_order import once_more, ranks_among, repeated_orders
from churnkit.features.panel import panel, panel_of_lines
from churnkit.labels import cutoff_table

CUTOFF = datetime(2025, 2, 1)


def rows_of(lines: pd.DataFrame, cutoff: datetime = CUTOFF) -> pd.DataFrame:
    if "cancelled_at" in lines:
        expression = panel_of_lines(ibis.memtable(lines), [cutoff], 30, cutoff)
    else:
        expression = panel(ibis.memtable(lines), [cutoff], 30, observed_until=cutoff)
    return expression.to_pyarrow().to_pandas().sort_values("customer_id", ignore_index=True)


def changed_lines(lines: pd.DataFrame, cutoff: datetime = CUTOFF) -> pd.DataFrame:
    before = ibis.memtable(lines).filter(ibis._.ordered_at < ibis.timestamp(cutoff.isoformat(sep=" ")))
    frame = once_more(with_cancellations(before), cutoff).to_pyarrow().to_pandas()
    for column in ("ordered_at", "cancelled_at"):
        frame[column] = frame[column].astype("datetime64[us]")
    return frame


def added(changed: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    return changed[~changed["order_id"].isin(lines["order_id"])]


def literal(*rows: tuple[str, str, str, float, str]) -> pd.DataFrame:
    frame = pd.DataFrame(
        list(rows), columns=["customer_id", "order_id", "ordered_at", "amount", "product_id"]
    )
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"], format="ISO8601").astype("datetime64[us]")
    return frame.assign(
        amount=frame["amount"].astype(float),
        is_return=frame["amount"] < 0,
        source_row=np.arange(1, len(frame) + 1),
    )


def test_the_last_order_is_repeated_at_the_usual_value_on_the_last_day():
    lines = literal(
        ("a", "1", "2025-01-01 10:00", 10.0, "P1"),
        ("a", "2", "2025-01-20 18:45:10", 20, "P2"),
        ("a", "2", "2025-01-20 18:45:10", 10, "P3"),
        ("a", "2", "2025-01-22 09:00", -5, "P3"),
        ("a", "3", "2025-02-03 09:00", 99, "P4"),
    )
    more = added(changed_lines(lines), lines)
    # Orders of 10 and 30 make a usual one of 20; the last one's lines keep their proportion.
    assert more["amount"].sort_values().tolist() == pytest.approx([20 / 3, 40 / 3])
    assert sorted(more["product_id"]) == ["P2", "P3"]
    assert set(more["ordered_at"]) == {pd.Timestamp("2025-01-31 18:45")}
    assert more["order_id"].nunique() == 1
    assert more["order_id"].iloc[0] not in set(lines["order_id"])
    row = rows_of(changed_lines(lines)).iloc[0]
    assert (row["order_count"], row["recency_days"], row["tenure_days"]) == (3, 1, 31)
    assert row["monetary_mean"] == pytest.approx((60 - 5) / 3)


def test_what_was_given_back_is_not_repeated():
    lines = literal(
        ("a", "1", "2025-01-01 10:00", 10.0, "P1"),
        ("a", "2", "2025-01-20 18:45", 20, "P2"),
        ("a", "2", "2025-01-20 18:45", 10, "P3"),
        ("a", "R", "2025-01-22 09:00", -10, "P3"),
        ("a", "3", "2025-01-25 09:00", 999, "P4"),
        ("a", "S", "2025-01-25 10:00", -999, "P4"),
        ("b", "4", "2025-01-25 10:00", 999, "P4"),
        ("b", "T", "2025-01-25 10:05", -999, "P4"),
    )
    more = added(changed_lines(lines), lines).sort_values("customer_id")
    # Orders of 10 and 20 make a usual one of 15; b has no other order.
    assert more["amount"].tolist() == pytest.approx([15, 999])
    assert more["product_id"].tolist() == ["P2", "P4"]


def test_the_order_stays_behind_the_last_one_and_before_the_cutoff():
    lines = literal(
        ("late", "1", "2025-01-31 23:59:59.9", 10, "P1"), ("early", "2", "2025-01-31 08:00:30", 5, "P1")
    )
    instants = changed_lines(lines).groupby("customer_id")["ordered_at"].max()
    assert instants["early"] == pd.Timestamp("2025-01-31 08:00:31")
    assert instants["late"] == pd.Timestamp("2025-01-31 23:59:59.999999")
    noon = datetime(2025, 1, 31, 12)
    assert changed_lines(lines, noon)["customer_id"].tolist() == ["early", "early"]


def test_everybody_at_once_equals_one_at_a_time(awkward_transactions):
    lines = awkward_transactions(3, 8)
    actual = rows_of(lines)
    at_once = ranks_among(rows_of(changed_lines(lines)), actual)
    assert len(at_once) == len(actual) > 5
    known = lines[lines["ordered_at"] < CUTOFF]
    bought = added(changed_lines(lines), lines)
    for position, customer in enumerate(actual["customer_id"]):
        alone = pd.concat([known, bought[bought["customer_id"] == customer]], ignore_index=True)
        alone = alone.drop(columns="cancelled_at")
        expected = rows_of(alone)
        pd.testing.assert_frame_equal(
            at_once.iloc[[position]].reset_index(drop=True),
            expected[expected["customer_id"] == customer].reset_index(drop=True),
            check_dtype=False,
            rtol=1e-9,
        )


def test_ranks_of_strangers_count_all_customers():
    actual = pd.DataFrame({"customer_id": list("abcd"), "order_count": [1, 2, 3, 4], "order_count_rank": 0.0})
    changed = pd.DataFrame({"customer_id": ["x", "a"], "order_count": [3, 3], "order_count_rank": 0.0})
    ranked = ranks_among(changed.assign(recency_days=0), actual.assign(recency_days=0))
    # Below 3 stand a and b for the stranger, of four; for a, who is one of the four, b alone of the other three.
    assert ranked["order_count_rank"].tolist() == pytest.approx([2 / 4, 1 / 3])


@pytest.mark.parametrize("seed", [3, 11])
def test_new_events_beside_the_known_ones_equal_all_events_worked_out_anew(awkward_transactions, seed):
    lines = awkward_transactions(seed, 40)
    before = ibis.memtable(lines).filter(ibis._.ordered_at < ibis.timestamp(CUTOFF.isoformat(sep=" ")))
    known = ibis.memtable(with_cancellations(before).to_pyarrow())
    at_cutoff = cutoff_table([CUTOFF], 1, CUTOFF)
    events = ibis.memtable(events_at(known, at_cutoff).to_pyarrow())
    added = repeated_orders(known, CUTOFF)
    assert (
        0
        < (apart_of(known, added).count().to_pyarrow().as_py())
        < known.customer_id.nunique().to_pyarrow().as_py()
    )
    expected = events_at(once_more(known, CUTOFF), at_cutoff).to_pyarrow().to_pandas()
    found = events_with(known, events, added, CUTOFF).to_pyarrow().to_pandas()
    keys = ["customer_id", "ordered_at", "order_id"]
    pd.testing.assert_frame_equal(
        found.sort_values(keys, ignore_index=True)[expected.columns],
        expected.sort_values(keys, ignore_index=True),
        check_dtype=False,
        rtol=1e-9,
    )


def test_events_of_a_later_date_serve_the_earlier_ones(awkward_transactions):
    lines = ibis.memtable(with_cancellations(ibis.memtable(awkward_transactions(5, 10))).to_pyarrow())
    later = datetime(2030, 1, 1)
    cutoffs = [datetime(2025, 1, 10), CUTOFF, later]
    when = cutoff_table(cutoffs, 30, later)
    at_the_end = ibis.memtable(events_at(lines, cutoff_table([later], 1, later)).to_pyarrow())
    expected, found = (
        panel_of_lines(lines, cutoffs, 30, later, events=events)
        .to_pyarrow()
        .to_pandas()
        .sort_values(["cutoff", "customer_id"], ignore_index=True)
        for events in (events_at(lines, when), events_at(lines, when, at_the_end))
    )
    assert len(expected) > 10
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-9)
