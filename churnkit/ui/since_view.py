"""What changed since an earlier version: the shop as a whole, who moved, and what came of its forecasts."""

from __future__ import annotations

from functools import partial

import streamlit as st

from churnkit.results.rows import frame_of
from churnkit.services.since.came_true import CameTrue, GroupCheck
from churnkit.services.since.changes import MOST_LISTED, Changes, TurnOver
from churnkit.services.since.moves import MEANINGS, TITLES
from churnkit.text.figures import (
    UNKNOWN,
    count,
    counted,
    day,
    days,
    escape_markdown,
    short_money,
    signed,
    signed_percent,
)
from churnkit.ui.expert_view import is_expert
from churnkit.ui.opened import Opened
from churnkit.ui.parts import Card, cards, note
from churnkit.ui.since_people import people_table
from churnkit.ui.tables import table
from churnkit.windows import last_day

_MOVED = ("move.title", "move.customers", "spent_since", "move.value_at_risk")
_MOVED_FOR_EXPERTS = (
    "move.title",
    "move.customers",
    "spent_since",
    "clv_then",
    "move.clv",
    "move.value_at_risk",
)
_CHECKED = ("came_true.title", "came_true.customers", "expected_silent", "came_true.silent")
_CHECKED_FOR_EXPERTS = (
    "came_true.title",
    "came_true.customers",
    "expected_silent",
    "expected_low",
    "expected_high",
    "came_true.silent",
    "came_true.spent",
)


def shop_cards(found: Changes, currency: str | None) -> None:
    """Four figures of now beside those of then."""
    cash = partial(short_money, currency=currency)
    risk, risk_then = found.at_risk, found.at_risk_before
    cards(
        [
            Card(
                label="Sold since",
                value=cash(found.since.revenue),
                below=f"{counted(found.since.orders, 'order')} of {counted(found.since.customers, 'customer')}"
                f" in {days(found.days)}",
                change=_growth(found.since, found.as_long_before),
                change_words="on as long before",
                key="since_sold",
            ),
            Card(
                label="Active customers",
                value=count(found.active),
                change=signed(found.active - found.active_before, 0),
                change_words=f"since {day(found.before)}",
                term="status",
                key="since_active",
            ),
            Card(
                label="At high risk",
                value=count(found.leaving) if found.tells_tiers else UNKNOWN,
                term="risk_tier",
                below=f"{count(found.newly_leaving)} of them were not then"
                if found.tells_tiers
                else "cannot be told of both dates",
                change=signed(found.leaving - found.leaving_before, 0) if found.tells_tiers else "",
                change_words=f"since {day(found.before)}" if found.tells_tiers else "",
                rising_is_bad=True,
                key="since_leaving",
            ),
            Card(
                label="Revenue at risk",
                value=UNKNOWN if risk is None else cash(risk),
                below="" if risk is not None else "nothing is proven",
                term="value_at_risk",
                change="" if risk is None or not risk_then else signed_percent(risk / risk_then - 1),
                change_words="" if risk is None or not risk_then else f"since {day(found.before)}",
                rising_is_bad=True,
                key="since_risk",
            ),
        ]
    )
    for sentence in found.notes:
        note(sentence)


def _growth(since: TurnOver, before: TurnOver | None) -> str:
    return "" if before is None or before.revenue <= 0 else signed_percent(since.revenue / before.revenue - 1)


def valuable(opened: Opened, found: Changes) -> None:
    """Whom to speak to first: new at high risk, and worth much."""
    st.header("Speak to these first", anchor=False)
    rows = found.valuable_at_risk()
    if not found.tells_tiers:
        note("Nobody is said to be at high risk: see above.")
    elif rows.empty:
        st.write("Nobody: no customer of the most valuable fifth has come to high risk since.")
    else:
        st.caption("New at high risk, and worth more than four in five of the active.")
        people_table(opened, rows, key="since_valuable")


def moves(opened: Opened, found: Changes) -> None:
    """Who moved from where to where, and the customers of one move."""
    st.header("Who moved", anchor=False)
    table(
        found.moves,
        _MOVED_FOR_EXPERTS if is_expert() else _MOVED,
        key="since_moves",
        alt="Customers by what they did since the earlier date, with money",
        currency=opened.currency,
    )
    made = found.moves["move"].tolist()
    move = st.selectbox(
        "Customers who are",
        made,
        format_func=lambda one: TITLES[one].lower(),
        key="since_move",
        bind="query-params",
        width=320,
    )
    if move is None:
        return
    rows = found.of_move(move)
    st.caption(MEANINGS[move])
    total = int((found.customers["move"] == move).sum())
    if total > MOST_LISTED:
        note(f"The first {MOST_LISTED} of {count(total)}, those first who matter most.")
    people_table(opened, rows, key="since_people")


def forecasts(found: CameTrue, currency: str | None) -> None:
    """What came of an earlier forecast, by group, and whom it missed."""
    until = "is over" if found.is_over else "is still running"
    st.header("Did the forecast come true?", anchor=False)
    st.caption(
        f"The forecast of {day(found.cutoff)} said who buys nothing until {day(last_day(found.ends_at))}. That time {until}."
    )
    for sentence in found.words:
        st.markdown(f"- {escape_markdown(sentence, 600)}")
    table(
        frame_of(GroupCheck, found.groups),
        _CHECKED_FOR_EXPERTS if is_expert() else _CHECKED,
        key="since_checked",
        alt="Forecast and found by group of customers",
        currency=currency,
    )
    if not found.missed.empty:
        with st.expander(f"Called safe, and left: {count(len(found.missed))} of the most valuable"):
            table(
                found.missed.rename(columns={"p_churn": "p_churn_then", "clv": "clv_then"}),
                ("customer_id", "clv_then", "p_churn_then"),
                key="since_missed",
                alt="Customers who were in a lower tier and bought nothing",
                currency=currency,
            )
