"""What the tables hold, as typed records, and how a row becomes one.

Times are aware datetimes outside and UTC inside. Columns ending in ``_path`` are paths.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

import pandas as pd

from churnkit.errors import StoreError

SessionStatus = Literal["configured", "training", "completed"]
JobStatus = Literal["pending", "running", "completed", "failed"]
JobKind = Literal["look", "analyze", "score"]
EndedBy = Literal["error", "cancelled", "interrupted"]
PlanStatus = Literal["planned", "running", "ended"]

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
        "summary",
        "figures",
        "mapping",
        "value",
        "facts",
        "words",
    }
)


@dataclass(frozen=True)
class Upload:
    """A file that a user handed over; ``row_count`` is None until it was read.

    ``sha256`` of its bytes is None for files of earlier versions; ``reader_ended`` says why looking at it ended the
    process that did, None if nothing of the kind has happened.
    """

    upload_id: str
    user_id: str | None
    filename: str
    file_path: Path
    file_size_bytes: int
    row_count: int | None
    uploaded_at: datetime
    sha256: str | None
    reader_ended: str | None


@dataclass(frozen=True)
class Session:
    """One analysis of an upload; ``horizon_days`` is None until it was chosen or found.

    ``look_id`` and ``run_id`` are the jobs whose first look and whose run are on screen, None until there is one.
    """

    session_id: str
    upload_id: str
    column_mapping: dict[str, Any]
    settings: dict[str, Any]
    horizon_days: int | None
    transactions_path: Path | None
    panel_path: Path | None
    status: SessionStatus
    created_at: datetime
    name: str | None = None
    look_id: str | None = None
    run_id: str | None = None


@dataclass(frozen=True)
class TrainingJob:
    """Background work on a session; ``progress`` in percent, 0 to 100.

    ``request`` says what was asked for. A failed job was ended by an error, by its owner, or by the death of its
    process, which ``pid`` and ``pid_started`` tell apart from a later process of the same number.
    """

    job_id: str
    session_id: str
    kind: JobKind
    request: dict[str, Any]
    status: JobStatus
    ended_by: EndedBy | None
    progress: float
    current_step: str | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    error_message: str | None
    error_remedy: str | None
    pid: int | None
    pid_started: str | None


@dataclass(frozen=True)
class NamedFiles:
    """What the tables of every tenant name on disk: ids of rows, and names of files without their folders.

    ``unfinished`` are jobs that wait or run, ``scored`` the scorings that completed, ``looks`` and ``runs`` the ids
    that name folders of sessions.
    """

    uploads: frozenset[str]
    sessions: frozenset[str]
    looks: frozenset[str]
    runs: frozenset[str]
    jobs: frozenset[str]
    unfinished: frozenset[str]
    scored: frozenset[str]
    models: frozenset[str]


@dataclass(frozen=True)
class OwnedJob:
    """A job and the tenant whose session it works on."""

    tenant_id: str
    job: TrainingJob


@dataclass(frozen=True)
class StepTiming:
    """How long one step of a finished job took, and on how many rows of the file."""

    step: str
    row_count: int
    seconds: float


@dataclass(frozen=True)
class ModelFile:
    """A model file to be recorded; ``figures`` as in :meth:`Store.save_model`."""

    model_type: str
    file_path: Path
    sha256: str
    figures: Mapping[str, float | None] = field(default_factory=dict)
    hyperparameters: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelSeal:
    """The model file of a run, by name, and the SHA-256 that its bytes must have to be opened."""

    file_name: str
    sha256: str


@dataclass(frozen=True)
class Run:
    """One version of an analysis; ``summary`` holds the few figures by which versions are compared."""

    run_id: str
    session_id: str
    model_id: str | None
    horizon_days: int
    champion: str
    summary: dict[str, Any]
    finished_at: datetime


@dataclass(frozen=True)
class Scenario:
    """A what-if that its reader kept: what was set, and what came out."""

    session_id: str
    name: str
    settings: dict[str, Any]
    figures: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True)
class Campaign:
    """A list of customers that its reader wants to contact."""

    campaign_id: str
    session_id: str
    name: str
    created_at: datetime
    customer_count: int


@dataclass(frozen=True)
class PlannedCampaign:
    """A frozen plan: ``facts`` holds its settings, assumptions and promise; ``started_on`` the day it went out."""

    plan_id: str
    session_id: str
    run_id: str
    name: str
    status: PlanStatus
    facts: dict[str, Any]
    created_at: datetime
    started_on: date | None


@dataclass(frozen=True)
class StoredReadout:
    """A look at a campaign's results: what was read, the figures, and what they say."""

    readout_id: str
    plan_id: str
    source: str
    figures: dict[str, Any]
    words: list[str]
    is_complete: bool
    looked_at: datetime


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


Record = TypeVar(
    "Record",
    Upload,
    Session,
    TrainingJob,
    StoredModel,
    Insights,
    Run,
    Scenario,
    Campaign,
    PlannedCampaign,
    StoredReadout,
    StepTiming,
)


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
