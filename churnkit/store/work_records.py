"""Uploads, sessions and background work, as the tables hold them. Times are aware datetimes in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from churnkit.results.codec import JsonObject

SessionStatus = Literal["configured", "training", "completed"]
JobStatus = Literal["pending", "running", "completed", "failed"]
JobKind = Literal["look", "analyze", "score", "add", "refresh", "erase", "pull", "bulk"]
EndedBy = Literal["error", "cancelled", "interrupted"]


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
    ``note`` is what somebody wrote down about it.
    """

    session_id: str
    upload_id: str
    column_mapping: JsonObject
    settings: JsonObject
    horizon_days: int | None
    transactions_path: Path | None
    panel_path: Path | None
    status: SessionStatus
    created_at: datetime
    name: str | None = None
    look_id: str | None = None
    run_id: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class PutAway:
    """A deleted analysis that can be brought back for a while; ``upload_ids`` are the files that it stands on."""

    session_id: str
    name: str
    put_away_at: datetime
    upload_ids: list[str]


@dataclass(frozen=True)
class TrainingJob:
    """Background work on a session; ``progress`` in percent, 0 to 100.

    ``request`` says what was asked for. A failed job was ended by an error, by its owner, or by the death of its
    process, which ``pid`` and ``pid_started`` tell apart from a later process of the same number. ``name`` is what
    somebody calls scores that are kept.
    """

    job_id: str
    session_id: str
    kind: JobKind
    request: JsonObject
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
    name: str | None = None


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
class NamedFiles:
    """What the tables of every tenant name on disk: ids of rows, and names of files without their folders.

    ``unfinished`` are jobs that wait or run, ``scored`` the scorings that completed, ``looks``, ``runs`` and
    ``histories`` (the newest addition of each shop and the one before) the ids that name folders of sessions,
    ``put_away`` the sessions that were deleted and can be brought back.
    """

    uploads: frozenset[str]
    sessions: frozenset[str]
    looks: frozenset[str]
    runs: frozenset[str]
    histories: frozenset[str]
    jobs: frozenset[str]
    unfinished: frozenset[str]
    scored: frozenset[str]
    models: frozenset[str]
    put_away: frozenset[str]


@dataclass(frozen=True)
class Removed:
    """What a deletion took out of the store, and the files that the caller must delete now."""

    sessions: int
    files: list[Path]
