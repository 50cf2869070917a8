"""The campaign on the sliders: where it is kept, and the widgets that change it.

It outlives the widgets, which Streamlit forgets when another tab or page is shown.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import streamlit as st

from churnkit.results.campaign_money import Assumptions, Scenario
from churnkit.results.whom import EVERYBODY, Whom
from churnkit.services.decide.chosen_customers import whom_words
from churnkit.services.whatif.simulate import NO_LISTS, USUAL_SIZE, Desk, Lists
from churnkit.text.figures import count
from churnkit.text.number_formats import slider_percent
from churnkit.text.terms import term
from churnkit.ui import keys
from churnkit.ui.expert_view import is_expert
from churnkit.ui.shop_fields import in_currency

NEW = "My campaign"
USUAL_SIZES = (50, 500)
# Widget, assumption, label, what it means; all are shares in percent.
_MORE = (
    ("plan_reach", "reach", "See the message (%)", "Of the contacted, the share that reads or hears it."),
    (
        "plan_stayers",
        "stayers_redeem",
        "Use the discount anyway (%)",
        "Of those who would have bought without it. What they are given is lost.",
    ),
    (
        "plan_gone",
        "gone_success",
        "Success with the long gone (%)",
        "With customers who have probably dropped out for good, as a share of the success with the others.",
    ),
    (
        "plan_returns",
        "returns_anyway",
        "Would have come back anyway (%)",
        "Of the value of a customer who stays, the share that would have come later without a contact, beyond what the"
        " value if lost holds already.",
    ),
    ("plan_margin", "margin", "Profit in revenue (%)", "Margin: the share of revenue that is profit."),
)
# Percent; without any margin nothing is worth anything.
_LOWEST = {"margin": 0.1}


def current_plan(desk: Desk, owner: str) -> Scenario:
    """The plan of the run ``owner``; the defaults where another run's, or none, was on the sliders."""
    if st.session_state.get(keys.WHATIF_OWNER) != owner:
        put(desk, start_plan(desk), owner)
    plan: Scenario = st.session_state[keys.WHATIF_PLAN]
    return plan


def start_plan(desk: Desk) -> Scenario:
    """What the sliders stand at when a run is opened."""
    return Scenario(name=NEW, customers=min(USUAL_SIZE, desk.count), assumptions=desk.defaults)


def put(desk: Desk, scenario: Scenario, owner: str, lists: Lists = NO_LISTS) -> None:
    """Set every slider to a scenario."""
    for key in [key for key in st.session_state if str(key).startswith(keys.PLAN_FIELDS)]:
        del st.session_state[key]
    most = int(desk.among(scenario.whom, lists).sum())
    contacted = most if scenario.customers is None else min(scenario.customers, most)
    st.session_state[keys.WHATIF_PLAN] = dataclasses.replace(scenario, customers=contacted)
    st.session_state[keys.PLAN_WHOM] = whom_words(scenario.whom)
    st.session_state[keys.PLAN_LAPSED] = scenario.whom.lapsed
    st.session_state[keys.WHATIF_OWNER] = owner


def choose_count(customers: int) -> None:
    """Set the exact number of customers, whatever they cost."""
    st.session_state[keys.PLAN_EXACT] = customers
    st.session_state[keys.PLAN_BUDGET] = None


def choose_all(most: int) -> None:
    """Let the budget alone say how many of ``most``."""
    st.session_state[keys.PLAN_EXACT] = most


def about(plan: Scenario, whom: Whom, most: int) -> Scenario:
    """The plan for ``most`` other customers: all of a group, as many as usual of everybody."""
    if whom == plan.whom:
        return plan
    for key in (keys.PLAN_SIZE, keys.PLAN_EXACT):
        st.session_state.pop(key, None)
    usual = min(USUAL_SIZE, most) if whom.kind == EVERYBODY.kind else most
    return dataclasses.replace(plan, whom=whom, customers=usual)


def controls(desk: Desk, plan: Scenario, currency: str | None, most: int) -> Scenario:
    """Every assumption as a widget; the plan that they stand at now, of ``most`` customers at most."""
    customers, budget = _how_many(most, plan), _budget(plan, currency)
    assumptions = _assumptions(plan.assumptions, currency, tells_gone=desk.tells_gone)
    found = dataclasses.replace(plan, customers=customers, budget=budget, assumptions=assumptions)
    st.session_state[keys.WHATIF_PLAN] = found
    return found


def _how_many(most: int, plan: Scenario) -> int:
    """The slider of the usual sizes, and the field for any other."""
    low, high = (min(size, most) for size in USUAL_SIZES)
    customers = plan.customers or 0
    usual = low <= customers <= high
    chosen = low
    if low < high:
        chosen = st.slider(
            "Customers to contact",
            low,
            high,
            key=_keep(keys.PLAN_SIZE, customers if usual else high),
            help="The best ones first: those whose contact is expected to bring most.",
        )
    _keep(keys.PLAN_EXACT, None if usual and low < high else customers)
    exact = st.number_input(
        "Or any number",
        0,
        most,
        key=keys.PLAN_EXACT,
        placeholder=f"0 to {count(most)}",
        help="Takes the place of the slider.",
    )
    return int(exact if exact is not None else chosen)


def _budget(plan: Scenario, currency: str | None) -> float | None:
    """What contacts and discounts may cost; None for no limit."""
    return st.number_input(
        in_currency("Budget", currency),
        0.0,
        key=_keep(keys.PLAN_BUDGET, plan.budget),
        step=100.0,
        placeholder="no limit",
        help="For contacts and discounts, as expected. The best come first; whoever does not fit into what is left is"
        " passed over.",
    )


def _assumptions(assumed: Assumptions, currency: str | None, *, tells_gone: bool) -> Assumptions:
    discount = _share(
        "Discount", "plan_discount", assumed.discount, 30, "Given away on the next order by whoever uses it."
    )
    save_rate = _share("Success rate", "plan_save_rate", assumed.save_rate, 60, term("save_rate"))
    cost = st.number_input(
        in_currency("Cost of a contact", currency),
        0.0,
        key=_keep("plan_cost", assumed.contact_cost),
        step=0.5,
        help=term("contact_cost"),
    )
    with st.expander("More assumptions", icon=":material/tune:"):
        more = {
            name: st.number_input(
                label,
                _LOWEST.get(name, 0.0),
                100.0,
                key=_keep(key, max(_LOWEST.get(name, 0.0), round(100 * getattr(assumed, name), 1))),
                step=5.0,
                help=help_text,
            )
            / 100
            for key, name, label, help_text in _MORE
            if tells_gone or name != "gone_success"
        }
        weight = _weight(assumed) if is_expert() else assumed.save_rate_weight
    return dataclasses.replace(
        assumed,
        contact_cost=cost,
        save_rate=save_rate,
        discount=discount,
        save_rate_weight=float(weight),
        **more,
    )


def _weight(assumed: Assumptions) -> float:
    """How sure the success rate is, as a number of customers."""
    return st.number_input(
        "Success rate as sure as if measured on (customers)",
        1,
        100_000,
        key=_keep("plan_weight", max(1, round(assumed.save_rate_weight))),
        help="The fewer, the wider the ranges. An assumption is worth few; a campaign with customers left out for"
        " comparison, as many as it had would-be leavers.",
    )


def _share(label: str, key: str, value: float, high: int, help_text: str) -> float:
    """A slider in percent; the share, exactly as it was until somebody moves it."""
    start = round(100 * value)
    chosen = st.slider(
        label, 0, max(high, start), key=_keep(key, start), format=slider_percent(), help=help_text
    )
    return value if chosen == start else chosen / 100


def _keep(key: str, value: Any) -> str:
    """Begin a widget at ``value`` unless its reader has moved it; its key."""
    st.session_state.setdefault(key, value)
    return key
