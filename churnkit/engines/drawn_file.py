"""Canonical lines that an engine drew, as the reading of a file that an analysis takes."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from churnkit.errors import DataError
from churnkit.ingest import ColumnMapping, Ingested, Ledger, Reading, Understood
from churnkit.ingest.engine import compose, connect, in_order, one_row
from churnkit.ingest.files import PARQUET_OPTIONS

_EXTENT = """
SELECT count(*), count(DISTINCT customer_id), count(DISTINCT order_id) FILTER (WHERE amount > 0), sum(amount),
       min(ordered_at), max(ordered_at), coalesce(bool_or(ordered_at <> date_trunc('day', ordered_at)), false)
FROM lines
"""


def ingested_of(folder: Path, workdir: Path, reading: Reading, words: str) -> Ingested:
    """The lines in the Parquet files of ``folder`` as one file in ``workdir``, in the order of time.

    Parameters
    ----------
    reading
        Says until when; nothing is read anew.
    words
        Where the lines come from, for a person.

    Raises
    ------
    DataError
        There is no line, or more than one currency.
    """
    target = workdir / "transactions.parquet"
    with connect(workdir) as connection:
        connection.read_parquet(str(folder / "*.parquet")).create_view("lines")
        rows, customers, orders, revenue, first, last, has_time = one_row(connection, _EXTENT)
        if not rows:
            raise DataError("Training on a sample: nothing was drawn.")
        # Where no line says that it is a return, it is one if money went back.
        names = {name for name, *_ in connection.sql("DESCRIBE lines").fetchall()}
        returns = "" if "is_return" in names else ", amount < 0 AS is_return"
        currency = _currency(
            connection.sql("SELECT DISTINCT currency FROM lines").fetchall() if "currency" in names else []
        )
        with in_order(connection):
            connection.execute(
                compose(
                    "COPY (SELECT *{returns} FROM lines ORDER BY ordered_at, source_row) TO $target ({options})",
                    returns=returns,
                    options=PARQUET_OPTIONS,
                ),
                {"target": str(target)},
            )
    rows = pq.read_metadata(target).num_rows
    return Ingested(
        reading=reading,
        transactions=target,
        ledger=Ledger(rows, rows),
        mapping=ColumnMapping({}),
        preset=None,
        format_words=words,
        has_time=bool(has_time),
        has_order_id=True,
        currency=currency,
        notes=(),
        understood=Understood(
            rows_kept=rows,
            customers=int(customers),
            orders=int(orders),
            revenue=float(revenue),
            first=first,
            last=last,
            currency=currency,
            has_time=bool(has_time),
        ),
    )


def _currency(found: list[tuple[str | None]]) -> str | None:
    names = sorted(name for (name,) in found if name)
    if len(names) > 1:
        raise DataError(
            f"Training on a sample: all lines must be in one currency; found {', '.join(names[:5])}.",
            "Train on the lines of one of them.",
        )
    return names[0] if names else None
