"""The five answers of Home on screen: each a figure, a sentence and one way on."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from churnkit.accounts import Action
from churnkit.services.campaign.campaign_sizes import StartingSize
from churnkit.services.home.answer import NO_CHANGE, Answer, Mood, People, Way
from churnkit.text.figures import counted, day, escape_markdown
from churnkit.text.kinds import KINDS
from churnkit.text.terms import term
from churnkit.ui import keys
from churnkit.ui.campaign_size_buttons import begin_size
from churnkit.ui.customer_link import (
    CUSTOMER_PAGE,
    address_of,
    analysis_named,
    note_linked,
    show_customers,
)
from churnkit.ui.navigation import page_file
from churnkit.ui.parts import Colour
from churnkit.ui.rights import needs

_COLOURS: Mapping[Mood, tuple[Colour, str]] = {
    "good": ("green", ":material/check_circle:"),
    "fair": ("orange", ":material/schedule:"),
    "bad": ("red", ":material/error:"),
    "unknown": ("gray", ":material/info:"),
}
_ICONS: Mapping[str, str] = {
    "since": ":material/update:",
    "history": ":material/upload_file:",
    "upload": ":material/upload_file:",
    "customers": ":material/group:",
    "whatif": ":material/tune:",
    "monitoring": ":material/verified:",
    "data_quality": ":material/fact_check:",
    "worklist": ":material/checklist:",
    "campaigns": ":material/campaign:",
    "readout": ":material/science:",
}


def answer_view(shown: Answer) -> None:
    """A question with its answer: figure, sentence and way on beside each other, below each other on a narrow screen."""
    with st.container(border=True, key=f"home_{shown.question}", gap="small"):
        st.header(shown.title, anchor=False)
        figure, said, way = st.columns([3, 6, 3], gap="small", vertical_alignment="center")
        with figure:
            _figure(shown)
        with said:
            st.markdown(f"{escape_markdown(shown.words, 1000)}{_known(shown)}", help=_known_help(shown))
            if shown.people is not None:
                _people(shown.question, shown.people)
        with way:
            _way(shown.question, shown.way)


def _figure(shown: Answer) -> None:
    steady = shown.change == NO_CHANGE
    st.metric(
        escape_markdown(shown.label),
        shown.figure,
        shown.change or None,
        help=term(shown.term) if shown.term else None,
        delta_color="off" if steady else "inverse" if shown.rising_is_bad else "normal",
        delta_arrow="off" if steady else "auto",
        delta_description=f"since {day(shown.since)}" if shown.since else None,
    )
    if shown.badge:
        colour, icon = _COLOURS[shown.mood]
        st.badge(shown.badge, color=colour, icon=icon)


def _known(shown: Answer) -> str:
    """How the figure is known, behind the sentence."""
    return f" :gray-badge[{shown.kind}]" if shown.kind else ""


def _known_help(shown: Answer) -> str | None:
    told = [KINDS[shown.kind]] if shown.kind else []
    return " ".join([*told, shown.change_note]).strip() or None


def _people(question: str, people: People) -> None:
    note_linked("dashboard", people.words, people.customer_ids)
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"home_people_{question}"
    ):
        st.markdown(escape_markdown(people.words), width="content")
        for customer in people.customer_ids:
            st.page_link(
                CUSTOMER_PAGE,
                label=escape_markdown(customer, 24),
                query_params={**analysis_named(), **address_of(customer, back="dashboard")},
                width="content",
            )
        if people.rest:
            st.markdown(f"and {counted(people.rest, 'other')}", width="content")


def _way(question: str, way: Way) -> None:
    """A link; a button where something is set on the page that it leads to."""
    icon, begins = _ICONS[way.page], way.campaign_size is not None
    if way.customers is None and way.campaign_id is None and not begins:
        st.page_link(page_file(way.page), label=way.label, icon=icon)
        return
    rights = (
        needs(Action.PLAN, help="Opens Campaigns with so many customers; there you name it and send it.")
        if begins
        else {}
    )
    if st.button(
        way.label,
        key=f"home_go_{question}",
        type="primary" if begins else "secondary",
        icon=icon,
        **rights,
    ):
        _go(way)


def _go(way: Way) -> None:
    if way.customers is not None:
        show_customers(way.customers)
    if way.campaign_size is not None:
        begin_size(StartingSize(way.campaign_size, True), way.campaign_size)
        st.session_state[keys.CAMPAIGN_TAB] = keys.NEW_CAMPAIGN
    if way.campaign_id is not None:
        chosen = keys.READOUT_CHOSEN if way.page == "readout" else keys.CAMPAIGN_KEPT
        st.session_state[chosen] = way.campaign_id
    st.switch_page(page_file(way.page))
