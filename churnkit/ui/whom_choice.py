"""Whom a campaign is about: the choice, and the way to it from a list of customers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from churnkit.accounts import Action
from churnkit.results.segments import CustomerFilter
from churnkit.results.whom import EVERYBODY, Whom
from churnkit.services.decide.chosen_customers import (
    lists_named,
    whom_choices,
    whom_of_filter,
    whom_words,
)
from churnkit.services.decide.contact_lists import add_to_list, list_names
from churnkit.services.decide.customer_list import all_customers
from churnkit.services.whatif.simulate import Desk, Lists
from churnkit.text.figures import count, instant
from churnkit.ui import keys
from churnkit.ui.campaign_form import put, start_plan
from churnkit.ui.desks import desk_of
from churnkit.ui.opened import Opened
from churnkit.ui.parts import guarded, note
from churnkit.ui.rights import needs

_HAVE_NO_LAPSED = ("tier", "list")


def choose_whom(
    opened: Opened,
    desk: Desk,
    *,
    key: str,
    lapsed_key: str | None,
    on_change: Callable[[], None] | None = None,
) -> tuple[Whom, Lists]:
    """The choice, with the ids of the list where it is one; without ``lapsed_key`` it is among the active alone."""
    store, session_id = opened.workspace.store, opened.session.session_id
    choices = {whom_words(one): one for one in whom_choices(desk.customers, list_names(store, session_id))}
    if st.session_state.get(key) not in choices:
        st.session_state[key] = whom_words(EVERYBODY)
    whom = choices[
        st.selectbox(
            "Choose from",
            list(choices),
            key=key,
            on_change=on_change,
            help="Everybody, or the customers of a risk tier, a group or one of your lists. For any other"
            " choice filter the list"
            " on Customers and press a button below it. The best come first: those whose contact is expected to bring most.",
        )
    ]
    if lapsed_key is not None and whom.kind not in _HAVE_NO_LAPSED:
        lapsed = st.toggle(
            "The lapsed too",
            key=lapsed_key,
            on_change=on_change,
            help="Customers who have been silent for longer than the threshold: to win them back. Success with them is"
            " usually lower: see “Success with the long gone”.",
        )
        whom = replace(whom, lapsed=lapsed)
    lists = lists_named(store, session_id, (whom,))
    _tell(desk, whom, lists, takes_lapsed=whom.takes_lapsed and lapsed_key is not None)
    return whom, lists


def _tell(desk: Desk, whom: Whom, lists: Lists, *, takes_lapsed: bool) -> None:
    everybody = replace(whom, lapsed=True)
    inside = desk.taking(everybody).customers["status"][desk.among(everybody, lists)]
    active, lapsed = int((inside == "active").sum()), int((inside == "lapsed").sum())
    if takes_lapsed:
        note(f"{count(active)} active and {count(lapsed)} lapsed customers.")
    elif lapsed and whom.kind != "tier":
        note(f"{count(active)} active customers. {count(lapsed)} others have lapsed and are not among them.")
    else:
        note(f"{count(active)} active customers.")


def try_campaign(opened: Opened, wanted: CustomerFilter, matching: int) -> None:
    """Buttons that take the customers of a filtered list to a campaign on paper or to a real one."""
    for label, key, icon, go in (
        ("Try a plan for them", "filter_whatif", ":material/science:", ask_what_if),
        ("Make a campaign of them", "filter_campaign", ":material/campaign:", plan_campaign_for),
    ):
        # What no choice says becomes a list of its own.
        writes = go is plan_campaign_for or whom_of_filter(wanted) is None
        options = needs(Action.PLAN, disabled=not matching) if writes else {"disabled": not matching}
        if st.button(label, key=key, icon=icon, **options):
            with guarded():
                go(opened, _whom_of(opened, wanted))


def ask_what_if(opened: Opened, whom: Whom) -> None:
    """Open Try a plan with all of ``whom`` on the sliders."""
    desk, store = desk_of(opened.results), opened.workspace.store
    lists = lists_named(store, opened.session.session_id, (whom,))
    put(desk, replace(start_plan(desk), whom=whom, customers=None), opened.results.source, lists)
    st.session_state[keys.WHATIF_TAB] = keys.ONE_PLAN
    st.switch_page("pages/whatif.py")


def plan_campaign_for(opened: Opened, whom: Whom) -> None:
    """Open the plan of a campaign for ``whom``, at its recommended size."""
    st.session_state[keys.CAMPAIGN_WHOM] = whom_words(whom)
    st.session_state[keys.CAMPAIGN_LAPSED] = whom.lapsed
    st.session_state.pop(keys.CAMPAIGN_SIZE, None)
    st.session_state[keys.CAMPAIGN_TAB] = keys.NEW_CAMPAIGN
    st.switch_page("pages/campaigns.py")


def _whom_of(opened: Opened, wanted: CustomerFilter) -> Whom:
    """The choice that says the same as a filter, else a new list of the customers that match now."""
    whom = whom_of_filter(wanted)
    if whom is not None:
        return whom
    found = all_customers(opened.store, opened.results, wanted, columns=["customer_id"])
    store, session_id = opened.workspace.store, opened.session.session_id
    name = base = f"Filtered {instant(datetime.now(UTC))}"
    taken, number = set(list_names(store, session_id)), 1
    while name in taken:
        number += 1
        name = f"{base} ({number})"
    add_to_list(store, session_id, name, found["customer_id"].astype(str).tolist())
    return Whom(kind="list", name=name)
