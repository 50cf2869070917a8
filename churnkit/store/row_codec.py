"""How a row becomes a record, and a value becomes what a column holds.

Times are aware datetimes outside and UTC inside. Columns ending in ``_path`` are paths.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from churnkit.accounts import Action
from churnkit.errors import StoreError
from churnkit.results.codec import from_text
from churnkit.results.destination import DestinationSettings, PushFigures
from churnkit.results.run_figures import RunFigures
from churnkit.results.schedule import Rule
from churnkit.results.shop import AdditionFigures, ShopSettings

_JSON_COLUMNS = frozenset(
    {
        "column_mapping",
        "settings",
        "hyperparameters",
        "metadata",
        "summary_stats",
        "segments",
        "feature_importance",
        "recommendations",
        "request",
        "figures",
        "mapping",
        "value",
        "facts",
        "details",
        "words",
        "source_settings",
        "pull_cursor",
    }
)

_DOCUMENTS = {
    "summary": RunFigures,
    "shop_settings": ShopSettings,
    "addition_figures": AdditionFigures,
    "rule": Rule,
    "destination_settings": DestinationSettings,
    "push_figures": PushFigures,
}

Record = TypeVar("Record")


def to_record(kind: type[Record], columns: Sequence[str], row: Sequence[Any]) -> Record:
    """The record of one row; ``tenant_id`` stays inside the store."""
    values = {name: _outside(name, value) for name, value in zip(columns, row, strict=True)}
    values.pop("tenant_id", None)
    return kind(**values)


def records(kind: type[Record], cursor: duckdb.DuckDBPyConnection) -> list[Record]:
    """All rows of a query that ``cursor`` has run."""
    columns = [column[0] for column in cursor.description or []]
    return [to_record(kind, columns, row) for row in cursor.fetchall()]


def _outside(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DOCUMENTS:
        return from_text(_DOCUMENTS[name], value)
    if name in _JSON_COLUMNS:
        return json.loads(value)
    if name.endswith("_path"):
        return Path(value)
    if name == "action":
        return Action(value)
    if name.endswith("_at"):
        return value.replace(tzinfo=UTC)
    return value


def to_utc(name: str, value: datetime) -> datetime:
    """``value`` in UTC without its zone, as the tables keep it.

    Raises
    ------
    StoreError
        The time has no zone, so that the moment it means is not known.
    """
    if value.tzinfo is None:
        raise StoreError(
            f"Writing {name} = {value.isoformat()}: it must carry a time zone, e.g. datetime.now(UTC)."
        )
    return value.astimezone(UTC).replace(tzinfo=None)


def json_text(name: str, value: object) -> str:
    """``value`` as JSON text.

    Raises
    ------
    StoreError
        It holds something that JSON has no form for, such as NaN or a NumPy number.
    """
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise StoreError(f"Writing {name}: it must consist of JSON values ({error}).") from error
