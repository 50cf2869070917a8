"""Spark, or Sail, which speaks its protocol: one definition, as many machines as the session has."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import ibis
import pyarrow as pa
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from ibis.expr import types as ir

from churnkit.engines.addresses import has_files, remove
from churnkit.engines.engine import Score
from churnkit.engines.spark_session import failures, open_session, quietly, remedy_for, what_failed
from churnkit.errors import JobError

_SQL_TYPES = {pa.string(): "string", pa.int64(): "bigint", pa.float64(): "double", pa.date32(): "date"}


class _DoubleLiterals(PySparkCompiler):
    """0.5 is a decimal in Spark's SQL; beside a double Sail then works in decimals, which overflow."""

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:
        """A literal; of a float, with its type."""
        written = super().visit_NonNullLiteral(op, value=value, dtype=dtype)
        return self.cast(written, dtype) if dtype.is_floating() else written


class SparkEngine:
    """See ``engine.Engine``; what it keeps lies in ``folder``, which all machines must see.

    Parameters
    ----------
    name
        ``sail`` or ``spark``.
    folder
        A path, or an address that the session can write to.
    address
        ``sc://host:port/…`` of a Spark Connect server that runs already; ``local-cluster[…]``, ``spark://…`` and whatever
        else Spark takes for a master; empty for one on this machine.
    """

    def __init__(self, name: str, folder: str, address: str = "") -> None:
        self._name = name
        self._folder = folder
        with self._calling():
            self._opened = open_session(name, address)
            self._session = self._opened.session
            # Instants of orders are the shop's own wall clock.
            self._session.conf.set("spark.sql.session.timeZone", "UTC")
            self._backend = ibis.pyspark.connect(self._session)
            self._backend.compiler = _DoubleLiterals()

    @property
    def words(self) -> str:
        return f"{self._name.capitalize()}, protocol of Spark {self._session.version}"

    def read(self, address: str) -> ir.Table:
        with self._calling():
            return self._backend.read_parquet(address)

    def parts(self, lines: ir.Table) -> Sequence[ir.Table]:
        return [lines]

    def keep(self, table: ir.Table, name: str) -> ir.Table:
        path = f"{self._folder}/{name}"
        with self._calling():
            self._backend.to_parquet(table, path)
            return self._backend.read_parquet(path)

    def score(self, rows: ir.Table, score: Score, schema: pa.Schema, name: str) -> ir.Table:
        path = f"{self._folder}/{name}"
        columns = ", ".join(f"{field.name} {_SQL_TYPES[field.type]}" for field in schema)
        with self._calling():
            view = self._backend.create_view(f"churnkit_rows_{name}", rows, overwrite=True)
            self._session.table(view.get_name()).mapInArrow(score, columns).write.parquet(path)
            return self._backend.read_parquet(path)

    def rows_of(self, table: ir.Table) -> list[dict[str, Any]]:
        with self._calling():
            found: list[dict[str, Any]] = self._backend.to_pyarrow(table).to_pylist()
        return found

    def write(self, table: ir.Table, folder: str) -> None:
        with self._calling():
            self._backend.to_parquet(table, folder)

    def write_text(self, text: str, address: str) -> None:
        with self._calling():
            # A folder of that name with one file in it, as Spark writes texts.
            self._session.createDataFrame([(text,)], "value string").coalesce(1).write.text(address)

    def has_files(self, address: str) -> bool:
        with self._calling():
            hadoop = self._hadoop(address)
            if hadoop is None:
                return has_files(address)
            filesystem, path = hadoop
            return bool(filesystem.exists(path))

    def remove(self, address: str) -> None:
        with self._calling():
            hadoop = self._hadoop(address)
            if hadoop is None:
                remove(address)
                return
            filesystem, path = hadoop
            filesystem.delete(path, True)

    def _hadoop(self, address: str) -> tuple[Any, Any] | None:
        """Spark's own file system of an address; None over Spark Connect, which has none for its clients."""
        java = getattr(self._session, "_jvm", None)
        if java is None:
            return None
        path = java.org.apache.hadoop.fs.Path(address)
        return path.getFileSystem(self._session._jsc.hadoopConfiguration()), path

    @contextlib.contextmanager
    def _calling(self) -> Iterator[None]:
        """Say in words that the engine failed; its whole answer is the error's cause."""
        with quietly():
            try:
                yield
            except failures() as error:
                said = what_failed(str(error)) or type(error).__name__
                raise JobError(
                    f"Scoring on {self._name}: the engine failed. {said}", remedy_for(said)
                ) from error

    def close(self) -> None:
        self._opened.close()
