"""The OpenAPI document -> one page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from churnkit.api.description import METHODS

_CODE = re.compile(r"``([^`]+)``|`([^`]+)`")


@dataclass(frozen=True)
class Parameter:
    """What a request may carry beside its body."""

    name: str
    place: str
    is_required: bool
    values: str
    words: str


@dataclass(frozen=True)
class Entry:
    """One operation, as the page shows it."""

    method: str
    path: str
    operation_id: str
    summary: str
    words: str
    rights: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    body: str
    takes: str
    status: str
    answer: str
    gives: str
    command: str


def reference_page(document: dict[str, Any], prefix: str) -> str:
    """The page; every text is escaped.

    Parameters
    ----------
    prefix
        Where the API is mounted.
    """
    groups: dict[str, list[Entry]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                tag = methods[method].get("tags", ["other"])[0]
                groups.setdefault(tag, []).append(_entry(path, method, methods[method]))
    template = _environment().get_template("page.html.j2")
    return template.render(info=document["info"], groups=groups, prefix=prefix)


def _entry(path: str, method: str, described: dict[str, Any]) -> Entry:
    takes, body = _first_content(described.get("requestBody", {}).get("content", {}))
    status = next((one for one in described["responses"] if one.startswith("2")), "")
    gives, answer = _first_content(described["responses"].get(status, {}).get("content", {}))
    return Entry(
        method=method.upper(),
        path=path,
        operation_id=described["operationId"],
        summary=described.get("summary", ""),
        words=described.get("description", ""),
        rights=tuple(described.get("x-rights", ())),
        parameters=tuple(_parameter(one) for one in described.get("parameters", ())),
        body=body,
        takes=takes,
        status=status,
        answer=answer,
        gives=gives,
        command=_command(path, method, takes, body, is_open="security" not in described),
    )


def _first_content(content: dict[str, Any]) -> tuple[str, str]:
    """The media type and an example of it, empty where it is a file."""
    if not content:
        return "", ""
    media_type = "application/json" if "application/json" in content else next(iter(content))
    held = content[media_type]
    example = held.get("example")
    if example is None and held.get("examples"):
        first = held["examples"]
        example = next(iter(first.values()))["value"] if isinstance(first, dict) else first[0]
    return media_type, "" if example is None else json.dumps(example, indent=2, ensure_ascii=False)


def _parameter(one: dict[str, Any]) -> Parameter:
    schema = one.get("schema", {})
    words = one.get("description") or schema.get("description", "")
    return Parameter(one["name"], one["in"], one.get("required", False), _values(schema), words)


def _values(schema: dict[str, Any]) -> str:
    """What a parameter may be, in a few words."""
    choices = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    found = choices[0] if choices else schema
    if found.get("enum"):
        words = " | ".join(str(one) for one in found["enum"])
    else:
        words = str(found.get("format") or found.get("type", ""))
    low, high = found.get("minimum"), found.get("maximum")
    if low is not None and high is not None:
        words += f", {low} to {high}"
    if schema.get("default") is not None:
        words += f", else {schema['default']}"
    return words


def _command(path: str, method: str, takes: str, body: str, *, is_open: bool) -> str:
    parts = (
        ["curl"]
        if method in ("get", "post") and (method == "get" or takes)
        else [f"curl -X {method.upper()}"]
    )
    if not is_open:
        parts.append('-H "Authorization: Bearer $CHURNKIT_KEY"')
    if takes == "application/json" and body:
        compact = json.dumps(json.loads(body), ensure_ascii=False).replace("'", "'\\''")
        parts.append(f"-H 'Content-Type: application/json' -d '{compact}'")
    elif takes == "multipart/form-data":
        parts.append("-F file=@orders.csv")
    elif takes:
        parts.append("--data-binary @orders.csv")
    parts.append(f'"$CHURNKIT{path}"')
    return " ".join(parts)


def _rich(text: str) -> Markup:
    """Paragraphs with their code, everything else escaped."""
    paragraphs = (_coded(part) for part in re.split(r"\n\s*\n", text.strip()) if part.strip())
    return Markup("").join(Markup("<p>{}</p>").format(one) for one in paragraphs)


def _coded(text: str) -> Markup:
    pieces: list[Markup] = []
    end = 0
    for found in _CODE.finditer(text):
        pieces += [escape(text[end : found.start()]), Markup("<code>{}</code>").format(found[1] or found[2])]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])])


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(rich=_rich, coded=_coded)
    return environment
