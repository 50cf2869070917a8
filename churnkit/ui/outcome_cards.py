"""What comes of a campaign, and what that assumes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from churnkit.results.campaign_money import Assumptions, Outcome
from churnkit.roi import assumption_words
from churnkit.text.figures import escape_markdown, people, percent, short_money
from churnkit.text.kinds import Kind
from churnkit.ui.interval_words import interval_words
from churnkit.ui.parts import Card, cards


def outcome_cards(outcome: Outcome, currency: str | None, save_rate: float, *, measured: bool) -> None:
    """Cost, saves, revenue, net, return; ``measured`` says whether a campaign has found the success rate."""
    cash = partial(short_money, currency=currency)
    kind: Kind = "forecast" if measured else "assumed"
    last = _chance(outcome) if measured else _break_even(outcome, save_rate)
    shown = (*_means(outcome, cash), *_results(outcome, cash), last)
    cards([replace(card, kind=kind) for card in shown], columns=3)


def _means(outcome: Outcome, cash: Callable[[float], str]) -> list[Card]:
    return [
        Card(
            label="Cost",
            value=cash(outcome.cost.value),
            below=f"contacts {cash(outcome.contact_cost)}, the rest is discount",
            key="out_cost",
        ),
        Card(
            label="Stay because of it",
            value=people(outcome.saves.value),
            below=interval_words(outcome.saves, people),
            key="out_saves",
        ),
        Card(
            label="Sales kept",
            value=cash(outcome.revenue_protected.value),
            below=f"in 365 days. {interval_words(outcome.revenue_protected, cash)}",
            key="out_revenue",
        ),
    ]


def _results(outcome: Outcome, cash: Callable[[float], str]) -> list[Card]:
    roi = outcome.roi
    return [
        Card(
            label="Net in a year",
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
    ]


def _chance(outcome: Outcome) -> Card:
    needed = outcome.break_even_save_rate
    return Card(
        label="Chance that it pays",
        value=percent(outcome.p_profit),
        below="no success rate makes it pay"
        if needed is None
        else f"from a success rate of {percent(needed)} on",
        key="out_chance",
    )


def _break_even(outcome: Outcome, save_rate: float) -> Card:
    """How sure it is under a rate that nobody has measured says little: first what the rate would have to be."""
    needed = outcome.break_even_save_rate
    return Card(
        label="It pays from",
        value="no rate" if needed is None else percent(needed),
        below=f"success rate; {percent(outcome.p_profit)} sure if {percent(save_rate)} are kept, which is assumed",
        key="out_chance",
    )


def assumed_list(assumptions: Assumptions, currency: str | None, *, tells_gone: bool = True) -> None:
    """Every assumption with its value."""
    st.markdown(
        "\n".join(
            f"- {label}: **{escape_markdown(value)}**"
            for label, value in assumption_words(assumptions, currency, tells_gone=tells_gone)
        )
    )
