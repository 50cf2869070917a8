"""What follows from each customer's own lines, worked out for a part of the customers at a time in a long history.

To put millions of lines in order takes more memory than an engine may have, and what it writes to disk and reads again
costs more than the work itself. A part of the customers fits, and its groups lie close together in memory.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

import ibis
from ibis import _
from ibis.expr import types as ir

from churnkit.ingest.engine import compose, quote_identifier

LINES_A_PART = 5_000_000

_PART = "churnkit part"

Keep = Callable[[ir.Table], ir.Table]
"""Works a table out and keeps it in its engine."""


def keep_as(backend: ibis.BaseBackend, name: str, table: ir.Table) -> ir.Table:
    """The table worked out, as the temporary table ``name``."""
    return backend.create_table(name, table, temp=True)


@contextmanager
def kept_in(backend: ibis.BaseBackend) -> Iterator[Keep]:
    """A function that works a table out and keeps it in the engine, until this block is left."""
    names = []

    def keep(table: ir.Table) -> ir.Table:
        names.append(f"churnkit_kept_{uuid4().hex}")
        return keep_as(backend, names[-1], table)

    try:
        yield keep
    finally:
        for name in names:
            # Ibis' own way to drop a table writes no name with the sqlglot of today.
            backend.raw_sql(compose("DROP TABLE IF EXISTS {table}", table=quote_identifier(name)))


def split(backend: ibis.BaseBackend, table: ir.Table, line_count: int) -> Iterator[ir.Table]:
    """The ``table`` of so many lines, with a ``customer_id``, in parts of about `LINES_A_PART`.

    A part holds all lines of its customers. It is to be worked out before the next is asked for.
    """
    parts = max(1, math.ceil(line_count / LINES_A_PART))
    if parts == 1:
        yield table
        return
    # A remainder has the sign of the hash. A fraction, because SQL is kept with gaps for these (`kept_sql`).
    part = (_.customer_id.hash() % parts).abs().cast("float64")
    with kept_in(backend) as keep:
        # In order of the parts, so that an engine finds each of them without reading the others.
        ordered = keep(table.mutate(**{_PART: part}).order_by(_PART))
        for number in range(parts):
            yield ordered.filter(_[_PART] == float(number)).drop(_PART)


def as_one(backend: ibis.BaseBackend, name: str, parts: Sequence[ir.Table]) -> ir.Table:
    """Tables of the same columns as one, by the temporary view ``name``, if they are several."""
    if len(parts) == 1:
        return parts[0]
    selected = (compose("SELECT * FROM {part}", part=quote_identifier(part.op().name)) for part in parts)
    backend.raw_sql(
        compose(
            "CREATE OR REPLACE TEMP VIEW {view} AS {parts}",
            view=quote_identifier(name),
            parts=" UNION ALL BY NAME ".join(selected),
        )
    )
    return backend.table(name)
