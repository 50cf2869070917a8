"""Plan a campaign that leaves some out for comparison, freeze it, take its files to the tool that sends."""

from datetime import date
from functools import partial

import streamlit as st

from churnkit import ui
from churnkit.accounts import Action
from churnkit.campaigns import CampaignPlan
from churnkit.results.whom import Whom
from churnkit.services.campaign.campaign_plans import (
    draft_campaign,
    keep_campaign,
    open_campaign,
)
from churnkit.services.campaign.campaign_sizes import CampaignSizes, campaign_sizes, starting_size
from churnkit.services.campaign.campaign_strength import strength
from churnkit.services.decide.contacts import consent_of
from churnkit.store import CampaignStatus, FrozenCampaign
from churnkit.text.figures import count, day, escape_markdown, money, people, percent, short_money
from churnkit.text.number_formats import date_field
from churnkit.ui import keys
from churnkit.ui.assumption_form import rests_on
from churnkit.ui.campaign_people import campaign_files, campaign_people
from churnkit.ui.campaign_size_buttons import begin_size, size_buttons
from churnkit.ui.campaign_wish import OFFER_FIELDS, UNTITLED, campaign_name, offered, wished_campaign
from churnkit.ui.chosen_campaign import choose_campaign
from churnkit.ui.desks import desk_of
from churnkit.ui.interval_words import interval_words
from churnkit.ui.opened import contacts_of_session
from churnkit.ui.outcome_cards import assumed_list
from churnkit.ui.plan_handover import forget_handed, handed_assumptions, see_result
from churnkit.ui.whom_choice import choose_whom

STATUS: dict[CampaignStatus, tuple[str, ui.Colour]] = {
    "planned": ("frozen, not sent yet", "orange"),
    "running": ("sent, under way", "green"),
    "ended": ("over", "gray"),
}
TABS = [keys.NEW_CAMPAIGN, "Your campaigns"]

HANDED = "Cost, discount and success rate are those of the plan that you tried."

opened = ui.open_results()
results, currency = opened.results, opened.currency
store, session_id = opened.workspace.store, opened.session.session_id
desk = desk_of(results)
cash = partial(short_money, currency=currency)


def draft_cards(plan: CampaignPlan) -> None:
    """Who, for what money, and what will be seen of it."""
    seen = strength(plan)
    ui.cards(
        [
            ui.Card(
                label="Contacted",
                value=count(len(plan.treated)),
                below=f"{count(len(plan.held_out))} left out for comparison",
                key="draft_contacted",
            ),
            ui.Card(
                label="Net in a year",
                value=cash(plan.promise.net.value),
                term="net",
                below=interval_words(plan.promise.net, cash),
                key="draft_net",
            ),
            ui.Card(
                label="Stay because of it",
                value=people(plan.promise.saves.value),
                below=f"for {cash(plan.promise.cost.value)}, discounts included",
                key="draft_saves",
            ),
            ui.Card(
                value=seen.answer,
                term="power",
                below=f"a success rate from {percent(seen.detectable_save_rate)} on shows"
                if seen.detectable_save_rate is not None
                else "too few customers",
                key="draft_power",
            ),
        ]
    )


def begin_anew() -> None:
    """Take the plan that was handed on out of the form again."""
    forget_handed()
    for key in OFFER_FIELDS:
        st.session_state.pop(key, None)


def other_people() -> None:
    """Begin with the size that suits them."""
    st.session_state.pop(keys.CAMPAIGN_SIZE, None)


def begin_with(whom: Whom, most: int) -> None:
    """Everybody of a list that was put together by hand, else the size that is recommended or can be read out."""
    if whom.kind == "list":
        st.session_state[keys.CAMPAIGN_SIZE] = most
    else:
        begin_size(starting_size(store, session_id, results, desk, desk.defaults, whom), most)


def worth_a_click(plan: CampaignPlan, sizes: CampaignSizes, most: int) -> None:
    """What the result of these sizes can tell, and how many it takes."""
    seen = strength(plan)
    words = f"{seen.words(plan.assumptions.save_rate)} "
    if plan.settings.holdout_share > 0 and not seen.is_enough:
        st.warning(
            escape_markdown(words + sizes.readable.words(currency), 1000), icon=":material/visibility_off:"
        )
    else:
        ui.note(words)
    size_buttons(sizes, most)


@st.fragment
def planning() -> None:
    """Choices on one side, what comes of them on the other; a choice reruns only this."""
    if ui.unproven(results):
        return
    if desk.count == 0:
        ui.empty("Nobody to contact", "No customer is active any more.", icon=":material/person_off:")
        return
    left, right = st.columns([1, 2], gap="medium")
    with left, st.container(border=True, key="campaign_controls"):
        name = campaign_name()
        whom, lists = choose_whom(
            opened, desk, key=keys.CAMPAIGN_WHOM, lapsed_key=keys.CAMPAIGN_LAPSED, on_change=other_people
        )
        most = int(desk.among(whom, lists).sum())
        if most == 0:
            return
        if not 1 <= st.session_state.get(keys.CAMPAIGN_SIZE, 0) <= most:
            begin_with(whom, most)
        wish = wished_campaign(
            name, whom, most, currency, tells_consent=consent_of(results.contacts) is not None
        )
        handed = handed_assumptions(results.source)
        words = opened.assumed.save_rate_words if handed is None else HANDED
        assumptions = offered(desk.defaults if handed is None else handed, words, currency)
        if handed is not None:
            st.button("Use the shop's usual figures", key="forget_plan", on_click=begin_anew, type="tertiary")
    with right, ui.guarded():
        plan = draft_campaign(store, session_id, results, desk, wish, assumptions)
        draft_cards(plan)
        worth_a_click(plan, campaign_sizes(store, session_id, results, desk, wish, assumptions), most)
        for note in plan.notes:
            ui.note(note)
        campaign_people(plan, currency)
        if st.button(
            "Freeze this campaign",
            type="primary",
            icon=":material/lock:",
            key="campaign_keep",
            **ui.needs(
                Action.PLAN,
                disabled=wish.name == UNTITLED or plan.treated.empty,
                help="Keeps who is contacted, who is left out and what is expected exactly as it is now. Give"
                " it a name first.",
            ),
        ):
            kept = keep_campaign(store, session_id, opened.run_id, plan)
            st.session_state[keys.CAMPAIGN_KEPT] = kept.campaign_id
            forget_handed()
            st.rerun()


def end(campaign_id: str) -> None:
    """Let its customers be contacted by others again."""
    store.campaigns.end(campaign_id)


def life(kept: FrozenCampaign) -> None:
    """Sent, ended, deleted."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if kept.status != "ended":
            sent = st.date_input(
                "It went out on", kept.started_on or date.today(), key="campaign_sent", format=date_field()
            )
            if st.button(
                "Write it down", key="campaign_start", icon=":material/send:", **ui.needs(Action.PLAN)
            ):
                store.campaigns.start(kept.campaign_id, sent)
                st.rerun()
        if kept.status != "planned":
            see_result(kept)
        if kept.status == "running":
            st.button(
                "It is over",
                key="campaign_end",
                on_click=end,
                args=(kept.campaign_id,),
                **ui.needs(
                    Action.PLAN,
                    help="Its customers may be contacted by other campaigns again. Its result can still be looked at.",
                ),
            )
        with st.popover("Delete", icon=":material/delete:"):
            st.write("Its customers and its results are lost.")
            if st.button("Delete this campaign", key="campaign_delete", **ui.needs(Action.PLAN)):
                store.campaigns.delete(kept.campaign_id)
                st.rerun()


def promise_cards(plan: CampaignPlan) -> None:
    """What was expected of the frozen plan."""
    roi = plan.promise.roi
    ui.cards(
        [
            ui.Card(
                label="Contacted",
                value=count(len(plan.treated)),
                below=f"{count(len(plan.held_out))} left out for comparison",
            ),
            ui.Card(
                label="Net in a year",
                value=cash(plan.promise.net.value),
                term="net",
                below=interval_words(plan.promise.net, cash),
            ),
            ui.Card(
                label="Expected return on cost",
                value=percent(roi.value if roi else None),
                term="roi",
                below=f"at {money(plan.assumptions.contact_cost, currency)} a contact",
            ),
        ]
    )


def kept_campaigns() -> None:
    """Frozen campaigns of this workspace."""
    kept = choose_campaign(store, keys.CAMPAIGN_CHOSEN)
    if kept is None:
        ui.empty(
            "No campaign yet",
            f"Make one under {keys.NEW_CAMPAIGN} and freeze it. When it is over, Did it work? says what it changed.",
            icon=":material/campaign:",
        )
        return
    words, colour = STATUS[kept.status]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(words, color=colour)
        sent = f"went out on {day(kept.started_on)}, " if kept.started_on else ""
        st.caption(f"{sent}frozen on {day(kept.created_at)}")
    plan: CampaignPlan | None = None
    with ui.guarded():
        plan = open_campaign(store, kept.campaign_id)
        promise_cards(plan)
    life(kept)
    if plan is None:
        return
    campaign_files(plan, kept.campaign_id, contacts_of_session(store, kept.session_id))
    for note in plan.notes:
        ui.note(note)
    with st.expander("What was assumed", icon=":material/tune:"):
        assumed_list(plan.assumptions, currency, tells_gone=bool((plan.members["savable"] < 1).any()))
    campaign_people(plan, currency)


ui.title(
    "Campaigns",
    "Step 2 of 3: whom to contact, and whom to leave out for comparison. Frozen, so that what came of it can be measured.",
)
ui.as_of(opened)
rests_on(opened, "campaigns")
ui.money_strip(results.summary.money, currency)
just_kept = st.session_state.pop(keys.CAMPAIGN_KEPT, None)
if just_kept:
    st.session_state[keys.CAMPAIGN_CHOSEN], st.session_state[keys.CAMPAIGN_TAB] = just_kept, TABS[1]
tabs = st.tabs(TABS, key=keys.CAMPAIGN_TAB, bind="query-params")
for tab, part in zip(tabs, (planning, kept_campaigns), strict=True):
    if tab.open:
        with tab:
            part()
ui.definitions("holdout", "power", "save_rate", "net", "roi", "clv_if_kept")
