"""Scores of a file by a stored model, as the API tells of them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from churnkit.api.models.figures import Instant
from churnkit.api.models.given_times import ShopTime
from churnkit.api.models.jobs import JOB_EXAMPLE, JobAnswer
from churnkit.jobs.bulk import EngineName
from churnkit.results.scores import ScoresDocument

SCORING_EXAMPLE: JsonDict = {
    "scoring_id": "0b7f6c1e8f9d4c3fae40cf2a6c6c2a11",
    "name": "April",
    "analysis_id": "3f2a9c64f3ad4b0c9b7c84c6a8f4c3de",
    "run_id": "77d1b6a3b0e24b0d8a4a8a3f1f0b2c4d",
    "model_id": None,
    "created_at": "2026-04-30T08:14:02Z",
    "job": {**JOB_EXAMPLE, "kind": "score", "state": "completed", "percent": 100.0},
    "scores": {
        "model": "blend",
        "model_cutoff": "2026-03-31T00:00:00Z",
        "cutoff": "2026-04-30T00:00:00Z",
        "horizon_days": 90,
        "currency": "EUR",
        "customers": 2140,
        "active": 1321,
        "mean_p_churn": 0.31,
        "value_at_risk": 18250.0,
        "notes": [],
    },
}


class ScoresAnswer(BaseModel):
    """The account of finished scores."""

    model: str = Field(description="Name of what scored.")
    model_cutoff: Instant = Field(description="The date at which the model was made.")
    cutoff: Instant = Field(description="The date of the scores.")
    horizon_days: int
    currency: str | None
    customers: int
    active: int = Field(description="How many of them have not lapsed.")
    mean_p_churn: float | None = Field(None, description="Of the active.")
    value_at_risk: float | None = Field(
        None, description="Of the active, in `currency`; null where nothing is proven."
    )
    notes: list[str]

    @classmethod
    def of(cls, document: ScoresDocument) -> ScoresAnswer:
        """The answer about an account."""
        return cls(
            model=document.model,
            model_cutoff=document.model_cutoff,
            cutoff=document.cutoff,
            horizon_days=document.horizon_days,
            currency=document.currency,
            customers=document.customers,
            active=document.active,
            mean_p_churn=document.mean_p_churn,
            value_at_risk=document.value_at_risk,
            notes=list(document.notes),
        )


class ScoringAnswer(BaseModel):
    """Scores of a file: under way, failed, or there."""

    model_config = ConfigDict(json_schema_extra={"examples": [SCORING_EXAMPLE]})

    scoring_id: str = Field(description="Of its job, too.")
    name: str
    analysis_id: str
    run_id: str | None = Field(description="The run whose model scores.")
    model_id: str | None = Field(None, description="Which of its models; null for its champion.")
    created_at: datetime
    job: JobAnswer
    scores: ScoresAnswer | None = Field(None, description="Once the job has completed.")
    engine: EngineName | None = Field(
        None, description="What scores many orders; null for a file that was handed over."
    )
    output: str | None = Field(None, description="Where the scores of many orders lie; null for a file's.")


class BulkScoring(BaseModel):
    """Many orders to score, as canonical Parquet."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"engine": "duckdb", "input": "lines", "output": "scores-april", "name": "April"}]
        },
    )

    engine: EngineName = Field(
        "duckdb",
        description="`duckdb`: the server's machine; `sail`, `spark`: where CHURNKIT_SAIL_ADDRESS or CHURNKIT_SPARK_ADDRESS"
        " of the server says, else its machine.",
    )
    input: str = Field(
        min_length=1,
        max_length=1000,
        description="File or folder below the server's CHURNKIT_SOURCES_FOLDER, or an address below one of its"
        " CHURNKIT_ENGINE_STORAGE.",
    )
    output: str = Field(
        min_length=1,
        max_length=1000,
        description="Name of a folder that is not there yet, in the server's CHURNKIT_EXPORTS_FOLDER; or an address below"
        " one of its CHURNKIT_ENGINE_STORAGE.",
    )
    as_of: ShopTime | None = Field(
        None, description="The instant to score at; the end of the data unless given."
    )
    model_id: str | None = Field(
        None, max_length=64, description="One of the analysis' models; its champion unless given."
    )
    name: str | None = Field(None, min_length=1, max_length=200, description="`output` unless given.")


class ChangedScoring(BaseModel):
    """What can be changed of scores that are there."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "April"}]})

    name: str = Field(min_length=1, max_length=200)
