"""What a campaign changed, whether it paid, and on whom a contact works."""

import streamlit as st

from churnkit import ui
from churnkit.accounts import Action
from churnkit.campaigns import CampaignPlan
from churnkit.services.campaign.campaign_plans import open_campaign
from churnkit.services.campaign.readouts import (
    keep_readout,
    order_sources,
    read_out_campaign,
    when_they_bought,
    whom_it_worked_on,
)
from churnkit.services.decide.shop_assumptions import readout_figures
from churnkit.store import FrozenCampaign, StoredReadout
from churnkit.text.figures import day
from churnkit.ui import keys
from churnkit.ui.chosen_campaign import choose_campaign
from churnkit.ui.experiment_form import experiment_form
from churnkit.ui.offers_form import offers_form
from churnkit.ui.plan_handover import plan_again
from churnkit.ui.readout_source import results_source
from churnkit.ui.readout_view import readout_view, when_view
from churnkit.ui.uplift_view import uplift_view

TABS = ["A campaign", "Several offers"]
EXPERT_TABS = ["Any experiment"]

here = ui.workspace()
store = here.store


def campaign() -> None:
    """A campaign of this workspace."""
    kept = choose_campaign(store, keys.READOUT_CHOSEN)
    if kept is None:
        box = ui.empty(
            "No campaign yet",
            "Make one first and leave some customers out for comparison. When its days are over, come back.",
            icon=":material/science:",
        )
        if box.button("Make a campaign", key="go_campaigns", type="primary"):
            st.switch_page("pages/campaigns.py")
        return
    with ui.guarded():
        plan = open_campaign(store, kept.campaign_id)
        sources = order_sources(store, here.platform.look_folder)
        planned_on = sources.get(kept.session_id)
        currency = planned_on.currency if planned_on else None
        with st.container(border=True, key="readout_source"):
            come_in = results_source(kept, plan, sources, currency)
            asked = st.button(
                "Compare now",
                type="primary",
                key="readout_go",
                **ui.needs(Action.PLAN, disabled=come_in is None),
            )
        if asked and come_in is not None:
            with ui.guarded(), st.spinner("Comparing those contacted with those left out …"):
                came = come_in()
                readout = read_out_campaign(plan, came.outcomes)
                look = keep_readout(store, kept, readout, source=came.source, currency=came.currency)
                st.session_state[keys.OUTCOMES] = (kept.campaign_id, came.outcomes)
                st.session_state[keys.READOUT_LOOK] = look.readout_id
        looks = store.readouts.of_campaign(kept.campaign_id)
        if looks:
            shown(kept, plan, looks, currency)
            if ui.is_expert():
                worked_on(kept, plan, currency)


def look_label(look: StoredReadout) -> str:
    """When it was, from what, and whether the program looked by itself."""
    words = f"{day(look.looked_at)}, {look.source}"
    return f"{words} (by itself)" if look.is_automatic else words


def shown(kept: FrozenCampaign, plan: CampaignPlan, looks: list[StoredReadout], currency: str | None) -> None:
    """One look of those at the campaign."""
    by_id = {look.readout_id: look for look in looks}
    if st.session_state.get(keys.READOUT_LOOK) not in by_id:
        st.session_state[keys.READOUT_LOOK] = looks[0].readout_id
    look = by_id[
        st.selectbox(
            f"Result ({len(looks)} so far)",
            by_id,
            format_func=lambda one: look_label(by_id[one]),
            key=keys.READOUT_LOOK,
            bind="query-params",
            width=420,
        )
    ]
    with ui.guarded():
        found = readout_figures(look, kept.name)
        readout_view(look, found, plan, currency)
        plan_again(kept, plan, look, found)


def worked_on(kept: FrozenCampaign, plan: CampaignPlan, currency: str | None) -> None:
    """By when they bought, and uplift, from the results just read."""
    campaign_id, outcomes = st.session_state.get(keys.OUTCOMES, (None, None))
    if campaign_id != kept.campaign_id:
        return
    by_arm = when_they_bought(plan, outcomes)
    if by_arm:
        when_view(by_arm)
    with st.container(border=True):
        st.markdown("**On whom did it work?**", help=ui.term("uplift"))
        if st.button("Find out", key="uplift_go", icon=":material/person_search:"):
            with ui.guarded(), st.spinner("Learning from both groups …"):
                analysed = here.platform.folders.run(kept.session_id, kept.run_id)
                uplift_view(whom_it_worked_on(plan, outcomes, analysed), currency)


ui.title(
    "Did it work?",
    "Step 3 of 3: what a campaign changed, seen against those left out for comparison, and whether it paid.",
)
shown_tabs = [*TABS, *(EXPERT_TABS if ui.is_expert() else [])]
if st.session_state.get(keys.READOUT_TAB) not in shown_tabs:
    st.session_state.pop(keys.READOUT_TAB, None)
tabs = st.tabs(shown_tabs, key=keys.READOUT_TAB, bind="query-params")
for tab, part in zip(tabs, (campaign, offers_form, experiment_form)[: len(shown_tabs)], strict=True):
    if tab.open:
        with tab:
            part()
