"""A long history worked out for a part of the customers at a time says what it says in one."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import pandas as pd
import pytest

from churnkit.services.analyse import in_parts
from churnkit.services.analyse.history import History, build_panel, open_history, plan_for, returned_orders

HORIZON_DAYS = 12


def opened(made: pd.DataFrame) -> History:
    connection = ibis.duckdb.connect()
    connection.con.register("made", made)
    return open_history(connection, connection.table("made"), None, has_time=True)


def test_parts_are_as_the_whole(
    awkward_transactions: Callable[[int, int], pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = awkward_transactions(5, 80)
    whole = opened(made)
    monkeypatch.setattr(in_parts, "LINES_A_PART", -(-len(made) // 3))
    split = opened(made)
    assert (len(whole.parts), len(split.parts)) == (1, 3)
    for name in ("lines", "events", "transactions"):
        one, other = (getattr(history, name).to_pandas() for history in (whole, split))
        by = [column for column in ("ordered_at", "order_id", "source_row") if column in one]
        one, other = (frame.sort_values(["customer_id", *by], ignore_index=True) for frame in (one, other))
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    customers = [set(part.lines.customer_id.to_pandas()) for part in split.parts]
    assert sum(map(len, customers)) == len(set().union(*customers)) == made["customer_id"].nunique()
    assert all(customers)
    assert returned_orders(split) == returned_orders(whole) > 0
    panel, other_panel = (
        build_panel(history, plan_for(history, HORIZON_DAYS), seed=1).panel for history in (whole, split)
    )
    pd.testing.assert_frame_equal(panel, other_panel, check_exact=True)
