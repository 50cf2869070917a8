"""The gate: a reading as a whole, looked at before anything is computed from it."""

from __future__ import annotations

from dataclasses import replace

from churnkit.ingest.questions import Check
from churnkit.ingest.rows.check_dates import check_dates_beyond, check_days_of_month
from churnkit.ingest.rows.check_losses import check_losses
from churnkit.ingest.rows.check_orders import (
    check_come_back,
    check_few_customers,
    check_one_customer,
    check_one_order,
    check_returns,
    check_shared_numbers,
)
from churnkit.ingest.rows.check_parts import check_part_edges
from churnkit.ingest.rows.check_sums import check_sums_above
from churnkit.ingest.rows.check_totals import check_named_total
from churnkit.ingest.rows.check_twice import check_returns_twice
from churnkit.ingest.rows.gate_facts import gate_facts
from churnkit.ingest.rows.ledger import LedgerEntry
from churnkit.ingest.rows.staged_rows import StagedRows

_FINE = {
    "named_total": "No column that is named as the total is far from the money taken.",
    "rows_kept": "Of the rows that should count, four fifths or more are kept.",
    "money_kept": "Of the money that should count, four fifths or more are kept.",
    "one_customer": "No single customer stands behind a large part of the orders.",
    "come_back": "Customers come back, or their names do not either.",
    "few_customers": "There are enough customers for so many orders.",
    "one_order": "No single order is a large part of the money.",
    "returns": "Less than half of the sales was given back.",
    "returns_twice": "No order is left out as refunded beside its credit note.",
    "shared_numbers": "An order number stands for one order.",
    "sums_above": "No row is the total of others.",
    "part_edges": "The months and amounts of the sheets or files fit together.",
    "dates_beyond": "No dates lie after the present or far from all others.",
    "days_of_month": "Orders fall on all days of the month.",
}


def check_rows(
    staged: StagedRows, entries: tuple[LedgerEntry, ...], accepted: tuple[str, ...]
) -> tuple[Check, ...]:
    """What was looked at; names in ``accepted`` pass whatever they find."""
    facts = gate_facts(staged)
    checks = (
        *check_losses(facts, entries),
        check_one_customer(facts),
        check_come_back(facts),
        check_few_customers(facts),
        check_one_order(facts),
        check_returns(facts),
        check_returns_twice(facts),
        check_shared_numbers(facts),
        check_sums_above(staged),
        check_named_total(facts),
        check_part_edges(staged),
        check_dates_beyond(facts),
        check_days_of_month(facts),
    )
    return tuple(_told(check, accepted) for check in checks)


def _told(check: Check, accepted: tuple[str, ...]) -> Check:
    if check.passed:
        return replace(check, message=_FINE[check.name], remedy="")
    return replace(check, accepted=check.name in accepted)
