"""What was read of a file: rows, months to compare, and every row that was dropped or mended."""

from __future__ import annotations

from functools import partial

import streamlit as st

from churnkit.charts.threshold_chart import monthly_totals
from churnkit.results.look_facts import MonthTotal
from churnkit.results.rows import frame_of
from churnkit.services.look.asked import on_page
from churnkit.text.figures import count, day, days
from churnkit.ui.opened import OpenedLook
from churnkit.ui.parts import Card, cards, chart, csv_bytes, download, note
from churnkit.ui.tables import table

_MONTHS = ("month", "month.orders", "month.amount")
_LEDGER = ("ledger.explanation", "ledger.action", "rows", "share", "ledger.example_rows")


def what_was_read(opened: OpenedLook) -> None:
    """Rows kept and dropped, notes, monthly totals to check, the ledger."""
    facts, profile = opened.look.facts, opened.look.profile
    scope = profile.scope
    cards(
        [
            Card(label="Rows read", value=count(facts.rows_in)),
            Card(label="Rows used", value=count(facts.rows_kept), below="the rest is in the ledger"),
            Card(label="Customers", value=count(profile.customers.customers)),
            Card(
                label="History",
                value=f"{count(scope.history_days)} days",
                below=f"{day(scope.first_order)} to {day(scope.last_order)}",
            ),
        ]
    )
    for sentence in facts.notes:
        note(on_page(sentence))
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        _months(opened)
    with right, st.container(border=True, height="stretch"):
        _ledger(opened)


def known_before(opened: OpenedLook) -> None:
    """What the first look knows already while the analysis runs, and the threshold that it was started with."""
    facts, profile = opened.look.facts, opened.look.profile
    scope = profile.scope
    threshold = opened.session.settings.get("horizon_days") or profile.threshold.days
    cards(
        [
            Card(label="Rows used", value=count(facts.rows_kept)),
            Card(label="Customers", value=count(profile.customers.customers)),
            Card(
                label="History",
                value=days(scope.history_days),
                below=f"{day(scope.first_order)} to {day(scope.last_order)}",
            ),
            Card(label="Lost after", value=days(int(threshold)), below="without a purchase"),
        ]
    )


def _months(opened: OpenedLook) -> None:
    totals, currency = opened.look.facts.monthly_totals, opened.currency
    st.markdown("**Monthly totals** – compare them with your shop's own report")
    chart(monthly_totals(totals, currency), "Net amount by month", key="month_chart")
    with st.expander("As a table"):
        table(
            frame_of(MonthTotal, totals),
            _MONTHS,
            key="month_table",
            alt="Orders and amount by month",
            currency=currency,
        )


def _ledger(opened: OpenedLook) -> None:
    ledger = opened.look.ledger
    st.markdown("**Ledger** – every row that was dropped or mended, and why")
    if ledger.empty:
        st.write("Nothing was dropped and nothing had to be mended.")
    else:
        table(ledger, _LEDGER, key="ledger", alt="Dropped and mended rows by reason")
    download("Ledger as CSV", partial(csv_bytes, ledger), "ledger.csv", "text/csv", key="ledger_csv")
