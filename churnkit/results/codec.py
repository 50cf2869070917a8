"""Documents between frozen dataclasses and JSON: one way to write them, one way to read what any version wrote.

A document is written as an object of its fields with its version first. Reading takes the steps from the version in
the file to the present one, then builds the dataclasses and checks every value against its annotation:

- what a field's type does not allow, a field that is missing and one that nobody knows are all refused with the place;
- ``float`` takes ``null`` for NaN, because JSON has no other word for it; whole numbers stand for floats, and stay
  whole where ``int | float`` is asked for; ``float | str`` takes either;
- ``Found[T] | Missing`` is ``T`` itself, or ``{"missing": reason}``;
- times and days are ISO text, tuples are lists;
- a document inside another one keeps its own version;
- a field whose name in JSON Python does not allow has :func:`keyed` metadata.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np

from churnkit.errors import DataError

JsonObject = dict[str, Any]
"""An object as JSON knows it: what a document is before it is read, and what steps between versions work on."""

Step = Callable[[JsonObject], JsonObject]
"""A document's object of one version -> the same of the next."""

VERSION = "version"
KEY = "key"
_NEWER = "Update churnkit, or open it with the version that wrote it."
BROKEN = "Restore the data folder from a backup, or start the analysis again."


class Document(Protocol):
    """A dataclass that is stored on its own.

    Attributes
    ----------
    title
        What it is called in a message: "the profile".
    steps
        How an object of version 1, 2, … becomes one of the next version; the present version is one more than there
        are steps. An object without a version has version 1.
    """

    __dataclass_fields__: ClassVar[dict[str, Any]]
    title: ClassVar[str]
    steps: ClassVar[tuple[Step, ...]]


D = TypeVar("D", bound=Document)
V = TypeVar("V")


def keyed(key: str) -> Mapping[str, str]:
    """Metadata of a field that JSON knows by another name: ``from_: date = field(metadata=keyed("from"))``."""
    return {KEY: key}


def to_json(document: Document) -> JsonObject:
    """The document as JSON values, its version first."""
    # The library that knows types comes when something is read or written, not while the server starts.
    from churnkit.results.conversion import written

    content: JsonObject = plain(written(document))
    return content


def to_text(document: Document, *, indent: int | None = None) -> str:
    """The document as JSON text that ends in a line break."""
    return json.dumps(to_json(document), indent=indent, ensure_ascii=False, allow_nan=False) + "\n"


def from_json(kind: type[D], value: object, *, title: str = "", remedy: str = BROKEN) -> D:
    """The document that an object of any version up to the present one holds.

    Parameters
    ----------
    title
        What it is called in a message where its kind does not say enough: "the campaign 'Spring'".
    remedy
        What a reader can do where it is damaged.

    Raises
    ------
    DataError
        It is no object, of a newer version, or it does not hold what such a document must.
    """
    from churnkit.results.conversion import built

    title = title or kind.title
    content = upgraded(kind, value, title, remedy)
    return built(kind, title, {VERSION: len(kind.steps) + 1, **content}, remedy)


def from_text(kind: type[D], text: str | bytes, before: Step | None = None) -> D:
    """The document that JSON text of any version up to the present one holds; errors as for :func:`from_json`.

    ``before`` is done to the object first.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _broken(kind.title, f"it is no JSON ({error})") from error
    return from_json(kind, before(value) if before and isinstance(value, dict) else value)


def part_to_json(part: object) -> Any:
    """A dataclass that is part of a document, or of a request, as JSON values without a version."""
    from churnkit.results.conversion import written

    return plain(written(part))


def part_from_json(kind: type[V], value: object, title: str) -> V:
    """The reverse of :func:`part_to_json`; ``title`` is what it is called in a message.

    Raises
    ------
    DataError
        It does not hold what it must.
    """
    from churnkit.results.conversion import built

    return built(kind, title, value, BROKEN)


def plain(value: Any) -> Any:
    """JSON values: ISO text for times, None for NaN and infinities, Python numbers for NumPy's, lists for tuples."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (str, bool, type(None))):
        return value
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (list, tuple, np.ndarray, set, frozenset)):
        return [plain(item) for item in value]
    return value


def upgraded(kind: type[Document], value: object, title: str, remedy: str = BROKEN) -> JsonObject:
    """What an object of any version up to the present one holds, as the present one would, without its version."""
    if not isinstance(value, Mapping):
        raise _broken(title, f"an object is needed, found {shown(value)}", remedy)
    content = dict(value)
    version = content.pop(VERSION, 1)
    present = len(kind.steps) + 1
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _broken(title, f"its version must be a number from 1 on, found {shown(version)}", remedy)
    if version > present:
        raise DataError(
            f"Reading {title}: it has version {version}, this churnkit knows it up to {present}.", _NEWER
        )
    for step in kind.steps[version - 1 :]:
        try:
            content = step(content)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise _broken(
                title, f"version {version} cannot be read ({type(error).__name__}: {error})", remedy
            ) from error
    return content


def _broken(title: str, what: str, remedy: str = BROKEN) -> DataError:
    return DataError(f"Reading {title}: it is damaged: {what}.", remedy)


def shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
