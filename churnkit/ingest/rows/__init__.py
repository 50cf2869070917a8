"""The last room: a raw table and its mapping go in, canonical transactions and the account of every row come out.

`plan_reading` decides once how the rows are read, and `write_canonical` reads them: kept, dropped with a reason, or
mended. `cut_at` leaves out what came after a date before anything else is decided.
"""

from churnkit.ingest.rows.as_of_cut import Cut, cut_at
from churnkit.ingest.rows.canonical import monthly_totals, write_canonical
from churnkit.ingest.rows.ledger import DROPPED, MENDED, Ledger, LedgerEntry
from churnkit.ingest.rows.ledger_entries import whole_ledger
from churnkit.ingest.rows.reading_plan import ReadingPlan, plan_reading

__all__ = [
    "DROPPED",
    "MENDED",
    "Cut",
    "Ledger",
    "LedgerEntry",
    "ReadingPlan",
    "cut_at",
    "monthly_totals",
    "plan_reading",
    "whole_ledger",
    "write_canonical",
]
