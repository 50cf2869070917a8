"""What comes of a campaign, and what that assumes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from churnkit.results.campaign_money import Assumptions, Outcome
from churnkit.roi import assumption_words
from churnkit.text.figures import escape_markdown, people, percent, short_money
from churnkit.ui.interval_words import interval_words
from churnkit.ui.parts import Card, cards


def outcome_cards(outcome: Outcome, currency: str | None) -> None:
    """Cost, saves, revenue, net, return."""
    cash = partial(short_money, currency=currency)
    cards(_means(outcome, cash))
    cards(_results(outcome, cash))


def _means(outcome: Outcome, cash: Callable[[float], str]) -> list[Card]:
    return [
        Card(
            label="Cost",
            value=cash(outcome.cost.value),
            below=f"contacts {cash(outcome.contact_cost)}, the rest is discount",
            key="out_cost",
        ),
        Card(
            label="Customers saved",
            value=people(outcome.saves.value),
            below=interval_words(outcome.saves, people),
            key="out_saves",
        ),
        Card(
            label="Revenue protected",
            value=cash(outcome.revenue_protected.value),
            below=f"in 365 days. {interval_words(outcome.revenue_protected, cash)}",
            key="out_revenue",
        ),
    ]


def _results(outcome: Outcome, cash: Callable[[float], str]) -> list[Card]:
    roi, needed = outcome.roi, outcome.break_even_save_rate
    return [
        Card(
            value=cash(outcome.net.value),
            term="net",
            below=interval_words(outcome.net, cash),
            key="out_net",
        ),
        Card(
            value=percent(roi.value if roi else None),
            term="roi",
            below=interval_words(roi, percent),
            key="out_roi",
        ),
        Card(
            label="Chance that it pays",
            value=percent(outcome.p_profit),
            below="no success rate makes it pay"
            if needed is None
            else f"from a success rate of {percent(needed)} on",
            key="out_chance",
        ),
    ]


def assumed_list(assumptions: Assumptions, currency: str | None) -> None:
    """Every assumption with its value."""
    st.markdown(
        "\n".join(
            f"- {label}: **{escape_markdown(value)}**"
            for label, value in assumption_words(assumptions, currency)
        )
    )
