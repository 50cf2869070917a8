"""Whom to speak to, and what came of it: a list that every new version keeps."""

from dataclasses import replace

import streamlit as st

from churnkit import ui
from churnkit.accounts import Action
from churnkit.services.decide.next_best_action import MAX_SHOWN
from churnkit.services.decide.playbook import playbook_of
from churnkit.services.worklist.left_alone import left_alone
from churnkit.services.worklist.listed import proposed, put_on_list, worklist_rows
from churnkit.ui.desks import action_desk_of
from churnkit.ui.opened import reach
from churnkit.ui.worklist_view import listed_customers, state_cards, to_fill

opened = ui.open_results()
store, shop_id, results = opened.store, opened.session.session_id, opened.results


def quiet_days() -> None:
    """For how many days somebody who was spoken to is left alone."""
    settings = store.shops.get(shop_id).shop_settings
    days = st.number_input(
        "Leave customers alone for so many days after a contact",
        0,
        365,
        settings.quiet_days,
        key="work_quiet",
        width=420,
        help="Actions, lists and campaigns leave them out meanwhile, and customers of a campaign under way, too.",
        **{name: value for name, value in ui.needs(Action.PLAN).items() if name == "disabled"},
    )
    if days != settings.quiet_days:
        with ui.guarded():
            store.shops.set_settings(shop_id, replace(settings, quiet_days=int(days)))
            st.rerun()


def fill_up() -> None:
    """The best of those who are not on it."""
    desk = action_desk_of(results, reach(opened))
    playbook = playbook_of(store, shop_id, desk.usual, desk.reach)
    free = proposed(store, shop_id, desk, playbook, MAX_SHOWN)
    to_fill(opened, len(free), lambda wanted: put_on_list(store, shop_id, results, free[:wanted]))
    words = left_alone(store, shop_id).words(desk.customers["customer_id"])
    if words:
        ui.note(words)


ui.title("Work list", "Whom to speak to, and what came of it. What stands here outlives every new version.")
ui.as_of(opened)
if not opened.mine:
    ui.note("The work list is for those who work with this shop; a link does not show it.")
    st.stop()
rows = worklist_rows(store, shop_id, results)
if not rows.empty:
    state_cards(rows, opened.currency)
if results.customers["risk_tier"].notna().any():
    fill_up()
elif rows.empty:
    ui.empty(
        "Nobody stands here yet",
        "Nothing proves yet who is about to leave, so nobody is proposed. Customers can be put here from Since last time.",
        icon=":material/checklist:",
    )
if not rows.empty:
    listed_customers(opened, rows)
quiet_days()
ui.definitions("p_churn", "clv_if_kept", "value_at_risk", "holdout")
