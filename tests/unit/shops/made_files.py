"""Files of a shop in a few letters: ``a1 10`` is order a on day 1 for 10."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from churnkit.results.shop_history import FileFacts
from churnkit.shops import NewerFile, assemble

START = datetime(2024, 1, 1, 12)

Line = tuple[str, int, float]
"""Order, day, amount."""


def at(number: int) -> datetime:
    """Noon of a day of January 2024, from 1 on."""
    return START + timedelta(days=number - 1)


def file_of(
    folder: Path,
    name: str,
    lines: list[Line],
    *,
    silent: tuple[tuple[str, int], ...] = (),
    currency: str | None = "EUR",
    has_order_id: bool = True,
    knows: int | None = None,
    changes: bool = False,
    takes_out: bool = False,
    corrects: bool = False,
    customers: dict[str, str] | None = None,
) -> NewerFile:
    """A file with those lines, each order of a customer of its own name, and with orders that do not count."""
    folder.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame(
        {
            "order_id": pd.Series([order for order, _, _ in lines], dtype="str"),
            "customer_id": pd.Series(
                [(customers or {}).get(order, order[0]) for order, _, _ in lines], dtype="str"
            ),
            "ordered_at": pd.Series([at(day) for _, day, _ in lines], dtype="datetime64[us]"),
            "amount": pd.Series([amount for _, _, amount in lines], dtype="float64"),
            "is_return": pd.Series([amount < 0 for _, _, amount in lines], dtype="bool"),
            "source_row": pd.Series(range(1, len(lines) + 1), dtype="int64"),
        }
    )
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), folder / f"{name}.parquet")
    uncounted = pa.table(
        {
            "order_id": pa.array([order for order, _ in silent], pa.string()),
            "first_at": pa.array([at(day) for _, day in silent], pa.timestamp("us")),
            "last_at": pa.array([at(day) for _, day in silent], pa.timestamp("us")),
        }
    )
    pq.write_table(uncounted, folder / f"{name}.uncounted.parquet")
    return NewerFile(
        transactions=folder / f"{name}.parquet",
        uncounted=folder / f"{name}.uncounted.parquet",
        contacts=None,
        facts=FileFacts(
            name=name,
            format_words="CSV",
            preset=None,
            mapping={
                "customer_id": "customer",
                "ordered_at": "date",
                "amount": "amount",
                "order_id": "order",
            },
            day_first=None,
            currency=currency,
            rows_in=len(lines) + len(silent),
            rows_kept=len(lines),
            has_time=True,
            has_order_id=has_order_id,
            returns="net",
        ),
        kind="changes" if changes else "period",
        knows_until=at(knows) if knows is not None else None,
        takes_out_missing=takes_out,
        corrects=corrects,
    )


def lines_at(history: Path, version: int, workdir: Path) -> list[Line]:
    """What is true at a version, sorted."""
    table = pq.read_table(assemble(history, version, workdir).transactions).to_pandas()
    return sorted(
        (str(order), (when.to_pydatetime() - START).days + 1, float(amount))
        for order, when, amount in zip(table["order_id"], table["ordered_at"], table["amount"], strict=True)
    )
