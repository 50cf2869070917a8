"""Whom to contact today, with what and why; findings in sentences; the playbook; texts; products that go together."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from churnkit import ui
from churnkit.charts.segment_charts import gains_by_action
from churnkit.results.found import Found
from churnkit.services.decide.contacts import with_contacts
from churnkit.services.decide.insights import KINDS
from churnkit.services.decide.next_best_action import MAX_SHOWN, TODAY, ActionList
from churnkit.services.decide.playbook import Playbook, playbook_of
from churnkit.services.worklist.left_alone import left_alone
from churnkit.text.figures import count, decimal, escape_markdown, short_money
from churnkit.text.kinds import Kind
from churnkit.ui.as_of import is_dated
from churnkit.ui.assumption_form import rests_on
from churnkit.ui.contact_list import add_to_contact_list
from churnkit.ui.customer_link import show_customers
from churnkit.ui.desks import action_desk_of
from churnkit.ui.interval_words import interval_words
from churnkit.ui.one_budget_tab import one_budget_tab
from churnkit.ui.opened import reach
from churnkit.ui.playbook_editor import playbook_editor
from churnkit.ui.product_rules import larger_products, products
from churnkit.ui.situation_words import words_editor
from churnkit.ui.words_to_send import words_to_send

TABS = ("Today", "One budget", "Insights", "Playbook", "Words to send", "Products and timing")
OLDER = "This analysis was made before there were {}. Start it again to get them."

opened = ui.open_results()
results, currency = opened.results, opened.currency
store, session_id = opened.workspace.store, opened.session.session_id


desk = action_desk_of(results, reach(opened))
playbook: Playbook = playbook_of(store, session_id, desk.usual, desk.reach)
cash = partial(short_money, currency=currency)
money = results.summary.settings.money


def today() -> None:
    """The list, what it brings, and ways to take it along."""
    if ui.unproven(results):
        return
    limit = st.number_input(
        "Customers to contact",
        1,
        min(MAX_SHOWN, len(desk.customers)),
        min(TODAY, len(desk.customers)),
        key="actions_limit",
        width=200,
    )
    alone = left_alone(store, session_id)
    ids = desk.customers["customer_id"]
    found = desk.rank(playbook, limit, among=alone.others(ids))
    cost, saved, net = found.cost, found.saves, found.net
    if cost is None or saved is None or net is None:
        ui.empty(
            "Nobody to contact",
            "With this playbook no contact is expected to bring more than it costs. A cheaper contact changes that.",
        )
        return
    kind = effect_kind()
    saves: Callable[[float], str] = (lambda v: decimal(v, 1)) if saved.value < 10 else count
    ui.cards(
        [
            ui.Card(
                label="Contacts",
                value=count(len(found.table)),
                below=f"of {count(found.profitable)} whom contacting is expected to pay",
                key="actions_contacts",
            ),
            ui.Card(label="Cost", value=cash(cost.value), below="discounts included", key="actions_cost"),
            ui.Card(
                label="Expected to stay because of it",
                value=saves(saved.value),
                below=interval_words(saved, saves),
                term="save_rate",
                kind=kind,
                key="actions_saves",
            ),
            ui.Card(
                label="Net in a year",
                value=cash(net.value),
                below=interval_words(net, cash),
                term="net",
                kind=kind,
                key="actions_net",
            ),
        ]
    )
    action_table(found)
    left_out = alone.words(ids)
    if left_out:
        ui.note(left_out)
    take_along(found)
    with st.container(border=True):
        ui.chart(
            gains_by_action(found.by_action, currency), "Expected net by kind of action", key="actions_chart"
        )
    st.caption(
        "Ranked by expected gain: churn probability times what the action is assumed to save, minus its cost and the"
        " discount, also for those who would have stayed. The effects are assumptions until measured: see Playbook."
    )


def budget() -> None:
    """One amount of money over several actions."""
    if not ui.unproven(results):
        one_budget_tab(opened, desk, playbook, effect_kind(), divided)


def divided(found: ActionList) -> None:
    """The customers of a divided budget."""
    action_table(found)
    take_along(found)


def effect_kind() -> Kind:
    """How the success rates are known."""
    return "assumed" if money.kind("save_rate") != "measured" else "forecast"


def action_table(found: ActionList) -> None:
    """One row per customer."""
    ui.table(
        found.table.head(MAX_SHOWN),
        (
            "action.rank",
            "customer_id",
            "action.action",
            "action.channel",
            "action.offer",
            "action.product",
            "action.reason",
            "expected_gain",
            "expected_cost",
            "p_churn",
            "clv_if_kept",
            "last_purchase_at",
            "due_from",
            "due_until",
        ),
        height=min(640, 38 + 35 * len(found.table.head(MAX_SHOWN))),
        key="actions_table",
        alt="Customers to contact, best first, with action, offer, product and reason",
        currency=currency,
    )


def take_along(found: ActionList) -> None:
    """As a file, or on a campaign's list."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        add_to_contact_list(
            store,
            session_id,
            found.table["customer_id"].tolist(),
            name_key="actions_list",
            button_key="actions_add",
        )
        ui.download(
            "As CSV",
            lambda: ui.csv_bytes(with_contacts(found.table, results.contacts)),
            "actions.csv",
            "text/csv",
            key="actions_csv",
        )


def findings() -> None:
    """Sentences of four kinds, each with its definition and its customers."""
    if results.segments is None:
        ui.note(OLDER.format("insights"))
        return
    for kind, title in KINDS.items():
        sentences = [one for one in results.segments.insights if one.kind == kind]
        st.subheader(title, anchor=False, help=f"{kind.capitalize()} findings.")
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
    playbook_editor(store, session_id, playbook, desk)
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
    "What to do", "Whom to contact today, with what, and why: ranked by what acting is expected to bring."
)
ui.as_of(opened)
rests_on(opened, "actions")
ui.money_strip(results.summary.money, currency)
DRAW = (today, budget, findings, edit_playbook, words_tab, product_tab)
for tab, draw in zip(st.tabs(TABS, key="actions_tab", bind="query-params"), DRAW, strict=True):
    if tab.open:
        with tab:
            draw()
ui.definitions("p_churn", "clv_if_kept", "save_rate", "contact_cost", "net", "interval")
