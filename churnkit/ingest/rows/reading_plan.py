"""Everything that reading a file's rows needs to know, decided once over the whole raw table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from churnkit.ingest.cells import DateFormat
from churnkit.ingest.columns import (
    MONEY,
    ColumnMapping,
    Dating,
    MappingChoice,
    MixCause,
    Reading,
    Rules,
    StateColumns,
    find_state_columns,
    require_complete,
    with_contact_columns,
)
from churnkit.ingest.files import RawTable
from churnkit.ingest.questions import Question
from churnkit.ingest.rows.blank_cells import decide_fill
from churnkit.ingest.rows.customer_identity import Identity, decide_identity
from churnkit.ingest.rows.money_rules import MoneyRules, decide_money
from churnkit.ingest.rows.order_dates import decide_dates
from churnkit.ingest.rows.row_kinds import RowKinds, decide_row_kinds
from churnkit.ingest.rows.statuses import Statuses, decide_statuses
from churnkit.ingest.rows.summary_rows import SummaryRows, find_summary_rows
from churnkit.ingest.rows.value_meanings import ValueMeaning


@dataclass(frozen=True)
class ReadingPlan:
    """How the raw table becomes the canonical one; see the parts for what they decide.

    Attributes
    ----------
    latest
        Later dates are mistakes; None: every date counts.
    money_given
        Somebody said which column is the money.
    nobody
        Cells of the customer, in lower case, that name nobody because somebody said so.
    no_numbers
        Cells of the order's number that so many customers share on different days that they number no order.
    numbers_of_customers
        Somebody said that numbers which several customers share on different days are those of several shops or years.
    known_system
        The file is a known shop system's export.
    mixed_dates
        How a second order of day and month came into the dates, None where there is one order.
    first_row_only
        Cells of an order are taken from its first row that has them.
    drop_duplicates
        Orders that were imported twice count once.
    questions
        What is open; the rows are not read before it is answered.
    """

    raw: RawTable
    mapping: ColumnMapping
    rules: Rules
    date: DateFormat
    latest: datetime | None
    identity: Identity
    money: MoneyRules
    statuses: Statuses
    kinds: RowKinds
    summaries: SummaryRows
    first_row_only: bool
    drop_duplicates: bool
    ignore_returns: bool
    money_given: bool = False
    nobody: tuple[str, ...] = ()
    no_numbers: tuple[str, ...] = ()
    numbers_of_customers: bool = False
    known_system: bool = False
    mixed_dates: MixCause | None = None
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()

    def has(self, name: str) -> bool:
        """Whether the field is mapped."""
        return name in self.mapping.columns

    @property
    def meanings(self) -> tuple[ValueMeaning, ...]:
        """What every status and every kind of row does to its rows."""
        return (*self.kinds.meanings, *self.statuses.meanings)


def plan_reading(
    raw: RawTable, choice: MappingChoice, reading: Reading, now: datetime, dating: Dating | None = None
) -> ReadingPlan:
    """Decide how the rows are read; ``dating`` where the dates are decided already.

    Raises
    ------
    MappingError
        Customer, date or money is not mapped, a mapped column does not hold what it should, or the
        notation of dates or numbers stays open.
    DataError
        The chosen currency does not occur, or customer ids were destroyed by a spreadsheet.
    """
    rules, settings = choice.rules, reading.settings
    require_complete(choice.mapping, raw.columns)
    mapping, identity = decide_identity(raw, choice.mapping, rules)
    dating = dating or decide_dates(raw, mapping, rules, settings, now)
    money = decide_money(raw, mapping, rules, settings)
    first_row_only, fill_notes = decide_fill(raw, mapping, rules)
    found = find_state_columns(raw, mapping)
    mapping = _with_states(mapping, found)
    mapping = replace(mapping, columns=with_contact_columns(raw, mapping.columns))
    kinds = decide_row_kinds(raw, mapping, rules, money, reading)
    summaries = find_summary_rows(raw, mapping, money, dating.fmt)
    statuses = decide_statuses(raw, mapping, rules, money, reading, found, filled=first_row_only)
    return ReadingPlan(
        raw=raw,
        mapping=mapping,
        rules=rules,
        date=dating.fmt,
        latest=dating.latest,
        identity=identity,
        money=money,
        statuses=statuses,
        kinds=kinds,
        summaries=summaries,
        first_row_only=first_row_only,
        drop_duplicates=settings.duplicates == "drop",
        ignore_returns=settings.returns == "ignore",
        money_given=bool((reading.mapping or ColumnMapping()).columns.keys() & set(MONEY)),
        nobody=reading.nobody,
        numbers_of_customers="shared_numbers" in reading.accepted,
        known_system=choice.preset is not None,
        mixed_dates=dating.mixed,
        notes=(
            *raw.notes,
            *dating.notes,
            *identity.notes,
            *money.notes,
            *kinds.notes,
            *summaries.notes,
            *statuses.notes,
            *fill_notes,
        ),
        questions=(
            *dating.questions,
            *identity.questions,
            *money.questions,
            *kinds.questions,
            *statuses.questions,
        ),
    )


def _with_states(mapping: ColumnMapping, found: StateColumns) -> ColumnMapping:
    """The mapping with what was found of statuses and row kinds, so that it says what was read."""
    columns = dict(mapping.columns)
    if found.statuses:
        columns.setdefault("status", found.statuses[0])
    if found.cancelled is not None:
        columns.setdefault("cancelled", found.cancelled)
    if found.row_kind is not None:
        columns.setdefault("event_type", found.row_kind)
    return replace(mapping, columns=columns)
