"""The product's DuckDB file, behind numbered migrations and typed records; nothing else opens it."""

from churnkit.store.records import (
    Campaign,
    EndedBy,
    Insights,
    JobKind,
    JobStatus,
    ModelFile,
    OwnedJob,
    PredictionPage,
    Removed,
    Run,
    Scenario,
    Session,
    SessionStatus,
    StepTiming,
    StoredModel,
    TrainingJob,
    Upload,
)
from churnkit.store.runs import RunFiles
from churnkit.store.store import LOCAL_TENANT, Store

__all__ = [
    "LOCAL_TENANT",
    "Campaign",
    "EndedBy",
    "Insights",
    "JobKind",
    "JobStatus",
    "ModelFile",
    "OwnedJob",
    "PredictionPage",
    "Removed",
    "Run",
    "RunFiles",
    "Scenario",
    "Session",
    "SessionStatus",
    "StepTiming",
    "Store",
    "StoredModel",
    "TrainingJob",
    "Upload",
]
