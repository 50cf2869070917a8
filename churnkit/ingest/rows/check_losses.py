"""Checks of the gate on what was left out: rows and money that no status, kind or currency explains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from churnkit.ingest.questions import Check
from churnkit.ingest.rows.gate_facts import GateFacts
from churnkit.ingest.rows.ledger import DROPPED, LedgerEntry
from churnkit.text import figures

_MIN_KEPT = 0.8
# Below this many unexplained rows a share says nothing.
_MIN_ROWS = 10
# Walk-ins and guests are a part of many shops' orders; more of them are a column that names nobody.
_MAX_WALK_INS, _MAX_WALK_INS_OF_A_SYSTEM = 0.4, 0.6
_MAX_VOID, _MIN_VOID_ROWS = 0.5, 20

_NOT_READ = ("unreadable", "unparseable_date", "unclear_date", "future_date", "implausible_date")
_NO_CUSTOMER = ("no_customer", "placeholder_customer")
_NO_MONEY = ("unparseable_amount", "zero_amount")
_VOID = ("cancelled", "unpaid")

_REMEDIES: Mapping[str, str] = {
    "date": "Check the column of the date (order_datetime), or export again with dates as 2024-01-31.",
    "customer": (
        "Map a column that names the customer on every row (customer_id, email or phone), or export the orders with one."
    ),
    "money": "Check the column of the money (amount, or unit_price and quantity): most of its cells must be filled.",
    "status": "Say which statuses count as orders (--status), or read without the column of statuses.",
}


@dataclass(frozen=True)
class _Losses:
    """Rows and money that nothing explains, by reason, the most rows first."""

    rows: Mapping[str, int]
    money: Mapping[str, float]


def check_losses(facts: GateFacts, entries: tuple[LedgerEntry, ...]) -> tuple[Check, Check]:
    """Whether rows and money kept reach 80 % of those that should count."""
    losses = _unexplained(facts)
    lost_rows, lost_money = sum(losses.rows.values()), sum(losses.money.values())
    rows_fail = lost_rows >= _MIN_ROWS and facts.rows < _MIN_KEPT * (facts.rows + lost_rows)
    money_fail = lost_rows >= _MIN_ROWS and facts.sales < _MIN_KEPT * (facts.sales + lost_money)
    example = _example(losses, entries)
    of_rows = (
        f"Only {figures.count(facts.rows)} of {figures.counted(facts.rows + lost_rows, 'row')} that should count"
        f" are kept ({figures.percent(facts.rows / (facts.rows + lost_rows))})"
    )
    of_money = (
        f"Only {figures.money(facts.sales)} of {figures.money(facts.sales + lost_money)} in money is kept"
    )
    remedy = _remedy(losses)
    return (
        Check("rows_kept", not rows_fail, f"{of_rows}: {example}" if rows_fail else "", remedy),
        # One question is enough where both fail.
        Check(
            "money_kept",
            rows_fail or not money_fail,
            f"{of_money}: {example}" if money_fail else "",
            remedy,
        ),
    )


def _unexplained(facts: GateFacts) -> _Losses:
    counted = [*_NOT_READ, *_NO_MONEY]
    if not _are_walk_ins(facts):
        counted += _NO_CUSTOMER if not facts.staged.plan.nobody else _NO_CUSTOMER[:1]
    if _is_mostly_void(facts):
        counted += _VOID
    rows = {reason: facts.lost_rows[reason] for reason in counted if facts.lost_rows.get(reason)}
    ranked = dict(sorted(rows.items(), key=lambda item: -item[1]))
    return _Losses(ranked, {reason: facts.lost_money.get(reason, 0.0) for reason in ranked})


def _are_walk_ins(facts: GateFacts) -> bool:
    """Whole orders without a customer, and not too many; not rows of orders whose first row names one."""
    lost = sum(facts.lost_rows.get(reason, 0) for reason in _NO_CUSTOMER)
    if not facts.known_system and not facts.whole_orders_without_customer:
        return False
    limit = _MAX_WALK_INS_OF_A_SYSTEM if facts.known_system else _MAX_WALK_INS
    return lost <= limit * (facts.rows + lost)


def _is_mostly_void(facts: GateFacts) -> bool:
    """Most rows left out as cancelled or unpaid, though nobody said that these statuses mean so."""
    lost = sum(facts.lost_rows.get(reason, 0) for reason in _VOID)
    mostly = lost >= _MIN_VOID_ROWS and lost > _MAX_VOID * (facts.rows + lost)
    return mostly and not facts.statuses_answered


def _example(losses: _Losses, entries: tuple[LedgerEntry, ...]) -> str:
    parts = []
    for reason, rows in list(losses.rows.items())[:3]:
        words = DROPPED[reason].split(":")[0].rstrip(".")
        parts.append(f"{figures.counted(rows, 'row')} left out as {reason} ({words[0].lower()}{words[1:]})")
    found = next((entry for entry in entries if entry.reason in losses.rows and entry.examples), None)
    shown = ""
    if found is not None:
        row, cells = found.examples[0]
        shown = f", for example row {row}: " + ", ".join(f"{name}={cell}" for name, cell in cells.items())
    return "; ".join(parts) + shown + "."


def _remedy(losses: _Losses) -> str:
    if not losses.rows:
        return ""
    first = next(iter(losses.rows))
    if first in _NO_CUSTOMER:
        return _REMEDIES["customer"]
    if first in _NO_MONEY:
        return _REMEDIES["money"]
    return _REMEDIES["status" if first in _VOID else "date"]
