"""The reference of the API as a page; open to all, as what it says is no secret."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from churnkit.api.reference.page import reference_page
from churnkit.api.threads import blocking

router = APIRouter()


@router.get("/docs", include_in_schema=False)
@blocking
def docs(request: Request) -> HTMLResponse:
    """All operations with their parameters, examples and a command for each."""
    return HTMLResponse(reference_page(request.app.openapi(), request.scope.get("root_path", "")))
