"""Inspections and small tables between the process that opens a user's file and the server that shows them.

JSON and Parquet of our own making: nothing that comes back from a foreign file is ever unpickled.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from churnkit.ingest import ColumnInfo, ColumnMapping, Inspection, Question, Suggestion

INSPECTION = "inspection.json"
PREVIEW = "preview.parquet"
TABLE = "table.parquet"
# A page shows the beginning of a cell; one of megabytes would reach every browser that looks.
MAX_CELL_CHARACTERS = 1000
_BESIDE = "preview"


def write_inspection(inspection: Inspection, folder: Path) -> None:
    """Leave an inspection in ``folder``."""
    facts = {
        field.name: getattr(inspection, field.name)
        for field in dataclasses.fields(inspection)
        if field.name != _BESIDE
    }
    (folder / INSPECTION).write_text(json.dumps(facts, default=_as_json), encoding="utf-8")
    inspection.preview.map(_shortened).to_parquet(folder / PREVIEW, index=False)


def read_inspection(folder: Path) -> Inspection:
    """The inspection that :func:`write_inspection` left; ValueError, KeyError or TypeError for any other file."""
    facts = json.loads((folder / INSPECTION).read_text(encoding="utf-8"))
    return Inspection(
        **{
            **facts,
            "preview": pd.read_parquet(folder / PREVIEW),
            "columns": tuple(
                ColumnInfo(**{**one, "examples": tuple(one["examples"])}) for one in facts["columns"]
            ),
            "mapping": ColumnMapping.from_json(facts["mapping"]),
            "suggestions": tuple(map(_suggestion, facts["suggestions"])),
            "questions": tuple(Question(**one) for one in facts["questions"]),
            "notes": tuple(facts["notes"]),
            "sheets": tuple(facts["sheets"]),
        }
    )


def write_table(table: pd.DataFrame, folder: Path) -> None:
    """Leave a small table, all of it text, in ``folder``."""
    table.to_parquet(folder / TABLE, index=False)


def read_small_table(folder: Path) -> pd.DataFrame:
    """The table that :func:`write_table` left: text, blanks as None."""
    table = pd.read_parquet(folder / TABLE).astype(object)
    return table.where(table.notna(), None)


def _suggestion(values: Mapping[str, Any]) -> Suggestion:
    alternatives = tuple((column, confidence) for column, confidence in values["alternatives"])
    return Suggestion(**{**values, "alternatives": alternatives})


def _as_json(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return dict(value) if isinstance(value, Mapping) else value.item()


def _shortened(cell: Any) -> Any:
    if isinstance(cell, str) and len(cell) > MAX_CELL_CHARACTERS:
        return cell[:MAX_CELL_CHARACTERS] + "…"
    return cell
