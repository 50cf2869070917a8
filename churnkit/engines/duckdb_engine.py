"""DuckDB in this process: customers in parts of bounded size, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.expr import types as ir
from pyarrow import fs

from churnkit.engines.addresses import has_files, is_address, opened, remove, write_bytes
from churnkit.engines.chunk import CHUNK_ROWS
from churnkit.engines.engine import Score
from churnkit.errors import DataError
from churnkit.ingest.engine import backend_of, connect

# Lines of a part: their events and features stay in some 2 GB.
PART_LINES = 4_000_000
_FILES_ROWS = 1_000_000
_POSITIVE = 2**31 - 1


class DuckDbEngine:
    """See ``engine.Engine``; what it keeps lies in ``folder``."""

    def __init__(self, folder: Path, part_lines: int = PART_LINES) -> None:
        self._folder = folder
        self._part_lines = part_lines
        self._connection = connect(folder)
        self._backend = backend_of(self._connection)

    @property
    def words(self) -> str:
        return f"DuckDB {duckdb.__version__}"

    def read(self, address: str) -> ir.Table:
        if is_address(address):
            return self._from_storage(address)
        path = Path(address)
        files = _files_of(path)
        if not files:
            raise DataError(f"Reading canonical Parquet: {address} holds no Parquet file.")
        return self._backend.read_parquet([str(file) for file in files], union_by_name=True)

    def _from_storage(self, address: str) -> ir.Table:
        """Through Arrow's own reader: DuckDB's would have to be fetched from the network first."""
        import pyarrow.dataset as ds

        filesystem, path = opened(address)
        found = ds.dataset(path, filesystem=filesystem, format=ds.ParquetFileFormat())
        name = f"churnkit_storage_{uuid4().hex}"
        self._connection.register(name, found)
        return self._backend.table(name)

    def parts(self, lines: ir.Table) -> Sequence[ir.Table]:
        count = -(-int(lines.count().to_pyarrow().as_py()) // self._part_lines)
        if count <= 1:
            return [lines]
        folder = self._folder / "parts"
        part = (lines.customer_id.hash() & _POSITIVE) % count
        self._backend.to_parquet(lines.mutate(part=part), folder, compression="lz4", partition_by="part")
        return [
            self._backend.read_parquet(f"{one}/*.parquet", hive_partitioning=False)
            for one in sorted(folder.iterdir())
        ]

    def keep(self, table: ir.Table, name: str) -> ir.Table:
        path = self._folder / f"{name}.parquet"
        self._backend.to_parquet(table, path, compression="lz4")
        return self._backend.read_parquet(path)

    def score(self, rows: ir.Table, score: Score, schema: pa.Schema, name: str) -> ir.Table:
        path = self._folder / f"{name}.parquet"
        with pq.ParquetWriter(path, schema, compression="lz4") as writer:
            for batch in score(self._batches(rows, CHUNK_ROWS)):
                writer.write_batch(batch)
        return self._backend.read_parquet(path)

    def rows_of(self, table: ir.Table) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._backend.to_pyarrow(table).to_pylist()
        return found

    def write(self, table: ir.Table, folder: str) -> None:
        if is_address(folder):
            storage, path = opened(folder)
        else:
            storage, path = fs.LocalFileSystem(), folder
            Path(folder).mkdir()
        for number, batch in enumerate(self._batches(table, _FILES_ROWS)):
            file = f"{path}/part-{number:05d}.parquet"
            pq.write_table(pa.Table.from_batches([batch]), file, compression="zstd", filesystem=storage)

    def write_text(self, text: str, address: str) -> None:
        write_bytes(text.encode(), address)

    def has_files(self, address: str) -> bool:
        return has_files(address)

    def remove(self, address: str) -> None:
        remove(address)

    def _batches(self, table: ir.Table, rows: int) -> pa.RecordBatchReader:
        """Ibis 12 asks for batches by a name that DuckDB 2 has given up."""
        self._backend.create_view("churnkit_batches", table, overwrite=True)
        return self._connection.sql("FROM churnkit_batches").to_arrow_reader(rows)

    def close(self) -> None:
        self._connection.close()


def _files_of(path: Path) -> list[Path]:
    """Parquet files, without those that another program is still writing."""
    if not path.is_dir():
        return [path] if path.is_file() else []
    found = sorted(path.rglob("*.parquet"))
    return [file for file in found if not any(name[0] in "._" for name in file.relative_to(path).parts)]
