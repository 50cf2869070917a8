"""The shop against a quarter ago, where no earlier version is there to compare with."""

from __future__ import annotations

import streamlit as st

from churnkit.results.found import Found
from churnkit.results.quarter import Change, QuarterChange
from churnkit.text.figures import count, day, percent, short_money, signed_percent
from churnkit.ui.home_known import change_since_a_quarter
from churnkit.ui.opened import Opened
from churnkit.ui.parts import Card, cards, note


def quarter_cards(opened: Opened) -> None:
    """The shop against a quarter ago."""
    change, currency = change_since_a_quarter(opened), opened.currency
    totals = opened.results.summary.customers
    row = [
        _card("Active customers", count(totals.active.customers), change.active, "status", "card_customers")
    ]
    if isinstance(change.revenue, Found):
        sold = change.revenue.value
        row.append(
            _card(
                "Sold in three months", short_money(sold.now, currency), change.revenue, None, "card_revenue"
            )
        )
    if isinstance(change.leaver_share, Found):
        row.append(_leavers(change, change.leaver_share.value))
    cards(row)
    if not isinstance(change.active, Found):
        note(f"No change against a quarter ago: {change.active.reason}")
    st.caption("Seasons are in these changes.")


def _card(label: str, value: str, found: object, name: str | None, key: str) -> Card:
    known = found.value if isinstance(found, Found) else None
    share = known.share if isinstance(known, Change) else None
    told = share is not None and known is not None
    return Card(
        label=label,
        value=value,
        term=name,
        kind="measured",
        change=signed_percent(share) if told else "",
        change_words=f"since {day(known.since)}" if told and known is not None else "",
        key=key,
    )


def _leavers(change: QuarterChange, share: Change) -> Card:
    left = "" if change.left_then is None else f"; {percent(change.left_then)} of them did"
    return Card(
        label="Expected to leave then",
        value=percent(share.before),
        below=f"of those active on {day(share.since)}, the date with a forecast nearest to a quarter ago{left}",
        kind="tested",
        key="card_leavers_then",
    )
