"""The panel of a refresh: rows of today and of one threshold before it, beside the file that the model learned from."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnkit.results.files import LARGE_ROW_GROUP_ROWS, table_writer
from churnkit.results.folders import Results
from churnkit.results.panel_files import LEARNED_PANEL, PANEL
from churnkit.services.refresh.refreshing import Refreshed
from churnkit.shops.history_files import link_or_copy

_DATES = ["customer_id", "cutoff", "recency_days"]


def write_panel(found: Refreshed, trained: Results, folder: Path) -> pd.DataFrame:
    """Write both files of the panel into ``folder``.

    Returns
    -------
    ``customer_id, cutoff, recency_days`` of all rows, as ``results.panel_files.panel_rows`` finds them there.
    """
    with trained.reading(PANEL) as path:
        with pq.ParquetFile(path) as file:
            known = file.read(_DATES)
        link_or_copy(path, folder / LEARNED_PANEL)
    kept = known.filter(_is_kept(known["cutoff"], trained.summary.question.cutoff, found.plan.scoring))
    new = pa.concat_tables(_new_tables(found, kept["cutoff"]), promote_options="permissive")
    with table_writer(new.schema, folder / PANEL) as writer:
        writer.write_table(new, row_group_size=LARGE_ROW_GROUP_ROWS)
    dates = [kept.replace_schema_metadata(None), new.select(_DATES)]
    written: pd.DataFrame = pa.concat_tables(dates, promote_options="permissive").to_pandas()
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
    return [pa.Table.from_pandas(one, preserve_index=False).replace_schema_metadata(None) for one in new]
