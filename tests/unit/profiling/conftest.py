"""Canonical transactions from a few literals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pytest
from ibis.expr import types as ir

Line = dict[str, Any]


def canonical(lines: Sequence[Line]) -> ir.Table:
    """Lines need ``customer_id``, ``ordered_at``, ``amount``; what else is required is made up."""
    frame = pd.DataFrame(
        [
            {
                "order_id": f"{line['customer_id']}-{line['ordered_at']}",
                "is_return": line["amount"] < 0,
                "source_row": place,
                **line,
            }
            for place, line in enumerate(lines, start=1)
        ]
    )
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"], format="ISO8601").astype("datetime64[us]")
    frame["amount"] = frame["amount"].astype("float64")
    return ibis.memtable(pa.Table.from_pandas(frame, preserve_index=False))


@pytest.fixture(scope="session")
def transactions() -> Callable[[Sequence[Line]], ir.Table]:
    return canonical


@pytest.fixture(scope="session")
def bought() -> Callable[..., list[Line]]:
    """``bought("a", "2024-01-01", "2024-01-05")``: one order of the customer on each of these days."""

    def lines(customer_id: str, *days: str, amount: float = 10.0, **extra: Any) -> list[Line]:
        return [{"customer_id": customer_id, "ordered_at": day, "amount": amount, **extra} for day in days]

    return lines


@pytest.fixture(scope="session")
def empty_ledger() -> pd.DataFrame:
    return pd.DataFrame(columns=["reason", "action", "rows", "share", "explanation"])
