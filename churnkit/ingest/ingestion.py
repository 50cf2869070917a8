"""A shop's order export -> its canonical transactions and the account of every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from churnkit.ingest.columns import ColumnMapping, Reading, fill_blocks
from churnkit.ingest.files import opened
from churnkit.ingest.questions import Check, OpenQuestions
from churnkit.ingest.rows import (
    Cut,
    Ledger,
    NothingKept,
    ReadingPlan,
    StagedRows,
    Understood,
    cut_at,
    entries_of,
    whole_ledger,
    write_canonical,
    write_contacts,
    write_uncounted,
)
from churnkit.ingest.understanding import understand
from churnkit.results.uncounted import UNCOUNTED_FILE


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """What reading a file found, beside the tables that it made of it.

    Attributes
    ----------
    reading
        What was asked.
    ledger
        The account of dropped and mended rows.
    mapping, preset
        What the columns were read as, and the name of the preset, if one applied.
    format_words
        The file's format for a person.
    has_time, has_order_id
        Whether orders have a time of day, and whether order ids come from the file.
    currency
        The analysis currency, None where the file names none.
    notes
        Decisions and facts that the user should read.
    understood
        The figures to hold against the shop's own.
    encoding
        Name of the codec of a text file, None for others.
    checks
        What was looked at of the reading as a whole.
    day_first
        How dates were read; None where their notation leaves no choice.
    """

    reading: Reading
    ledger: Ledger
    mapping: ColumnMapping
    preset: str | None
    format_words: str
    has_time: bool
    has_order_id: bool
    currency: str | None
    notes: tuple[str, ...]
    understood: Understood
    encoding: str | None = None
    checks: tuple[Check, ...] = ()
    day_first: bool | None = None

    @property
    def row_count_in(self) -> int:
        """Records of the file."""
        return self.ledger.row_count_in

    @property
    def row_count_kept(self) -> int:
        """Rows of the canonical transactions."""
        return self.ledger.row_count_kept


@dataclass(frozen=True, kw_only=True)
class Ingested(FileFacts):
    """One file as canonical transactions.

    Attributes
    ----------
    transactions
        The canonical Parquet file, in the working folder.
    contacts
        How customers are reached, as Parquet beside the transactions; None where the file does not say.
    uncounted
        The orders that the file holds and that do not count (order_id, first_at, last_at), as Parquet beside them; None
        where nobody noted them.
    """

    transactions: Path
    contacts: Path | None = None
    uncounted: Path | None = None


def ingest(
    path: Path | Sequence[Path],
    workdir: Path,
    reading: Reading | None = None,
    *,
    now: datetime | None = None,
    may_be_empty: bool = False,
) -> Ingested:
    """Read a file, or several that are one history, into canonical transactions.

    Parameters
    ----------
    path
        One file, or the parts of one export.
    workdir
        Folder for the result, made if it is missing; intermediate files in it are removed.
    reading
        What is asked; unless given, the file decides everything.
    now
        The present, after which orders are mistakes; the clock unless given.
    may_be_empty
        Accept a file that holds nothing but orders that do not count; it has no transactions then.

    Raises
    ------
    DataError
        The file cannot be read, has no rows left or only one day.
    MappingError
        The mapping or the preset does not fit the file.
    OpenQuestions
        The file leaves something open that changes results, or is none that churn can be computed from.
    """
    reading, now = reading or Reading(), now or datetime.now()
    with opened(path, Path(workdir), reading.settings) as file:
        raw = fill_blocks(file)
        cut = Cut(raw, reading) if reading.as_of is None else cut_at(raw, reading, reading.as_of, now)
        try:
            found = understand(cut.raw, cut.reading, now, cut.dating)
        except NothingKept as error:
            nothing = _uncounted_alone(reading, cut, error.staged, Path(workdir)) if may_be_empty else None
            if nothing is None:
                raise
            return nothing
        plan, rows, facts = found.plan, found.rows, found.figures
        if found.questions or plan is None or rows is None or facts is None:
            raise OpenQuestions(found.questions, f"Reading the file{raw.format.encoding_words()}")
        target = Path(workdir) / "transactions.parquet"
        write_canonical(rows.staged, target)
        contacts = write_contacts(rows.staged, target.with_name("contacts.parquet"))
        return Ingested(
            reading=reading,
            transactions=target,
            ledger=whole_ledger(raw, cut.late, rows.entries, rows.row_count),
            mapping=plan.mapping,
            preset=found.choice.preset.name if found.choice.preset else None,
            format_words=_format_words(plan),
            has_time=rows.has_time,
            has_order_id=plan.has("order_id"),
            currency=rows.currency,
            notes=(*found.notes, *_order_notes(plan), *([contacts.note] if contacts else [])),
            understood=facts,
            encoding=raw.format.encoding,
            checks=found.checks,
            day_first=plan.date.day_first,
            contacts=contacts.path if contacts else None,
            uncounted=write_uncounted(rows.staged, target.with_name(UNCOUNTED_FILE)),
        )


def _uncounted_alone(reading: Reading, cut: Cut, staged: StagedRows, workdir: Path) -> Ingested | None:
    """What was read of a file none of whose orders counts; None where it does not even hold such."""
    plan, target = staged.plan, workdir / "transactions.parquet"
    uncounted = write_uncounted(staged, target.with_name(UNCOUNTED_FILE))
    first, last = staged.one(
        "SELECT min(ordered_at), max(ordered_at) FROM {staged} WHERE order_id IS NOT NULL"
    )
    if pq.read_metadata(uncounted).num_rows == 0 or first is None:
        return None
    write_canonical(staged, target)
    return Ingested(
        reading=reading,
        transactions=target,
        ledger=whole_ledger(cut.raw, cut.late, entries_of(staged), 0),
        mapping=plan.mapping,
        preset=None,
        format_words=_format_words(plan),
        has_time=True,
        has_order_id=plan.has("order_id"),
        currency=plan.money.currencies.chosen,
        notes=(),
        understood=Understood(0, 0, 0, 0.0, first, last),
        encoding=plan.raw.format.encoding,
        day_first=plan.date.day_first,
        uncounted=uncounted,
    )


def _format_words(plan: ReadingPlan) -> str:
    file = plan.raw.format.words()
    return file if plan.date.typed else f"{file}; dates written {plan.date.words()}"


def _order_notes(plan: ReadingPlan) -> tuple[str, ...]:
    if plan.has("order_id"):
        return ()
    when = "at one minute" if plan.date.has_time else "on one day"
    return (f"The file has no order id: all purchases of a customer {when} count as one order.",)
