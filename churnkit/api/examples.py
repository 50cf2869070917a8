"""An example of a body, put together from the examples of its parts."""

from __future__ import annotations

from typing import Any, Final

from churnkit.api.example_values import value_of

_MOST_DEEP = 14
LACKING: Final = object()
"""There is no example: one of the parts has none."""


def example_of(schema: dict[str, Any], schemas: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """An example of a schema of OpenAPI, :data:`LACKING` where one of its parts has none.

    Parameters
    ----------
    schemas
        What ``$ref`` may name, by the last part of the reference.
    name
        Of the value: much can be told by it.
    """
    if depth > _MOST_DEEP:
        return LACKING
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas, name, depth + 1)
    if schema.get("examples"):
        return schema["examples"][0]
    for given in ("example", "const", "default"):
        if schema.get(given) is not None:
            return schema[given]
    if schema.get("enum"):
        return schema["enum"][0]
    choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if choices:
        return _first([example_of(choice, schemas, name, depth + 1) for choice in choices])
    return _of_type(schema, schemas, name, depth)


def _first(found: list[Any]) -> Any:
    """The first example that is a value, else null where that is one."""
    there = [one for one in found if one is not LACKING]
    return next((one for one in there if one is not None), None if there else LACKING)


def _of_type(schema: dict[str, Any], schemas: dict[str, Any], name: str, depth: int) -> Any:
    match schema.get("type"):
        case "object":
            return _object(schema, schemas, name, depth)
        case "array":
            inner = example_of(schema.get("items", {}), schemas, name, depth + 1)
            return LACKING if inner is LACKING else [inner]
        case "boolean":
            return True
        case "null":
            return None
        case kind:
            value = value_of(name, str(kind), schema.get("format", ""))
            return LACKING if value is None else value


def _object(schema: dict[str, Any], schemas: dict[str, Any], name: str, depth: int) -> Any:
    if "properties" not in schema:
        inner = schema.get("additionalProperties")
        one = example_of(inner, schemas, name, depth + 1) if isinstance(inner, dict) else LACKING
        return LACKING if one is LACKING else {"name": one}
    found = {}
    for part, inner in schema["properties"].items():
        # The figure of a rate is a share, whatever else it is called.
        called = f"{part}_rate" if name.endswith("_rate") else part
        one = example_of(inner, schemas, called, depth + 1)
        if one is not LACKING:
            found[part] = one
        elif part in schema.get("required", []):
            return LACKING
    return found
