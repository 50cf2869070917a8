"""Rows of a table as dataclasses, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, Field, fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")


def rows_of(kind: type[R], frame: pd.DataFrame) -> tuple[R, ...]:
    """One ``kind`` for each row of a frame whose columns are its fields; others are passed over.

    A field with a default may lack its column.

    Raises
    ------
    KeyError
        The column of a field without a default is not there.
    """
    names = [field.name for field in fields(kind) if field.name in frame.columns or not _has_default(field)]
    columns = [frame[name].tolist() for name in names]
    return tuple(kind(**dict(zip(names, values, strict=True))) for values in zip(*columns, strict=True))


def frame_of(kind: type[R], rows: Sequence[R]) -> pd.DataFrame:
    """A column for each field of ``kind`` and a row for each of ``rows``; no rows give the columns alone."""
    import pandas as pd

    names = [field.name for field in fields(kind)]
    return pd.DataFrame([[getattr(row, name) for name in names] for row in rows], columns=names)


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING
