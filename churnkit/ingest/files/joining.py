"""Several raw tables with one header as one raw table, whose rows still say where they come from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from churnkit.config import ReadingLimits
from churnkit.ingest.engine import compose, counted, one_row, quote_identifier
from churnkit.ingest.files.column_names import SOURCE_ROW
from churnkit.ingest.files.file_format import FileFormat, Part
from churnkit.ingest.files.part_evidence import key_of
from churnkit.ingest.files.raw_table import PARQUET_OPTIONS, RawTable
from churnkit.ingest.files.refusals import check_table_size
from churnkit.ingest.files.table_choice import has_header
from churnkit.ingest.files.table_part import TablePart, TableParts
from churnkit.text.figures import count

_NUMBERS = {"BIGINT", "INTEGER", "DOUBLE"}
_LISTED = 6
_EXACT = "9007199254740992"

_PART = "SELECT {columns}, {row} + {offset} AS {row} FROM read_parquet({source})"
_COPY = "COPY ({parts} ORDER BY {row}) TO $target ({options})"


def joined(parts: TableParts, folder: Path, limits: ReadingLimits, name: str) -> RawTable:
    """The parts below each other: columns by their headers, a blank where a part lacks one.

    ``source_row`` runs on from part to part; ``parts`` of the raw table keeps each one's range.

    Raises
    ------
    DataError
        All parts together break ``limits``.
    """
    notes = _notes(parts)
    if len(parts.found) == 1:
        return replace(parts.found[0].raw, notes=(*notes, *parts.found[0].raw.notes))
    tables = [part.raw for part in parts.found]
    by_key = [_columns_by_key(part, parts.found) for part in parts.found]
    names = _names(by_key)
    check_table_size(sum(raw.row_count for raw in tables), len(names), limits, name)
    ranges = _ranges(parts.found)
    target = folder / "joined.parquet"
    types = {
        key: _common_type([(raw, own[key]) for raw, own in zip(tables, by_key, strict=True) if key in own])
        for key in names
    }
    commas = _decimal_commas(tables, by_key, types)
    statements = [
        _select(own, names, types, raw, place, ranges[place].first_row - 1, commas)
        for place, (raw, own) in enumerate(zip(tables, by_key, strict=True))
    ]
    statement = compose(
        _COPY, parts=" UNION ALL ".join(statements), row=quote_identifier(SOURCE_ROW), options=PARQUET_OPTIONS
    )
    sources: dict[str, object] = {f"part_{place}": str(raw.path) for place, raw in enumerate(tables)}
    (rows,) = one_row(tables[0].connection, statement, {**sources, "target": str(target)})
    for raw in tables:
        raw.path.unlink()
    return RawTable(
        connection=tables[0].connection,
        path=target,
        columns=tuple(names.values()),
        row_count=int(rows),
        format=_format(parts.found),
        problems=tuple(
            replace(problem, part=part.name) for part in parts.found for problem in part.raw.problems
        ),
        problem_counts=_problem_counts(tables),
        parts=ranges,
        notes=(*notes, *dict.fromkeys(note for part in parts.found for note in part.raw.notes)),
        merged=frozenset(
            names[key]
            for raw, own in zip(tables, by_key, strict=True)
            for key, column in own.items()
            if column in raw.merged
        ),
    )


def _columns_by_key(part: TablePart, parts: Sequence[TablePart]) -> dict[str, str]:
    """Header key -> column; a part without a header takes the names of the first that has one, by place."""
    named = part
    if not has_header(part):
        named = next((other for other in parts if has_header(other)), part)
    keys: dict[str, str] = {}
    for name, column in zip(named.raw.columns, part.raw.columns, strict=True):
        key, repeat = key_of(name), 1
        while key in keys:
            repeat += 1
            key = f"{key_of(name)}#{repeat}"
        keys[key] = column
    return keys


def _names(by_key: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Key -> name of the joined column, as the first part that has it writes it."""
    names: dict[str, str] = {}
    taken = {SOURCE_ROW}
    for own in by_key:
        for key, column in own.items():
            if key in names:
                continue
            name, repeat = column, 1
            while name.casefold() in taken:
                repeat += 1
                name = f"{column}_{repeat}"
            taken.add(name.casefold())
            names[key] = name
    return names


def _common_type(cells: Sequence[tuple[RawTable, str]]) -> str:
    types = {raw.types[column] for raw, column in cells}
    if len(types) > 1:
        # A column of blanks has no type of its own.
        types = {raw.types[column] for raw, column in cells if _is_filled(raw, column)} or {"VARCHAR"}
    if len(types) == 1:
        return types.pop()
    return "DOUBLE" if types <= _NUMBERS else "VARCHAR"


def _decimal_commas(
    tables: Sequence[RawTable], by_key: Sequence[Mapping[str, str]], types: Mapping[str, str]
) -> set[tuple[int, str]]:
    """(part, key) of numbers that one part writes with a decimal comma and another with a point: they are made alike."""
    found: set[tuple[int, str]] = set()
    for key in (key for key, kind in types.items() if kind == "VARCHAR"):
        marks = {
            place: _decimal_mark(raw, own[key])
            for place, (raw, own) in enumerate(zip(tables, by_key, strict=True))
            if key in own
        }
        if set(marks.values()) >= {",", "."} and None not in marks.values():
            found |= {(place, key) for place, mark in marks.items() if mark == ","}
    return found


def _decimal_mark(raw: RawTable, column: str) -> str | None:
    """The mark of decimals in a column of plain numbers, empty where all are whole, None where some are no plain numbers."""
    if raw.types[column] in _NUMBERS:
        return "."
    cell = f"trim(CAST({quote_identifier(column)} AS VARCHAR))"
    others, points, commas = raw.one(
        "SELECT {others}, {points}, {commas} FROM {raw}",
        others=counted(f"NOT regexp_full_match({cell}, '[-+]?[0-9]+([.,][0-9]{{1,2}})?')"),
        points=counted(f"contains({cell}, '.')"),
        commas=counted(f"contains({cell}, ',')"),
    )
    if others or (points and commas):
        return None
    return "," if commas else "." if points else ""


def _is_filled(raw: RawTable, column: str) -> bool:
    (filled,) = raw.one("SELECT count({column}) > 0 FROM {raw}", column=quote_identifier(column))
    return bool(filled)


def _select(
    own: Mapping[str, str],
    names: Mapping[str, str],
    types: Mapping[str, str],
    raw: RawTable,
    place: int,
    offset: int,
    commas: Collection[tuple[int, str]],
) -> str:
    cells = {key: _cell(own.get(key), raw, types[key]) for key in names}
    cells = {
        key: f"replace({cell}, ',', '.')" if (place, key) in commas else cell for key, cell in cells.items()
    }
    columns = [f"{cells[key]} AS {quote_identifier(name)}" for key, name in names.items()]
    return compose(
        _PART,
        columns=", ".join(columns),
        row=quote_identifier(SOURCE_ROW),
        offset=str(offset),
        source=f"$part_{place}",
    )


def _cell(column: str | None, raw: RawTable, kind: str) -> str:
    if column is None:
        return f"CAST(NULL AS {kind})"
    cell, own = quote_identifier(column), raw.types[column]
    if own == kind:
        return cell
    text = f"CAST({cell} AS VARCHAR)"
    if kind == "VARCHAR" and own == "DOUBLE":
        whole = f"{cell} = trunc({cell}) AND abs({cell}) <= {_EXACT}"
        return f"CASE WHEN {whole} THEN CAST(CAST({cell} AS BIGINT) AS VARCHAR) ELSE {text} END"
    return text if kind == "VARCHAR" else f"CAST({cell} AS {kind})"


def _ranges(parts: Sequence[TablePart]) -> tuple[Part, ...]:
    ranges: list[Part] = []
    offset = 0
    for part in parts:
        # A part of nothing but unreadable records has no row, and no range.
        (last,) = part.raw.one("SELECT coalesce(max({row}), 0) FROM {raw}")
        ranges.append(Part(part.name, offset + 1, offset + last, part.raw.format.header_row))
        offset += last
    return tuple(ranges)


def _format(parts: Sequence[TablePart]) -> FileFormat:
    formats = [part.raw.format for part in parts]
    skipped = [line._replace(part=part.name) for part in parts for line in part.raw.format.skipped_lines]
    return replace(
        formats[0],
        sheet=None,
        skipped_lines=tuple(skipped),
        broken_characters=sum(one.broken_characters for one in formats),
        part_count=len(parts),
    )


def _problem_counts(tables: Sequence[RawTable]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for raw in tables:
        for reason, number in raw.problem_counts:
            counts[reason] = counts.get(reason, 0) + number
    return tuple(counts.items())


def _notes(parts: TableParts) -> tuple[str, ...]:
    notes = []
    if len(parts.found) > 1:
        what = "sheets" if all(part.is_sheet for part in parts.found) else "files"
        listed = [f"{part.name!r} ({count(part.row_count)} rows)" for part in parts.found]
        notes.append(
            f"{len(listed)} {what} with the same columns are read as one table: {', '.join(_short(listed))}."
        )
    if parts.left_out:
        listed = [f"{name!r} {why}" for name, why in parts.left_out]
        notes.append(f"Left out: {'; '.join(_short(listed))}.")
    return tuple(notes)


def _short(listed: Sequence[str]) -> list[str]:
    if len(listed) <= _LISTED:
        return list(listed)
    return [*listed[: _LISTED - 1], f"{count(len(listed) - _LISTED)} more", listed[-1]]
