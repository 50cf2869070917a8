"""The rows of a query, through ADBC (https://arrow.apache.org/adbc): PostgreSQL and SQLite, read only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pyarrow as pa
import pyarrow.parquet as pq

from churnkit.config import private_hosts
from churnkit.errors import is_disk_full
from churnkit.outgoing import Address
from churnkit.results.pulled import Pulled
from churnkit.sources.folder import place_in_root
from churnkit.sources.pulling import SourceFailed, Task, cursor_text, file_of, too_large
from churnkit.sources.settings import SqlSettings
from churnkit.text.figures import counted

CONNECT_SECONDS = 15


def pull(task: Task) -> Pulled:
    """All rows of the query as one Parquet file; the same rows as last time are nothing new."""
    settings = task.settings
    assert isinstance(settings, SqlSettings)
    target = task.out / "file-0.parquet"
    with _connection(settings, task) as connection, _failures(settings), connection.cursor() as cursor:
        query = f"SELECT * FROM ({settings.query}\n) AS churnkit_rows"  # noqa: S608 (the owner's own query, read only)
        if task.is_test:
            cursor.execute(f"{query} LIMIT 5")
            names = cursor.fetch_arrow_table().column_names
            return Pulled(
                words=f"It can be read. Its columns: {', '.join(names[:12])}.",
                cursor=cursor_text(dict(task.cursor)),
            )
        cursor.execute(query)
        rows = _written(cursor.fetch_record_batch(), target, task)
    if not rows:
        raise SourceFailed("Fetching the rows of the query: there are none.", "See what the query finds.")
    file = file_of(target, "query.parquet")
    if task.cursor.get("sha256") == file.sha256:
        target.unlink()
        return Pulled(words="Nothing new.", cursor=cursor_text(dict(task.cursor)))
    return Pulled(
        files=(file,),
        cursor=cursor_text({"sha256": file.sha256}),
        words=f"{counted(rows, 'row')} of the query.",
    )


def _written(batches: Any, target: Path, task: Task) -> int:
    rows = 0
    schema = pa.schema([(field.name, plain_type(field.type)) for field in batches.schema])
    with pq.ParquetWriter(target, schema) as writer:
        for batch in batches:
            columns = [
                _plain(column).cast(field.type) for column, field in zip(batch.columns, schema, strict=True)
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
            rows += batch.num_rows
            task.say(f"{counted(rows, 'row')}")
            if target.stat().st_size > task.max_bytes:
                raise too_large("the rows of the query", task.max_bytes)
    return rows


def plain_type(kind: pa.DataType) -> pa.DataType:
    """A type that every reader knows: numbers of any precision arrive as an opaque text."""
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def _plain(column: pa.Array) -> pa.Array:
    return column.storage if isinstance(column, pa.ExtensionArray) else column


@contextmanager
def _connection(settings: SqlSettings, task: Task) -> Iterator[Any]:
    dbapi, address, before = _sqlite(settings) if settings.system == "sqlite" else _postgresql(settings, task)
    with _failures(settings):
        connection = dbapi.connect(address)
    try:
        with _failures(settings):
            with connection.cursor() as cursor:
                cursor.execute(before)
            connection.commit()
        yield connection
    finally:
        # What it could not close goes with the process.
        with suppress(OSError, pa.ArrowException, RuntimeError):
            connection.close()


def _sqlite(settings: SqlSettings) -> tuple[Any, str, str]:
    """(driver, where to connect, the statement that forbids writing)."""
    with _installed():
        from adbc_driver_sqlite import dbapi
    file = place_in_root(settings.file)
    return dbapi, f"file:{quote(str(file))}?mode=ro", "PRAGMA query_only = ON"


def _postgresql(settings: SqlSettings, task: Task) -> tuple[Any, str, str]:
    """As :func:`_sqlite`; to the address that was checked, under the name that its certificate has."""
    with _installed():
        from adbc_driver_postgresql import dbapi
    password = task.credentials.get("password", "")
    host = settings.host.strip().lower()
    may_be_private = host in private_hosts()
    try:
        address = Address(host, settings.port, "/", True, may_be_private).resolve()[0]
    except OSError as error:
        raise SourceFailed(f"Opening the database at {host}: the name is not known.") from error
    more = {
        "hostaddr": address,
        "connect_timeout": str(CONNECT_SECONDS),
        # In the open internet nobody else may read along.
        "sslmode": "prefer" if may_be_private else "require",
        "application_name": "churnkit",
    }
    secret = f":{quote(password, safe='')}" if password else ""
    named = f"[{host}]" if ":" in host else host
    where = (
        f"postgresql://{quote(settings.user, safe='')}{secret}@{named}:{settings.port}"
        f"/{quote(settings.database, safe='')}?{urlencode(more)}"
    )
    return dbapi, where, "SET default_transaction_read_only = on"


@contextmanager
def _installed() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise SourceFailed(
            "Opening the database: its driver is not installed.",
            "Install it with the extra for databases: pip install 'churnkit[sql]'.",
        ) from error


@contextmanager
def _failures(settings: SqlSettings) -> Iterator[None]:
    # The drivers that were imported before bring it along.
    from adbc_driver_manager import Error

    try:
        yield
    except (OSError, pa.ArrowException, Error) as error:
        if is_disk_full(error):
            raise
        # Without the cause: what a driver says may hold the address with the password in it.
        raise _failed(settings, error) from None


def _failed(settings: SqlSettings, error: Exception) -> SourceFailed:
    said = " ".join(str(error).split())
    where = settings.file or settings.host
    # libpq repeats the address that it was given, with the password in it, when it cannot read it.
    said = "the address is not understood" if "://" in said else said[:300]
    return SourceFailed(f"Asking the database at {where}: {said}.", "Try the query in the database itself.")
