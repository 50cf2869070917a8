"""Ready-made and own scenarios beside the campaign on the sliders."""

from __future__ import annotations

import dataclasses

import streamlit as st

from churnkit.accounts import Action
from churnkit.charts.money_charts import scenarios
from churnkit.errors import DataError
from churnkit.results.campaign_money import Scenario
from churnkit.services.decide.chosen_customers import lists_named
from churnkit.services.whatif.kept_scenarios import KeptScenarios, saved_scenarios
from churnkit.store import Store
from churnkit.ui import keys
from churnkit.ui.campaign_form import current_plan, put
from churnkit.ui.desks import desk_of
from churnkit.ui.opened import Opened
from churnkit.ui.parts import chart, show_error
from churnkit.ui.rights import needs
from churnkit.ui.tables import table

SHOWN = (
    "scenario.name",
    "scenario.whom",
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
)


def scenario_comparison(opened: Opened, sliders_tab: str) -> None:
    """A chart and a table of them all; one can be opened in the sliders, which stand on ``sliders_tab``."""
    desk, run, currency = desk_of(opened.results), opened.results.source, opened.currency
    store, session_id = opened.workspace.store, opened.session.session_id
    kept = saved_scenarios(store, session_id)
    current = dataclasses.replace(current_plan(desk, run), name="Your plan now")
    everything = [current, *desk.ready_made(), *kept.scenarios]
    lists = lists_named(store, session_id, [one.whom for one in everything])
    compared = desk.compare(everything, lists)
    with st.container(border=True):
        chart(
            scenarios(compared, currency),
            "Expected net of each plan with its likely range",
            key="scenario_chart",
        )
    table(compared, SHOWN, key="scenario_table", alt="Plans compared", currency=currency)
    st.caption(
        "Figures are worked out anew on the version of the analysis that is on screen. Low and high: the likely range."
    )
    _choice(opened, everything, kept, sliders_tab)
    for name, error in kept.damaged.items():
        _damaged(name, error, store, session_id)


def _choice(opened: Opened, everything: list[Scenario], kept: KeptScenarios, sliders_tab: str) -> None:
    """One of them, to be opened in the sliders or deleted; the first stands there already."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = everything[
            st.selectbox(
                "Plan",
                range(1, len(everything)),
                format_func=lambda place: everything[place].name,
                key="scenario_choice",
                width=320,
            )
        ]
        st.button(
            "Open it as your plan",
            key="scenario_open",
            on_click=_open,
            args=(opened, picked, sliders_tab),
            icon=":material/tune:",
        )
        st.button(
            "Delete it",
            key="scenario_delete",
            on_click=opened.workspace.store.scenarios.delete,
            args=(opened.session.session_id, picked.name),
            type="tertiary",
            **needs(Action.PLAN, disabled=picked not in kept.scenarios),
        )
    if picked.words:
        st.caption(picked.words)


def _open(opened: Opened, scenario: Scenario, sliders_tab: str) -> None:
    """Set every slider to a scenario and show them."""
    lists = lists_named(opened.workspace.store, opened.session.session_id, (scenario.whom,))
    put(desk_of(opened.results), scenario, opened.results.source, lists)
    st.session_state[keys.WHATIF_TAB] = sliders_tab


def _damaged(name: str, error: DataError, store: Store, session_id: str) -> None:
    """One that cannot be opened, with a way to be rid of it."""
    show_error(error)
    st.button(
        f"Delete {name}",
        key=f"scenario_damaged_{name}",
        on_click=store.scenarios.delete,
        args=(session_id, name),
        type="tertiary",
        **needs(Action.PLAN),
    )
