"""The description of the API is complete: names, summaries, examples, errors, rights, for every operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from churnkit.api.application import make_api
from churnkit.api.description import METHODS
from churnkit.api.examples import LACKING, example_of
from churnkit.api.problems import MEDIA_TYPE

OPEN = {"/health", "/ready"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return make_api().openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            assert method in METHODS
            yield f"{method.upper()} {path}", described


def test_every_operation_has_a_name_of_its_own_a_summary_and_a_tag(document: dict[str, Any]) -> None:
    names = [described["operationId"] for _, described in operations(document)]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]+", name)] == []
    # FastAPI makes both from the function's name where none is given.
    bare = [name for name, one in operations(document) if one["summary"].istitle() or not one.get("tags")]
    assert bare == []
    ours = {name for name in names if not re.search(r"_(get|post|put|patch|delete)$", name)}
    assert sorted(set(names) - ours) == []


def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    lacking = []
    for name, described in operations(document):
        bodies = [
            response.get("content", {}) for status, response in described["responses"].items() if status < "3"
        ]
        bodies.append(described.get("requestBody", {}).get("content", {}))
        for content in bodies:
            body = content.get("application/json")
            if body is not None and not ({"example", "examples"} & set(body)):
                lacking.append(f"{name}: {body.get('schema')}")
    assert lacking == []


def test_every_operation_says_how_failures_look(document: dict[str, Any]) -> None:
    for name, described in operations(document):
        for status in ("4XX", "5XX"):
            assert list(described["responses"][status]["content"]) == [MEDIA_TYPE], name
            schema = described["responses"][status]["content"][MEDIA_TYPE]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_operation_but_the_open_ones_takes_a_key(document: dict[str, Any]) -> None:
    keyless = {name for name, described in operations(document) if not described.get("security")}
    assert keyless == {f"GET {path}" for path in OPEN}
    assert all(described["x-rights"] for name, described in operations(document) if name not in keyless)


def test_what_starts_or_makes_something_takes_a_key_of_its_own(document: dict[str, Any]) -> None:
    for name, described in operations(document):
        taken = [one["name"] for one in described["parameters"]]
        form = "multipart/form-data" in described.get("requestBody", {}).get("content", {})
        changes = name.startswith("POST") and not set(described["x-rights"]) <= {"read", "export"}
        assert ("Idempotency-Key" in taken) == (changes and not form), name
        assert ("304" in described["responses"]) == ("If-None-Match" in taken), name


SCHEMAS: dict[str, Any] = {
    "Leaf": {"type": "integer", "examples": [3]},
    "Tree": {
        "type": "object",
        "properties": {"leaf": {"$ref": "#/components/schemas/Leaf"}, "more": {"type": "string"}},
    },
    "Loop": {
        "type": "object",
        "required": ["loop"],
        "properties": {"loop": {"$ref": "#/components/schemas/Loop"}},
    },
}


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"$ref": "#/components/schemas/Tree"}, {"leaf": 3}),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Leaf"}}, [3]),
        ({"anyOf": [{"type": "null"}, {"type": "string", "enum": ["a", "b"]}]}, "a"),
        ({"type": "boolean", "default": False}, False),
        ({"type": "string"}, LACKING),
        ({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}, LACKING),
        ({"$ref": "#/components/schemas/Loop"}, LACKING),
        ({"type": "object", "additionalProperties": {"type": "string", "examples": ["x"]}}, {"name": "x"}),
        ({"anyOf": [{"type": "object"}, {"type": "null"}]}, None),
    ],
)
def test_example_is_put_together_from_those_of_the_parts(schema: dict[str, Any], example: object) -> None:
    assert example_of(schema, SCHEMAS) == example
