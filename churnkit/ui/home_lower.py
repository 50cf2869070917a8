"""Home below its five answers: what sets those at risk apart, how far to trust it, and who has left already."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from churnkit.results.evidence.proof import Grade
from churnkit.results.evidence.standing_now import FEW_AT_RISK
from churnkit.results.segments import CustomerFilter
from churnkit.segments.standing import LAPSED
from churnkit.services.decide.short_history import short_history
from churnkit.text.figures import count, counted, days, escape_markdown, short_money
from churnkit.text.terms import term
from churnkit.ui.customer_link import show_customers
from churnkit.ui.navigation import page_file
from churnkit.ui.opened import Opened
from churnkit.ui.parts import Colour, note, value_or_note

_SHOWN = 3
TRUST: Mapping[Grade, tuple[str, str, Colour]] = {
    "strong": ("Good proof", ":material/verified:", "green"),
    "fair": ("Some proof", ":material/thumbs_up_down:", "orange"),
    "weak": ("Weak proof", ":material/warning:", "red"),
    "none": ("No proof yet", ":material/help:", "gray"),
}


def more_to_know(opened: Opened) -> None:
    """Three short parts beside each other."""
    left, middle, right = st.columns(3, gap="small")
    with left, st.container(border=True, height="stretch", key="home_apart"):
        _apart(opened)
    with middle, st.container(border=True, height="stretch", key="home_trust"):
        _trust(opened)
    with right, st.container(border=True, height="stretch", key="home_lapsed"):
        _lapsed(opened)


def _apart(opened: Opened) -> None:
    st.header("What sets those at risk apart", anchor=False)
    high = opened.results.summary.customers.tiers.high.customers
    found = value_or_note(opened.results.evidence.drivers)
    if found is None:
        return
    for driver in found[:_SHOWN]:
        st.markdown(f"- {escape_markdown(driver.words, 400)}")
    few = (
        f"Only {counted(high, 'customer')} at high risk, so a wider group is described. "
        if high < FEW_AT_RISK
        else ""
    )
    note(f"{few}Differences between groups, not causes.")


def _trust(opened: Opened) -> None:
    trust = opened.results.evidence.trust
    words, icon, colour = TRUST[trust.grade]
    st.header("How far to trust this", anchor=False, help=term("backtest"))
    st.badge(words, icon=icon, color=colour)
    st.write(escape_markdown(f"{trust.headline}.", 500))
    st.page_link(page_file("monitoring"), label="Was it right before?", icon=":material/verified:")


def _lapsed(opened: Opened) -> None:
    results = opened.results
    lapsed = results.summary.customers.lapsed.customers
    st.header("Who has left already", anchor=False, help=term("status"))
    silent = f"{counted(lapsed, 'customer')} bought nothing for more than {days(results.horizon_days)}."
    if short_history(results.summary) is not None:
        st.write(f"{silent} In so short a history that does not say that they have left.")
    else:
        st.write(f"{silent} They are in no figure of risk: nobody can keep who has left, only win back.")
    found = value_or_note(results.evidence.winback)
    if found is not None:
        worth = escape_markdown(short_money(found.worth, opened.currency))
        st.write(
            f"About **{count(found.expected_returns)}** are expected back by themselves, worth **{worth}** after margin."
        )
    if lapsed and st.button("Show them", key="show_lapsed", icon=":material/group:"):
        show_customers(CustomerFilter(statuses=(LAPSED,)))
