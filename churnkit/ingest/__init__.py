"""A shop's order export -> the canonical transactions and the account of every row.

`inspect` looks at a file and proposes how to read it; `ingest` reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd

from churnkit.config import IngestSettings
from churnkit.errors import DataError, MappingError
from churnkit.ingest.columns.cell_evidence import Evidence, gather
from churnkit.ingest.columns.choosing import choose
from churnkit.ingest.columns.export_rules import Preset
from churnkit.ingest.columns.mapping import ALIASES, FIELDS, ColumnMapping, read_mapping
from churnkit.ingest.columns.presets import NO_PRESET, PRESETS, preset_names
from churnkit.ingest.columns.reading import Reading
from churnkit.ingest.columns.suggest import Question, Suggestion
from churnkit.ingest.engine import compose, connect
from churnkit.ingest.files.any_file import read_raw
from churnkit.ingest.files.guard import in_words
from churnkit.ingest.files.raw_table import SOURCE_ROW, RawTable, quote_identifier
from churnkit.ingest.rows.canonical import cut_at, monthly_totals, write_canonical
from churnkit.ingest.rows.ledger import DROPPED, EXAMPLES, Ledger, LedgerEntry
from churnkit.ingest.rows.recipe import DateRecipe, Recipe, decide_dates, decide_recipe
from churnkit.text import figures

__all__ = [
    "ALIASES",
    "FIELDS",
    "NO_PRESET",
    "PRESETS",
    "ColumnInfo",
    "ColumnMapping",
    "Ingested",
    "Inspection",
    "Ledger",
    "LedgerEntry",
    "Preset",
    "Question",
    "Reading",
    "Suggestion",
    "ingest",
    "inspect",
    "preset_names",
    "read_mapping",
]


@dataclass(frozen=True)
class Ingested:
    """One file as canonical transactions.

    Attributes
    ----------
    reading
        What was asked.
    transactions
        The canonical Parquet file, in the working folder.
    ledger
        The account of dropped and mended rows.
    mapping, preset
        What the columns were read as, and the name of the preset, if one applied.
    format_words
        The file's format for a person.
    row_count_in, row_count_kept
        Records of the file and rows of ``transactions``.
    has_time, has_order_id
        Whether orders have a time of day, and whether order ids come from the file.
    currency
        The analysis currency, None where the file names none.
    notes
        Decisions and facts that the user should read.
    monthly_totals
        month (``2011-01``), orders, amount (net), to check against the shop's own figures.
    day_first
        How dates were read; None where their notation leaves no choice.
    """

    reading: Reading
    transactions: Path
    ledger: Ledger
    mapping: ColumnMapping
    preset: str | None
    format_words: str
    row_count_in: int
    row_count_kept: int
    has_time: bool
    has_order_id: bool
    currency: str | None
    notes: tuple[str, ...]
    monthly_totals: pd.DataFrame
    day_first: bool | None = None


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
    sheet: str | None = None
    sheets: tuple[str, ...] = ()


def inspect(
    path: Path,
    workdir: Path,
    reading: Reading | None = None,
    *,
    now: datetime | None = None,
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
    settings = reading.settings
    with in_words(Path(path)), _workspace(workdir) as (scratch, connection):
        raw = _read(path, scratch, connection, settings)
        choice = choose(connection, raw, scratch, reading)
        questions, notes = choice.questions, choice.notes
        if not questions:
            try:
                recipe = decide_recipe(
                    connection, raw, choice.mapping, choice.rules, settings, now or datetime.now()
                )
                notes += recipe.notes
            except (MappingError, DataError) as problem:
                questions = (Question(problem.code, problem.message, problem.remedy),)
        evidence = choice.evidence or gather(connection, raw, scratch, settings)
        return Inspection(
            raw.format.words(),
            raw.row_count + raw.problem_count,
            tuple(_column_info(facts) for facts in evidence.values()),
            _preview(connection, raw, settings.preview_rows),
            choice.preset.name if choice.preset else None,
            choice.mapping,
            choice.suggestions,
            questions,
            notes,
            raw.format.sheet,
            raw.format.sheets,
        )


def ingest(
    path: Path,
    workdir: Path,
    reading: Reading | None = None,
    *,
    now: datetime | None = None,
) -> Ingested:
    """Read a file into canonical transactions.

    Parameters
    ----------
    workdir
        Folder for the result, made if it is missing; intermediate files in it are removed.
    reading
        What is asked; unless given, the file decides everything.
    now
        The present, after which orders are mistakes; the clock unless given.

    Raises
    ------
    DataError
        The file cannot be read, mixes currencies, has no rows left or only one day.
    MappingError
        Customer, date or money cannot be told, or the file leaves a reading open that changes results.
    """
    asked = reading = reading or Reading()
    now = now or datetime.now()
    with in_words(Path(path)), _workspace(workdir) as (scratch, connection):
        raw = whole = _read(path, scratch, connection, reading.settings)
        late = None
        if asked.as_of is not None:
            dates, reading = _decide_dates(connection, raw, scratch, asked, now)
            as_of = asked.as_of.replace(tzinfo=None)
            raw, late = cut_at(connection, raw, dates, as_of, scratch / "before_as_of.parquet")
        choice = choose(connection, raw, scratch, reading)
        choice.require_answers()
        recipe = decide_recipe(connection, raw, choice.mapping, choice.rules, reading.settings, now)
        target = Path(workdir) / "transactions.parquet"
        result = write_canonical(connection, recipe, target, one_day_is_enough=reading.one_day_is_enough)
        ledger = _ledger(whole, late, result.entries, result.row_count)
        return Ingested(
            asked,
            target,
            ledger,
            recipe.mapping,
            choice.preset.name if choice.preset else None,
            _format_words(recipe),
            ledger.row_count_in,
            ledger.row_count_kept,
            result.has_time,
            "order_id" in recipe.mapping.columns,
            result.currency,
            (*choice.notes, *recipe.notes, *result.notes, *_order_notes(recipe)),
            monthly_totals(connection, target),
            recipe.date.day_first,
        )


@contextmanager
def _workspace(workdir: Path) -> Iterator[tuple[Path, duckdb.DuckDBPyConnection]]:
    """A folder for intermediate files and a connection that spills into it, both gone afterwards."""
    Path(workdir).mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=workdir, prefix="ingest-") as folder, connect(Path(folder)) as connection:
        yield Path(folder), connection


def _read(
    path: Path, workdir: Path, connection: duckdb.DuckDBPyConnection, settings: IngestSettings
) -> RawTable:
    raw = read_raw(Path(path), workdir, connection, settings)
    if raw.row_count == 0:
        raise DataError(
            f"Reading {Path(path).name}: it has a header and no rows that can be read.",
            "Export again with orders in it.",
        )
    return raw


def _decide_dates(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    workdir: Path,
    reading: Reading,
    now: datetime,
) -> tuple[DateRecipe, Reading]:
    """How the whole file writes dates, and the reading with that pinned.

    Everything else is decided on what is left after the cut, as it would have been on that day.
    """
    choice = choose(connection, raw, workdir, reading)
    choice.require_answers("ordered_at")
    dates = decide_dates(connection, raw, choice.mapping, choice.rules, reading.settings, now)
    columns = choice.mapping.columns
    pinned = {name: columns[name] for name in ("ordered_at", "time") if name in columns}
    given = (reading.mapping or ColumnMapping()).fitted(raw.columns)
    mapping = given.over(ColumnMapping(pinned, day_first=dates.fmt.day_first))
    return dates, replace(reading, mapping=mapping)


def _ledger(
    raw: RawTable, late: LedgerEntry | None, entries: tuple[LedgerEntry, ...], row_count_kept: int
) -> Ledger:
    unreadable = []
    if raw.problem_count:
        reasons = ", ".join(f"{figures.count(count)} {reason}" for reason, count in raw.problem_counts)
        examples = tuple((problem.line, {"line": problem.text}) for problem in raw.problems[:EXAMPLES])
        words = f"{DROPPED['unreadable']} Found: {reasons}."
        unreadable.append(LedgerEntry("unreadable", "dropped", raw.problem_count, words, examples))
    found = [*unreadable, *entries, *([late] if late else [])]
    order = list(DROPPED)
    dropped = sorted(
        (entry for entry in found if entry.action == "dropped"), key=lambda entry: order.index(entry.reason)
    )
    mended = [entry for entry in found if entry.action == "mended"]
    return Ledger(raw.row_count + raw.problem_count, row_count_kept, (*dropped, *mended))


def _format_words(recipe: Recipe) -> str:
    file = recipe.raw.format.words()
    return file if recipe.date.typed else f"{file}; dates written {recipe.date.words()}"


def _order_notes(recipe: Recipe) -> tuple[str, ...]:
    if "order_id" in recipe.mapping.columns:
        return ()
    return ("The file has no order id: all purchases of a customer on one day count as one order.",)


def _preview(connection: duckdb.DuckDBPyConnection, raw: RawTable, rows: int) -> pd.DataFrame:
    statement = compose(
        "SELECT * EXCLUDE ({row}) FROM read_parquet($source) ORDER BY {row} LIMIT $rows",
        row=quote_identifier(SOURCE_ROW),
    )
    frame: pd.DataFrame = connection.execute(statement, {"source": str(raw.path), "rows": rows}).df()
    return frame


def _column_info(facts: Evidence) -> ColumnInfo:
    return ColumnInfo(facts.name, facts.words(), facts.filled / max(1, facts.rows), facts.cells[:5])
