"""What a reader takes from a campaign on paper: its customers, the words to send, a list, a saved scenario."""

from __future__ import annotations

import dataclasses
from datetime import date

import streamlit as st

from churnkit.results.campaign_money import Scenario
from churnkit.services.campaign.campaign_text import usual_message
from churnkit.services.decide.contact_lists import MAX_NAME as MAX_LIST_NAME
from churnkit.services.decide.contact_lists import add_to_list
from churnkit.services.decide.contacts import with_contacts
from churnkit.services.whatif.kept_scenarios import MAX_NAME, save_scenario
from churnkit.services.whatif.simulate import Desk
from churnkit.store import Store
from churnkit.text.figures import count, escape_markdown
from churnkit.ui.as_of import is_dated
from churnkit.ui.opened import Opened, reach
from churnkit.ui.parts import csv_bytes, download, guarded


def take_away(opened: Opened, desk: Desk, plan: Scenario, contacted: int) -> None:
    """A row of four ways to take the campaign along, which contacts so many customers."""
    store, session_id = opened.workspace.store, opened.session.session_id
    dated = is_dated(opened)
    sent = date.today() if dated else None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        download(
            f"These {count(contacted)} customers as CSV",
            lambda: csv_bytes(with_contacts(desk.targets(plan, sent), opened.look.contacts)),
            "targets.csv",
            "text/csv",
            key="targets_csv",
            disabled=not contacted,
        )
        with st.popover("Words to send", icon=":material/mail:"):
            draft = usual_message(plan.assumptions.discount, reach(opened).usual, dated=dated)
            st.text(draft.subject)
            st.text(draft.body)
            st.caption("Fields in braces are columns of the list.")
        with st.popover("Put them on a campaign list", icon=":material/playlist_add:"):
            _put_on_list(desk, plan, contacted, store, session_id)
        with st.popover("Save as a scenario", icon=":material/bookmark_add:"):
            _save(desk, plan, store, session_id)


def _put_on_list(desk: Desk, plan: Scenario, contacted: int, store: Store, session_id: str) -> None:
    name = st.text_input("Name of the list", key="list_name", max_chars=MAX_LIST_NAME)
    if st.button("Add", key="list_add", disabled=not name.strip() or not contacted):
        with guarded():
            members = add_to_list(store, session_id, name, desk.targets(plan, None)["customer_id"].tolist())
            st.success(f"{count(members)} customers are on this list now.")


def _save(desk: Desk, plan: Scenario, store: Store, session_id: str) -> None:
    name = st.text_input("Name of the scenario", key="scenario_name", max_chars=MAX_NAME)
    if st.button("Save", key="scenario_save", disabled=not name.strip()):
        with guarded():
            named = dataclasses.replace(plan, name=name)
            saved = save_scenario(store, session_id, named, desk.play(plan).outcome)
            st.success(f"{escape_markdown(saved)} is saved; compare it under Scenarios.")
