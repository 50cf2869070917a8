"""One budget over several actions: the choices, what comes of them, and the list to take along."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from churnkit.charts.money_charts import net_by_budget
from churnkit.services.decide.chosen_customers import is_among
from churnkit.services.decide.next_best_action import ActionDesk, ActionList
from churnkit.services.decide.one_budget import DividedBudget, divide_budget, offered_actions
from churnkit.services.decide.playbook import Intervention, Playbook
from churnkit.services.worklist.left_alone import left_alone
from churnkit.text.figures import count, escape_markdown, people, short_money
from churnkit.text.kinds import Kind
from churnkit.ui.desks import desk_of
from churnkit.ui.interval_words import interval_words
from churnkit.ui.opened import Opened
from churnkit.ui.parts import Card, cards, chart, empty, guarded, note
from churnkit.ui.shop_fields import in_currency
from churnkit.ui.tables import table
from churnkit.ui.whom_choice import choose_whom

_FIRST = 100
_ROUND = 10.0
_COLUMNS = (
    "action.action",
    "budget.customers",
    "budget.places",
    "budget.cost",
    "budget.saves",
    "net",
    "net_low",
    "net_high",
    "budget.place_value",
)


def one_budget_tab(
    opened: Opened, desk: ActionDesk, playbook: Playbook, kind: Kind, show: Callable[[ActionList], None]
) -> None:
    """The tab; ``kind`` says how the success rates are known, ``show`` draws the list with what can be done with it."""
    st.caption(
        "For when money is what is short: it goes to those customers, and for each of them to that action, where the last"
        " unit of it brings most. Costs, effects and the most that can be done of each action are those of the Playbook."
    )
    actions = {one.title: one for one in offered_actions(playbook, desk)}
    with st.container(border=True), st.grid(3, min_column_width=220, gap="small"):
        budget = st.number_input(
            in_currency("Budget", opened.currency),
            0.0,
            value=_usual_budget(desk, playbook),
            step=100.0,
            key="budget_money",
        )
        chosen = st.multiselect(
            "Actions",
            list(actions),
            list(actions),
            key="budget_actions",
            help="Those whose cost is known and whose channel you have, switched on in the Playbook or not.",
        )
        with st.container():
            whom, lists = choose_whom(opened, desk_of(opened.results), key="budget_whom", lapsed_key=None)
    _unknown(playbook, actions)
    if not chosen:
        note("Choose an action.")
        return
    with guarded():
        among = is_among(desk.customers, whom, lists.get(whom.name, ()))
        alone = left_alone(opened.workspace.store, opened.session.session_id)
        among &= alone.others(desk.customers["customer_id"])
        found = divide_budget(desk, [actions[name] for name in chosen], budget, among)
        _show(found, opened.currency, kind, show)


def _usual_budget(desk: ActionDesk, playbook: Playbook) -> float:
    """What the best hundred of today's list cost, in round figures."""
    cost = desk.rank(playbook, _FIRST).cost
    return max(round((cost.value if cost else 0.0) / _ROUND) * _ROUND, _ROUND)


def _unknown(playbook: Playbook, offered: dict[str, Intervention]) -> None:
    left_out = [one.title for one in playbook.interventions if one.title not in offered]
    if left_out:
        note(
            f"Not offered: {', '.join(left_out)}. Say what it costs in the Playbook, and in Settings how you reach your"
            " customers."
        )


def _show(found: DividedBudget, currency: str | None, kind: Kind, show: Callable[[ActionList], None]) -> None:
    listed, cash = found.listed, partial(short_money, currency=currency)
    if listed.cost is None or listed.saves is None or listed.net is None:
        empty("Nobody to spend it on", found.words(currency))
        return
    cards(
        [
            Card(
                label="Customers",
                value=count(len(listed.table)),
                below=f"of {count(listed.profitable)} whom an action is expected to pay",
                key="budget_customers",
            ),
            Card(
                label="Spent, as expected",
                value=cash(listed.cost.value),
                below=f"of {cash(found.budget)}, discounts included",
                key="budget_cost",
            ),
            Card(
                label="Expected to stay because of it",
                value=people(listed.saves.value),
                below=interval_words(listed.saves, people),
                term="save_rate",
                kind=kind,
                key="budget_saves",
            ),
            Card(
                label="Net in a year",
                value=cash(listed.net.value),
                below=interval_words(listed.net, cash),
                term="net",
                kind=kind,
                key="budget_net",
            ),
        ]
    )
    st.markdown(escape_markdown(found.words(currency), 800))
    table(found.actions, _COLUMNS, key="budget_table", alt="The budget by action", currency=currency)
    with st.container(border=True):
        chart(
            net_by_budget(found.curve, found.budget, listed.net.value, currency),
            "Expected net of the best division by budget",
            key="budget_chart",
        )
    show(listed)
