"""``/upload`` and ``/configure``: a file is handed over, and its columns are settled."""

from __future__ import annotations

import json
import time
from typing import Any, Literal

import anyio
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.access import Caller, Runner, Uploader
from churnkit.api.addresses import made_at, under_way
from churnkit.api.looking import WAIT_SECONDS, looked_at
from churnkit.api.models.analyses import ID, LookAnswer, SettingsBody
from churnkit.api.models.readings import QuestionAnswer, ReadingBody
from churnkit.api.problems import ApiError
from churnkit.api.receiving import receive_form
from churnkit.api.routes.analyses import look_of
from churnkit.api.routes.uploads import keep_files
from churnkit.api.threads import in_thread
from churnkit.config import MAX_HORIZON_DAYS, max_file_bytes
from churnkit.ingest import Reading
from churnkit.services.workspace.workspace_preferences import default_settings
from churnkit.store import Session

router = APIRouter(tags=["mission"])

_SHORT = {"date": "ordered_at", "product": "product_name", "customer": "customer_id"}
_BEAT_SECONDS = 0.2
_TEXT: dict[str, Any] = {"type": "string"}
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "tenant_id": {**_TEXT, "description": "Must be the workspace of the key."},
                        "mapping": {
                            **_TEXT,
                            "description": "JSON object: field -> column, and other answers.",
                        },
                    },
                }
            }
        },
    }
}


class UploadedFile(BaseModel):
    """A file that was handed over, and what it looks like."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "upload_id": "6f1f4a6e0a0b4e6f9c55d2b7a1c3e9d4",
                    "filename": "orders.csv",
                    "rows": 12044,
                    "columns": ["Buyer", "Date", "Total"],
                    "preview": [{"Buyer": "17850", "Date": "2025-01-03", "Total": "12.50"}],
                    "detected_types": {"Buyer": "whole numbers", "Date": "dates", "Total": "numbers"},
                    "suggested_mapping": {"customer_id": "Buyer", "ordered_at": "Date", "amount": "Total"},
                    "status": "readable",
                    "questions": [],
                }
            ]
        }
    )

    upload_id: str
    filename: str
    rows: int | None = Field(description="Null where the look has not ended, or the file cannot be read.")
    columns: list[str]
    preview: list[dict[str, str | None]] = Field(description="The first five rows.")
    detected_types: dict[str, str]
    suggested_mapping: dict[str, Any]
    status: Literal["readable", "question", "refused", "looking"]
    questions: list[QuestionAnswer]


class Configuration(BaseModel):
    """Which column is what, and the churn threshold."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "upload_id": "6f1f4a6e0a0b4e6f9c55d2b7a1c3e9d4",
                    "column_mapping": {"customer_id": "Buyer", "date": "Date", "amount": "Total"},
                    "churn_threshold_days": 90,
                }
            ]
        },
    )

    upload_id: str = ID
    column_mapping: dict[str, Any] = Field(
        default_factory=dict,
        description="Field -> column, and any other answer of `POST /uploads/{upload_id}/inspection`.",
    )
    churn_threshold_days: int | None = Field(
        None, ge=1, le=MAX_HORIZON_DAYS, description="Found in the file's own past unless given."
    )


class Validation(BaseModel):
    """Whether the file carries models."""

    required_columns: bool
    min_records: bool
    min_customers: bool
    quality_score: float = Field(description="0 to 10.")
    rung: str = Field(description="How far the data reach: `rules`, `btyd` or `models`.")
    words: str


class Configured(BaseModel):
    """An analysis that can be trained."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "session_id": "3f2a9c64f3ad4b0c9b7c84c6a8f4c3de",
                    "status": "configured",
                    "churn_threshold_days": 90,
                    "validation": {
                        "required_columns": True,
                        "min_records": True,
                        "min_customers": True,
                        "quality_score": 8.5,
                        "rung": "models",
                        "words": "Models are trained and tested.",
                    },
                    "error": None,
                }
            ]
        }
    )

    session_id: str
    status: Literal["reading", "configured", "failed"] = Field(
        description="`reading`: ask for `/analyses/{session_id}` until it has a look."
    )
    churn_threshold_days: int | None
    validation: Validation | None
    error: str | None = Field(description="Why the file could not be read.")


@router.post(
    "/upload",
    status_code=201,
    operation_id="upload",
    summary="Hand over a file and see what it looks like",
    openapi_extra=_FORM,
)
async def upload(caller: Uploader, request: Request, response: Response) -> UploadedFile:
    """``POST /uploads`` and ``POST /uploads/{upload_id}/inspection`` in one."""
    async with receive_form(request, caller.platform.folders.uploads, max_file_bytes()) as form:
        tenant = form.fields.get("tenant_id", caller.store.tenant_id)
        if tenant != caller.store.tenant_id:
            raise ApiError(403, "access", f"The key does not belong to the workspace {tenant[:100]!r}.")
        reading = _reading(_object(form.fields.get("mapping", "")))
        kept = await in_thread(keep_files, caller, form)
    made_at(request, response, "uploads", kept.upload_id)
    seen = await looked_at(caller, kept.upload_id, reading, rows=5)
    return UploadedFile(
        upload_id=kept.upload_id,
        filename=kept.filename,
        rows=seen.row_count,
        columns=[one.name for one in seen.columns],
        preview=seen.preview,
        detected_types={one.name: one.looks_like for one in seen.columns},
        suggested_mapping=seen.mapping,
        status=seen.status,
        questions=seen.questions,
    )


@router.post(
    "/configure",
    operation_id="configure",
    summary="Settle a file's columns and the churn threshold, and read it",
)
async def configure(caller: Runner, body: Configuration, request: Request, response: Response) -> Configured:
    """``POST /analyses``; waits for the reading for some seconds."""
    session = await in_thread(_begin, caller, body)
    (job,) = await in_thread(caller.store.jobs.of_session, session.session_id)
    deadline = time.monotonic() + WAIT_SECONDS
    while job.status in ("pending", "running") and time.monotonic() < deadline:
        await anyio.sleep(_BEAT_SECONDS)
        job = await in_thread(caller.store.jobs.get, job.job_id)
    if job.status != "completed":
        failed = job.status == "failed"
        if not failed:
            response.status_code = 202
            under_way(request, response, job.job_id)
        return Configured(
            session_id=session.session_id,
            status="failed" if failed else "reading",
            churn_threshold_days=body.churn_threshold_days,
            validation=None,
            error=f"{job.error_message} {job.error_remedy or ''}".strip() if failed else None,
        )
    return await in_thread(_configured, caller, session.session_id)


def _begin(caller: Caller, body: Configuration) -> Session:
    settings = SettingsBody(horizon_days=body.churn_threshold_days).over(default_settings(caller.store))
    return caller.platform.start_look(caller.store, body.upload_id, _reading(body.column_mapping), settings)


def _configured(caller: Caller, session_id: str) -> Configured:
    session = caller.store.sessions.get(session_id)
    look = LookAnswer.of(session_id, look_of(caller, session))
    gates = default_settings(caller.store).gates
    return Configured(
        session_id=session_id,
        status="configured",
        churn_threshold_days=session.horizon_days,
        validation=Validation(
            required_columns=True,
            min_records=look.rows_kept >= gates.min_rows,
            min_customers=look.customers >= gates.min_customers,
            quality_score=look.quality.value,
            rung=look.rung.name,
            words=look.rung.words,
        ),
        error=None,
    )


def _reading(mapping: dict[str, Any]) -> Reading:
    """The reading by a mapping with the briefs' short names of fields."""
    return ReadingBody(answers={_SHORT.get(name, name): value for name, value in mapping.items()}).reading()


def _object(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ApiError(
            422, "invalid", "Reading `mapping`: it must be one JSON object.", "Leave it out at first."
        )
    return value
