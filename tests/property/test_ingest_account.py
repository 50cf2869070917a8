"""Whatever a file holds, every row is either kept or in the account, and the money of kept rows is finite."""

from __future__ import annotations

import csv
import datetime as dt
import math
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from churnkit.config import IngestSettings
from churnkit.errors import ChurnkitError
from churnkit.ingest import Reading, ingest, read_mapping
from churnkit.ingest.rows.ledger import DROPPED, MENDED

HEADER = ["who", "mail", "order", "when", "pieces", "price", "off", "back", "cur", "state", "kind"]
MAPPING = {
    "customer_id": "who",
    "email": "mail",
    "order_id": "order",
    "order_datetime": "when",
    "quantity": "pieces",
    "unit_price": "price",
    "discount": "off",
    "refunded": "back",
    "currency": "cur",
    "status": "state",
    "event_type": "kind",
}
# Enough sound rows that the columns are what the mapping says.
SOUND = [
    ["c1", "", f"s{i}", f"2025-0{1 + i % 9}-05", "1", "9.50", "1.50", "0", "EUR", "paid", "sale"]
    for i in range(9)
]

# Such a table looks wrong to most of them; what is held here is its account.
CHECKS = (
    "rows_kept",
    "money_kept",
    "one_customer",
    "sums_above",
    "dates_beyond",
    "part_edges",
    "named_total",
    "shared_numbers",
    "returns",
    "returns_twice",
    "days_of_month",
    "come_back",
    "few_customers",
    "one_order",
)

cells = [
    st.sampled_from(
        ["c1", "c2", " c3 ", "00123", "17850.0", "guest", "0", "", "N/A", "a@x.org", 'O"Hara', "x,y"]
    ),
    st.sampled_from(["", "A@X.org", "b@x.org", "n/a"]),
    st.sampled_from(["", "s1", "o1", "o2", "C99", "Total"]),
    st.sampled_from(["2025-01-05", "2025-02-06", "2099-01-01", "1970-01-01", "never", "", "2025-13-40"]),
    st.sampled_from(["1", "2", "-1", "0", "", "x", "1e400", "nan"]),
    st.sampled_from(["9.50", "0", "-3", "", "free", "1000000000"]),
    st.sampled_from(["", "0", "1.00", "50", "-2", "x"]),
    st.sampled_from(["", "0", "9.50", "1000", "-1"]),
    st.sampled_from(["EUR", "eur", ""]),
    st.sampled_from(["paid", "cancelled", "pending", "refunded", "", "odd"]),
    st.sampled_from(["sale", "refund", ""]),
]
tables = st.lists(st.tuples(*cells).map(list), max_size=25)
choices = st.builds(
    IngestSettings,
    returns=st.sampled_from(["net", "ignore"]),
    duplicates=st.sampled_from(["drop", "keep"]),
)
cutoffs = st.sampled_from([None, dt.datetime(2025, 2, 6), dt.datetime(2025, 6, 1)])


@pytest.mark.slow
@settings(max_examples=15, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
@given(table=tables, chosen=choices, as_of=cutoffs, left_out=st.sets(st.sampled_from(sorted(MAPPING)[:6])))
def test_every_row_is_kept_or_accounted_for(table, chosen, as_of, left_out):
    mapping = {name: column for name, column in MAPPING.items() if name not in left_out - {"customer_id"}}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *SOUND, *table])
        try:
            reading = Reading(
                settings=chosen,
                mapping=read_mapping(mapping),
                preset="none",
                as_of=as_of,
                statuses={"odd": "counts", "pending": "left_out"},
                accepted=CHECKS,
            )
            result = ingest(path, Path(folder) / "work", reading, now=dt.datetime(2026, 11, 20))
        except ChurnkitError as refused:
            # So few sound rows may lie before a date that their columns are no longer what the mapping says.
            assert as_of == dt.datetime(2025, 2, 6)
            assert refused.remedy
            return
        rows = pd.read_parquet(result.transactions)
    ledger = result.ledger
    assert result.row_count_in == len(SOUND) + len(table)
    assert result.row_count_kept == len(rows) == result.row_count_in - ledger.row_count_dropped
    assert rows["source_row"].is_unique
    assert rows["source_row"].between(1, result.row_count_in).all()
    for entry in ledger.entries:
        assert entry.reason in (DROPPED if entry.action == "dropped" else MENDED)
        assert 0 < entry.rows <= result.row_count_in
        kept = set(rows["source_row"])
        assert all((row in kept) == (entry.action == "mended") for row, _ in entry.examples)
    assert rows[["order_id", "customer_id", "ordered_at", "amount"]].notna().all(axis=None)
    assert all(math.isfinite(amount) and amount != 0 for amount in rows["amount"])
    assert (rows.loc[rows["amount"] < 0, "is_return"]).all()
    if chosen.returns == "ignore":
        assert not rows["is_return"].any()
    if as_of is not None:
        assert (rows["ordered_at"] < as_of).all()


@settings(max_examples=15, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    table=st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=8),
            min_size=3,
            max_size=5,
        ),
        min_size=1,
        max_size=12,
    )
)
def test_any_text_is_read_or_refused_in_words(table):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["Customer ID", "Date", "Amount"], *table])
        try:
            result = ingest(path, Path(folder) / "work")
        except ChurnkitError as problem:
            assert problem.message
            assert problem.remedy
        else:
            assert result.row_count_in >= result.row_count_kept > 0
