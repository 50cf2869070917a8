"""The work list on screen: whom to speak to next, and how it stands with each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from churnkit.accounts import Action
from churnkit.services.worklist.listed import MAX_NOTE, STATES, in_words, set_state, told_of
from churnkit.store import WorkState
from churnkit.text.figures import count, counted, day, escape_markdown, percent, short_money
from churnkit.text.number_formats import date_field
from churnkit.text.respelling import respelled
from churnkit.ui.customer_link import CUSTOMER_PAGE, address_of, analysis_named, note_linked
from churnkit.ui.opened import Opened
from churnkit.ui.parts import Card, Colour, cards, csv_bytes, download, guarded
from churnkit.ui.rights import needs

A_PAGE = 10
COLOURS: Mapping[WorkState, Colour] = {
    "to_do": "orange",
    "contacted": "gray",
    "answered": "gray",
    "back": "green",
    "gave_up": "red",
}
# What a click says next, by what was said last.
_NEXT: Mapping[WorkState, tuple[WorkState, ...]] = {
    "to_do": ("contacted", "gave_up"),
    "contacted": ("answered", "gave_up"),
    "answered": ("gave_up",),
    "back": (),
    "gave_up": ("to_do",),
}
_ICONS: Mapping[WorkState, str] = {
    "to_do": ":material/undo:",
    "contacted": ":material/call:",
    "answered": ":material/chat:",
    "gave_up": ":material/block:",
    "back": ":material/check:",
}


def state_cards(rows: pd.DataFrame, currency: str | None) -> None:
    """How many stand where."""
    number = rows["state"].value_counts()
    waiting = rows[rows["state"] == "to_do"]
    cards(
        [
            Card(
                label="To do",
                value=count(int(number.get("to_do", 0))),
                below=_waiting_words(waiting, currency),
                key="work_to_do",
            ),
            Card(
                label="Contacted",
                value=count(int(number.get("contacted", 0)) + int(number.get("answered", 0))),
                below=f"{count(int(number.get('answered', 0)))} of them answered",
                key="work_contacted",
            ),
            Card(
                label="Back",
                value=count(int(number.get("back", 0))),
                below="bought again since they stood here",
                key="work_back",
            ),
            Card(label="Gave up", value=count(int(number.get("gave_up", 0))), key="work_gave_up"),
        ]
    )
    st.caption(
        "“Back” is set by itself when a customer has bought again, whether anybody spoke to them or not: what speaking to"
        " them changes only a campaign with customers left out for comparison can tell."
    )


def _waiting_words(waiting: pd.DataFrame, currency: str | None) -> str:
    lapsed = int((waiting["status"] == "lapsed").sum())
    risk = float(waiting["value_at_risk"].sum())
    told = [f"{short_money(risk, currency)} at risk"] if risk > 0 else []
    return "; ".join(told + ([f"{count(lapsed)} of them have lapsed"] if lapsed else []))


def listed_customers(opened: Opened, rows: pd.DataFrame) -> None:
    """The customers of one state, ten a page, each with what can be said next."""
    numbers = rows["state"].value_counts()
    state = st.segmented_control(
        "Show",
        list(STATES),
        default="to_do" if numbers.get("to_do", 0) else str(rows["state"].iloc[0]),
        format_func=lambda one: f"{STATES[one]} ({count(int(numbers.get(one, 0)))})",
        key="work_state",
    )
    shown = rows[rows["state"] == state] if state else rows
    pages = -(-len(shown) // A_PAGE)
    page = st.pagination(pages, key=f"work_page_{state}") if pages > 1 else 1
    if shown.empty:
        st.write("Nobody.")
    note_linked("worklist", "the list", shown["customer_id"].astype(str).tolist())
    for row in shown.iloc[(page - 1) * A_PAGE : page * A_PAGE].to_dict("records"):
        _one(opened, {str(name): value for name, value in row.items()})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        download(
            "The whole list as CSV",
            lambda: csv_bytes(in_words(rows), opened.currency),
            "work_list.csv",
            "text/csv",
            key="work_csv",
        )
        if state and not shown.empty:
            _all_of_them(opened, _state(state), shown)


def _one(opened: Opened, row: Mapping[str, Any]) -> None:
    customer, state = str(row["customer_id"]), _state(row["state"])
    with st.container(border=True, key=f"work_row_{customer}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(
                CUSTOMER_PAGE,
                label=escape_markdown(customer, 60),
                query_params={**analysis_named(), **address_of(customer, back="worklist")},
            )
            st.badge(STATES[state], color=COLOURS[state])
            for name in ("email", "phone"):
                if isinstance(row.get(name), str):
                    st.text(str(row[name]), width="content")
        st.write(escape_markdown(_about(row, opened.currency), 400))
        if row["note"]:
            st.caption(escape_markdown(row["note"], MAX_NOTE))
        with st.container(horizontal=True, vertical_alignment="center"):
            for following in _NEXT[state]:
                if st.button(
                    STATES[following],
                    key=f"work_{following}_{customer}",
                    icon=_ICONS[following],
                    **needs(Action.PLAN),
                ):
                    _say(opened, [customer], following)
            with st.popover("More", icon=":material/edit_note:"):
                _form(opened, customer, state)


def _about(row: Mapping[str, Any], currency: str | None) -> str:
    """What the newest version says of a customer, in a line."""
    told = []
    p_churn, kept, last = row["p_churn"], row["clv_if_kept"], row["last_purchase_at"]
    if pd.isna(p_churn):
        told.append("Not among the customers of the newest version")
    elif row["status"] == "active":
        worth = short_money(float(kept), currency)
        told.append(f"{percent(float(p_churn))} likely to leave, worth {worth} a year if kept")
    else:
        told.append("Lapsed")
    reason = respelled(row["factor_1"], currency) if isinstance(row["factor_1"], str) else ""
    if isinstance(last, pd.Timestamp) and not pd.isna(last) and not reason.startswith("Last purchase"):
        told.append(f"last purchase {day(last.to_pydatetime())}")
    spoken = row["contacted_on"]
    if isinstance(spoken, pd.Timestamp) and not pd.isna(spoken):
        told.append(f"spoken to on {day(spoken.to_pydatetime())}")
    words = "; ".join(told)
    return f"{words}. {reason}" if reason else f"{words}."


def _form(opened: Opened, customer: str, state: WorkState) -> None:
    """Any state, with a note and the day, and what was said before."""
    with st.form(f"work_form_{customer}", border=False):
        states = [one for one in STATES if one != "back"]
        chosen = st.selectbox(
            "How it stands",
            states,
            states.index(state) if state in states else 0,
            format_func=lambda one: STATES[one],
            key=f"work_set_{customer}",
        )
        words = st.text_area("Note", max_chars=MAX_NOTE, key=f"work_note_{customer}", height=80)
        spoken = st.date_input(
            "Day of the contact",
            None,
            max_value=date.today(),
            key=f"work_day_{customer}",
            help="Empty: today for somebody whom you have just contacted, else as it stands.",
            format=date_field(),
        )
        if st.form_submit_button("Save", key=f"work_save_{customer}", **needs(Action.PLAN)):
            _say(opened, [customer], chosen, note=words, contacted_on=spoken)
    told = told_of(opened.store.worklist.of_customer(opened.session.session_id, customer))
    for line in told:
        st.caption(escape_markdown(line, MAX_NOTE + 100))


def _all_of_them(opened: Opened, state: WorkState, shown: pd.DataFrame) -> None:
    """Say the same of everybody in a state: of those who got the same e-mail, for instance."""
    for following in _NEXT[state]:
        if st.button(
            f"All {count(len(shown))}: {STATES[following].lower()}",
            key=f"work_all_{following}",
            icon=_ICONS[following],
            **needs(Action.PLAN, help=f"Says so of {counted(len(shown), 'customer')}."),
        ):
            _say(opened, shown["customer_id"].tolist(), following)


def _say(
    opened: Opened,
    customers: list[str],
    state: WorkState,
    *,
    note: str = "",
    contacted_on: date | None = None,
) -> None:
    with guarded():
        set_state(
            opened.store,
            opened.session.session_id,
            opened.results,
            customers,
            state,
            note=note,
            contacted_on=contacted_on,
        )
        st.rerun()


def _state(value: object) -> WorkState:
    return next(state for state in STATES if state == value)


def to_fill(opened: Opened, free: int, fill: Callable[[int], int]) -> None:
    """Put the best customers on the list that are not on it; ``free`` are those whom a contact pays."""
    with st.container(border=True, key="work_fill"):
        if not free:
            st.write(
                "Nobody else whom a contact is expected to pay: everybody stands here, or is left alone for now."
            )
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            wanted = st.number_input(
                "How many customers", 1, min(free, 200), min(free, 20), key="work_count", width=200
            )
            if st.button(
                "Put the best on the list",
                key="work_go",
                type="primary",
                icon=":material/playlist_add:",
                **needs(Action.PLAN),
            ):
                with guarded():
                    fill(int(wanted))
                    st.rerun()
        st.caption(
            "Those first with whom speaking is expected to bring most, without those on the list and those left alone. What"
            " to do says how many bring most of it."
        )
