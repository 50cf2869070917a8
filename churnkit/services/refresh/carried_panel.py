"""The panel of a refresh: the dates that the model learned from as they were then, with today and one threshold before it.

They pass through in parts, as Arrow: together they are many times the rows of today, and the memory for all of them costs
as much time as reading and writing them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnkit.results.files import LARGE_ROW_GROUP_ROWS, table_writer
from churnkit.results.folders import Results
from churnkit.services.refresh.refreshing import Refreshed

_DATES = ["customer_id", "cutoff", "recency_days"]


def write_panel(found: Refreshed, trained: Results, path: Path) -> pd.DataFrame:
    """Write ``panel.parquet``.

    Returns
    -------
    ``customer_id, cutoff, recency_days`` of all rows written.
    """
    dates = []
    # What fails in writing is no fault of the file that is read.
    with trained.reading("panel.parquet") as learned:
        file = pq.ParquetFile(learned)
        known = file.read(["cutoff"])["cutoff"]
    with file:
        is_kept = _is_kept(known, trained.summary.question.cutoff, found.plan.scoring)
        new = _new_tables(found, known.filter(is_kept))
        schema = pa.unify_schemas(
            [one.remove_metadata() for one in (file.schema_arrow, *(table.schema for table in new))],
            promote_options="permissive",
        )
        with table_writer(schema, path) as writer:
            for part in chain(_parts(trained, file, is_kept), new):
                whole = pa.concat_tables(
                    [schema.empty_table(), part.replace_schema_metadata(None)], promote_options="permissive"
                )
                writer.write_table(whole, row_group_size=LARGE_ROW_GROUP_ROWS)
                dates.append(whole.select(_DATES))
    written: pd.DataFrame = pa.concat_tables(dates).to_pandas()
    return written


def _is_kept(dates: pa.ChunkedArray, learned_at: datetime, scoring: datetime) -> pa.ChunkedArray:
    """Which of the trained run's rows are of past dates: its own last one was not learned from."""
    return pc.and_(
        pc.not_equal(dates, pa.scalar(learned_at, type=dates.type)),
        pc.less(dates, pa.scalar(scoring, type=dates.type)),
    )


def _new_tables(found: Refreshed, kept_dates: pa.ChunkedArray) -> list[pa.Table]:
    new = [found.rows]
    if not found.before.empty:
        before = pa.scalar(found.before["cutoff"].iloc[0].to_pydatetime(), type=kept_dates.type)
        if not pc.any(pc.equal(kept_dates, before)).as_py():
            new.insert(0, found.before)
    return [pa.Table.from_pandas(one, preserve_index=False) for one in new]


def _parts(trained: Results, file: pq.ParquetFile, is_kept: pa.ChunkedArray) -> Iterator[pa.Table]:
    """The rows of a run's panel, opened as ``file``, that are kept, by its row groups."""
    start = 0
    for group in range(file.num_row_groups):
        length = file.metadata.row_group(group).num_rows
        kept = is_kept.slice(start, length)
        start += length
        if pc.any(kept).as_py():
            with trained.reading("panel.parquet"):
                rows = file.read_row_group(group)
            yield _rows_where(rows, kept)


def _rows_where(table: pa.Table, is_kept: pa.ChunkedArray) -> pa.Table:
    """The rows of a table that lies by dates of which few leave: as views of it, while a filter copies them all."""
    keeps = np.concatenate([[False], is_kept.to_numpy(), [False]])
    starts, ends = np.flatnonzero(np.diff(keeps.astype(np.int8))).reshape(-1, 2).T
    parts = [table.slice(start, end - start) for start, end in zip(starts, ends, strict=True)]
    return pa.concat_tables(parts) if parts else table.slice(0, 0)
