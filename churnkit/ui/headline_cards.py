"""The dashboard's first row: who is there, who is about to leave, what is at risk, what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from churnkit.results.evidence.standing_now import Estimate
from churnkit.results.found import Found, Missing
from churnkit.services.decide.quarter_change import Change, QuarterChange, quarter_change
from churnkit.text.figures import count, day, escape_markdown, percent, points, short_money, signed_percent
from churnkit.ui.opened import Opened, folder_stamp
from churnkit.ui.parts import Card, note
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
    change = _change(results.source, folder_stamp(results.folder), opened)
    there = Card(
        label="Active customers",
        value=count(active.customers),
        term="status",
        below=f"bought within {horizon} days before {day(results.cutoff)}; {count(lapsed.customers)} more have lapsed",
        kind="measured",
        key="card_customers",
    )
    leaving = Card(
        label="Expected to leave",
        value=count(active.expected_leavers),
        term="churn_rate",
        below=f"{percent(rate.value)} of the active, within {horizon} days. {_span(rate, percent)}",
        kind="forecast" if rate.low is None else "tested",
        key="card_churn",
        rising_is_bad=True,
    )
    show_cards(
        [
            _changed(there, change.active, _share),
            _changed(leaving, change.leaver_share, _points),
            _changed(_risk_card(evidence.revenue_at_risk, currency), change.at_risk, _share),
            _action_card(opened),
        ]
    )
    _since_then(change, currency)


@st.cache_resource(max_entries=8, show_spinner=False)
def _change(source: str, stamp: int, _opened: Opened) -> QuarterChange:
    return quarter_change(_opened.results)


def _share(change: Change) -> str:
    return "" if change.share is None else signed_percent(change.share)


def _points(change: Change) -> str:
    return f"{points(change.now - change.before)} points"


def _changed(card: Card, found: Found[Change] | Missing, write: Callable[[Change], str]) -> Card:
    """The card with its change; as it is where there is nothing to compare with."""
    if isinstance(found, Missing):
        return card
    return replace(card, change=write(found.value), change_words=f"since {day(found.value.since)}")


def _since_then(change: QuarterChange, currency: str | None) -> None:
    """What the changes are of, and how the quarter's revenue went."""
    words = []
    if isinstance(change.revenue, Found):
        revenue = change.revenue.value
        share = "" if revenue.share is None else f" ({signed_percent(revenue.share)})"
        words.append(
            f"Revenue of the three months since {day(revenue.since)}: {short_money(revenue.now, currency)}, in the three"
            f" before {short_money(revenue.before, currency)}{share}."
        )
    if isinstance(change.leaver_share, Found):
        share_then = change.leaver_share.value
        left = "" if change.left_then is None else f" and {percent(change.left_then)} left"
        words.append(
            f"On {day(share_then.since)}, the date with a forecast nearest to a quarter ago, {percent(share_then.before)} of"
            f" the active were expected to leave{left}."
        )
    if isinstance(change.at_risk, Found):
        words.append(
            "The change of revenue at risk is that of churn probability times spend at the past pace over the threshold,"
            " which is known at both dates."
        )
    if words:
        st.caption(escape_markdown(" ".join([*words, "Seasons are in these changes."]), 1000))
    elif isinstance(change.active, Missing):
        note(f"No change against a quarter ago: {change.active.reason}")


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
        rising_is_bad=True,
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
