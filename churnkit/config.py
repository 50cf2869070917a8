"""Every setting, as frozen dataclasses that are validated once, when they are built."""

from __future__ import annotations

import dataclasses
import math
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from churnkit.errors import SettingsError

ReturnsTreatment = Literal["net", "ignore"]
DuplicatesTreatment = Literal["drop", "keep"]
Imbalance = Literal["class_weight", "smote", "none"]
AssumptionKind = Literal["assumed", "given", "measured"]
"""Of a value behind money: our default, the owner's word, or what a campaign with a holdout found."""

MEGABYTE = 1_000_000
MAX_HORIZON_DAYS = 3650


def data_dir() -> Path:
    """Folder of uploads, Parquet and the DuckDB file (``CHURNKIT_DATA_DIR``, else ``data``)."""
    return Path(os.environ.get("CHURNKIT_DATA_DIR", "data"))


def models_dir() -> Path:
    """Folder of the fitted models (``CHURNKIT_MODELS_DIR``, else ``models``)."""
    return Path(os.environ.get("CHURNKIT_MODELS_DIR", "models"))


def leftover_grace_seconds() -> float:
    """How long a file that no row names may lie about while the server runs (``CHURNKIT_LEFTOVER_GRACE_SECONDS``).

    An hour unless set; it must be longer than the slowest upload takes.

    Raises
    ------
    SettingsError
        It is no number, or below 60.
    """
    name = "CHURNKIT_LEFTOVER_GRACE_SECONDS"
    seconds = _number(name, 3600)
    _require(seconds >= 60, name, seconds, "60 or more")
    return seconds


def reader_limits() -> WorkerLimits:
    """Of the process that looks at a file (``CHURNKIT_READ_MEMORY_MB``, ``CHURNKIT_READ_SECONDS``)."""
    usual = WorkerLimits()
    return _limits("CHURNKIT_READ", usual.memory_mb, usual.seconds)


def job_limits() -> WorkerLimits:
    """Of the worker that does a job (``CHURNKIT_JOB_MEMORY_MB``, ``CHURNKIT_JOB_SECONDS``)."""
    return _limits("CHURNKIT_JOB", 8192, 3600)


def _limits(prefix: str, memory_mb: int, seconds: int) -> WorkerLimits:
    return WorkerLimits(
        int(_number(f"{prefix}_MEMORY_MB", memory_mb)), int(_number(f"{prefix}_SECONDS", seconds))
    )


def _require(holds: bool, name: str, value: object, rule: str) -> None:
    if not holds:
        raise SettingsError(f"Setting {name} = {value!r}: it must be {rule}.")


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
        What one browser tab and all tabs together may keep in memory before it lies on disk.
    upload_minutes
        After this time a file that no page has taken up leaves memory.
    """

    shared_workspace: bool = False
    frame_ancestors: tuple[str, ...] = ("'self'",)
    metrics_open: bool = False
    upload_session_bytes: int = 250 * MEGABYTE
    upload_session_files: int = 20
    upload_total_bytes: int = 450 * MEGABYTE
    upload_minutes: float = 10.0

    def __post_init__(self) -> None:
        for ancestor in self.frame_ancestors:
            _require(
                _FRAME_ANCESTOR.fullmatch(ancestor) is not None,
                "CHURNKIT_FRAME_ANCESTORS",
                ancestor,
                "'self', 'none' or an address such as https://shop.example, several with spaces between",
            )
        _require(
            self.upload_session_bytes > 0, "CHURNKIT_UPLOAD_SESSION_MB", self.upload_session_bytes, "above 0"
        )
        _require(
            self.upload_session_files > 0,
            "CHURNKIT_UPLOAD_SESSION_FILES",
            self.upload_session_files,
            "1 or more",
        )
        _require(
            self.upload_total_bytes >= self.upload_session_bytes,
            "CHURNKIT_UPLOAD_TOTAL_MB",
            self.upload_total_bytes // MEGABYTE,
            f"at least CHURNKIT_UPLOAD_SESSION_MB ({self.upload_session_bytes // MEGABYTE})",
        )
        _require(self.upload_minutes > 0, "CHURNKIT_UPLOAD_MINUTES", self.upload_minutes, "above 0")

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
        _require(
            workspaces in ("browser", "shared"), "CHURNKIT_WORKSPACES", workspaces, "'browser' or 'shared'"
        )
        session_mb = _number("CHURNKIT_UPLOAD_SESSION_MB", usual.upload_session_bytes / MEGABYTE)
        total_mb = _number("CHURNKIT_UPLOAD_TOTAL_MB", usual.upload_total_bytes / MEGABYTE)
        return cls(
            shared_workspace=workspaces == "shared",
            frame_ancestors=tuple(os.environ.get("CHURNKIT_FRAME_ANCESTORS", "").split())
            or usual.frame_ancestors,
            metrics_open=os.environ.get("CHURNKIT_METRICS", "") not in ("", "0"),
            upload_session_bytes=int(session_mb * MEGABYTE),
            upload_session_files=int(_number("CHURNKIT_UPLOAD_SESSION_FILES", usual.upload_session_files)),
            upload_total_bytes=int(total_mb * MEGABYTE),
            upload_minutes=_number("CHURNKIT_UPLOAD_MINUTES", usual.upload_minutes),
        )


def _number(name: str, usual: float) -> float:
    text = os.environ.get(name, "").strip()
    try:
        value = float(text) if text else usual
    except ValueError:
        value = math.nan
    _require(math.isfinite(value), name, text, "a number")
    return value


@dataclass(frozen=True)
class IngestSettings:
    """How a file is read. ``None`` means: decide from the file, and report what was decided."""

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: Literal[".", ","] | None = None
    day_first: bool | None = None
    currency: str | None = None
    returns: ReturnsTreatment = "net"
    duplicates: DuplicatesTreatment = "drop"
    max_bytes: int = 200 * MEGABYTE
    preview_rows: int = 100

    def __post_init__(self) -> None:
        _require(self.decimal in (None, ".", ","), "decimal", self.decimal, "'.' or ','")
        _require(self.returns in ("net", "ignore"), "returns", self.returns, "'net' or 'ignore'")
        _require(self.duplicates in ("drop", "keep"), "duplicates", self.duplicates, "'drop' or 'keep'")
        _require(self.max_bytes > 0, "max_bytes", self.max_bytes, "above 0")


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
        _require(self.memory_mb >= 1024, "memory_mb", self.memory_mb, "1024 or more")
        _require(self.seconds >= 1, "seconds", self.seconds, "1 or more")


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
    max_ratio: int = 200
    free_bytes: int = 50 * MEGABYTE
    max_row_groups: int = 100_000
    max_footer_bytes: int = 32 * MEGABYTE
    small_rows: int = 1_000_000
    small_cells: int = 5_000_000

    def __post_init__(self) -> None:
        for limit in dataclasses.fields(self):
            value = getattr(self, limit.name)
            _require(value > 0, limit.name, value, "above 0")


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
            _require(text.isdecimal(), variable, text, "a whole number above 0")
            given[limit.name] = int(text)
    return ReadingLimits(**given)


@dataclass(frozen=True)
class Gates:
    """Rungs of the ladder: below the first the engine uses rules, below the second BG/NBD, above it models."""

    min_rows: int = 500
    min_customers: int = 100
    min_history_days: int = 180
    btyd_min_customers: int = 30
    btyd_min_history_days: int = 60


@dataclass(frozen=True)
class ThresholdSettings:
    """How the churn threshold in days, which is the horizon of every forecast, is found and chosen.

    Attributes
    ----------
    low_days
        No shorter threshold is proposed where the history carries this one.
    high_days
        Where the slider ends, unless the shop needs a longer threshold.
    max_return_share
        A threshold separates a pause from a loss if at most this share of those silent for longer come back.
    """

    low_days: int = 30
    high_days: int = 180
    max_return_share: float = 0.20

    def __post_init__(self) -> None:
        _require(0 < self.low_days <= self.high_days, "low_days", self.low_days, "1 .. high_days")
        _require(
            0 < self.max_return_share < 1,
            "max_return_share",
            self.max_return_share,
            "between 0 and 1, both excluded",
        )


@dataclass(frozen=True)
class Tiers:
    """Risk tiers: high above ``high``, low up to ``medium``, medium between.

    Examples
    --------
    >>> Tiers(high=0.8).medium
    0.4
    >>> Tiers(high=0.3)
    Traceback (most recent call last):
        ...
    churnkit.errors.SettingsError: Setting tiers = Tiers(high=0.3, medium=0.4): it must be 0 < medium < high < 1.
    """

    high: float = 0.7
    medium: float = 0.4

    def __post_init__(self) -> None:
        _require(0 < self.medium < self.high < 1, "tiers", self, "0 < medium < high < 1")


@dataclass(frozen=True)
class Money:
    """Assumptions behind every money figure: each stands at its default until the owner or a campaign has told more.

    ``contact_cost=None`` means ``contact_cost_share`` of the shop's mean order value, which keeps the
    default meaningful in any currency. Example of the field: 8 a contact, 35 % of targets kept.

    Attributes
    ----------
    margin
        Share of revenue that is profit; 1 counts revenue as profit.
    annual_discount_rate
        By how much money in a year counts less than money today.
    save_rate, save_rate_weight
        Share of would-be leavers that a contact keeps, and how sure that is: as if measured on so many of them.
    contact_cost, call_cost
        Money for each contact of the usual kind, and for each personal call; no call without a cost.
    campaign_discount
        Share of the next order that a campaign offers.
    stayers_redeem
        Share of those who would have bought anyway that use the discount.
    gone_success
        Success with customers who have dropped out for good already, as a share of ``save_rate``, which holds for the
        others.
    given, measured
        Names of the values that the owner gave, and of those that a campaign with a holdout measured.
    """

    margin: float = 1.0
    annual_discount_rate: float = 0.0
    save_rate: float = 0.35
    save_rate_weight: float = 20.0
    contact_cost: float | None = None
    contact_cost_share: float = 0.05
    call_cost: float | None = None
    campaign_discount: float = 0.15
    stayers_redeem: float = 0.5
    gone_success: float = 0.1
    given: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _require(0 < self.margin <= 1, "margin", self.margin, "in (0, 1]")
        _require(
            0 <= self.annual_discount_rate < 1, "annual_discount_rate", self.annual_discount_rate, "in [0, 1)"
        )
        _require(0 <= self.save_rate <= 1, "save_rate", self.save_rate, "between 0 and 1")
        _require(0 < self.save_rate_weight < math.inf, "save_rate_weight", self.save_rate_weight, "above 0")
        for name in ("contact_cost", "call_cost"):
            cost = getattr(self, name)
            _require(cost is None or 0 <= cost < math.inf, name, cost, ">= 0")
        for name in ("campaign_discount", "stayers_redeem", "gone_success"):
            share = getattr(self, name)
            _require(0 <= share <= 1, name, share, "between 0 and 1")
        for names in (self.given, self.measured):
            _require(set(names) <= _MONEY, "given", names, f"names among {', '.join(sorted(_MONEY))}")

    def kind(self, name: str) -> AssumptionKind:
        """Where the value called ``name`` comes from; one that is not the default's was given by somebody.

        Examples
        --------
        >>> Money(margin=0.4).kind("margin"), Money().kind("margin"), Money(given=("margin",)).kind("margin")
        ('given', 'assumed', 'given')
        """
        if name in self.measured:
            return "measured"
        is_default = getattr(self, name) == getattr(Money, name)
        return "assumed" if is_default and name not in self.given else "given"

    def told(self, **values: float | None) -> Money:
        """With values that the owner gave; None takes one back, and the default holds again.

        Examples
        --------
        >>> Money(contact_cost=2.0).told(margin=1.0, contact_cost=None).given
        ('margin',)
        """
        known = {name: value for name, value in values.items() if value is not None}
        back = {name: getattr(Money, name) for name in values if name not in known}
        given = tuple(sorted(set(self.given) - set(values) | set(known)))
        measured = tuple(name for name in self.measured if name not in values)
        changes: dict[str, Any] = {**known, **back, "given": given, "measured": measured}
        return dataclasses.replace(self, **changes)


_MONEY = frozenset(one.name for one in dataclasses.fields(Money)) - {"given", "measured"}


@dataclass(frozen=True)
class ScoreWeights:
    """Weights of the visible selection score; they need not sum to one."""

    f1: float = 0.4
    recall: float = 0.3
    profit: float = 0.2
    stability: float = 0.1

    def __post_init__(self) -> None:
        values = (self.f1, self.recall, self.profit, self.stability)
        _require(min(values) >= 0 and sum(values) > 0, "weights", values, ">= 0 and not all 0")


@dataclass(frozen=True)
class TournamentSettings:
    """Who competes, for how long, and how the winner is chosen."""

    budget_seconds: float = 60.0
    seed: int = 42
    folds: int = 5
    imbalance: Imbalance = "class_weight"
    log_loss_tolerance: float = 0.01
    weights: ScoreWeights = field(default_factory=ScoreWeights)
    jobs: int | None = None

    def __post_init__(self) -> None:
        _require(self.budget_seconds > 0, "budget_seconds", self.budget_seconds, "above 0")
        _require(self.folds >= 2, "folds", self.folds, "2 or more")
        _require(
            self.imbalance in ("class_weight", "smote", "none"),
            "imbalance",
            self.imbalance,
            "'class_weight', 'smote' or 'none'",
        )
        _require(self.jobs is None or self.jobs >= 1, "jobs", self.jobs, "1 or more")

    @property
    def job_count(self) -> int:
        """Number of worker processes or threads, at least one."""
        return self.jobs or max(1, os.cpu_count() or 1)


@dataclass(frozen=True)
class AnalysisSettings:
    """One analysis of what was read; how the file is read is an ``ingest.Reading``."""

    horizon_days: int | None = None
    gates: Gates = field(default_factory=Gates)
    threshold: ThresholdSettings = field(default_factory=ThresholdSettings)
    tiers: Tiers = field(default_factory=Tiers)
    money: Money = field(default_factory=Money)
    tournament: TournamentSettings = field(default_factory=TournamentSettings)

    def __post_init__(self) -> None:
        _require(
            self.horizon_days is None or 1 <= self.horizon_days <= MAX_HORIZON_DAYS,
            "horizon_days",
            self.horizon_days,
            f"between 1 and {MAX_HORIZON_DAYS}",
        )
