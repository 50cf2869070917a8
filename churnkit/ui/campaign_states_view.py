"""How the shop's campaigns stand: what the newest orders say of those under way, and of those that are over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from churnkit.accounts import Action
from churnkit.results.found import Found
from churnkit.services.since.campaign_states import CampaignState, Stage, difference_words
from churnkit.store import Store
from churnkit.text.figures import counted, day, escape_markdown
from churnkit.ui import keys
from churnkit.ui.parts import Colour, guarded, note
from churnkit.ui.readout_view import GRADES
from churnkit.ui.rights import needs

_STAGES: Mapping[Stage, tuple[str, Colour]] = {
    "not sent": ("not sent", "gray"),
    "under way": ("under way", "orange"),
    "over": ("over", "green"),
}


def campaign_states_view(store: Store, states: Sequence[CampaignState]) -> None:
    """One box a campaign; ``store`` is whose campaigns they are."""
    st.header("Campaigns", anchor=False)
    if not states:
        st.write("No campaign was planned on this shop.")
        return
    for state in states:
        with st.container(border=True, key=f"since_campaign_{state.campaign.campaign_id}"):
            _one(store, state)


def _one(store: Store, state: CampaignState) -> None:
    campaign = state.campaign
    words, colour = _STAGES[state.stage]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape_markdown(campaign.name)}**", width="content")
        st.badge(words, color=colour)
        if isinstance(state.readout, Found) and state.stage == "over":
            grade, shade, icon = GRADES[state.readout.value.grade]
            st.badge(grade, color=shade, icon=icon)
    st.caption(_reach(state))
    if isinstance(state.readout, Found):
        st.write(escape_markdown(difference_words(state.readout.value), 600))
    else:
        note(state.readout.reason)
    if state.kept is not None and state.kept.is_automatic:
        note(f"Compared by itself on {day(state.kept.looked_at)} from {state.kept.source}.")
    with st.container(horizontal=True):
        if st.button("Did it work?", key=f"since_readout_{campaign.campaign_id}", icon=":material/science:"):
            st.session_state[keys.READOUT_CHOSEN] = campaign.campaign_id
            st.switch_page("pages/readout.py")
        if (
            state.stage == "over"
            and campaign.status == "running"
            and st.button(
                "End it",
                key=f"since_end_{campaign.campaign_id}",
                icon=":material/done_all:",
                **needs(
                    Action.PLAN,
                    help="Its customers, and those left out for comparison, may be contacted again.",
                ),
            )
        ):
            with guarded():
                store.campaigns.end(campaign.campaign_id)
                st.rerun()


def _reach(state: CampaignState) -> str:
    left_out = counted(state.held_out, "customer")
    reached = f"{counted(state.contacted, 'customer')} contacted, {left_out} left out for comparison"
    if state.campaign.started_on is None:
        return reached
    return (
        f"{reached}; went out on {day(state.campaign.started_on)}, orders count until {day(state.ends_on)}."
    )
