"""What a shop has taken out for good, kept out of lines that come back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple

import ibis
import pyarrow as pa
from ibis import _
from ibis.expr import types as ir

from churnkit.engines.engine import Engine
from churnkit.results.erased import Erased
from churnkit.text.figures import counted, day

_IDS = pa.schema([("customer_id", pa.string())])


@dataclass(frozen=True)
class Without:
    """Customers who were erased, and the moment before which orders are not kept; None for all."""

    erased: Erased | None = None
    kept_from: datetime | None = None

    def words(self, customers: int) -> tuple[str, ...]:
        """Sentences on what was left out, ``customers`` among it."""
        said = []
        if customers:
            said.append(f"{counted(customers, 'customer')} of the orders left out: erased from the shop.")
        if self.kept_from is not None:
            said.append(
                f"Orders from before {day(self.kept_from)} count nowhere: the shop keeps them no longer."
            )
        return tuple(said)


NOBODY_KNOWN = (
    "A model's folder does not know who was erased from its shop, nor how long orders are kept: whoever is in the orders was"
    " scored. By its name in the app's store, or through the server, it leaves them out."
)


class Left(NamedTuple):
    """Lines that are left, and how many customers were erased and came back with them."""

    lines: ir.Table
    customers: int


def left_of(engine: Engine, lines: ir.Table, without: Without) -> Left:
    """``lines`` but for those that the shop has taken out."""
    if without.kept_from is not None:
        lines = lines.filter(_.ordered_at >= ibis.timestamp(without.kept_from.isoformat(sep=" ")))
    if without.erased is None or not without.erased.hashes:
        return Left(lines, 0)
    # Who was erased is known by a keyed hash only.
    among = partial(_erased_among, erased=without.erased)
    gone = engine.score(lines.select("customer_id").distinct(), among, _IDS, "erased")
    (found,) = engine.rows_of(gone.aggregate(customers=_.count()))
    return Left(lines.anti_join(gone, "customer_id"), int(found["customers"]))


def _erased_among(batches: Iterable[pa.RecordBatch], erased: Erased) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        ids = sorted(erased.among(batch.column("customer_id").to_pylist()))
        yield pa.RecordBatch.from_pydict({"customer_id": ids}, schema=_IDS)
