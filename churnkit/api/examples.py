"""An example of a body, put together from the examples of its parts."""

from __future__ import annotations

from typing import Any

_MOST_DEEP = 12


def example_of(schema: dict[str, Any], schemas: dict[str, Any], depth: int = 0) -> Any:
    """An example of a schema of OpenAPI, None where one of its parts has none.

    Parameters
    ----------
    schemas
        What ``$ref`` may name, by the last part of the reference.
    """
    if depth > _MOST_DEEP:
        return None
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas, depth + 1)
    given = _given(schema)
    if given is not None:
        return given
    choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if choices:
        found = (example_of(choice, schemas, depth + 1) for choice in choices)
        return next((one for one in found if one is not None), None)
    match schema.get("type"):
        case "object":
            return _object(schema, schemas, depth)
        case "array":
            inner = example_of(schema.get("items", {}), schemas, depth + 1)
            return None if inner is None else [inner]
        case "boolean":
            return True
        case _:
            return None


def _given(schema: dict[str, Any]) -> Any:
    """What the schema itself says of how it looks."""
    if schema.get("examples"):
        return schema["examples"][0]
    for name in ("example", "const", "default"):
        if schema.get(name) is not None:
            return schema[name]
    return schema["enum"][0] if schema.get("enum") else None


def _object(schema: dict[str, Any], schemas: dict[str, Any], depth: int) -> dict[str, Any] | None:
    required = schema.get("required", [])
    found = {}
    for name, inner in schema.get("properties", {}).items():
        one = example_of(inner, schemas, depth + 1)
        if one is not None:
            found[name] = one
        elif name in required:
            return None
    return found or None
