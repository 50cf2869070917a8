"""Every setting, as frozen dataclasses that are validated once, when they are built."""

from churnkit.config.analysis import (
    MAX_HORIZON_DAYS,
    AnalysisSettings,
    DuplicatesTreatment,
    Gates,
    Imbalance,
    IngestSettings,
    ReturnsTreatment,
    ScoreWeights,
    ThresholdSettings,
    Tiers,
    TournamentSettings,
)
from churnkit.config.indicators import Indicators
from churnkit.config.money import AssumptionKind, Money
from churnkit.config.server import (
    MEGABYTE,
    ReadingLimits,
    ServerSettings,
    WorkerLimits,
    data_dir,
    job_limits,
    leftover_grace_seconds,
    max_file_bytes,
    models_dir,
    reader_limits,
    reading_limits,
)

__all__ = [
    "MAX_HORIZON_DAYS",
    "MEGABYTE",
    "AnalysisSettings",
    "AssumptionKind",
    "DuplicatesTreatment",
    "Gates",
    "Imbalance",
    "Indicators",
    "IngestSettings",
    "Money",
    "ReadingLimits",
    "ReturnsTreatment",
    "ScoreWeights",
    "ServerSettings",
    "ThresholdSettings",
    "Tiers",
    "TournamentSettings",
    "WorkerLimits",
    "data_dir",
    "job_limits",
    "leftover_grace_seconds",
    "max_file_bytes",
    "models_dir",
    "reader_limits",
    "reading_limits",
]
