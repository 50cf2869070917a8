"""Analyses: what starts one, how one stands, and what its first look found."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.models.jobs import JOB_EXAMPLE, JobAnswer
from churnkit.api.models.readings import ANSWERS_EXAMPLE, ReadingBody
from churnkit.config import (
    MAX_HORIZON_DAYS,
    MAX_TRAINING_MONTHS,
    AnalysisSettings,
    Imbalance,
    OnDemand,
    ScoreWeights,
    Search,
)
from churnkit.results.codec import part_to_json
from churnkit.results.look_folder import Look
from churnkit.store import Session, SessionStatus

MOST_BUDGET_SECONDS = 600
ID = Field(min_length=1, max_length=64)


class WeightsBody(BaseModel):
    """Weights of the score by which the champion is chosen; they need not sum to one, and not all may be 0."""

    model_config = ConfigDict(extra="forbid")

    f1: float = Field(0.4, ge=0, le=1e6)
    recall: float = Field(0.3, ge=0, le=1e6)
    profit: float = Field(0.2, ge=0, le=1e6)
    stability: float = Field(0.1, ge=0, le=1e6)


class SettingsBody(BaseModel):
    """How an analysis is made; what is left out is as the workspace has it."""

    model_config = ConfigDict(extra="forbid")

    horizon_days: int | None = Field(
        default=None,
        ge=1,
        le=MAX_HORIZON_DAYS,
        description="The churn threshold: days of silence after which a customer counts as lost. Found in the file's own"
        " past unless given.",
    )
    budget_seconds: float | None = Field(
        default=None, ge=1, le=MOST_BUDGET_SECONDS, description="Time that tuning is planned for."
    )
    search: Search | None = Field(default=None, description="How sets of parameters are chosen.")
    imbalance: Imbalance | None = Field(
        default=None, description="How few leavers or few stayers are made up for."
    )
    training_months: int | None = Field(
        default=None,
        ge=1,
        le=MAX_TRAINING_MONTHS,
        description="Learn from so many months; from all unless given.",
    )
    extras: list[OnDemand] | None = Field(
        default=None, max_length=4, description="Who also competes; each once."
    )
    weights: WeightsBody | None = None

    def over(self, usual: AnalysisSettings) -> AnalysisSettings:
        """The usual settings with these.

        Raises
        ------
        SettingsError
            They do not go together.
        """
        changes: dict[str, Any] = {
            name: value
            for name in ("budget_seconds", "search", "imbalance", "training_months")
            if (value := getattr(self, name)) is not None
        }
        if self.extras is not None:
            changes["extras"] = tuple(self.extras)
        if self.weights is not None:
            changes["weights"] = ScoreWeights(**self.weights.model_dump())
        horizon = self.horizon_days or usual.horizon_days
        return replace(usual, horizon_days=horizon, tournament=replace(usual.tournament, **changes))


class NewAnalysis(ReadingBody):
    """A file to be read, with answers to what it leaves open."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"upload_id": "6f1f4a6e0a0b4e6f9c55d2b7a1c3e9d4", "answers": ANSWERS_EXAMPLE}]
        },
    )

    upload_id: str = ID
    name: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="What it is called; the file's name unless given.",
    )
    settings: SettingsBody | None = Field(
        default=None, description="Where given, the analysis itself starts as soon as the file has been read."
    )


class ChangedAnalysis(BaseModel):
    """What can be changed of an analysis that is there."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Spring export"}]})

    name: str = Field(min_length=1, max_length=200)


class AnalysisAnswer(BaseModel):
    """One analysis of a file."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "analysis_id": "3f2a9c64f3ad4b0c9b7c84c6a8f4c3de",
                    "name": "orders.csv",
                    "upload_id": "6f1f4a6e0a0b4e6f9c55d2b7a1c3e9d4",
                    "status": "training",
                    "created_at": "2026-03-31T08:13:10Z",
                    "horizon_days": 90,
                    "has_look": True,
                    "run_id": None,
                    "job": JOB_EXAMPLE,
                }
            ]
        }
    )

    analysis_id: str
    name: str
    upload_id: str
    status: SessionStatus = Field(
        description="`configured`: no results yet; `training`: an analysis is under way; `completed`: there are results."
    )
    created_at: datetime
    horizon_days: int | None = Field(
        default=None, description="The churn threshold, once it was found or chosen."
    )
    has_look: bool = Field(description="Whether the file has been read: then `…/look` says what was found.")
    run_id: str | None = Field(
        default=None, description="The run whose results count; null before the first one."
    )
    job: JobAnswer | None = Field(default=None, description="Its newest look or analysis.")

    @classmethod
    def of(cls, session: Session, filename: str, job: JobAnswer | None = None) -> AnalysisAnswer:
        """The answer about an analysis of a file."""
        return cls(
            analysis_id=session.session_id,
            name=session.name or filename,
            upload_id=session.upload_id,
            status=session.status,
            created_at=session.created_at,
            horizon_days=session.horizon_days,
            has_look=session.look_id is not None,
            run_id=session.run_id,
            job=job,
        )


class DefaultBody(BaseModel):
    """The analysis that ``default`` is to mean."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"analysis_id": "3f2a9c64f3ad4b0c9b7c84c6a8f4c3de"}]},
    )

    analysis_id: str = ID


class ThresholdAnswer(BaseModel):
    """The churn threshold that was found, and what it rests on."""

    days: int
    method: str
    reason: str
    history_limit_days: int = Field(description="The longest threshold that the history can carry.")


class RungAnswer(BaseModel):
    """How far the data reach: `rules`, `btyd` or `models`, and what is missing for more."""

    name: str
    missing: list[str]
    words: str


class QualityAnswer(BaseModel):
    """How good the data are."""

    value: float
    out_of: float
    verdict: str
    words: str


class FindingAnswer(BaseModel):
    """One check of the data."""

    code: str
    title: str
    outcome: str
    words: str
    remedy: str


class LookAnswer(BaseModel):
    """What the first look at a file found, before any model."""

    analysis_id: str
    format: str
    preset: str | None
    mapping: dict[str, str]
    currency: str | None
    rows_in: int
    rows_kept: int
    customers: int
    first_order: str
    last_order: str
    history_days: int
    quality: QualityAnswer
    rung: RungAnswer
    threshold: ThresholdAnswer
    checks: list[FindingAnswer]
    notes: list[str]

    @classmethod
    def of(cls, session_id: str, look: Look) -> LookAnswer:
        """The answer about a look's files; ``DataError`` where they cannot be read."""
        facts, profile = look.facts, look.profile
        return cls(
            analysis_id=session_id,
            format=facts.format_words,
            preset=facts.preset,
            mapping=facts.mapping,
            currency=look.currency,
            rows_in=facts.rows_in,
            rows_kept=facts.rows_kept,
            customers=profile.customers.customers,
            first_order=profile.scope.first_order.isoformat(),
            last_order=profile.scope.last_order.isoformat(),
            history_days=profile.scope.history_days,
            quality=_taken(QualityAnswer, profile.score),
            rung=_taken(RungAnswer, profile.rung),
            threshold=_taken(ThresholdAnswer, profile.threshold),
            checks=[_taken(FindingAnswer, check) for check in profile.checks],
            notes=list(facts.notes),
        )


def _taken(kind: type[Any], part: object) -> Any:
    values = part_to_json(part)
    return kind(**{name: values[name] for name in kind.model_fields})
