"""The panel of a run: its own file, and in a refresh, beside it, the file of the run that trained the model.

A refresh learns nothing, and its model's dates are a hundred megabytes in a large shop: it shares that run's file as it is
(a second name of the same bytes where the disk can), and leaves out at reading what is not its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    import pandas as pd

    from churnkit.results.folders import Results

PANEL, LEARNED_PANEL = "panel.parquet", "learned_panel.parquet"

Condition = tuple[str, str, Any]
"""Column, operator and value, as ``pyarrow.parquet.read_table`` takes them."""


def panel_names(run: Results) -> list[str]:
    """Names of the panel's columns."""
    names: dict[str, None] = {}
    for name in _files_of(run):
        with run.reading(name) as path:
            names.update(dict.fromkeys(pq.read_schema(path).names))
    return list(names)


def panel_rows(
    run: Results, columns: Sequence[str] | None = None, where: Sequence[Condition] = ()
) -> pd.DataFrame:
    """Rows of the panel that meet all of ``where``, with some columns or all: past dates first."""
    parts = []
    for name in _files_of(run):
        conditions = [*where, *(_learned(run) if name == LEARNED_PANEL else ())]
        with run.reading(name) as path:
            parts.append(_read(path, columns, conditions))
    if len(parts) == 1:
        alone: pd.DataFrame = parts[0].to_pandas()
        return alone
    # A whole number of one file may be a fraction in the other, where one customer has none.
    plain = [part.replace_schema_metadata(None) for part in parts]
    rows: pd.DataFrame = pa.concat_tables(plain, promote_options="permissive").to_pandas()
    return rows


def _files_of(run: Results) -> list[str]:
    return [LEARNED_PANEL, PANEL] if run.path(LEARNED_PANEL).exists() else [PANEL]


def _learned(run: Results) -> list[Condition]:
    """Of the dates in the trained run's file, those before the refresh, without that run's own day of scoring."""
    summary = run.summary
    before: list[Condition] = [("cutoff", "<", summary.question.cutoff)]
    if summary.scored_by is not None:
        before.append(("cutoff", "!=", summary.scored_by.cutoff))
    return before


def _read(path: Path, columns: Sequence[str] | None, conditions: list[Condition]) -> pa.Table:
    there = None
    if columns is not None:
        known = set(pq.read_schema(path).names)
        there = [name for name in columns if name in known]
    return pq.read_table(path, columns=there, filters=conditions or None)
