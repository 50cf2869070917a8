"""A look at a file before it is read, and a proposal how to read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.config import IngestSettings
from churnkit.errors import DataError, MappingError
from churnkit.ingest.columns import (
    CONTACT_FIELDS,
    ColumnMapping,
    Evidence,
    Reading,
    Suggestion,
    choose_mapping,
    fill_blocks,
    gather,
)
from churnkit.ingest.files import RawTable, opened
from churnkit.ingest.questions import Check, Question
from churnkit.ingest.rows import Understood
from churnkit.ingest.understanding import Understanding, understand

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ColumnInfo:
    """A column for a person: what its cells look like, how many are filled (0..1), and examples."""

    name: str
    looks_like: str
    filled_share: float
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Inspection:
    """A file before it is read, for a page to confirm.

    Attributes
    ----------
    preview
        The first rows as they are, at most ``settings.preview_rows``.
    mapping, suggestions
        The proposed mapping, and for each field its confidence, reason and alternatives.
    questions
        What must be answered before `ingest` accepts the file; empty means that it can be read.
    understood, checks
        What the whole file comes to, and what was looked at of it; None and empty while something is open before that.
    encoding
        Name of the codec of a text file, None for others.
    sheet, sheets
        The sheet that was read and all sheets of a workbook; None and empty for other files.
    """

    format_words: str
    row_count: int
    columns: tuple[ColumnInfo, ...]
    preview: pd.DataFrame
    preset: str | None
    mapping: ColumnMapping
    suggestions: tuple[Suggestion, ...]
    questions: tuple[Question, ...]
    notes: tuple[str, ...]
    understood: Understood | None = None
    checks: tuple[Check, ...] = ()
    encoding: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()


def inspect(
    path: Path | Sequence[Path], workdir: Path, reading: Reading | None = None, *, now: datetime | None = None
) -> Inspection:
    """Look at a file and propose how to read it; parameters as for `ingest`.

    Raises
    ------
    DataError
        The file cannot be read at all, or has no rows.
    MappingError
        The given mapping or preset does not fit the file.
    """
    reading = reading or Reading()
    with opened(path, Path(workdir), reading.settings) as file:
        raw = fill_blocks(file)
        try:
            found = understand(raw, reading, now or datetime.now())
        except (MappingError, DataError) as problem:
            choice = choose_mapping(raw, reading)
            question = Question(problem.code, problem.message, problem.remedy)
            found = Understanding(choice, questions=(question,))
        choice = found.choice
        evidence = choice.evidence or gather(raw, reading.settings)
        return Inspection(
            format_words=raw.format.words(),
            row_count=raw.row_count + raw.problem_count,
            columns=tuple(_column_info(facts) for facts in evidence.values()),
            preview=_preview(raw, reading.settings.preview_rows),
            preset=choice.preset.name if choice.preset else None,
            mapping=_with_contacts(choice.mapping, found),
            suggestions=choice.suggestions,
            questions=found.questions,
            notes=found.notes,
            understood=found.figures,
            checks=found.checks,
            encoding=raw.format.encoding,
            sheet=raw.format.sheet,
            sheets=raw.format.sheets,
        )


def column_names(path: Path | Sequence[Path], workdir: Path, settings: IngestSettings) -> tuple[str, ...]:
    """The columns that a file has, as a mapping names them; nothing is looked at but how it is a table.

    Raises
    ------
    DataError
        The file cannot be read at all, or has no rows.
    OpenQuestions
        Several sheets or files may be the orders.
    """
    with opened(path, Path(workdir), settings) as file:
        return file.columns


def _with_contacts(mapping: ColumnMapping, found: Understanding) -> ColumnMapping:
    """The mapping with the columns of contacts that will be read, for somebody to change."""
    planned = found.plan.mapping.columns if found.plan else {}
    contacts = {name: planned[name] for name in CONTACT_FIELDS if name in planned}
    return replace(mapping, columns={**mapping.columns, **contacts})


def _preview(raw: RawTable, rows: int) -> pd.DataFrame:
    template = "SELECT * EXCLUDE ({row}) FROM {raw} ORDER BY {row} LIMIT $rows"
    return raw.frame(template, {"rows": rows})


def _column_info(facts: Evidence) -> ColumnInfo:
    return ColumnInfo(facts.name, facts.words(), facts.filled / max(1, facts.rows), facts.cells[:5])
