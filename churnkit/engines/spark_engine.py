"""Spark, or Sail, which speaks its protocol: one definition, as many machines as the session has."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import warnings
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import ibis
import pyarrow as pa
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from ibis.expr import types as ir

from churnkit.engines.addresses import has_files, remove
from churnkit.engines.engine import Score
from churnkit.errors import JobError, SettingsError

_INSTALL = {
    "sail": "Install it: pip install 'churnkit[sail]', or pip install pysail 'pyspark-client>=4.2,<4.3'.",
    "spark": "Install it: pip install 'churnkit[spark]', or pip install 'pyspark[connect]'; it needs Java 17 or newer.",
}
_CONNECT_PORT = 15002
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
        self._server: Any = None
        with self._calling():
            self._session = self._begun(_builder(name), address)
            # Instants of orders are the shop's own wall clock.
            self._session.conf.set("spark.sql.session.timeZone", "UTC")
            self._backend = ibis.pyspark.connect(self._session)
            self._backend.compiler = _DoubleLiterals()

    def _begun(self, builder: Any, address: str) -> Any:
        if self._name == "sail" and not address:
            # Its log would stand between the lines of the command.
            os.environ.setdefault("RUST_LOG", "error")
            self._server = _sail_server()
            self._server.start(background=True)
            address = f"sc://127.0.0.1:{self._server.listening_address[1]}"
        if address.startswith("sc://"):
            _require_answer(address)
            return builder.remote(address).getOrCreate()
        if self._name == "sail":
            raise SettingsError(f"Opening Sail at {address!r}: an address of it begins with sc://.")
        # The machines run this Python, with this package on its path.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        path = os.pathsep.join(dict.fromkeys(entry for entry in sys.path if entry))
        settings = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.session.timeZone": "UTC",
            "spark.executorEnv.PYTHONPATH": path,
            "spark.driver.host": "127.0.0.1",
        }
        if address and not address.startswith("local"):
            del settings["spark.driver.host"]
        builder = builder.master(address or "local[*]").appName("churnkit score")
        for key, value in settings.items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        return session

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
        with _quietly():
            try:
                yield
            except _failures() as error:
                said = [line.strip() for line in str(error).splitlines() if line.strip()]
                raise JobError(
                    f"Scoring on {self._name}: the engine failed. {said[-1] if said else type(error).__name__}",
                    "The engine's own log says where; nothing was written.",
                ) from error

    def close(self) -> None:
        self._session.stop()
        if self._server is not None:
            self._server.stop()


def _builder(engine: str) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise _missing(engine, "pyspark") from error
    return SparkSession.builder


def _sail_server() -> Any:
    try:
        from pysail.spark import SparkConnectServer
    except ImportError as error:
        raise _missing("sail", "pysail") from error
    return SparkConnectServer("127.0.0.1", 0)


def _failures() -> tuple[type[Exception], ...]:
    """What Spark raises: its own errors, and where it has a Java those of the bridge to it."""
    try:
        from pyspark.errors import PySparkException
    except ImportError:
        return ()
    try:
        from py4j.protocol import Py4JError
    except ImportError:
        return (PySparkException,)
    return (PySparkException, Py4JError)


def _require_answer(address: str) -> None:
    """Refuse an address where nobody listens: the client would try for minutes."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or _CONNECT_PORT
    try:
        socket.create_connection((host, port), timeout=10).close()
    except OSError as error:
        raise SettingsError(
            f"Opening the engine at {host}:{port}: nobody answers ({error.strerror or error}).",
            "Start Spark Connect there, or mend --engine-address.",
        ) from error


def _missing(engine: str, package: str) -> SettingsError:
    return SettingsError(f"Opening the engine {engine}: {package} is not installed.", _INSTALL[engine])


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Without what PySpark warns of about pandas 3, of which nothing that is called here is touched."""
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message="PySpark does not yet fully support pandas", category=FutureWarning
        )
        warnings.filterwarnings("ignore", message="The copy keyword is deprecated")
        warnings.filterwarnings("ignore", message="'verifySchema' is ignored")
        yield
