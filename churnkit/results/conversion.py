"""Dataclasses between their objects and plain values, every value checked against its annotation: cattrs, made strict."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import cattrs
from cattrs.cols import homogenous_tuple_structure_factory
from cattrs.dispatch import StructureHook
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, make_mapping_structure_fn, override

from churnkit.errors import DataError
from churnkit.results.codec import KEY, VERSION, JsonObject, shown, upgraded
from churnkit.results.found import Found, Missing

V = TypeVar("V")

_MAX_FAULTS = 3


def written(value: object) -> Any:
    """A dataclass as dictionaries and lists of its values; a document says its version first."""
    return _converter().unstructure(value)


def built(kind: type[V], title: str, value: object, remedy: str) -> V:
    """The reverse of :func:`written`, of the present version.

    Parameters
    ----------
    title, remedy
        What it is called in a message, and what can be done where it is damaged.

    Raises
    ------
    DataError
        It does not hold what it must; the first few places are named.
    """
    try:
        return _converter().structure(value, kind)
    except (cattrs.BaseValidationError, cattrs.StructureHandlerNotFoundError) as error:
        faults = cattrs.transform_error(error, format_exception=_in_words)
        more = f"; and {len(faults) - _MAX_FAULTS} more" if len(faults) > _MAX_FAULTS else ""
        raise DataError(
            f"Reading {title}: it is damaged. {'; '.join(faults[:_MAX_FAULTS])}{more}.", remedy
        ) from error
    except ValueError as error:
        raise DataError(f"Reading {title}: it is damaged. {error}.", remedy) from error


def _in_words(error: BaseException, kind: type | None) -> str:
    if isinstance(error, cattrs.ForbiddenExtraKeysError):
        return f"nobody knows {', '.join(sorted(error.extra_fields))}"
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return str(error)


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
    return _is_union(kind) and {int, float} <= set(get_args(kind)) <= {int, float, type(None)}


def _is_number_or_text(kind: Any) -> bool:
    return _is_union(kind) and set(get_args(kind)) == {float, str}


def _is_union(kind: Any) -> bool:
    """Whether it is one of several kinds; a pair of them has the same arguments."""
    return get_origin(kind) in (Union, UnionType)


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
    return {one.name: override(rename=one.metadata[KEY]) for one in fields(kind) if KEY in one.metadata}


def _document_reader(kind: Any, converter: cattrs.BaseConverter) -> StructureHook:
    inner = _object_reader(kind, converter)
    return lambda value, _: inner(upgraded(kind, value, kind.title), kind)


def _document_writer(kind: Any, converter: cattrs.BaseConverter) -> Callable[[Any], JsonObject]:
    inner = _object_writer(kind, converter)
    return lambda document: {VERSION: len(kind.steps) + 1, **inner(document)}


def _only(wanted: type, words: str, inner: StructureHook) -> StructureHook:
    """``inner`` for values of one type; cattrs itself takes whatever can be iterated."""

    def read(value: object, kind: Any) -> Any:
        if not isinstance(value, wanted):
            raise ValueError(f"{words} is needed, found {shown(value)}")
        return inner(value, kind)

    return read


def _text(value: object, _: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"text is needed, found {shown(value)}")
    return value


def _flag(value: object, _: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"true or false is needed, found {shown(value)}")
    return value


def _whole(value: object, _: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"a whole number is needed, found {shown(value)}")
    return value


def _number(value: object, _: Any) -> float:
    if value is None:
        return math.nan
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"a number is needed, found {shown(value)}")
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
        raise ValueError(f"one of {', '.join(map(str, get_args(kind)))} is needed, found {shown(value)}")
    return value
