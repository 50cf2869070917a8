"""UCI Online Retail against pandas."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from churnkit.ingest import Reading, ingest


def test_online_retail_against_pandas(real_data, tmp_path):
    source = real_data / "online_retail.parquet"
    result = ingest(source, tmp_path)
    raw = pd.read_parquet(source)
    assert result.row_count_in == len(raw) == 541_909
    known = raw[raw["CustomerID"].notna()]
    money = known["Quantity"] * known["UnitPrice"]
    assert result.ledger.rows("no_customer") == 135_080 == len(raw) - len(known)
    # An invoice may name an article twice; none stands in the file twice as a whole.
    assert result.ledger.rows("duplicate_line") == 0
    assert any(
        note.startswith(f"{known.duplicated().sum():,} rows equal another one") for note in result.notes
    )
    assert result.ledger.rows("zero_amount") == int((money == 0).sum())
    rows = pd.read_parquet(result.transactions)
    assert len(rows) == result.row_count_kept == 406_789
    assert rows["amount"].sum() == pytest.approx(money.sum())
    assert rows["customer_id"].nunique() == known[money != 0]["CustomerID"].nunique()
    assert int(rows["is_return"].sum()) == int((money < 0).sum())
    by_month = money.groupby(known["InvoiceDate"].dt.strftime("%Y-%m")).sum()
    totals = pd.Series({month.month: month.amount for month in result.understood.months})
    pd.testing.assert_series_equal(totals, by_month, check_names=False, check_index_type=False)
    assert result.preset == "online_retail"


def test_online_retail_before_a_date_equals_the_file_cut_there(real_data, tmp_path):
    as_of = dt.datetime(2011, 9, 10)
    raw = pd.read_parquet(real_data / "online_retail.parquet")
    cut = tmp_path / "cut.parquet"
    raw[raw["InvoiceDate"] < as_of].to_parquet(cut)
    whole = ingest(real_data / "online_retail.parquet", tmp_path / "a", Reading(as_of=as_of))
    early = ingest(cut, tmp_path / "b")
    columns = ["order_id", "customer_id", "ordered_at", "amount", "product_id"]
    left = pd.read_parquet(whole.transactions).sort_values("source_row")[columns].reset_index(drop=True)
    right = pd.read_parquet(early.transactions).sort_values("source_row")[columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(left, right)
    assert whole.ledger.rows("after_as_of") == int((raw["InvoiceDate"] >= as_of).sum())
