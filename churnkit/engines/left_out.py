"""What a shop has taken out for good, kept out of lines that come back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import ibis
import pyarrow as pa
from ibis import _
from ibis.expr import types as ir

from churnkit.engines.engine import Engine
from churnkit.results.erased import Erased

_IDS = pa.schema([("customer_id", pa.string())])


@dataclass(frozen=True)
class Without:
    """Customers who were erased, and the moment before which orders are not kept; None for all."""

    erased: Erased | None = None
    kept_from: datetime | None = None


def left_of(engine: Engine, lines: ir.Table, without: Without) -> ir.Table:
    """``lines`` but for those that the shop has taken out."""
    if without.kept_from is not None:
        lines = lines.filter(_.ordered_at >= ibis.timestamp(without.kept_from.isoformat(sep=" ")))
    if without.erased is None or not without.erased.hashes:
        return lines
    # Who was erased is known by a keyed hash only.
    among = partial(_erased_among, erased=without.erased)
    gone = engine.score(lines.select("customer_id").distinct(), among, _IDS, "erased")
    return lines.anti_join(gone, "customer_id")


def _erased_among(batches: Iterable[pa.RecordBatch], erased: Erased) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        ids = sorted(erased.among(batch.column("customer_id").to_pylist()))
        yield pa.RecordBatch.from_pydict({"customer_id": ids}, schema=_IDS)
