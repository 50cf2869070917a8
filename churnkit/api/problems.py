"""One shape for every error: ``application/problem+json`` (RFC 9457), with our codes and remedies."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from churnkit.errors import (
    AccessError,
    ChurnkitError,
    ConflictError,
    DiskError,
    JobError,
    ModelError,
    NotFoundError,
    StoreError,
)

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)

# The first class that fits.
_STATUS: tuple[tuple[type[ChurnkitError], int], ...] = (
    (NotFoundError, 404),
    (AccessError, 403),
    (ConflictError, 409),
    (JobError, 409),
    (DiskError, 507),
    (ModelError, 409),
    (StoreError, 422),
    (ChurnkitError, 422),
)


class FieldProblem(BaseModel):
    """What is wrong with one value of a request."""

    loc: list[str | int] = Field(description="Where it stands: body, query or path, and the names inside.")
    msg: str


class Problem(BaseModel):
    """Why a request was not answered."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "Looking for session '3f2a': there is none.",
                    "instance": "/api/v1/analyses/3f2a",
                    "code": "not_found",
                    "remedy": "It may have been deleted: reload.",
                }
            ]
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(description="What kind of failure it is, for programs.")
    remedy: str = Field("", description="What can be done about it.")
    errors: list[FieldProblem] = Field(default_factory=list)


PROBLEM: dict[str, Any] = {"model": Problem, "content": {MEDIA_TYPE: {}}}
"""What a route writes into its ``responses`` for a status that fails."""


class ApiError(Exception):
    """A failure that only the API knows, e.g. a header that is missing."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        remedy: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.detail = detail
        self.remedy = remedy
        self.headers = headers
        super().__init__(detail)


def handle_problems(api: FastAPI) -> None:
    """Let every failure of an application leave in the one shape."""
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(ChurnkitError, _refused)
    api.add_exception_handler(ApiError, _api_error)
    api.add_exception_handler(Exception, _failed)


def problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    remedy: str = "",
    errors: list[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as an answer."""
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=request.url.path,
        code=code,
        remedy=remedy,
        errors=errors or [],
    )
    return JSONResponse(body.model_dump(), status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def status_of(error: ChurnkitError) -> int:
    """The HTTP status that tells what kind of failure it is."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    return problem(request, error.status_code, code, str(error.detail), headers=error.headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [FieldProblem(loc=list(one["loc"]), msg=one["msg"]) for one in error.errors()]
    first = f"{'.'.join(str(part) for part in errors[0].loc)}: {errors[0].msg}" if errors else "not valid"
    return problem(
        request,
        422,
        "invalid",
        f"Reading the request: {first}.",
        "Compare it with the description of the API.",
        errors,
    )


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ChurnkitError)
    return problem(request, status_of(error), error.code, error.message, error.remedy)


async def _api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return problem(request, error.status, error.code, error.detail, error.remedy, headers=error.headers)


async def _failed(request: Request, error: Exception) -> Response:
    # Its path as the route writes it: the true one may name a customer.
    operation = getattr(request.state, "operation", None)
    path = operation.path if operation else "(unknown address)"
    _log.error("%s %s failed", request.method, path, exc_info=error)
    # This one is sent outside all layers.
    headers = {"X-Request-Id": request.state.request_id}
    return problem(
        request,
        500,
        "failed",
        "The server failed on this request.",
        "The log of the server says why.",
        headers=headers,
    )
