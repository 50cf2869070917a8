"""Customers most like a chosen group: the choice, what speaks for the list, the list and ways to take it along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from churnkit.results.whom import EVERYBODY, Whom
from churnkit.services.decide.chosen_customers import lists_named, whom_choices, whom_words, with_groups
from churnkit.services.decide.contact_lists import list_names
from churnkit.services.decide.contacts import with_contacts
from churnkit.text.figures import count, escape_markdown
from churnkit.ui.contact_list import add_to_contact_list
from churnkit.ui.customer_table import customer_table
from churnkit.ui.opened import Opened, folder_stamp
from churnkit.ui.parts import csv_bytes, download, guarded

if TYPE_CHECKING:
    from churnkit.services.decide.lookalikes import Lookalikes

_USUAL, _MOST = 100, 2_000
_COLUMNS = (
    "alike.place",
    "customer_id",
    "alike.likeness",
    "alike.like",
    "alike.why",
    "status",
    "risk_tier",
    "p_churn",
    "clv_if_kept",
    "last_purchase_at",
)


def lookalike_view(opened: Opened) -> None:
    """The part of the customers page; nothing is worked out before a group is chosen."""
    st.caption(
        "For finding more people like those you value: an invitation to the club for customers who buy as its members do, or"
        " a second look at those who resemble the ones you lost. The list leaves out the group itself."
    )
    store, session_id = opened.workspace.store, opened.session.session_id
    choices = {
        whom_words(one): one
        for one in whom_choices(with_groups(opened.results), list_names(store, session_id))
        if one != EVERYBODY
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        said = st.selectbox(
            "Customers like those of",
            list(choices),
            index=None,
            placeholder="choose a group",
            key="alike_whom",
            width=320,
        )
        number = st.number_input("At most", 1, _MOST, _USUAL, key="alike_number", width=140)
        lapsed = st.toggle(
            "The lapsed too", key="alike_lapsed", help="Whether customers who have left are looked among."
        )
    if said is None:
        return
    whom = choices[said]
    listed = lists_named(store, session_id, (whom,)).get(whom.name, frozenset())
    with guarded():
        results = opened.results
        found = _found(
            results.source,
            folder_stamp(results.folder),
            whom,
            listed,
            int(number),
            bool(lapsed),
            _opened=opened,
        )
        _show(opened, said, found)


def _show(opened: Opened, said: str, found: Lookalikes) -> None:
    if not found.holds:
        st.warning(
            escape_markdown(f"{found.words} That is no more than chance brings, so there is no list.", 800),
            icon=":material/block:",
        )
        return
    st.write(escape_markdown(found.words, 800))
    customer_table(
        found.table,
        _COLUMNS,
        key="alike_table",
        alt=f"Customers most like {said}, with the reason",
        back="customers",
        currency=opened.currency,
        height=min(480, 38 + 35 * len(found.table)),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        add_to_contact_list(
            opened.workspace.store,
            opened.session.session_id,
            found.table["customer_id"].tolist(),
            name_key="alike_list",
            button_key="alike_add",
        )
        download(
            f"These {count(len(found.table))} customers as CSV",
            lambda: csv_bytes(with_contacts(found.table, opened.results.contacts), opened.currency),
            "lookalikes.csv",
            "text/csv",
            key="alike_csv",
        )


@st.cache_resource(max_entries=32, show_spinner="Looking for customers like them …")
def _found(
    source: str,
    stamp: int,
    whom: Whom,
    listed: frozenset[str],
    number: int,
    lapsed: bool,
    *,
    _opened: Opened,
) -> Lookalikes:
    from churnkit.services.decide.lookalikes import lookalikes

    return lookalikes(_opened.results, whom, listed, number=number, with_lapsed=lapsed)
