"""Play with a campaign: what it costs, whom it saves, what it brings, and how sure that is."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from churnkit import ui
from churnkit.charts.money_charts import profit_curve, value_at_risk
from churnkit.results.campaign_money import Assumptions, Scenario
from churnkit.services.whatif.played import Play
from churnkit.services.whatif.simulate import Lists
from churnkit.text.figures import count, escape_markdown, money, people, percent, short_money
from churnkit.ui import keys
from churnkit.ui.assumption_form import rests_on
from churnkit.ui.campaign_form import (
    about,
    choose_all,
    choose_count,
    controls,
    current_plan,
    put,
    start_plan,
)
from churnkit.ui.desks import desk_of
from churnkit.ui.group_effect import hangs_on, what_it_changes
from churnkit.ui.hypothetical_form import hypothetical
from churnkit.ui.outcome_cards import assumed_list, outcome_cards
from churnkit.ui.plan_handover import make_campaign_of, take_handed_plan
from churnkit.ui.scenario_comparison import scenario_comparison
from churnkit.ui.target_list import take_away
from churnkit.ui.threshold_picker import new_threshold
from churnkit.ui.whom_choice import choose_whom

TABS = [keys.ONE_PLAN, "Plans compared", "Value at risk", "Churn threshold"]
EXPERT_TABS = ["Hypothetical customers"]
SIZES = {
    "Recommended": "The fewest contacts that bring most of what can be expected: the last ones before the highest net bring"
    " next to nothing each, and hang most on the assumed success rate.",
    "Highest net": "As many contacts as bring the highest expected net.",
}
GROUPS = {"risk_tier": "risk tier", "segment": "group"}

opened = ui.open_results()
results, currency, store = opened.results, opened.currency, opened.workspace.store
session_id, run = opened.session.session_id, results.source
desk = desk_of(results)


def sizes(play: Play, plan: Scenario, lists: Lists) -> None:
    """Buttons for sizes worth looking at, and for what a budget pays for."""
    most = play.group.customers
    with st.container(horizontal=True):
        for label, key, customers in (
            ("Recommended", "take_recommended", play.recommended),
            ("Highest net", "take_optimum", play.optimum),
        ):
            st.button(
                f"{label}: {count(customers)}",
                key=key,
                on_click=choose_count,
                args=(customers,),
                help=SIZES[label],
            )
        st.button("All", key="take_all", on_click=choose_count, args=(most,))
        st.button(
            "Reset", key="reset_plan", on_click=put, args=(desk, start_plan(desk), run), type="tertiary"
        )
        if plan.budget is not None:
            fits = desk.affordable(plan, lists)
            st.button(
                f"All that the budget pays for: {count(fits)}",
                key="take_budget",
                on_click=choose_all,
                args=(most,),
            )


def what_is_assumed(assumptions: Assumptions) -> None:
    """Every assumption behind the figures, in a drawer."""
    with st.expander("What the figures above assume", icon=":material/tune:"):
        assumed_list(assumptions, currency, tells_gone=desk.tells_gone)
        ui.note(desk.uncertainty.words())


def simple_formula(play: Play, assumptions: Assumptions) -> None:
    """The simple formula, labelled as such."""
    simple, cash = play.simple, partial(short_money, currency=currency)
    with st.container(border=True):
        st.markdown("**The simple formula, for comparison**")
        st.markdown(
            f"- {count(simple.targets)} contacts × {percent(assumptions.save_rate)} = {people(simple.saved)} stay\n"
            f"- Revenue {escape_markdown(cash(simple.revenue_protected))}, cost {escape_markdown(cash(simple.cost))}\n"
            f"- Net {escape_markdown(cash(simple.net))}, return {percent(simple.roi)}"
        )
        st.caption(
            "It takes everybody contacted for somebody who would have left, and everybody who stays for a gain. The figures"
            " above count those who would have left only, with what they would not have brought anyway."
        )


@st.fragment
def campaign() -> None:
    """Sliders on one side, what comes of them on the other; a slider reruns only this."""
    if ui.unproven(results):
        return
    left, right = st.columns([1, 2], gap="medium")
    with left, st.container(border=True, key="plan_controls"):
        plan, lists = chosen_plan()
    if plan is None:
        return
    play = desk.play(plan, lists)
    outcome = play.outcome
    with left:
        sizes(play, plan, lists)
    with right:
        rate = plan.assumptions.save_rate
        outcome_cards(outcome, currency, rate, measured=desk.is_measured(rate))
        if play.optimum == 0:
            st.warning("On these assumptions no contact is expected to bring more than it costs.")
        with st.container(border=True):
            ui.chart(
                profit_curve(play.curve, play.optimum, outcome.contacted, outcome.net.value, currency),
                f"Expected net by customers contacted; most, {money(play.optimum_net, currency)}, at"
                f" {count(play.optimum)} customers",
                key="profit_curve",
            )
        make_campaign_of(plan, outcome.contacted, run)
    what_it_changes(play.group, currency)
    hangs_on(desk, plan, outcome.net.value, currency, lists)
    what_is_assumed(plan.assumptions)
    if ui.is_expert():
        simple_formula(play, plan.assumptions)
    take_away(opened, desk, plan, outcome.contacted, lists)


def chosen_plan() -> tuple[Scenario | None, Lists]:
    """What the fields stand at; None where there is nobody to choose from."""
    plan = current_plan(desk, run)
    whom, lists = choose_whom(opened, desk, key=keys.PLAN_WHOM, lapsed_key=keys.PLAN_LAPSED)
    most = int(desk.among(whom, lists).sum())
    if most == 0:
        return None, lists
    return controls(desk, about(plan, whom, most), currency, most), lists


def risk_by_group() -> None:
    """The calculator of revenue at risk."""
    if ui.unproven(results):
        return
    by = st.segmented_control(
        "By",
        list(GROUPS),
        format_func=GROUPS.__getitem__,
        default="risk_tier",
        required=True,
        key="risk_by",
        bind="query-params",
    )
    table = desk.at_risk(by)
    with st.container(border=True):
        ui.chart(value_at_risk(table, currency), "Value at risk by group", key="risk_chart")
    ui.table(
        table,
        (
            "group",
            "customers",
            "leavers",
            "leavers_low",
            "leavers_high",
            "value_at_risk",
            "value_at_risk_low",
            "value_at_risk_high",
            "share",
        ),
        key="risk_table",
        alt="Value at risk by group",
        currency=currency,
    )
    st.caption(ui.term("interval"))


ui.title(
    "Try a plan",
    "Step 1 of 3, on paper: whom to contact, what it costs, what comes back, and how sure that is. Nothing is sent.",
)
ui.as_of(opened)
rests_on(opened, "whatif")
take_handed_plan(opened, desk)
ui.money_strip(results.summary.money, currency)
shown = [*TABS, *(EXPERT_TABS if ui.is_expert() else [])]
if st.session_state.get(keys.WHATIF_TAB) not in shown:
    st.session_state.pop(keys.WHATIF_TAB, None)
tabs = st.tabs(shown, key=keys.WHATIF_TAB, bind="query-params")
parts: tuple[Callable[[], None], ...] = (
    campaign,
    partial(scenario_comparison, opened, sliders_tab=TABS[0]),
    risk_by_group,
    partial(new_threshold, opened),
    partial(hypothetical, opened),
)
for tab, part in zip(tabs, parts[: len(shown)], strict=True):
    if tab.open:
        with tab:
            part()
ui.definitions("save_rate", "contact_cost", "net", "roi", "break_even", "value_at_risk", "clv_if_kept")
