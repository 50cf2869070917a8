"""Rules for the risk tiers on screen: as cards, as a filter of the list of customers, and as groups of customers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import pyarrow.parquet as pq
import streamlit as st

from churnkit.results.found import Found, Missing
from churnkit.results.segments import CustomerFilter, FigureBound
from churnkit.services.decide.list_view import bounds_of, rule_text
from churnkit.services.decide.tier_rules import (
    RuleNow,
    RulesNow,
    conditions_in_words,
    rule_groups,
    rule_members,
    tier_rules,
)
from churnkit.text.figures import count, counted, day, escape_markdown, percent, short_money
from churnkit.text.terms import term
from churnkit.ui import keys
from churnkit.ui.customer_link import show_customers
from churnkit.ui.group_table import group_table
from churnkit.ui.opened import Opened, folder_stamp
from churnkit.ui.parts import csv_bytes, download, note, value_or_note

Bounds = tuple[FigureBound, ...]
_EVERYBODY: Bounds = ()


def rules_of(opened: Opened) -> Found[RulesNow] | Missing:
    """The rules of the open analysis, learned once for everybody who looks at it."""
    return _learned(opened.results.source, folder_stamp(opened.results.folder), opened)


@st.cache_resource(max_entries=8, show_spinner="Looking for rules …")
def _learned(source: str, stamp: int, _opened: Opened) -> Found[RulesNow] | Missing:
    return tier_rules(_opened.results)


def tier_rule_cards(opened: Opened) -> None:
    """The rules of each tier with what the test date says of them, and the way to today's customers."""
    found = value_or_note(rules_of(opened))
    if found is None:
        return
    st.caption(
        f"Whom the forecast calls high, medium or low risk, in conditions one can say on the telephone. Learned at earlier"
        f" dates, measured on {day(found.test_cutoff)}: how many of those who met the conditions were in the tier, and how"
        " many really left. Use one to pick customers without opening this app; the forecast itself is sharper."
    )
    for tier in ("high", "medium", "low"):
        st.markdown(f"**{tier.capitalize()} risk**", help=term("risk_tier"))
        for rule in found.of_tier(tier):
            with st.container(border=True):
                _card(opened, rule)
        if not found.of_tier(tier):
            note(
                f"No one or two conditions are right about three in five of those who meet them: {tier} risk here is no"
                " matter of one or two figures."
            )


def _card(opened: Opened, now: RuleNow) -> None:
    rule = now.rule
    st.markdown(f"**{escape_markdown(now.words, 500)}**")
    with st.grid(4, min_column_width=130, gap="small"):
        st.metric(
            f"Were {rule.tier} risk",
            percent(rule.in_tier),
            help=f"Of the {counted(rule.customers, 'customer')} who met it; {percent(rule.tier_share)} of all active"
            f" ones. It finds {percent(rule.found)} of the tier.",
        )
        st.metric(
            "Left",
            percent(rule.left),
            help=f"In the window that followed; {percent(rule.left_of_all)} of all.",
        )
        st.metric(
            "Meet it today",
            count(now.customers_now),
            help=f"Active customers; {percent(now.in_tier_now)} of them are {rule.tier} risk by the forecast.",
        )
        st.metric(
            "At risk with them",
            short_money(now.value_at_risk_now, opened.currency),
            help=term("value_at_risk"),
        )
    if now.customers_now and st.button("Show them", key=f"rule_show_{now.name}", icon=":material/group:"):
        _show(now)


def _show(now: RuleNow) -> None:
    """Rules are about active customers."""
    show_customers(CustomerFilter(bounds=now.bounds, statuses=("active",)))


def rule_filter(opened: Opened, on_change: Callable[[], None]) -> Bounds:
    """The rules as a filter; the conditions of the chosen one, nothing for everybody. The address names them."""
    known, written = st.query_params.get(keys.RULE, ""), st.session_state.get(keys.RULE_WRITTEN, "")
    chosen_here = st.session_state.pop(keys.RULE_CHOSEN, False)
    if known and known != written:
        st.session_state[keys.CUSTOMER_BOUNDS] = _of_this_analysis(opened, bounds_of(known))
    elif not chosen_here:
        # Whoever returns by the sidebar finds the list as they left it, as with every other filter.
        st.session_state[keys.CUSTOMER_BOUNDS] = _of_this_analysis(opened, bounds_of(written))

    def changed() -> None:
        st.session_state[keys.RULE_CHOSEN] = True
        on_change()

    chosen = _choice(opened, st.session_state.get(keys.CUSTOMER_BOUNDS, _EVERYBODY), changed)
    text = rule_text(chosen)
    if text:
        st.query_params[keys.RULE] = text
    else:
        st.query_params.pop(keys.RULE, None)
    st.session_state[keys.RULE_WRITTEN] = text
    return chosen


def _choice(opened: Opened, chosen: Bounds, on_change: Callable[[], None]) -> Bounds:
    # Rules are looked for when somebody asks: that takes a moment.
    asked = st.toggle("By rule", key=keys.CUSTOMER_RULES, help="Rules in words for who is at risk.")
    if not (asked or chosen):
        return _EVERYBODY
    words = _choices(opened, chosen)
    bounds: Bounds = st.selectbox(
        "Customers who meet a rule",
        list(words),
        format_func=words.__getitem__,
        key=keys.CUSTOMER_BOUNDS,
        on_change=on_change,
        help="Rules for the risk tiers, as under How it forecasts. They are about active customers; of the lapsed,"
        " those who meet the conditions are listed too unless the status is set.",
    )
    return bounds


def _of_this_analysis(opened: Opened, bounds: Bounds) -> Bounds:
    """Conditions about figures that the analysis has; nothing where one of them is of another."""
    if not bounds:
        return _EVERYBODY
    with opened.results.reading("scored.parquet") as path:
        known = set(pq.read_schema(path).names)
    return bounds if all(one.feature in known for one in bounds) else _EVERYBODY


def _choices(opened: Opened, chosen: Bounds) -> Mapping[Bounds, str]:
    """Everybody, each rule, and what was chosen elsewhere, such as the early sign of new customers; in words."""
    found = value_or_note(rules_of(opened))
    words = {_EVERYBODY: "everybody"}
    words |= {rule.bounds: f"{rule.name}: {rule.who}" for rule in (found.rules if found else ())}
    if chosen not in words:
        words[chosen] = conditions_in_words(chosen, opened.currency)
    return words


def rule_segments(opened: Opened) -> None:
    """The active customers by the first rule that they meet: counts, value and risk."""
    found = value_or_note(rules_of(opened))
    if found is None:
        return
    st.caption(
        "Every active customer in the first rule that fits, those for high risk tried first: groups that one can explain to"
        " anybody. Use them where a list must be made without this app, or must not change with every analysis."
    )
    groups: pd.DataFrame = rule_groups(opened.results.customers, found)
    by_name = {rule.name: rule for rule in found.rules}
    picked = group_table(groups, key="rule_groups", name="Rule", currency=opened.currency, clickable=True)
    chosen = by_name.get(str(groups["group"].iloc[picked[0]])) if picked else None
    if chosen is not None:
        st.markdown(f"**{escape_markdown(chosen.words, 500)}**")
    with st.container(horizontal=True):
        asked = st.button(
            f"Show who meets {chosen.name}" if chosen else "Choose a row to see who meets the rule",
            key="rule_group_show",
            icon=":material/group:",
            disabled=chosen is None,
            help="Everybody who meets it, also those whom an earlier rule has taken.",
        )
        if asked and chosen is not None:
            _show(chosen)
        download(
            "Customers by rule as CSV",
            lambda: csv_bytes(rule_members(opened.results.customers, found)),
            "customers_by_rule.csv",
            "text/csv",
            key="rule_members_csv",
        )
