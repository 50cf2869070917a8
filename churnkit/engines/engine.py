"""What scoring asks of an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

import pyarrow as pa
from ibis.expr import types as ir

ENGINES = ("duckdb", "sail", "spark")
Score = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]
"""Batches of customers' rows in, batches of scores out; it may be sent to other machines."""


class Engine(Protocol):
    """One open connection; every table is of it."""

    @property
    def words(self) -> str:
        """Its name and version."""

    def read(self, address: str) -> ir.Table:
        """Parquet files: a folder of them, partitioned or not, one file, or an address of an object storage."""

    def parts(self, lines: ir.Table) -> Sequence[ir.Table]:
        """Lines in parts, all of a customer in one: as many as the engine takes one after the other."""

    def keep(self, table: ir.Table, name: str) -> ir.Table:
        """Work it out once, for what reads it several times."""

    def score(self, rows: ir.Table, score: Score, schema: pa.Schema, name: str) -> ir.Table:
        """``score`` of every row, kept; a part of the rows that failed is tried again where there are several machines."""

    def rows_of(self, table: ir.Table) -> list[dict[str, Any]]:
        """A small table as dictionaries."""

    def write(self, table: ir.Table, folder: str) -> None:
        """As Parquet files in a folder, or at an address, that is not there yet."""

    def write_text(self, text: str, address: str) -> None:
        """A text at an address of an object storage, whole."""

    def has_files(self, address: str) -> bool:
        """Whether anything lies at an address of an object storage."""

    def remove(self, address: str) -> None:
        """Whatever lies below an address of an object storage."""

    def close(self) -> None:
        """Let go of what was opened."""
