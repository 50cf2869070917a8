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
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, Literal, Protocol, TypeVar, get_args, get_origin

import cattrs
import numpy as np
from cattrs.cols import homogenous_tuple_structure_factory
from cattrs.dispatch import StructureHook
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, make_mapping_structure_fn, override

from churnkit.errors import DataError
from churnkit.results.found import Found, Missing

JsonObject = dict[str, Any]
"""An object as JSON knows it: what a document is before it is read, and what steps between versions work on."""

Step = Callable[[JsonObject], JsonObject]
"""A document's object of one version -> the same of the next."""

VERSION = "version"
_KEY = "key"
_MAX_FAULTS = 3
_NEWER = "Update churnkit, or open it with the version that wrote it."
_BROKEN = "Restore the data folder from a backup, or start the analysis again."


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
    return {_KEY: key}


def to_json(document: Document) -> JsonObject:
    """The document as JSON values, its version first."""
    content: JsonObject = plain(_converter().unstructure(document))
    return content


def to_text(document: Document, *, indent: int | None = None) -> str:
    """The document as JSON text that ends in a line break."""
    return json.dumps(to_json(document), indent=indent, ensure_ascii=False, allow_nan=False) + "\n"


def from_json(kind: type[D], value: object, *, title: str = "", remedy: str = _BROKEN) -> D:
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
    title = title or kind.title
    content = _upgraded(kind, value, title, remedy)
    return _built(kind, title, {VERSION: len(kind.steps) + 1, **content}, remedy)


def from_text(kind: type[D], text: str | bytes) -> D:
    """The document that JSON text of any version up to the present one holds; errors as for :func:`from_json`."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _broken(kind.title, f"it is no JSON ({error})") from error
    return from_json(kind, value)


def part_to_json(part: object) -> Any:
    """A dataclass that is part of a document, or of a request, as JSON values without a version."""
    return plain(_converter().unstructure(part))


def part_from_json(kind: type[V], value: object, title: str) -> V:
    """The reverse of :func:`part_to_json`; ``title`` is what it is called in a message.

    Raises
    ------
    DataError
        It does not hold what it must.
    """
    return _built(kind, title, value, _BROKEN)


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


def _built(kind: type[V], title: str, value: object, remedy: str) -> V:
    try:
        return _converter().structure(value, kind)
    except (cattrs.BaseValidationError, cattrs.StructureHandlerNotFoundError) as error:
        faults = cattrs.transform_error(error, format_exception=_in_words)
        more = f"; and {len(faults) - _MAX_FAULTS} more" if len(faults) > _MAX_FAULTS else ""
        raise DataError(
            f"Reading {title}: it is damaged. {'; '.join(faults[:_MAX_FAULTS])}{more}.", remedy
        ) from error
    except ValueError as error:
        raise DataError(f"Reading {title}: it is damaged. {error}.", _BROKEN) from error


def _upgraded(kind: type[Document], value: object, title: str, remedy: str = _BROKEN) -> JsonObject:
    """What an object of any version up to the present one holds, as the present one would, without its version."""
    if not isinstance(value, Mapping):
        raise _broken(title, f"an object is needed, found {_shown(value)}", remedy)
    content = dict(value)
    version = content.pop(VERSION, 1)
    present = len(kind.steps) + 1
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _broken(title, f"its version must be a number from 1 on, found {_shown(version)}", remedy)
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


def _broken(title: str, what: str, remedy: str = _BROKEN) -> DataError:
    return DataError(f"Reading {title}: it is damaged: {what}.", remedy)


def _in_words(error: BaseException, kind: type | None) -> str:
    if isinstance(error, cattrs.ForbiddenExtraKeysError):
        return f"nobody knows {', '.join(sorted(error.extra_fields))}"
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return str(error)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


@cache
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(bool, _flag)
    converter.register_structure_hook(int, _whole)
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook(datetime, _moment)
    converter.register_structure_hook(date, _day)
    converter.register_structure_hook_func(_is_choice, _one_of)
    converter.register_structure_hook_func(_is_whole_or_not, _whole_or_not)
    converter.register_structure_hook_func(_is_number_or_text, _number_or_text)
    converter.register_structure_hook_factory(_is_part, _part_reader)
    converter.register_structure_hook_factory(_is_row_of_many, _list_reader)
    converter.register_structure_hook_factory(_is_mapping, _mapping_reader)
    converter.register_structure_hook_factory(_is_plain_dataclass, _object_reader)
    converter.register_structure_hook_factory(_is_document, _document_reader)
    converter.register_unstructure_hook_factory(_is_plain_dataclass, _object_writer)
    converter.register_unstructure_hook_factory(_is_document, _document_writer)
    converter.register_unstructure_hook(Missing, lambda part: {"missing": part.reason})
    converter.register_unstructure_hook_func(_is_found, lambda part: converter.unstructure(part.value))
    for kind in (datetime, date):
        converter.register_unstructure_hook(kind, lambda value: value)
    return converter


def _is_choice(kind: Any) -> bool:
    return get_origin(kind) is Literal


def _is_found(kind: Any) -> bool:
    return Found in (kind, get_origin(kind))


def _is_part(kind: Any) -> bool:
    return Missing in get_args(kind)


def _is_row_of_many(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] == (...,)


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) in (dict, Mapping)


def _is_plain_dataclass(kind: Any) -> bool:
    return isinstance(kind, type) and is_dataclass(kind)


def _is_document(kind: Any) -> bool:
    return _is_plain_dataclass(kind) and hasattr(kind, "title") and hasattr(kind, "steps")


def _is_whole_or_not(kind: Any) -> bool:
    return {int, float} <= set(get_args(kind)) <= {int, float, type(None)}


def _is_number_or_text(kind: Any) -> bool:
    return set(get_args(kind)) == {float, str}


def _part_reader(kind: Any, converter: cattrs.BaseConverter) -> StructureHook:
    """Reads ``Found[T] | Missing``."""
    (found,) = (one for one in get_args(kind) if one is not Missing)
    (inner,) = get_args(found)

    def read(value: object, _: Any) -> Found[Any] | Missing:
        if isinstance(value, Mapping) and set(value) == {"missing"}:
            return Missing(_text(value["missing"], str))
        return Found(converter.structure(value, inner))

    return read


def _list_reader(kind: Any, converter: cattrs.BaseConverter) -> StructureHook:
    return _only(list, "a list", homogenous_tuple_structure_factory(kind, converter))


def _mapping_reader(kind: Any, converter: cattrs.BaseConverter) -> StructureHook:
    return _only(Mapping, "an object", make_mapping_structure_fn(kind, converter, structure_to=dict))


def _object_reader(kind: Any, converter: cattrs.BaseConverter) -> StructureHook:
    reader = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True, **_renamed(kind))
    return _only(Mapping, "an object", reader)


def _object_writer(kind: Any, converter: cattrs.BaseConverter) -> Callable[[Any], JsonObject]:
    return make_dict_unstructure_fn(kind, converter, **_renamed(kind))


def _renamed(kind: Any) -> dict[str, Any]:
    return {one.name: override(rename=one.metadata[_KEY]) for one in fields(kind) if _KEY in one.metadata}


def _document_reader(kind: Any, converter: cattrs.BaseConverter) -> StructureHook:
    inner = _object_reader(kind, converter)
    return lambda value, _: inner(_upgraded(kind, value, kind.title), kind)


def _document_writer(kind: Any, converter: cattrs.BaseConverter) -> Callable[[Any], JsonObject]:
    inner = _object_writer(kind, converter)
    return lambda document: {VERSION: len(kind.steps) + 1, **inner(document)}


def _only(wanted: type, words: str, inner: StructureHook) -> StructureHook:
    """``inner`` for values of one type; cattrs itself takes whatever can be iterated."""

    def read(value: object, kind: Any) -> Any:
        if not isinstance(value, wanted):
            raise ValueError(f"{words} is needed, found {_shown(value)}")
        return inner(value, kind)

    return read


def _text(value: object, _: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"text is needed, found {_shown(value)}")
    return value


def _flag(value: object, _: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"true or false is needed, found {_shown(value)}")
    return value


def _whole(value: object, _: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"a whole number is needed, found {_shown(value)}")
    return value


def _number(value: object, _: Any) -> float:
    if value is None:
        return math.nan
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"a number is needed, found {_shown(value)}")
    return float(value)


def _whole_or_not(value: object, kind: Any) -> object:
    if value is None and type(None) in get_args(kind):
        return None
    return value if isinstance(value, int) and not isinstance(value, bool) else _number(value, float)


def _number_or_text(value: object, _: Any) -> object:
    return value if isinstance(value, str) else _number(value, float)


def _moment(value: object, _: Any) -> datetime:
    return datetime.fromisoformat(_text(value, str))


def _day(value: object, _: Any) -> date:
    return date.fromisoformat(_text(value, str))


def _one_of(value: object, kind: Any) -> object:
    if value not in get_args(kind):
        raise ValueError(f"one of {', '.join(map(str, get_args(kind)))} is needed, found {_shown(value)}")
    return value
