"""Products that go together, how well that predicts, and when the next order is due."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from churnkit.results.baskets import BasketsDocument, MethodRate, ProductRule, ProductRules
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.rows import frame_of
from churnkit.services.decide.longer_rules import longer_rules
from churnkit.text.figures import escape_markdown
from churnkit.ui.opened import folder_stamp
from churnkit.ui.parts import note
from churnkit.ui.tables import table

UNITS = {"orders": "in one order", "customers": "by the same customers"}
_LEFT_OUT_SHOWN = 8


def products(told: BasketsDocument, currency: str | None) -> None:
    """Rules, their held-out test, and due dates."""
    st.header("Products that go together", anchor=False)
    match told.rules:
        case Found(rules):
            _rules(rules, currency)
        case Missing(reason):
            note(reason)
    st.header("When the next order is due", anchor=False)
    match told.due:
        case Missing(reason):
            note(reason)
            return
        case Found(due):
            st.write(escape_markdown(due.words, 800))
    note(
        "From each customer's own gaps between purchases, drawn towards the shop's where they are few, given the silence so"
        " far, and if an order comes within the threshold at all."
    )


def _rules(found: ProductRules, currency: str | None) -> None:
    """What was tested, and the rules themselves."""
    st.write(escape_markdown(found.verdict, 600))
    if found.held_out:
        table(
            frame_of(MethodRate, found.held_out.rates),
            ("method.words", "method.first", "method.any_of_three", "method.money"),
            key="rates_table",
            alt="Hit rates of the ways to suggest a product on held-out orders",
            currency=currency,
        )
    unit = st.segmented_control(
        "Bought together",
        list(UNITS),
        format_func=UNITS.__getitem__,
        default="orders",
        required=True,
        key="rules_unit",
        bind="query-params",
    )
    rules = found.by_unit[unit]
    if not rules.rules:
        note("No two products are bought together clearly more often than chance.")
    else:
        table(
            frame_of(ProductRule, rules.rules),
            (
                "if_name",
                "then_name",
                "rule.lift",
                "rule.confidence",
                "rule.base",
                "rule.together",
                "rule.value",
            ),
            height=360,
            key="rules_table",
            alt="Rules between products, those that move most money first",
            currency=currency,
        )
    left_out = ", ".join(found.left_out[:_LEFT_OUT_SHOWN])
    note(rules.words + (f" Left out as no products: {left_out}." if left_out else ""))


@st.fragment
def larger_products(results: Results, currency: str | None) -> None:
    """Rules of three and four products, when asked for."""
    st.header("Three and more products that go together", anchor=False)
    note(
        "For a bundle, or for who has bought two of three already. A rule is shown only where it says more than every rule"
        " with one product fewer: its share lies further above theirs than chance would bring."
    )
    if not st.toggle("Look for them", key="larger_rules"):
        return
    found = _larger(results.source, folder_stamp(results.folder), results)
    unit = st.segmented_control(
        "Bought together",
        list(UNITS),
        format_func=UNITS.__getitem__,
        default="orders",
        required=True,
        key="larger_unit",
    )
    rules = found[unit]
    if rules.empty:
        note(
            "No three products are bought together often enough, and more often than their pairs would have it."
        )
        return
    table(
        rules,
        (
            "larger.if_names",
            "then_name",
            "rule.confidence",
            "larger.shorter",
            "rule.base",
            "rule.lift",
            "rule.together",
            "rule.value",
        ),
        height=360,
        key="larger_table",
        alt="Rules of three and more products, those that move most money first",
        currency=currency,
    )
    if unit == "customers":
        note("Who buys much has many products: a part of these rules says no more than that.")


@st.cache_data(max_entries=4, show_spinner="Counting products …")
def _larger(run: str, stamp: int, _results: Results) -> Mapping[str, pd.DataFrame]:
    found: Mapping[str, pd.DataFrame] = {str(unit): rules for unit, rules in longer_rules(_results).items()}
    return found
