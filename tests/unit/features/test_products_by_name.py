"""A file that names its products and has no codes for them has the same features of products, and says so."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import pandas as pd
import pytest

from churnkit.services.analyse.history import History, build_panel, open_history, plan_for
from churnkit.services.analyse.history_notes import history_notes

HORIZON_DAYS = 30


def opened(rows: pd.DataFrame) -> History:
    connection = ibis.duckdb.connect()
    connection.con.register("made", rows)
    return open_history(connection, connection.table("made"), None, has_time=True)


@pytest.fixture(scope="module")
def bought(awkward_transactions: Callable[[int, int], pd.DataFrame]) -> pd.DataFrame:
    """Without returns, which are paired by codes alone."""
    rows = awkward_transactions(5, 60)
    return rows[rows["amount"] > 0].drop(columns="product_name", errors="ignore")


def test_names_tell_products_apart_as_codes_do(bought: pd.DataFrame) -> None:
    panels = []
    for rows in (bought, bought.rename(columns={"product_id": "product_name"})):
        history = opened(rows)
        panels.append(build_panel(history, plan_for(history, HORIZON_DAYS), seed=1).panel)
    by_code, by_name = panels
    assert by_code["product_count"].notna().all()
    pd.testing.assert_frame_equal(by_name, by_code)


def test_the_screen_says_which_column_was_used(bought: pd.DataFrame) -> None:
    last = pd.DataFrame({"p_alive": [0.5], "btyd_p_no_purchase": [0.5]})
    by_code, without = opened(bought), opened(bought.drop(columns="product_id"))
    by_name = opened(bought.rename(columns={"product_id": "product_name"}))
    assert "product_id" not in by_name.transactions.columns, "what the file held stays as it was"
    assert [note for note in history_notes(by_name, last) if "told apart by their names" in note]
    for other in (by_code, without):
        assert not [note for note in history_notes(other, last) if "names" in note]
