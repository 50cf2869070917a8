"""The mapping file that users write: names of fields, or other words for them, and the columns they stand for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from thefuzz import process

from churnkit.errors import MappingError
from churnkit.ingest.columns.mapping import FIELDS, ColumnMapping

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "customer": "customer_id",
        "user_id": "customer_id",
        "order": "order_id",
        "invoice": "order_id",
        "order_datetime": "ordered_at",
        "order_date": "ordered_at",
        "datetime": "ordered_at",
        "date": "ordered_at",
        "order_time": "time",
        "product": "product_id",
        "sku": "product_id",
        "price": "unit_price",
        "line_total": "amount",
        "revenue": "amount",
        "total": "order_total",
        "refund": "refunded",
        "cancelled_at": "cancelled",
    }
)
"""Other names for fields in a mapping file."""

_SETTINGS = ("day_first", "decimal", "currency")

_EXAMPLE = (
    'It should look like {"customer_id": "Customer", "order_datetime": "Date", "order_total": "Total"}.'
)


def read_mapping(source: Path | str | Mapping[str, object]) -> ColumnMapping:
    """Read a mapping file, or its content.

    ``{"customer_id": "col", "order_id": "col", "order_datetime": "col", "order_total": "col"}``; every key of
    `FIELDS` and `ALIASES` is a field; ``day_first`` (true or false) and ``decimal`` ("." or ",") are
    readings, ``currency`` names a column or is a code such as ``EUR``. A key with null is left out.

    Raises
    ------
    MappingError
        The file is no JSON object, a key is unknown, or a value has the wrong type.
    """
    content = source if isinstance(source, Mapping) else load_object(Path(source))
    mapping = ColumnMapping()
    columns: dict[str, str] = {}
    for key, value in content.items():
        if value is None or value == "":
            continue
        name = _field_of(str(key))
        if name == "day_first":
            mapping = replace(mapping, day_first=_day_first(value))
        elif name == "decimal":
            mapping = replace(mapping, decimal=_decimal(value))
        elif not isinstance(value, str):
            raise MappingError(
                f"Reading the mapping: {key!r} must name a column in quotes, found {value!r}.",
                'Write it as "' + str(key) + '": "Column of the file".',
            )
        elif name in columns:
            raise MappingError(
                f"Reading the mapping: {name} is named twice, as {columns[name]!r} and {value!r}.",
                "Keep one of the two keys.",
            )
        else:
            columns[name] = value
    return replace(mapping, columns=columns)


def load_object(path: Path) -> Mapping[str, object]:
    """The one JSON object of a file.

    Raises
    ------
    MappingError
        The file cannot be opened, or holds anything else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise MappingError(
            f"Reading the mapping: {path} cannot be opened ({problem.strerror}).",
            "Check the path given to --map.",
        ) from problem
    except UnicodeDecodeError as problem:
        raise MappingError(
            f"Reading the mapping: {path} is not UTF-8 text.", "Save it as UTF-8."
        ) from problem
    except json.JSONDecodeError as problem:
        raise MappingError(
            f"Reading the mapping: {path} is no valid JSON, {problem.msg} in line {problem.lineno}.",
            _EXAMPLE,
        ) from problem
    except (RecursionError, ValueError) as problem:
        raise MappingError(f"Reading the mapping: {path} is no mapping ({problem}).", _EXAMPLE) from problem
    if not isinstance(content, dict):
        raise MappingError(
            f"Reading the mapping: {path} must hold one JSON object, found a {type(content).__name__}.",
            _EXAMPLE,
        )
    return content


def _field_of(key: str) -> str:
    plain = re.sub(r"[\s\-]+", "_", key.strip().lower())
    name = ALIASES.get(plain, plain)
    if name in FIELDS or name in _SETTINGS:
        return name
    known = [*FIELDS, *ALIASES, *_SETTINGS]
    nearest = process.extractOne(plain, known)[0]
    raise MappingError(
        f"Reading the mapping: {key!r} is no field that churnkit knows; the nearest is {nearest!r}.",
        f"Known fields: {', '.join([*FIELDS, 'day_first', 'decimal'])}.",
    )


def _day_first(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _wrong("day_first", "true or false", value)


def _decimal(value: object) -> Literal[".", ","]:
    if value == ".":
        return "."
    if value == ",":
        return ","
    raise _wrong("decimal", '"." or ","', value)


def _wrong(name: str, expected: str, value: object) -> MappingError:
    return MappingError(
        f"Reading the mapping: {name} must be {expected}, found {value!r}.", "Correct the value."
    )
