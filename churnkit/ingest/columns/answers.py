"""Answers to the questions of a reading: one JSON object, from a file, a page or the choices of the questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast, get_args

from churnkit.errors import MappingError, SettingsError
from churnkit.ingest.columns.mapping import ColumnMapping
from churnkit.ingest.columns.mapping_file import load_object, read_mapping
from churnkit.ingest.columns.reading import Reading, RowKindAnswer, StatusAnswer

_SETTINGS = ("sheet", "encoding", "delimiter", "returns", "duplicates")
_WHAT = "Reading the answers"


def read_answers(source: Path | str | Mapping[str, Any]) -> Mapping[str, Any]:
    """The object of an answers file, or the one given.

    Raises
    ------
    MappingError
        The file is no JSON object.
    """
    return source if isinstance(source, Mapping) else load_object(Path(source))


def answered(reading: Reading, answers: Mapping[str, Any]) -> Reading:
    """The reading with answers, which go before what it said.

    Parameters
    ----------
    answers
        Every key of a mapping file, see `read_mapping`; the settings ``sheet`` (``2024`` is that sheet or file alone,
        ``all:2024`` it and all others with its columns, ``all:*`` all with the columns of the largest table), ``encoding``,
        ``delimiter``, ``returns`` and ``duplicates``; ``preset``; ``statuses`` (value -> ``counts`` or ``left_out``);
        ``row_kinds`` (value -> ``sale``, ``return`` or ``left_out``); ``nobody`` (a list of cells that name no customer);
        ``accept`` (a list of checks).

    Raises
    ------
    MappingError
        A key or a value is none of these.
    """
    rest = dict(answers)
    settings: dict[str, Any] = {name: _text(name, rest.pop(name)) for name in _SETTINGS if name in rest}
    preset = rest.pop("preset", None)
    statuses = _meanings("statuses", rest.pop("statuses", {}), get_args(StatusAnswer))
    kinds = _meanings("row_kinds", rest.pop("row_kinds", {}), get_args(RowKindAnswer))
    nobody = [name.strip().lower() for name in _names("nobody", rest.pop("nobody", []), '["cash"]')]
    accepted = _names("accept", rest.pop("accept", []), '["rows_kept"]')
    mapping = read_mapping(rest)
    try:
        changed = replace(reading.settings, **settings)
    except SettingsError as error:
        raise MappingError(f"{_WHAT}: {error.message}", error.remedy) from error
    return replace(
        reading,
        settings=changed,
        mapping=mapping.over(reading.mapping or ColumnMapping()) if rest else reading.mapping,
        preset=reading.preset if preset is None else _text("preset", preset),
        statuses={**reading.statuses, **cast(Mapping[str, StatusAnswer], statuses)},
        row_kinds={**reading.row_kinds, **cast(Mapping[str, RowKindAnswer], kinds)},
        nobody=tuple(dict.fromkeys([*reading.nobody, *nobody])),
        accepted=tuple(dict.fromkeys([*reading.accepted, *accepted])),
    )


def _meanings(key: str, values: object, allowed: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(values, Mapping):
        raise _wrong(key, f"an object of values and {' or '.join(allowed)}", values)
    for value, meaning in values.items():
        if meaning not in allowed:
            raise _wrong(f"{key} of {value!r}", f"one of {' or '.join(allowed)}", meaning)
    return {str(value).strip().lower(): meaning for value, meaning in values.items()}


def _names(key: str, values: object, example: str) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _wrong(key, f"a list of texts such as {example}", values)
    return tuple(values)


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(key, "a text", value)
    return value


def _wrong(key: str, expected: str, value: object) -> MappingError:
    return MappingError(f"{_WHAT}: {key} must be {expected}, found {value!r}.", "Correct the value.")
