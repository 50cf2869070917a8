"""The OpenAPI document, with what FastAPI does not know: rights, headers of every route, one shape of errors, examples."""

from __future__ import annotations

from typing import Any

from churnkit.api.examples import LACKING, example_of
from churnkit.api.layers.kept_answers import HEADER, is_kept
from churnkit.api.operations import Operation, Operations
from churnkit.api.problems import MEDIA_TYPE

METHODS = ("get", "put", "post", "patch", "delete")
_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A key of the API: `ck_live_…`."},
    "key": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The same, in another header.",
    },
}
_KEPT = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "The same request with the same text gets the same answer for 24 hours, and is done once.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
_KNOWN = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of an answer that you have: 304 where it is still so.",
    "schema": {"type": "string"},
}


def completed(document: dict[str, Any], operations: Operations) -> dict[str, Any]:
    """The document of FastAPI, completed in place."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    document["components"]["securitySchemes"] = _SCHEMES
    for operation in operations:
        for method in operation.methods:
            described = document["paths"].get(operation.path, {}).get(method.lower())
            if described is not None:
                _complete(described, operation, method, schemas)
    return document


def _complete(described: dict[str, Any], operation: Operation, method: str, schemas: dict[str, Any]) -> None:
    if operation.actions:
        described["security"] = [{"bearer": []}, {"key": []}]
        described["x-rights"] = sorted(operation.actions)
    parameters = described.setdefault("parameters", [])
    if is_kept(operation, method) and operation.body != "file":
        parameters.append(_KEPT)
    if operation.is_tagged and method == "GET":
        parameters.append(_KNOWN)
        described["responses"]["304"] = {"description": "You have this answer already."}
    for status, response in described["responses"].items():
        if MEDIA_TYPE in response.get("content", {}):
            problem = response["content"].pop("application/json", None) or response["content"][MEDIA_TYPE]
            response["content"] = {MEDIA_TYPE: problem}
        elif status.startswith("2"):
            _exemplify(response.get("content", {}), schemas)
    _exemplify(described.get("requestBody", {}).get("content", {}), schemas)


def _exemplify(content: dict[str, Any], schemas: dict[str, Any]) -> None:
    body = content.get("application/json")
    if body is not None and "example" not in body and "examples" not in body:
        example = example_of(body.get("schema", {}), schemas)
        if example is not LACKING:
            body["example"] = example
