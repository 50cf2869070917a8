"""Features of customers and customers drawn, on an engine: python -m tests.engines.rows_on ENGINE INPUT FOLDER."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import pandas as pd
from ibis.expr import types as ir

from churnkit.engines.canonical import canonical
from churnkit.engines.drawing import draw
from churnkit.engines.features import Extent, customer_rows
from churnkit.engines.left_out import Without, left_of
from churnkit.engines.order import EngineOrder, opened_engine
from churnkit.features.cancellations import with_cancellations
from churnkit.features.events import events_at
from churnkit.labels import cutoff_table
from churnkit.results.erased import Erased, customer_hash

CUTOFF = datetime(2025, 7, 1)
FIRST = datetime(2024, 1, 10)
HORIZON_DAYS = 60
KEY = "ab" * 32
DRAWN = 15


def ids_of(lines: ir.Table) -> ir.Table:
    """Who is in the lines."""
    return lines.select("customer_id").distinct()


def rows_on(name: str, source: str, folder: Path) -> pd.DataFrame:
    """Rows of all customers at ``CUTOFF``, sorted by customer."""
    folder.mkdir()
    engine = opened_engine(EngineOrder(name, source, folder / "out"), folder)
    try:
        lines = engine.keep(with_cancellations(canonical(engine.read(source))), "lines")
        events = engine.keep(events_at(lines, cutoff_table([CUTOFF], 1, CUTOFF)), "events")
        extent = Extent(CUTOFF, FIRST, FIRST)
        rows = customer_rows(lines, events, extent, HORIZON_DAYS, has_time=True, basis=None)
        engine.write(rows, str(folder / "rows"))
        known = canonical(engine.read(source))
        gone = customer_hash(
            KEY, "shop", sorted(one["customer_id"] for one in engine.rows_of(ids_of(known)))[0]
        )
        left = left_of(engine, known, Without(Erased(KEY, "shop", frozenset({gone})), FIRST)).lines
        drawn = draw(engine, left, CUTOFF, DRAWN, seed=1)
        engine.write(drawn.lines.select("customer_id", "source_row"), str(folder / "chosen"))
    finally:
        engine.close()
    return pd.read_parquet(folder / "rows").sort_values("customer_id", ignore_index=True)


if __name__ == "__main__":
    rows_on(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
