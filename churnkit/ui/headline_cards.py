"""The dashboard's first row: who is there, who is about to leave, what is at risk, what to do."""

from __future__ import annotations

from collections.abc import Callable

from churnkit.results.evidence.standing_now import Estimate
from churnkit.results.found import Found, Missing
from churnkit.text.figures import count, day, percent, short_money
from churnkit.ui.opened import Opened
from churnkit.ui.parts import Card
from churnkit.ui.parts import cards as show_cards


def _span(figure: Estimate, write: Callable[[float | None], str]) -> str:
    """An interval in words, or nothing."""
    return "" if figure.low is None else f"80 %: {write(figure.low)} to {write(figure.high)}"


def headline_cards(opened: Opened) -> None:
    """Who is there, who is about to leave, what is at risk, what to do."""
    results, currency = opened.results, opened.currency
    evidence, horizon = results.evidence, results.horizon_days
    totals, rate = results.summary.customers, evidence.churn_rate
    active, lapsed = totals.active, totals.lapsed
    show_cards(
        [
            Card(
                label="Active customers",
                value=count(active.customers),
                term="status",
                below=f"bought within {horizon} days before {day(results.cutoff)}; {count(lapsed.customers)} more have"
                " lapsed",
                kind="measured",
                key="card_customers",
            ),
            Card(
                label="Expected to leave",
                value=count(active.expected_leavers),
                term="churn_rate",
                below=f"{percent(rate.value)} of the active, within {horizon} days. {_span(rate, percent)}",
                kind="forecast" if rate.low is None else "tested",
                key="card_churn",
            ),
            _risk_card(evidence.revenue_at_risk, currency),
            _action_card(opened),
        ]
    )


def _risk_card(found: Found[Estimate] | Missing, currency: str | None) -> Card:
    """What leaves with the leavers."""
    if isinstance(found, Missing):
        return Card(label="Revenue at risk", value="not known", below="nothing is proven", key="card_risk")
    return Card(
        label="Revenue at risk",
        value=short_money(found.value.value, currency),
        term="value_at_risk",
        below=f"of the active, over a year. {_span(found.value, lambda value: short_money(value, currency))}",
        kind="forecast",
        key="card_risk",
    )


def _action_card(opened: Opened) -> Card:
    """How many to contact, or why nobody."""
    advice = opened.results.evidence.recommended
    if isinstance(advice, Missing):
        return Card(label="Recommended", value="no advice", below="nothing is proven", key="card_action")
    outcome = advice.value.outcome
    measured = opened.assumed.money.kind("save_rate") == "measured"
    return Card(
        label="Recommended",
        value=f"contact {count(outcome.contacted)}" if outcome.contacted else "wait",
        below=f"expected net {short_money(outcome.net.value, opened.currency)}"
        if outcome.contacted
        else "no contact is expected to pay",
        kind="forecast" if measured else "assumed",
        key="card_action",
    )
