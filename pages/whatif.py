"""Play with a campaign: what it costs, whom it saves, what it brings, and how sure that is."""

import dataclasses
from collections.abc import Callable
from functools import partial

import streamlit as st

from churnkit import ui
from churnkit.charts.money_charts import profit_curve, scenarios, value_at_risk
from churnkit.results.campaign_money import Assumptions, Outcome, Scenario
from churnkit.results.folders import Results
from churnkit.results.interval import Interval
from churnkit.roi import assumption_words
from churnkit.services.decide.contact_lists import add_to_list
from churnkit.services.decide.recommendation import campaign_text
from churnkit.services.whatif.simulate import Desk, Play, save_scenario, saved_scenarios
from churnkit.text.figures import count, decimal, escape_markdown, money, percent, short_money
from churnkit.ui.campaign_form import choose_count, controls, current_plan, put, start_plan
from churnkit.ui.hypothetical_form import hypothetical
from churnkit.ui.threshold_picker import new_threshold

TABS = ["Campaign", "Scenarios", "Value at risk", "Churn threshold", "Hypothetical customers"]
SIZES = {
    "Recommended": "The fewest contacts that bring most of what can be expected: the last ones before the optimum bring"
    " next to nothing each, and lean most on the assumed success rate.",
    "Optimum": "As many contacts as bring the highest expected net.",
}

opened = ui.open_results()
results, currency, here = opened.results, opened.currency, opened.workspace
session_id = opened.session.session_id


@st.cache_resource(max_entries=4, show_spinner="Preparing the customers …")
def prepared(run: str, stamp: int, _results: Results) -> Desk:
    """The run's customers, prepared once for everybody who looks at it."""
    return Desk(_results)


run = str(results.folder)
desk = prepared(run, results.folder.stat().st_mtime_ns, results)


def written(interval: Interval | None, write: Callable[[float], str]) -> str:
    """An interval in words."""
    return "" if interval is None else f"80 %: {write(interval.low)} to {write(interval.high)}"


def cash(value: float) -> str:
    """Money, short."""
    return short_money(value, currency)


def people(value: float) -> str:
    """Customers, who come in parts only while there are few."""
    return decimal(value, 1) if value < 10 else count(value)


def open_scenario(scenario: Scenario) -> None:
    """Set every slider to a scenario and show them."""
    put(desk, scenario, run)
    st.session_state["whatif_tab"] = TABS[0]


def result_cards(outcome: Outcome) -> None:
    """Cost, saves, revenue, net, return."""
    ui.cards(
        [
            {
                "label": "Cost",
                "value": cash(outcome.cost.value),
                "below": f"contacts {cash(outcome.contact_cost)}, the rest is discount",
                "key": "out_cost",
            },
            {
                "label": "Customers saved",
                "value": people(outcome.saves.value),
                "below": written(outcome.saves, people),
                "key": "out_saves",
            },
            {
                "label": "Revenue protected",
                "value": cash(outcome.revenue_protected.value),
                "below": f"in 365 days. {written(outcome.revenue_protected, cash)}",
                "key": "out_revenue",
            },
        ]
    )
    ui.cards(
        [
            {
                "label": "Net",
                "value": cash(outcome.net.value),
                "term": "net",
                "below": written(outcome.net, cash),
                "key": "out_net",
            },
            {
                "label": "Return on cost",
                "value": percent(outcome.roi.value if outcome.roi else None),
                "term": "roi",
                "below": written(outcome.roi, percent),
                "key": "out_roi",
            },
            {
                "label": "Chance that it pays",
                "value": percent(outcome.p_profit),
                "below": f"from a success rate of {percent(outcome.break_even_save_rate)} on"
                if outcome.break_even_save_rate is not None
                else "no success rate makes it pay",
                "key": "out_chance",
            },
        ]
    )


def both_formulas(play: Play, assumptions: Assumptions) -> None:
    """The simple formula, labelled as such, and what the honest one assumes."""
    left, right = st.columns(2)
    simple = play.simple
    with left, st.container(border=True, height="stretch"):
        st.markdown("**The simple formula, for comparison**")
        st.markdown(
            f"- {count(simple.targets)} targets × {percent(assumptions.save_rate)} = {people(simple.saved)} saved\n"
            f"- Revenue {escape_markdown(cash(simple.revenue_protected))}, cost {escape_markdown(cash(simple.cost))}\n"
            f"- Net {escape_markdown(cash(simple.net))}, return {percent(simple.roi)}"
        )
        st.caption(
            "It takes every target for somebody who would have left, and every saved customer for a gain. The figures"
            " above count those who would have left only, with what they would not have brought anyway."
        )
    with right, st.container(border=True, height="stretch"):
        st.markdown("**What the figures above assume**")
        st.markdown(
            "\n".join(
                f"- {label}: **{escape_markdown(value)}**"
                for label, value in assumption_words(assumptions, currency)
            )
        )
        ui.note(desk.uncertainty.words())


def take_away(plan: Scenario) -> None:
    """The target list, the words to send, a campaign's list, a saved scenario."""
    assumed = plan.assumptions
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ui.download(
            f"These {count(plan.customers)} customers as CSV",
            lambda: ui.csv_bytes(desk.targets(plan)),
            "targets.csv",
            "text/csv",
            key="targets_csv",
            disabled=not plan.customers,
        )
        with st.popover("Words to send", icon=":material/mail:"):
            subject, body = campaign_text(assumed.discount)
            st.text(subject)
            st.text(body)
            st.caption("Fields in braces are columns of the list.")
        with st.popover("Put them on a campaign list", icon=":material/playlist_add:"):
            name = st.text_input("Name of the list", key="list_name", max_chars=80)
            if st.button("Add", key="list_add", disabled=not name.strip() or not plan.customers):
                with ui.guarded():
                    ids = desk.targets(plan)["customer_id"].tolist()
                    members = add_to_list(here.store, session_id, name, ids)
                    st.success(f"{count(members)} customers are on this list now.")
        with st.popover("Save as a scenario", icon=":material/bookmark_add:"):
            name = st.text_input("Name of the scenario", key="scenario_name", max_chars=60)
            if st.button("Save", key="scenario_save", disabled=not name.strip()):
                with ui.guarded():
                    outcome = desk.play(plan).outcome
                    saved = save_scenario(
                        here.store, session_id, dataclasses.replace(plan, name=name), outcome
                    )
                    st.success(f"{escape_markdown(saved)} is saved; compare it under Scenarios.")


@st.fragment
def campaign() -> None:
    """Sliders on one side, what comes of them on the other; a slider reruns only this."""
    left, right = st.columns([1, 2], gap="medium")
    with left, st.container(border=True, key="plan_controls"):
        plan = controls(desk, current_plan(desk, run), currency)
    play = desk.play(plan)
    with left, st.container(horizontal=True):
        for label, customers in (("Recommended", play.recommended), ("Optimum", play.optimum)):
            st.button(
                f"{label}: {count(customers)}",
                key=f"take_{label.lower()}",
                on_click=choose_count,
                args=(customers,),
                help=SIZES[label],
            )
        st.button("All", key="take_all", on_click=choose_count, args=(desk.count,))
        st.button(
            "Reset", key="reset_plan", on_click=put, args=(desk, start_plan(desk), run), type="tertiary"
        )
    with left, st.popover("I have a budget", icon=":material/account_balance_wallet:"):
        budget = st.number_input("Budget, contacts and discounts", 0.0, key="plan_budget", step=100.0)
        fits = desk.affordable(plan.assumptions, budget)
        st.button(
            f"Take the {count(fits)} that it pays for",
            key="take_budget",
            on_click=choose_count,
            args=(fits,),
        )
    with right:
        result_cards(play.outcome)
        if play.optimum == 0:
            st.warning("On these assumptions no contact is expected to bring more than it costs.")
        with st.container(border=True):
            ui.chart(
                profit_curve(
                    play.curve,
                    play.optimum,
                    play.outcome.contacted,
                    play.outcome.net.value,
                    f"expected net, {currency}" if currency else "expected net",
                ),
                f"Expected net by customers contacted; most, {money(play.optimum_net, currency)}, at"
                f" {count(play.optimum)} customers",
                key="profit_curve",
            )
    both_formulas(play, plan.assumptions)
    take_away(plan)


def compared() -> None:
    """Ready-made and own scenarios in a table and a chart."""
    kept = saved_scenarios(here.store, session_id)
    own = kept.scenarios
    current = dataclasses.replace(current_plan(desk, run), name="The sliders now")
    everything = [current, *desk.ready_made(), *own]
    table = desk.compare(everything)
    title = f"expected net, {currency}" if currency else "expected net"
    with st.container(border=True):
        ui.chart(
            scenarios(table, title), "Expected net of each scenario with its interval", key="scenario_chart"
        )
    st.dataframe(
        table,
        hide_index=True,
        key="scenario_table",
        alt="Scenarios compared",
        column_order=[
            "name",
            "contacted",
            "save_rate",
            "discount",
            "cost",
            "saves",
            "revenue_protected",
            "net",
            "net_low",
            "net_high",
            "roi",
            "p_profit",
        ],
        column_config={
            "name": st.column_config.TextColumn("Scenario", pinned=True, max_chars=60),
            "contacted": st.column_config.NumberColumn("Customers", format="localized"),
            "save_rate": st.column_config.NumberColumn(
                "Success", format="percent", help=ui.term("save_rate")
            ),
            "discount": st.column_config.NumberColumn("Discount", format="percent"),
            "cost": st.column_config.NumberColumn("Cost", format="accounting"),
            "saves": st.column_config.NumberColumn("Saved", format="%.1f"),
            "revenue_protected": st.column_config.NumberColumn("Revenue protected", format="accounting"),
            "net": st.column_config.NumberColumn("Net", format="accounting", help=ui.term("net")),
            "net_low": st.column_config.NumberColumn("Net, low", format="accounting"),
            "net_high": st.column_config.NumberColumn("Net, high", format="accounting"),
            "roi": st.column_config.NumberColumn("Return", format="percent", help=ui.term("roi")),
            "p_profit": st.column_config.NumberColumn("Pays in", format="percent"),
        },
    )
    st.caption(
        "Figures are worked out anew on the version of the analysis that is on screen. Low and high: the 80 % interval."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choice = st.selectbox(
            "Scenario",
            range(1, len(everything)),
            format_func=lambda place: everything[place].name,
            key="scenario_choice",
            width=320,
        )
        picked = everything[choice]
        st.button(
            "Open it in the sliders",
            key="scenario_open",
            on_click=open_scenario,
            args=(picked,),
            icon=":material/tune:",
        )
        st.button(
            "Delete it",
            key="scenario_delete",
            disabled=picked not in own,
            on_click=here.store.scenarios.delete,
            args=(session_id, picked.name),
            type="tertiary",
        )
    if picked.words:
        st.caption(picked.words)
    for place, (name, error) in enumerate(kept.damaged.items()):
        ui.show_error(error)
        st.button(
            f"Delete {name}",
            key=f"scenario_damaged_{place}",
            on_click=here.store.scenarios.delete,
            args=(session_id, name),
            type="tertiary",
        )


def risk_by_group() -> None:
    """The calculator of revenue at risk."""
    by = st.segmented_control(
        "By",
        ["risk_tier", "segment"],
        format_func=lambda v: {"risk_tier": "risk tier", "segment": "segment"}[v],
        default="risk_tier",
        required=True,
        key="risk_by",
    )
    table = desk.at_risk(by)
    with st.container(border=True):
        ui.chart(
            value_at_risk(table, currency or "value at risk"), "Value at risk by group", key="risk_chart"
        )
    st.dataframe(
        table,
        hide_index=True,
        key="risk_table",
        alt="Value at risk by group",
        column_config={
            "group": "Group",
            "customers": st.column_config.NumberColumn("Customers", format="localized"),
            "leavers": st.column_config.NumberColumn("Expected to leave", format="%.0f"),
            "leavers_low": st.column_config.NumberColumn("Low", format="%.0f"),
            "leavers_high": st.column_config.NumberColumn("High", format="%.0f"),
            "value_at_risk": st.column_config.NumberColumn(
                "Value at risk", format="accounting", help=ui.term("value_at_risk")
            ),
            "value_at_risk_low": st.column_config.NumberColumn("Low", format="accounting"),
            "value_at_risk_high": st.column_config.NumberColumn("High", format="accounting"),
            "share": st.column_config.NumberColumn("Share", format="percent"),
        },
    )
    st.caption(ui.term("interval"))


ui.title(
    "What if", "A campaign on paper: who is contacted, what it costs, what comes back, and how sure that is."
)
tabs = st.tabs(TABS, key="whatif_tab", on_change="rerun")
parts: tuple[Callable[[], None], ...] = (
    campaign,
    compared,
    risk_by_group,
    partial(new_threshold, opened),
    partial(hypothetical, opened),
)
for tab, part in zip(tabs, parts, strict=True):
    if tab.open:
        with tab:
            part()
ui.definitions("save_rate", "contact_cost", "net", "roi", "break_even", "value_at_risk", "clv_if_kept")
