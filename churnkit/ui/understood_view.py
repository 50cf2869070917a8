"""What was understood of a file, as its owner checks it: figures, five orders, months, statuses, what is left out."""

from __future__ import annotations

import streamlit as st

from churnkit.charts.threshold_chart import monthly_totals
from churnkit.ingest import Inspection, MonthSeen, OrderSeen, Understood
from churnkit.results.look_facts import MonthTotal
from churnkit.results.rows import frame_of
from churnkit.services.look.asked import left_out_reasons, left_out_words, value_tables
from churnkit.store import Upload
from churnkit.text.figures import count, counted, day, escape_markdown, money
from churnkit.ui.parts import Card, cards, chart
from churnkit.ui.tables import table
from churnkit.ui.value_meanings import value_meanings


def understood_view(upload: Upload, found: Inspection, version: int) -> None:
    """Everything to hold against the shop's own figures; nothing while a question is open before that.

    ``version`` of the answers: after another one the widgets begin anew.
    """
    if found.understood is None:
        return
    seen = found.understood
    st.header("What was understood")
    _accepted(found)
    _figures(seen)
    with st.container(border=True, key="seen_orders"):
        _orders(seen, has_order_id="order_id" in found.mapping.columns)
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch", key="seen_months"):
        _months(seen)
    with right, st.container(border=True, height="stretch", key="seen_left_out"):
        _left_out(seen)
    for number, values in enumerate(value_tables(seen.meanings)):
        with st.container(border=True, key=f"values_{number}"):
            value_meanings(upload, values, seen.currency, f"meaning_{number}_{version}")
    _checks(found)


def _figures(seen: Understood) -> None:
    cards(
        [
            Card(label="Orders", value=count(seen.orders), below=f"from {counted(seen.rows_kept, 'row')}"),
            Card(label="Customers", value=count(seen.customers)),
            Card(
                label="Net amount",
                value=money(seen.revenue, seen.currency),
            ),
            Card(label="From", value=day(seen.first), below=f"to {day(seen.last)}"),
        ]
    )


def _orders(seen: Understood, *, has_order_id: bool) -> None:
    st.markdown("**Some orders as they will be counted** – look one or two up in your shop")
    table(
        frame_of(OrderSeen, seen.examples).rename(columns={"ordered_at": _date(seen).rpartition(".")[2]}),
        (
            *(("seen.order_id",) if has_order_id else ()),
            "seen.customer_id",
            _date(seen),
            "seen.rows",
            "seen.amount",
        ),
        key="seen_orders_table",
        alt="Some orders of the file: customer, date, rows and money",
        currency=seen.currency,
    )


def _date(seen: Understood) -> str:
    return "seen.ordered_at" if seen.has_time else "seen.ordered_on"


def _months(seen: Understood) -> None:
    st.markdown("**Month by month** – compare with your shop's own")
    totals = [MonthTotal(month=one.month, orders=one.orders, amount=one.amount) for one in seen.months]
    chart(monthly_totals(totals, seen.currency), "Net amount by month", key="seen_month_chart")
    with st.expander("As a table"):
        table(
            frame_of(MonthSeen, seen.months),
            ("month", "month.orders", "month.amount"),
            key="seen_month_table",
            alt="Orders and amount by month",
            currency=seen.currency,
        )


def _left_out(seen: Understood) -> None:
    st.markdown(f"**What is left out** – {escape_markdown(left_out_words(seen))}")
    for words, why in left_out_reasons(seen):
        st.markdown(f"- **{escape_markdown(words)}** – {escape_markdown(why)}")


def _accepted(found: Inspection) -> None:
    """Said again for every file: what was right in the last one may be wrong in this one."""
    for check in found.checks:
        if check.accepted and not check.passed:
            words = escape_markdown(check.message, 1000)
            st.warning(words, title="You said that this is right", icon=":material/rule:")


def _checks(found: Inspection) -> None:
    if not found.checks:
        return
    passed = [check for check in found.checks if check.passed]
    if passed:
        with st.expander(f"{counted(len(passed), 'check')} of the whole file passed", icon=":material/rule:"):
            for check in passed:
                st.markdown(f":material/check: {escape_markdown(check.message, 1000)}")
