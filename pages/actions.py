"""Whom to contact this week, with what and why; below it texts, findings, one budget, the playbook, products."""

import streamlit as st

from churnkit import ui
from churnkit.results.found import Found
from churnkit.services.decide.insights import KINDS
from churnkit.services.decide.next_best_action import ActionList
from churnkit.services.decide.playbook import Playbook, playbook_of
from churnkit.text.figures import escape_markdown
from churnkit.text.kinds import Kind
from churnkit.ui.as_of import is_dated
from churnkit.ui.assumption_form import rests_on
from churnkit.ui.customer_link import show_customers
from churnkit.ui.desks import action_desk_of
from churnkit.ui.one_budget_tab import one_budget_tab
from churnkit.ui.opened import reach
from churnkit.ui.playbook_editor import playbook_editor
from churnkit.ui.product_rules import larger_products, products
from churnkit.ui.situation_words import words_editor
from churnkit.ui.week_list import action_table, take_along, week_list
from churnkit.ui.words_to_send import words_to_send

TABS = ("Words to send", "Findings", "One budget", "Playbook", "Products and timing")
OLDER = "This analysis was made before there were {}. Start it again to get them."

opened = ui.open_results()
results, currency = opened.results, opened.currency
store, session_id = opened.workspace.store, opened.session.session_id
desk = action_desk_of(results, reach(opened))
playbook: Playbook = playbook_of(store, session_id, desk.usual, desk.reach)
money = results.summary.settings.money


def budget() -> None:
    """One amount of money over several actions."""
    if not ui.unproven(results):
        one_budget_tab(opened, desk, playbook, effect_kind(), divided)


def divided(found: ActionList) -> None:
    """The customers of a divided budget."""
    action_table(found, currency, key="divided")
    take_along(opened, found, key="divided")


def effect_kind() -> Kind:
    """How the success rates are known."""
    return "assumed" if money.kind("save_rate") != "measured" else "forecast"


def findings() -> None:
    """Sentences of four kinds, each with its definition and its customers."""
    if results.segments is None:
        ui.note(OLDER.format("insights"))
        return
    for kind, title in KINDS.items():
        sentences = [one for one in results.segments.insights if one.kind == kind]
        st.header(title, anchor=False, help=f"{kind.capitalize()} findings.")
        if not sentences:
            ui.note("Nothing to say here.")
        for place, one in enumerate(sentences):
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                st.markdown(
                    escape_markdown(one.words, 600),
                    help=escape_markdown(one.definition, 800),
                    width="stretch",
                )
                if one.filter and st.button(
                    "Show them", key=f"insight_{kind}_{place}", icon=":material/group:", type="tertiary"
                ):
                    show_customers(one.filter)


def edit_playbook() -> None:
    """Costs, effects and sources of the interventions."""
    playbook_editor(store, session_id, playbook, desk, currency)
    st.divider()
    words_editor(store)


def words_tab() -> None:
    """The text of an action."""
    words_to_send(desk, playbook, dated=is_dated(opened))


def product_tab() -> None:
    """What goes with what, and when."""
    if results.baskets is None:
        ui.note(OLDER.format("product suggestions"))
    else:
        products(results.baskets, currency)
        if isinstance(results.baskets.rules, Found):
            larger_products(results, currency)


ui.title(
    "What to do",
    "Whom to contact this week, with what, and why: those first with whom it is expected to bring most.",
)
ui.as_of(opened)
if not ui.unproven(results):
    week_list(opened, desk, playbook, effect_kind())
rests_on(opened, "actions")
ui.money_strip(results.summary.money, currency)
DRAW = (words_tab, findings, budget, edit_playbook, product_tab)
for tab, draw in zip(st.tabs(TABS, key="actions_tab", bind="query-params"), DRAW, strict=True):
    if tab.open:
        with tab:
            draw()
ui.definitions("p_churn", "clv_if_kept", "save_rate", "contact_cost", "net", "interval")
