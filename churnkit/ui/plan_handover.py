"""One way from a plan to its result and back: what each of the three pages hands on to the next."""

from __future__ import annotations

import dataclasses

import streamlit as st

from churnkit.accounts import Action
from churnkit.campaigns import CampaignPlan
from churnkit.experiments import with_save_rate
from churnkit.results.campaign_money import Assumptions, Scenario
from churnkit.results.readout_figures import Readout
from churnkit.services.campaign.campaign_sizes import StartingSize
from churnkit.services.decide.chosen_customers import lists_named, whom_words
from churnkit.services.whatif.simulate import Desk
from churnkit.store import FrozenCampaign, StoredReadout
from churnkit.text.figures import count, percent
from churnkit.ui import keys
from churnkit.ui.campaign_form import put
from churnkit.ui.campaign_size_buttons import begin_size
from churnkit.ui.chosen import remember
from churnkit.ui.navigation import page_file
from churnkit.ui.opened import Opened
from churnkit.ui.rights import needs


def make_campaign_of(plan: Scenario, contacted: int, owner: str) -> None:
    """Hand a plan for so many customers of the run ``owner`` on to Campaigns, with all that it assumes."""
    asked = st.button(
        f"Make a campaign of these {count(contacted)} customers",
        key="plan_to_campaign",
        type="primary",
        icon=":material/campaign:",
        **needs(
            Action.PLAN,
            disabled=not contacted,
            help="Opens Campaigns with these customers and figures. There you name it, some of them are left out for"
            " comparison, and nothing is sent.",
        ),
    )
    if asked:
        st.session_state[keys.CAMPAIGN_WHOM] = whom_words(plan.whom)
        st.session_state[keys.CAMPAIGN_LAPSED] = plan.whom.lapsed
        begin_size(StartingSize(contacted, only_profitable=False), contacted)
        st.session_state[keys.CAMPAIGN_ASSUMED] = (owner, plan.assumptions)
        st.session_state[keys.CAMPAIGN_TAB] = keys.NEW_CAMPAIGN
        st.switch_page(page_file("campaigns"))


def handed_assumptions(owner: str) -> Assumptions | None:
    """What the plan that was handed on for the run ``owner`` assumes; None where none was."""
    whose, assumptions = st.session_state.get(keys.CAMPAIGN_ASSUMED, (None, None))
    return assumptions if whose == owner else None


def forget_handed() -> None:
    """Let the next campaign begin with the shop's own assumptions."""
    st.session_state.pop(keys.CAMPAIGN_ASSUMED, None)


def see_result(kept: FrozenCampaign) -> None:
    """Lead from a campaign that has gone out to what it changed."""
    if st.button("See whether it worked", key="campaign_read", type="primary", icon=":material/science:"):
        st.session_state[keys.READOUT_CHOSEN] = kept.campaign_id
        st.switch_page(page_file("readout"))


def plan_again(kept: FrozenCampaign, plan: CampaignPlan, look: StoredReadout, found: Readout) -> None:
    """Lead from a result back to a plan of as many customers, with the success rate that was measured."""
    assumptions, label = plan.assumptions, "Try the next plan"
    if look.is_complete and found.save_rate is not None:
        assumptions = with_save_rate(assumptions, found.save_rate)
        label = f"Try the next plan with the measured success rate of {percent(assumptions.save_rate)}"
    if st.button(label, key="readout_to_plan", type="primary", icon=":material/tune:"):
        remember(kept.session_id)
        st.session_state[keys.WHATIF_HANDED] = Scenario(
            name=f"After {kept.name}", customers=len(plan.members), assumptions=assumptions
        )
        st.switch_page(page_file("whatif"))


def take_handed_plan(opened: Opened, desk: Desk) -> None:
    """Put the plan on the sliders that another page has handed on; without one they stay as they are."""
    handed: Scenario | None = st.session_state.pop(keys.WHATIF_HANDED, None)
    if handed is None:
        return
    known = min(handed.customers or 0, desk.count) or None
    lists = lists_named(opened.workspace.store, opened.session.session_id, (handed.whom,))
    put(desk, dataclasses.replace(handed, customers=known), opened.results.source, lists)
    st.session_state[keys.WHATIF_TAB] = keys.ONE_PLAN
