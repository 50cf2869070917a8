"""What came of reading a file, as ``reading.json``: figures to check, what is still open, or why it is not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar, Literal

from churnkit.errors import ChurnkitError
from churnkit.ingest import (
    Check,
    Ingested,
    Inspection,
    LeftOut,
    MonthSeen,
    OpenQuestions,
    OrderSeen,
    Question,
    Reading,
    ValueMeaning,
    inspect,
)
from churnkit.results.codec import Step

ReadingStatus = Literal["read", "question", "refused"]


@dataclass(frozen=True, kw_only=True)
class ReadingDocument:
    """One reading of one export.

    Attributes
    ----------
    status
        ``read``; ``question``: it is read once every question is answered; ``refused``: no answer makes it readable.
    files
        Names of the files handed over.
    preset, mapping, day_first
        Name of the shop system's export, column by field, how dates are written; as far as they were settled.
    encoding
        Python's name of the codec of a text file, None for other files.
    currency
        Code of the currency, or a sign that several share, None where the file names none.
    rows_in, rows_kept
        Records of the file and those that became transactions; the ledger says where the others went.
    customers, orders
        Counts; orders are those with a positive amount.
    revenue
        Net money of the rows kept, in ``currency``.
    first_date, last_date
        The first and the last instant of an order, in the shop's local time.
    questions
        What must be answered, with choices that carry their answers; see ``ingest.Question``.
    message, remedy
        Why the file is not read yet, and what to do.
    refusal
        What a refused file is, in a word (``customer_list``); ``unreadable`` where it cannot even be opened as a table.
    """

    title: ClassVar[str] = "the reading of a file"
    steps: ClassVar[tuple[Step, ...]] = ()

    status: ReadingStatus
    files: tuple[str, ...]
    format_words: str | None = None
    preset: str | None = None
    mapping: dict[str, str] | None = None
    encoding: str | None = None
    currency: str | None = None
    day_first: bool | None = None
    rows_in: int | None = None
    rows_kept: int | None = None
    customers: int | None = None
    orders: int | None = None
    revenue: float | None = None
    first_date: datetime | None = None
    last_date: datetime | None = None
    questions: tuple[Question, ...] = ()
    message: str = ""
    remedy: str = ""
    refusal: str = ""
    notes: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    examples: tuple[OrderSeen, ...] = ()
    months: tuple[MonthSeen, ...] = ()
    meanings: tuple[ValueMeaning, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def document_of(ingested: Ingested, files: Sequence[str]) -> ReadingDocument:
    """The document of a file that was read."""
    seen = ingested.understood
    return ReadingDocument(
        status="read",
        files=tuple(files),
        format_words=ingested.format_words,
        preset=ingested.preset,
        mapping=dict(ingested.mapping.columns),
        encoding=ingested.encoding,
        currency=ingested.currency,
        day_first=ingested.day_first,
        rows_in=ingested.row_count_in,
        rows_kept=ingested.row_count_kept,
        customers=seen.customers,
        orders=seen.orders,
        revenue=seen.revenue,
        first_date=seen.first,
        last_date=seen.last,
        notes=ingested.notes,
        checks=ingested.checks,
        examples=seen.examples,
        months=seen.months,
        meanings=seen.meanings,
        left_out=seen.left_out,
    )


def document_of_refusal(
    error: ChurnkitError, path: Path | Sequence[Path], reading: Reading, files: Sequence[str]
) -> ReadingDocument:
    """The document of a file that is not read: as much of it as can be seen, and what ``error`` asks or says."""
    questions = error.questions if isinstance(error, OpenQuestions) else ()
    answerable = bool(questions) and all(question.choices for question in questions)
    document = ReadingDocument(
        status="question" if answerable else "refused",
        files=tuple(files),
        questions=questions,
        message=error.message,
        remedy=error.remedy,
        refusal=next((question.refusal for question in questions if question.refusal), ""),
    )
    try:
        with TemporaryDirectory(prefix="churnkit-") as folder:
            return _with_what_is_seen(document, inspect(path, Path(folder), reading))
    except ChurnkitError:
        # A file that cannot even be looked at has nothing to show, and ``error`` says why.
        return document if questions else replace(document, refusal="unreadable")


def _with_what_is_seen(document: ReadingDocument, seen: Inspection) -> ReadingDocument:
    return replace(
        document,
        format_words=seen.format_words,
        preset=seen.preset,
        mapping=dict(seen.mapping.columns),
        encoding=seen.encoding,
        rows_in=seen.row_count,
        notes=seen.notes,
        checks=seen.checks,
    )
