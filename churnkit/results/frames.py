"""Rows of a document as a table, and a table as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Row = TypeVar("Row", bound=DataclassInstance)


def frame_of(rows: Sequence[DataclassInstance], kind: type[DataclassInstance] | None = None) -> pd.DataFrame:
    """A frame with a column for each field, in their order.

    Parameters
    ----------
    kind
        The rows' class, so that a table without rows has its columns.
    """
    columns = [field.name for field in fields(kind or rows[0])] if kind or rows else []
    return pd.DataFrame([asdict(row) for row in rows], columns=columns)


def rows_of(kind: type[Row], frame: pd.DataFrame) -> tuple[Row, ...]:
    """The rows of a frame as dataclasses; columns that are no field are left aside, numbers become Python's own."""
    names = [field.name for field in fields(kind)]
    return tuple(kind(**{name: _plain(row[name]) for name in names}) for row in frame.to_dict("records"))


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
