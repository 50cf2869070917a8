"""Where the server keeps things and what it allows: the only reader of the environment."""

from __future__ import annotations

import dataclasses
import math
import os
import re
from dataclasses import dataclass
from pathlib import Path

from churnkit.config.checks import require
from churnkit.config.environment import number

MEGABYTE = 1_000_000
USUAL_FILE_BYTES = 200 * MEGABYTE
_JOB_SECONDS = 3600
EXPORTS_FOLDER = "CHURNKIT_EXPORTS_FOLDER"
SOURCES_FOLDER = "CHURNKIT_SOURCES_FOLDER"


def data_dir() -> Path:
    """Folder of uploads, Parquet and the DuckDB file (``CHURNKIT_DATA_DIR``, else ``data``)."""
    return Path(os.environ.get("CHURNKIT_DATA_DIR", "data"))


def max_file_bytes() -> int:
    """What a file, or several that are handed over at once, may come to (``CHURNKIT_MAX_BYTES``, else 200 MB).

    Raises
    ------
    SettingsError
        It is no whole number above 0.
    """
    name = "CHURNKIT_MAX_BYTES"
    text = os.environ.get(name, "").strip()
    if not text:
        return USUAL_FILE_BYTES
    require(text.isdecimal() and int(text) > 0, name, text, "a whole number above 0")
    return int(text)


def models_dir() -> Path:
    """Folder of the fitted models (``CHURNKIT_MODELS_DIR``, else ``models``)."""
    return Path(os.environ.get("CHURNKIT_MODELS_DIR", "models"))


def exports_folder() -> Path | None:
    """The folder below which shops may have their scores written (``CHURNKIT_EXPORTS_FOLDER``), None without one."""
    text = os.environ.get(EXPORTS_FOLDER, "").strip()
    return Path(text) if text else None


def sources_folder() -> Path | None:
    """The folder whose files shops may read as their sources (``CHURNKIT_SOURCES_FOLDER``), None without one."""
    text = os.environ.get(SOURCES_FOLDER, "").strip()
    return Path(text) if text else None


def leftover_grace_seconds() -> float:
    """How long a file that no row names may lie about while the server runs (``CHURNKIT_LEFTOVER_GRACE_SECONDS``).

    An hour unless set; it must be longer than the slowest upload takes.

    Raises
    ------
    SettingsError
        It is no number, or below 60.
    """
    name = "CHURNKIT_LEFTOVER_GRACE_SECONDS"
    seconds = number(name, 3600)
    require(seconds >= 60, name, seconds, "60 or more")
    return seconds


def reader_limits() -> WorkerLimits:
    """Of the process that looks at a file (``CHURNKIT_READ_MEMORY_MB``, ``CHURNKIT_READ_SECONDS``).

    Where files may be larger than usual they may take longer in proportion, up to the time of a job. They take no more
    memory: what does not fit lies on disk.
    """
    usual = WorkerLimits()
    seconds = math.ceil(usual.seconds * max(1.0, max_file_bytes() / USUAL_FILE_BYTES))
    return _limits("CHURNKIT_READ", usual.memory_mb, min(seconds, _JOB_SECONDS))


def job_limits() -> WorkerLimits:
    """Of the worker that does a job (``CHURNKIT_JOB_MEMORY_MB``, ``CHURNKIT_JOB_SECONDS``)."""
    return _limits("CHURNKIT_JOB", 8192, _JOB_SECONDS)


def _limits(prefix: str, memory_mb: int, seconds: int) -> WorkerLimits:
    return WorkerLimits(
        int(number(f"{prefix}_MEMORY_MB", memory_mb)), int(number(f"{prefix}_SECONDS", seconds))
    )


_FRAME_ANCESTOR = re.compile(r"'(?:self|none)'|https?://[A-Za-z0-9.*-]+(:[0-9*]+)?")


@dataclass(frozen=True)
class ServerSettings:
    """What the web server lets through.

    Attributes
    ----------
    shared_workspace
        Whether everybody who reaches the server works in one workspace.
    frame_ancestors
        Sites that may show the app in a frame, as a Content-Security-Policy names them. By default its own host
        alone, which is how Streamlit Community Cloud shows an app.
    metrics_open
        Whether ``/_stcore/metrics`` answers.
    upload_session_bytes, upload_session_files, upload_total_bytes
        What one browser tab and all tabs together may keep in memory before it lies on disk. Unless they are set they
        have room for a file of `max_file_bytes`, whatever that is.
    upload_minutes
        After this time a file that no page has taken up leaves memory.
    """

    shared_workspace: bool = False
    frame_ancestors: tuple[str, ...] = ("'self'",)
    metrics_open: bool = False
    upload_session_bytes: int = 250 * MEGABYTE
    upload_session_files: int = 100
    upload_total_bytes: int = 450 * MEGABYTE
    upload_minutes: float = 10.0

    def __post_init__(self) -> None:
        for ancestor in self.frame_ancestors:
            require(
                _FRAME_ANCESTOR.fullmatch(ancestor) is not None,
                "CHURNKIT_FRAME_ANCESTORS",
                ancestor,
                "'self', 'none' or an address such as https://shop.example, several with spaces between",
            )
        require(
            self.upload_session_bytes > 0, "CHURNKIT_UPLOAD_SESSION_MB", self.upload_session_bytes, "above 0"
        )
        require(
            self.upload_session_files > 0,
            "CHURNKIT_UPLOAD_SESSION_FILES",
            self.upload_session_files,
            "1 or more",
        )
        require(
            self.upload_total_bytes >= self.upload_session_bytes,
            "CHURNKIT_UPLOAD_TOTAL_MB",
            self.upload_total_bytes // MEGABYTE,
            f"at least CHURNKIT_UPLOAD_SESSION_MB ({self.upload_session_bytes // MEGABYTE})",
        )
        require(self.upload_minutes > 0, "CHURNKIT_UPLOAD_MINUTES", self.upload_minutes, "above 0")

    @classmethod
    def from_environment(cls) -> ServerSettings:
        """The settings of this process.

        Raises
        ------
        SettingsError
            A variable holds what it must not.
        """
        usual = cls()
        workspaces = os.environ.get("CHURNKIT_WORKSPACES", "browser")
        require(
            workspaces in ("browser", "shared"), "CHURNKIT_WORKSPACES", workspaces, "'browser' or 'shared'"
        )
        larger = max(1.0, max_file_bytes() / USUAL_FILE_BYTES)
        session_mb = number("CHURNKIT_UPLOAD_SESSION_MB", usual.upload_session_bytes * larger / MEGABYTE)
        total_mb = number("CHURNKIT_UPLOAD_TOTAL_MB", usual.upload_total_bytes * larger / MEGABYTE)
        return cls(
            shared_workspace=workspaces == "shared",
            frame_ancestors=tuple(os.environ.get("CHURNKIT_FRAME_ANCESTORS", "").split())
            or usual.frame_ancestors,
            metrics_open=os.environ.get("CHURNKIT_METRICS", "") not in ("", "0"),
            upload_session_bytes=int(session_mb * MEGABYTE),
            upload_session_files=int(number("CHURNKIT_UPLOAD_SESSION_FILES", usual.upload_session_files)),
            upload_total_bytes=int(total_mb * MEGABYTE),
            upload_minutes=number("CHURNKIT_UPLOAD_MINUTES", usual.upload_minutes),
        )


@dataclass(frozen=True)
class WorkerLimits:
    """What a process that opens a user's file may use before the system ends it.

    Attributes
    ----------
    memory_mb
        Megabytes of address space, some 2,500 above what is really used: libraries set that much aside.
    seconds
        Of each core's time; for a reader of wall clock, too.
    """

    memory_mb: int = 4096
    seconds: int = 120

    def __post_init__(self) -> None:
        require(self.memory_mb >= 1024, "memory_mb", self.memory_mb, "1024 or more")
        require(self.seconds >= 1, "seconds", self.seconds, "1 or more")


@dataclass(frozen=True)
class ReadingLimits:
    """What the readers refuse before they read; limits of the server, so no part of an analysis' settings.

    Each is set by the environment variable ``CHURNKIT_`` and its name in capitals; see `reading_limits`.

    Attributes
    ----------
    max_columns
        Columns of any table.
    max_rows, max_cells
        Rows, and rows times columns, of a text or Parquet file, which are read piece by piece.
    max_sheet_cells
        Rows times columns of a workbook's sheet from its first to its last filled cell, empty ones between them
        included: the reader holds the whole rectangle, at some 70 bytes a filled cell and 24 an empty one.
    max_sheet_bytes
        Texts of a workbook's sheet in bytes, those that many cells share counted in each.
    max_members
        Files in a zip archive or workbook.
    max_parts
        Sheets and files that are looked at as parts of one table.
    max_ratio, free_bytes
        How many times its packed size a file may unpack to; the first ``free_bytes`` are not judged.
    max_row_groups, max_footer_bytes
        Of a Parquet file.
    small_rows, small_cells
        Rows, and rows times columns, of a list of contacts, of results or of an experiment.
    """

    max_columns: int = 2_000
    max_rows: int = 50_000_000
    max_cells: int = 600_000_000
    max_sheet_cells: int = 20_000_000
    max_sheet_bytes: int = 1_000 * MEGABYTE
    max_members: int = 10_000
    max_parts: int = 500
    max_ratio: int = 200
    free_bytes: int = 50 * MEGABYTE
    max_row_groups: int = 100_000
    max_footer_bytes: int = 32 * MEGABYTE
    small_rows: int = 1_000_000
    small_cells: int = 5_000_000

    def __post_init__(self) -> None:
        for limit in dataclasses.fields(self):
            value = getattr(self, limit.name)
            require(value > 0, limit.name, value, "above 0")


def reading_limits() -> ReadingLimits:
    """The limits of this server: ``CHURNKIT_MAX_COLUMNS`` and the like, else the defaults.

    Raises
    ------
    SettingsError
        A variable holds no whole number above 0.
    """
    given = {}
    for limit in dataclasses.fields(ReadingLimits):
        variable = f"CHURNKIT_{limit.name.upper()}"
        text = os.environ.get(variable, "").strip()
        if text:
            require(text.isdecimal(), variable, text, "a whole number above 0")
            given[limit.name] = int(text)
    return ReadingLimits(**given)
