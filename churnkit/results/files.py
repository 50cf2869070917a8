"""Files that are there as a whole or not at all: how everything that outlives a process is written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from churnkit.results.codec import Document, to_text

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

# One customer is read from a file of many by the statistics of its row groups.
ROW_GROUP_ROWS = 4096
# Of a table that nobody reads by customer: a hundred columns in many small groups take three times as long to read.
LARGE_ROW_GROUP_ROWS = 32_768
# As small as Snappy's, and read in a fifth of the time where row groups are.
_COMPRESSION: Final = "lz4"

_TEMPORARY = re.compile(r"\.[\w-]+\.[a-z]+\.[0-9]+\.tmp")


@contextmanager
def written_whole(path: Path, *, durable: bool = False) -> Iterator[Path]:
    """A place beside ``path`` to write to: it is moved there at the end, and gone if the block raises.

    A reader finds the old content or the new one. Two processes do not disturb each other; the later one wins.

    Parameters
    ----------
    durable
        Make sure that the bytes are on the disk before they take the name, for what nothing could make again.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield draft
        if durable:
            with draft.open("rb+") as file:
                os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def is_temporary(name: str) -> bool:
    """Whether ``name`` is one under which :func:`written_whole` has a file written before it takes its own."""
    return _TEMPORARY.fullmatch(name) is not None


def write_text_whole(path: Path, text: str) -> None:
    """Write ``text`` in UTF-8."""
    with written_whole(path) as draft:
        draft.write_text(text, encoding="utf-8")


def write_document(document: Document, path: Path, *, indent: int | None = 1) -> None:
    """Write a document as JSON, see ``results.codec``."""
    write_text_whole(path, to_text(document, indent=indent))


def write_frame(frame: pd.DataFrame, path: Path, *, row_group_rows: int = ROW_GROUP_ROWS) -> None:
    """Write a frame as Parquet, without its index."""
    # Numbers seldom repeat: a dictionary of them takes half of the time and saves little or nothing.
    texts = [str(name) for name, kind in frame.dtypes.items() if kind.kind not in "biuf"]
    with written_whole(path) as draft:
        frame.to_parquet(
            draft,
            index=False,
            row_group_size=row_group_rows,
            use_dictionary=texts,
            compression=_COMPRESSION,
        )


@contextmanager
def table_writer(schema: pa.Schema, path: Path) -> Iterator[pq.ParquetWriter]:
    """Writes Arrow tables one after the other as :func:`write_frame` writes the frame of them all."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    numbers = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean)
    texts = [one.name for one in schema if not any(is_kind(one.type) for is_kind in numbers)]
    with (
        written_whole(path) as draft,
        pq.ParquetWriter(draft, schema, use_dictionary=texts, compression=_COMPRESSION) as writer,
    ):
        yield writer
