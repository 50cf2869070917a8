"""What to do this week: the list, what it is expected to bring, and ways to go on with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from churnkit.accounts import Action
from churnkit.charts.segment_charts import gains_by_action
from churnkit.services.decide.contacts import with_contacts
from churnkit.services.decide.next_best_action import MAX_SHOWN, TODAY, ActionDesk, ActionList
from churnkit.services.decide.playbook import Playbook
from churnkit.services.decide.recommendation import RECOMMENDED_SHARE
from churnkit.services.worklist.left_alone import left_alone
from churnkit.services.worklist.listed import put_on_list
from churnkit.text.columns import column
from churnkit.text.figures import count, counted, people, percent, short_money
from churnkit.text.kinds import Kind
from churnkit.ui.contact_list import add_to_contact_list
from churnkit.ui.customer_table import customer_table
from churnkit.ui.expert_view import is_expert
from churnkit.ui.interval_words import interval_words
from churnkit.ui.navigation import page_file
from churnkit.ui.opened import Opened
from churnkit.ui.parts import Card, cards, chart, csv_bytes, download, empty, guarded, note
from churnkit.ui.rights import needs

_PRODUCT = "action.product"
_COLUMNS = (
    "action.rank",
    "customer_id",
    "action.action",
    "action.channel",
    "action.offer",
    _PRODUCT,
    "action.reason",
    "expected_gain",
    "last_purchase_at",
    "due_until",
)
_EXPERT_COLUMNS = (
    *_COLUMNS[:-2],
    "expected_cost",
    "p_churn",
    "clv_if_kept",
    "last_purchase_at",
    "due_from",
    "due_until",
)


def week_list(opened: Opened, desk: ActionDesk, playbook: Playbook, kind: Kind) -> None:
    """The list and the one button; ``kind`` says how the success rates are known."""
    alone = left_alone(opened.workspace.store, opened.session.session_id)
    ids = desk.customers["customer_id"]
    most = min(MAX_SHOWN, len(desk.customers))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        limit = st.number_input(
            "Customers to contact", 1, most, min(TODAY, most), key="actions_limit", width=200
        )
        buttons = st.container(horizontal=True, vertical_alignment="bottom", width="content")
    found = desk.rank(playbook, limit, among=alone.others(ids))
    if found.cost is None:
        empty(
            "Nobody to contact",
            "With this playbook no contact is expected to bring more than it costs. A cheaper contact changes that: see"
            " Playbook below.",
        )
        return
    _put_on_work_list(opened, found.table, buttons)
    _cards(found, opened.currency, kind)
    action_table(found, opened.currency, key="actions")
    words = alone.words(ids)
    if words:
        note(words)
    take_along(opened, found, key="actions")
    if is_expert():
        _by_action(found, opened.currency)
    st.caption(
        "The best come first: the chance that a customer leaves, times what a contact is assumed to change, less what it"
        " costs. Who is probably gone for good is kept less often. A discount also goes to those who would have stayed; that"
        " is counted. How much a contact changes is assumed until a campaign of yours has measured it."
    )


def _put_on_work_list(opened: Opened, listed: pd.DataFrame, place: Any) -> None:
    """Begin the week with these customers; the button stands in ``place``."""
    if not place.button(
        f"Put these {count(len(listed))} on the work list",
        key="actions_work",
        type="primary",
        icon=":material/checklist:",
        **needs(
            Action.PLAN,
            disabled=not opened.mine,
            help="The work list keeps how it stands with each, through every new version.",
        ),
    ):
        return
    with guarded():
        new = put_on_list(
            opened.store,
            opened.session.session_id,
            opened.results,
            listed["customer_id"].astype(str).tolist(),
        )
        st.success(f"{counted(new, 'customer')} more on the work list.")
        st.page_link(page_file("worklist"), label="Open the work list", icon=":material/checklist:")


def _cards(found: ActionList, currency: str | None, kind: Kind) -> None:
    """How many, for what money, and what for."""
    if found.cost is None or found.saves is None or found.net is None:
        return
    cash: Callable[[float], str] = partial(short_money, currency=currency)
    cards(
        [
            Card(
                label="Contacts",
                value=count(len(found.table)),
                below=f"of {count(found.profitable)} whom contacting is expected to pay;"
                f" {count(found.enough)} bring {percent(RECOMMENDED_SHARE)} of it",
                key="actions_contacts",
            ),
            Card(label="Cost", value=cash(found.cost.value), below="discounts included", key="actions_cost"),
            Card(
                label="Stay because of it",
                value=people(found.saves.value),
                below=interval_words(found.saves, people),
                term="save_rate",
                kind=kind,
                key="actions_saves",
            ),
            Card(
                label="Net in a year",
                value=cash(found.net.value),
                below=interval_words(found.net, cash),
                term="net",
                kind=kind,
                key="actions_net",
            ),
        ]
    )


def _by_action(found: ActionList, currency: str | None) -> None:
    """What each kind of action is expected to bring."""
    with st.container(border=True):
        chart(
            gains_by_action(found.by_action, currency), "Expected net by kind of action", key="actions_chart"
        )


def action_table(found: ActionList, currency: str | None, *, key: str) -> None:
    """One row per customer; ``key`` tells two lists of a page apart."""
    shown = found.table.head(MAX_SHOWN)
    customer_table(
        shown,
        action_columns(shown, expert=is_expert()),
        height=min(640, 38 + 35 * len(shown)),
        key=f"{key}_customers",
        alt="Customers to contact, best first, with action, offer, product and reason",
        back="actions",
        currency=currency,
    )


def action_columns(shown: pd.DataFrame, *, expert: bool) -> tuple[str, ...]:
    """The columns of a list; that of products only where one is suggested to somebody."""
    names = _EXPERT_COLUMNS if expert else _COLUMNS
    is_bare = bool(shown[column(_PRODUCT).name].isna().all())
    return tuple(name for name in names if name != _PRODUCT or not is_bare)


def take_along(opened: Opened, found: ActionList, *, key: str) -> None:
    """As a file, or on a list of contacts."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        add_to_contact_list(
            opened.workspace.store,
            opened.session.session_id,
            found.table["customer_id"].tolist(),
            name_key=f"{key}_list",
            button_key=f"{key}_add",
        )
        download(
            "As CSV",
            lambda: csv_bytes(with_contacts(found.table, opened.results.contacts), opened.currency),
            "actions.csv",
            "text/csv",
            key=f"{key}_csv",
        )
