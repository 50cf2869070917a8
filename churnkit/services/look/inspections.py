"""Inspections and small tables between the process that opens a user's file and the server that shows them.

JSON and Parquet of our own making: nothing that comes back from a foreign file is ever unpickled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import pandas as pd

from churnkit.ingest import Inspection
from churnkit.results.codec import part_from_json, part_to_json

INSPECTION = "inspection.json"
PREVIEW = "preview.parquet"
TABLE = "table.parquet"
# A page shows the beginning of a cell; one of megabytes would reach every browser that looks.
MAX_CELL_CHARACTERS = 1000
_BESIDE = "preview"


def write_inspection(inspection: Inspection, folder: Path) -> None:
    """Leave an inspection in ``folder``."""
    facts = {name: part_to_json(getattr(inspection, name)) for name in _kinds()}
    (folder / INSPECTION).write_text(json.dumps(facts), encoding="utf-8")
    inspection.preview.map(_shortened).to_parquet(folder / PREVIEW, index=False)


def read_inspection(folder: Path) -> Inspection:
    """The inspection that :func:`write_inspection` left; ValueError, KeyError or DataError for any other file."""
    facts = json.loads((folder / INSPECTION).read_text(encoding="utf-8"))
    found: Any = {
        name: part_from_json(kind, facts[name], "what was seen of a file") for name, kind in _kinds().items()
    }
    return Inspection(preview=pd.read_parquet(folder / PREVIEW), **found)


def write_table(table: pd.DataFrame, folder: Path) -> None:
    """Leave a small table, all of it text, in ``folder``."""
    table.to_parquet(folder / TABLE, index=False)


def read_small_table(folder: Path) -> pd.DataFrame:
    """The table that :func:`write_table` left: text, blanks as None."""
    table = pd.read_parquet(folder / TABLE).astype(object)
    return table.where(table.notna(), None)


@cache
def _kinds() -> Mapping[str, type]:
    """What an inspection is made of, but for the table of its first rows."""
    # Whoever only reads a file goes without pandas: its module knows the name to type checkers alone.
    hints = get_type_hints(Inspection, localns={"pd": pd})
    return {one.name: hints[one.name] for one in fields(Inspection) if one.name != _BESIDE}


def _shortened(cell: Any) -> Any:
    if isinstance(cell, str) and len(cell) > MAX_CELL_CHARACTERS:
        return cell[:MAX_CELL_CHARACTERS] + "…"
    return cell
