"""What a reader takes from a campaign on paper: its customers, the words to send, a list, a saved scenario."""

from __future__ import annotations

import dataclasses
from datetime import date

import pandas as pd
import streamlit as st

from churnkit.accounts import Action
from churnkit.results.campaign_money import Scenario
from churnkit.services.campaign.campaign_text import usual_message
from churnkit.services.campaign.several_offers import drawn_offers, drawn_words
from churnkit.services.decide.contact_lists import MAX_NAME as MAX_LIST_NAME
from churnkit.services.decide.contact_lists import add_to_list
from churnkit.services.decide.contacts import with_contacts
from churnkit.services.whatif.kept_scenarios import MAX_NAME, save_scenario
from churnkit.services.whatif.simulate import Desk, Lists
from churnkit.services.worklist.left_alone import LeftAlone, left_alone
from churnkit.text.figures import count, escape_markdown
from churnkit.ui.as_of import is_dated
from churnkit.ui.opened import Opened, reach
from churnkit.ui.parts import csv_bytes, download, guarded, note
from churnkit.ui.rights import needs


def take_away(opened: Opened, desk: Desk, plan: Scenario, contacted: int, lists: Lists) -> None:
    """A row of five ways to take the campaign along, which contacts so many customers."""
    dated = is_dated(opened)
    sent = date.today() if dated else None
    alone = left_alone(opened.workspace.store, opened.session.session_id)
    whole = desk.targets(plan, None, lists)["customer_id"] if alone else pd.Series(dtype=str)
    free = contacted - int((~alone.others(whole)).sum())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        download(
            f"These {count(free)} customers as CSV",
            lambda: csv_bytes(
                with_contacts(_free(desk.targets(plan, sent, lists), alone), opened.look.contacts),
                opened.currency,
            ),
            "targets.csv",
            "text/csv",
            key="targets_csv",
            disabled=not free,
        )
        with st.popover("Words to send", icon=":material/mail:"):
            draft = usual_message(plan.assumptions.discount, reach(opened).usual, dated=dated)
            st.text(draft.subject)
            st.text(draft.body)
            st.caption("Fields in braces are columns of the list.")
        with st.popover("Put them on a list", icon=":material/playlist_add:"):
            _put_on_list(desk, plan, free, lists, opened, alone)
        with st.popover("Several offers at once", icon=":material/call_split:"):
            _draw(desk, plan, free, lists, opened, alone)
        with st.popover("Keep this plan", icon=":material/bookmark_add:"):
            _save(desk, plan, lists, opened)
    if free < contacted:
        note(alone.words(whole))


def _free(targets: pd.DataFrame, alone: LeftAlone) -> pd.DataFrame:
    """The customers to contact without those who are left alone for now."""
    return targets[alone.others(targets["customer_id"])]


def _put_on_list(
    desk: Desk, plan: Scenario, contacted: int, lists: Lists, opened: Opened, alone: LeftAlone
) -> None:
    store, session_id = opened.workspace.store, opened.session.session_id
    name = st.text_input("Name of the list", key="list_name", max_chars=MAX_LIST_NAME)
    if st.button("Add", key="list_add", **needs(Action.PLAN, disabled=not name.strip() or not contacted)):
        with guarded():
            targets = _free(desk.targets(plan, None, lists), alone)
            members = add_to_list(store, session_id, name, targets["customer_id"].tolist())
            st.success(f"{count(members)} customers are on this list now.")


def _draw(desk: Desk, plan: Scenario, contacted: int, lists: Lists, opened: Opened, alone: LeftAlone) -> None:
    """An experiment: an offer for each customer, or nothing, drawn at random."""
    st.caption(
        "For when you do not know which offer works: each of these customers draws one, or nothing, with equal chances."
        " Offers can be days too: “10 days after the last purchase”, “20 days”. What came of it is read under Did it"
        " work?, Several offers."
    )
    names = [
        line.strip()
        for line in st.text_area("Offers, one a line", key="offers_names").splitlines()
        if line.strip()
    ]
    if not names or not contacted:
        return
    with guarded():
        drawn = drawn_offers(_free(desk.targets(plan, None, lists), alone), names, opened.session.session_id)
        st.caption(escape_markdown(drawn_words(drawn), 500))
        download(
            "The list with its offers",
            lambda: csv_bytes(drawn, opened.currency),
            "offers.csv",
            "text/csv",
            key="offers_csv",
        )


def _save(desk: Desk, plan: Scenario, lists: Lists, opened: Opened) -> None:
    store, session_id = opened.workspace.store, opened.session.session_id
    name = st.text_input("Name of the plan", key="scenario_name", max_chars=MAX_NAME)
    if st.button("Save", key="scenario_save", **needs(Action.PLAN, disabled=not name.strip())):
        with guarded():
            named = dataclasses.replace(plan, name=name)
            saved = save_scenario(store, session_id, named, desk.play(plan, lists).outcome)
            st.success(f"{escape_markdown(saved)} is kept; see it under Plans compared.")
