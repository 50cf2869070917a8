"""What a reading makes of a raw table before anything is written: columns, rows, figures, checks and open questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from churnkit.ingest.columns import Dating, MappingChoice, Reading, choose_mapping
from churnkit.ingest.files import RawTable
from churnkit.ingest.questions import Check, OpenQuestions, Question
from churnkit.ingest.rows import (
    CanonicalRows,
    ReadingPlan,
    Understood,
    check_rows,
    figures_of,
    plan_reading,
    read_rows,
)


@dataclass(frozen=True)
class Understanding:
    """How far a reading came.

    Attributes
    ----------
    plan, rows, figures
        None where questions had to be answered before.
    questions
        What must be answered before anything is written.
    """

    choice: MappingChoice
    plan: ReadingPlan | None = None
    rows: CanonicalRows | None = None
    figures: Understood | None = None
    checks: tuple[Check, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Decisions and facts that the user should read, as far as the reading came."""
        return (
            *self.choice.notes,
            *(self.plan.notes if self.plan else ()),
            *(self.rows.notes if self.rows else ()),
        )


def understand(raw: RawTable, reading: Reading, now: datetime, dating: Dating | None = None) -> Understanding:
    """Read a raw table as far as its questions let; the first room with open ones is the last.

    Raises
    ------
    DataError
        No row is left, all orders are of one day, or customer ids were destroyed by a spreadsheet.
    MappingError
        The mapping or the preset does not fit the file, or a mapped column does not hold what it should.
    """
    choice = choose_mapping(raw, reading)
    if choice.questions:
        return Understanding(choice, questions=choice.questions)
    try:
        plan = plan_reading(raw, choice, reading, now, dating)
    except OpenQuestions as open_ones:
        return Understanding(choice, questions=open_ones.questions)
    if plan.questions:
        return Understanding(choice, plan, questions=plan.questions)
    rows = read_rows(plan, one_day_is_enough=reading.one_day_is_enough)
    if rows.questions:
        return Understanding(choice, plan, rows, questions=rows.questions)
    checks = check_rows(rows.staged, rows.entries, reading.accepted)
    failed = tuple(check.question() for check in checks if not (check.passed or check.accepted))
    figures = figures_of(rows.staged, currency=rows.currency, has_time=rows.has_time)
    return Understanding(choice, plan, rows, figures, checks, failed)
