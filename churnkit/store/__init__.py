"""The product's DuckDB file, behind numbered migrations and typed records; nothing else opens it."""

from churnkit.store.records import (
    Insights,
    JobStatus,
    PredictionPage,
    Removed,
    Session,
    SessionStatus,
    StoredModel,
    TrainingJob,
    Upload,
)
from churnkit.store.store import LOCAL_TENANT, Store

__all__ = [
    "LOCAL_TENANT",
    "Insights",
    "JobStatus",
    "PredictionPage",
    "Removed",
    "Session",
    "SessionStatus",
    "Store",
    "StoredModel",
    "TrainingJob",
    "Upload",
]
