"""The last room: a raw table and its mapping go in, canonical transactions and the account of every row come out.

`plan_reading` decides once how the rows are read, `read_rows` reads them: kept, dropped with a reason, or mended;
`check_rows` looks at them as a whole, and `write_canonical` writes them. `cut_at` leaves out what came after a date before
anything else is decided.
"""

from churnkit.ingest.rows.as_of_cut import Cut, cut_at
from churnkit.ingest.rows.canonical import CanonicalRows, NothingKept, read_rows, write_canonical
from churnkit.ingest.rows.checks import check_rows
from churnkit.ingest.rows.contacts import write_contacts
from churnkit.ingest.rows.ledger import DROPPED, MENDED, Ledger, LedgerEntry
from churnkit.ingest.rows.ledger_entries import entries_of, whole_ledger
from churnkit.ingest.rows.reading_plan import ReadingPlan, plan_reading
from churnkit.ingest.rows.staged_rows import StagedRows
from churnkit.ingest.rows.uncounted_orders import write_uncounted
from churnkit.ingest.rows.understood import LeftOut, MonthSeen, OrderSeen, Understood, figures_of
from churnkit.ingest.rows.value_meanings import ValueMeaning

__all__ = [
    "DROPPED",
    "MENDED",
    "CanonicalRows",
    "Cut",
    "Ledger",
    "LedgerEntry",
    "LeftOut",
    "MonthSeen",
    "NothingKept",
    "OrderSeen",
    "ReadingPlan",
    "StagedRows",
    "Understood",
    "ValueMeaning",
    "check_rows",
    "cut_at",
    "entries_of",
    "figures_of",
    "plan_reading",
    "read_rows",
    "whole_ledger",
    "write_canonical",
    "write_contacts",
    "write_uncounted",
]
