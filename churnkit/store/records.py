"""What the tables hold, as typed records, and how a row becomes one.

Times are aware datetimes outside and UTC inside. Columns ending in ``_path`` are paths.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

import pandas as pd

from churnkit.errors import StoreError

SessionStatus = Literal["configured", "training", "completed"]
JobStatus = Literal["pending", "running", "completed", "failed"]

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
    }
)


@dataclass(frozen=True)
class Upload:
    """A file that a user handed over; ``row_count`` is None until it was read."""

    upload_id: str
    user_id: str | None
    filename: str
    file_path: Path
    file_size_bytes: int
    row_count: int | None
    uploaded_at: datetime


@dataclass(frozen=True)
class Session:
    """One analysis of an upload; ``horizon_days`` is None until it was chosen or found."""

    session_id: str
    upload_id: str
    column_mapping: dict[str, Any]
    settings: dict[str, Any]
    horizon_days: int | None
    transactions_path: Path | None
    panel_path: Path | None
    status: SessionStatus
    created_at: datetime


@dataclass(frozen=True)
class TrainingJob:
    """Background work on a session; ``progress`` in percent, 0 to 100."""

    job_id: str
    session_id: str
    status: JobStatus
    progress: float
    current_step: str | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    error_message: str | None


@dataclass(frozen=True)
class StoredModel:
    """A fitted model's file, its SHA-256 and its figures (None where a figure does not apply)."""

    model_id: str
    session_id: str
    model_type: str
    file_path: Path
    sha256: str
    f1: float | None
    precision: float | None
    recall: float | None
    roc_auc: float | None
    log_loss: float | None
    is_champion: bool
    trained_at: datetime
    hyperparameters: dict[str, Any]
    metadata: dict[str, Any]


@dataclass(frozen=True)
class PredictionPage:
    """Some rows of a session's predictions, and how many there are in all under the same filter."""

    rows: pd.DataFrame
    total: int


@dataclass(frozen=True)
class Insights:
    """What a session's analysis found, as JSON values."""

    insight_id: str
    session_id: str
    summary_stats: dict[str, Any]
    segments: Any
    feature_importance: Any
    recommendations: Any
    generated_at: datetime


@dataclass(frozen=True)
class Removed:
    """What a deletion took out of the store, and the files that the caller must delete now."""

    sessions: int
    files: list[Path]


Record = TypeVar("Record", Upload, Session, TrainingJob, StoredModel, Insights)


def to_record(kind: type[Record], columns: Sequence[str], row: Sequence[Any]) -> Record:
    """The record of one row; ``tenant_id`` stays inside the store."""
    values = {name: _outside(name, value) for name, value in zip(columns, row, strict=True)}
    values.pop("tenant_id", None)
    return kind(**values)


def _outside(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _JSON_COLUMNS:
        return json.loads(value)
    if name.endswith("_path"):
        return Path(value)
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


def to_json(name: str, value: Mapping[str, Any] | Sequence[Any]) -> str:
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
