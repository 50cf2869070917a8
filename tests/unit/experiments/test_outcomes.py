"""Results from transactions and from files: boundaries, returns, missing customers, bad values."""

from __future__ import annotations

from datetime import datetime

import ibis
import pandas as pd
import pytest

from churnkit.errors import DataError
from churnkit.experiments import outcomes_from_file, outcomes_from_transactions

START = datetime(2026, 3, 1, 9, 0)


def transactions(rows: list[tuple[str, str, str, float]]) -> ibis.Table:
    frame = pd.DataFrame(rows, columns=["customer_id", "order_id", "ordered_at", "amount"])
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"])
    return ibis.memtable(frame)


ROWS = [
    ("early", "1", "2026-01-01 08:00", 10.0),
    ("early", "2", "2026-02-15 08:00", 7.0),
    ("early", "3", "2026-03-01 08:59", 100.0),
    ("start", "4", "2026-02-01 00:00", 1.0),
    ("start", "5", "2026-03-01 09:00", 20.0),
    ("refund", "6", "2026-02-20 00:00", 50.0),
    ("refund", "7", "2026-03-05 00:00", -50.0),
    ("twice", "8", "2026-02-20 00:00", 5.0),
    ("twice", "9", "2026-03-02 00:00", 30.0),
    ("twice", "10", "2026-03-10 00:00", 12.5),
    ("twice", "10", "2026-03-10 00:00", -2.5),
    ("late", "11", "2026-02-28 00:00", 3.0),
    ("late", "12", "2026-03-11 09:00", 99.0),
    ("stranger", "13", "2026-03-03 00:00", 1000.0),
]
MEMBERS = pd.Series(["early", "start", "refund", "twice", "late", "never"])


def test_window_is_half_open_returns_count_and_strangers_do_not() -> None:
    found = outcomes_from_transactions(
        transactions(ROWS), MEMBERS, started_at=START, horizon_days=10, lookback_days=20
    )
    rows = found.rows.set_index("customer_id")
    assert rows["converted"].to_dict() == {
        "early": 0,
        "start": 1,
        "refund": 0,
        "twice": 1,
        "late": 0,
        "never": 0,
    }
    assert rows["revenue"].tolist() == [0.0, 20.0, -50.0, 40.0, 0.0, 0.0]
    assert rows["prior_revenue"].tolist() == [107.0, 0.0, 50.0, 5.0, 3.0, 0.0]
    waited = rows["days_to_purchase"].dropna()
    assert waited.to_dict() == {"start": 0.0, "twice": pytest.approx(15 / 24)}
    assert found.complete
    assert found.notes == ()


def test_window_that_is_not_over_counts_the_days_so_far() -> None:
    found = outcomes_from_transactions(
        transactions(ROWS), MEMBERS, started_at=START, horizon_days=30, lookback_days=20
    )
    assert not found.complete
    assert found.elapsed_days == pytest.approx(10 + 15 / 24)


def test_file_that_begins_late_has_no_earlier_spending() -> None:
    recent = [row for row in ROWS if row[2] >= "2026-02-20"]
    found = outcomes_from_transactions(
        transactions(recent), MEMBERS, started_at=START, horizon_days=10, lookback_days=20
    )
    assert "prior_revenue" not in found.rows
    assert found.notes[0].startswith("The file does not reach back 20 days")
    after = [row for row in ROWS if row[2] >= "2026-03-01 09:00"]
    only_buyers = outcomes_from_transactions(
        transactions(after), MEMBERS, started_at=START, horizon_days=10, lookback_days=20
    )
    assert only_buyers.rows["converted"].sum() == 2


def test_orders_before_the_start_alone_are_refused() -> None:
    with pytest.raises(
        DataError, match=r"after the start .*1 Mar 2026.*last order in the file is of 28 Feb 2026"
    ):
        outcomes_from_transactions(
            transactions([row for row in ROWS if row[2] < "2026-03-01"]),
            MEMBERS,
            started_at=START,
            horizon_days=10,
            lookback_days=20,
        )


def test_another_shops_orders_are_refused() -> None:
    with pytest.raises(DataError, match=r"only 0 of 2 do; 'x' for example"):
        outcomes_from_transactions(
            transactions(ROWS), pd.Series(["x", "y"]), started_at=START, horizon_days=10, lookback_days=20
        )
    with pytest.raises(DataError, match="only 1 of 3 do"):
        outcomes_from_transactions(
            transactions(ROWS),
            pd.Series(["x", "y", "twice"]),
            started_at=START,
            horizon_days=10,
            lookback_days=20,
        )


CAMPAIGN = pd.DataFrame({"customer_id": ["a", "b", "c", "d"]})


def test_file_of_results() -> None:
    results = pd.DataFrame(
        {
            "customer_id": ["a", " b ", "c", "z"],
            "converted": ["yes", "No", 1, 0],
            "revenue": ["12.50", "", None, "3"],
        }
    )
    found = outcomes_from_file(results, CAMPAIGN, horizon_days=60)
    assert found.rows[["customer_id", "converted", "revenue"]].to_numpy().tolist() == [
        ["a", 1, 12.5],
        ["b", 0, 0.0],
        ["c", 1, 0.0],
    ]
    assert found.notes == (
        "1 customers in the file do not belong to the campaign and were left out.",
        "1 of 4 customers have no result in the file and are not counted.",
    )
    assert found.complete


def test_conversion_follows_from_revenue_and_revenue_may_be_missing() -> None:
    money = pd.DataFrame({"customer_id": ["a", "b"], "revenue": [5.0, -1.0]})
    assert outcomes_from_file(money, CAMPAIGN, horizon_days=60).rows["converted"].tolist() == [1, 0]
    flags = pd.DataFrame({"customer_id": ["a", "b"], "converted": [True, False]})
    assert "revenue" not in outcomes_from_file(flags, CAMPAIGN, horizon_days=60).rows
    floats = pd.DataFrame({"customer_id": ["a", "b"], "converted": [1.0, float("nan")]})
    early = outcomes_from_file(floats, CAMPAIGN, horizon_days=60, elapsed_days=20)
    assert early.rows["converted"].tolist() == [1, 0]
    assert (early.elapsed_days, early.complete) == (20, False)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"id": ["a"], "converted": [1]},
            "must have the columns customer_id and converted or revenue, found id",
        ),
        ({"customer_id": ["a"], "bought": [1]}, "found customer_id, bought"),
        ({"customer_id": ["a", "a"], "converted": [1, 0]}, "1 rows repeat one, first 'a'"),
        ({"customer_id": ["a", "b"], "converted": [1, "maybe"]}, "first 'maybe' in row 2"),
        ({"customer_id": ["a", "b"], "revenue": ["1,5", "2"]}, "first '1,5' in row 1"),
        ({"customer_id": ["a", "b"], "revenue": [float("inf"), 2]}, "1 of 2 values are none"),
        ({"customer_id": ["x"], "converted": [0]}, "none of the 1 customers in the file"),
        ({"customer_id": [], "converted": []}, "the file has no rows"),
        ({"customer_id": ["a", "b"], "converted": [1, 1]}, "lists 2 of 4 and all of them bought"),
    ],
)
def test_bad_files_are_refused_with_an_example(columns, message) -> None:
    with pytest.raises(DataError, match=message):
        outcomes_from_file(pd.DataFrame(columns), CAMPAIGN, horizon_days=60)


def test_a_file_of_everybody_may_hold_buyers_only() -> None:
    everybody = pd.DataFrame({"customer_id": list("abcd"), "converted": [1] * 4})
    found = outcomes_from_file(everybody, CAMPAIGN, horizon_days=60)
    assert found.rows["converted"].sum() == 4
    assert found.notes == ()


def test_revenue_of_nought_is_no_purchase() -> None:
    money = pd.DataFrame({"customer_id": ["a", "b"], "revenue": [0.0, 0.01]})
    assert outcomes_from_file(money, CAMPAIGN, horizon_days=60).rows["converted"].tolist() == [0, 1]


def test_a_last_order_at_the_start_itself_is_a_result() -> None:
    found = outcomes_from_transactions(
        transactions([row for row in ROWS if row[2] <= "2026-03-01 09:00"]),
        MEMBERS,
        started_at=START,
        horizon_days=10,
        lookback_days=20,
    )
    assert found.rows.set_index("customer_id")["converted"].to_dict()["start"] == 1
    assert found.rows["converted"].sum() == 1


def test_an_order_of_nought_is_no_purchase() -> None:
    gift = [*ROWS, ("never", "14", "2026-03-02 00:00", 0.0), ("late", "15", "2026-03-02 00:00", 0.01)]
    found = outcomes_from_transactions(
        transactions(gift), MEMBERS, started_at=START, horizon_days=10, lookback_days=20
    )
    rows = found.rows.set_index("customer_id")["converted"]
    assert (rows["never"], rows["late"]) == (0, 1)


def test_a_bad_amount_is_named_with_its_row() -> None:
    money = pd.DataFrame({"customer_id": ["a", "b", "c"], "revenue": ["1", "2,5", "x"]})
    with pytest.raises(DataError, match="2 of 3 values are none, first '2,5' in row 2"):
        outcomes_from_file(money, CAMPAIGN, horizon_days=60)
