"""What has changed since the model was trained, and whether that is a reason to train again."""

from __future__ import annotations

import streamlit as st

from churnkit.results.drift import DriftDocument, ScoreShift
from churnkit.results.found import Missing
from churnkit.services.monitor.views import drift_view
from churnkit.text.figures import count, day, escape_markdown, percent, score
from churnkit.ui.opened import Opened
from churnkit.ui.parts import note
from churnkit.ui.tables import table

_LETTERS = 600
COLUMNS = (
    "drift.label",
    "drift.moved",
    "drift.psi",
    "drift.chance",
    "drift.usual",
    "drift.importance",
    "drift.before",
    "drift.now",
    "drift.unknown_before",
    "drift.unknown_now",
)


def drift_page(opened: Opened, found: DriftDocument) -> None:
    """The headline, reasons to train again, the probabilities, the orders, and every feature."""
    earlier = "when the model was trained" if found.is_training else "the run before"
    st.caption(
        f"{day(found.cutoff)} beside {day(found.reference_cutoff)}, {earlier}: {count(found.customers_now)} active"
        f" customers beside {count(found.customers_before)}."
    )
    st.markdown(f"**{escape_markdown(found.headline, _LETTERS)}**")
    if found.triggers:
        with st.container(border=True):
            st.header("Reasons to train again", anchor=False)
            for one in found.triggers:
                st.markdown(f"- {escape_markdown(one.words, _LETTERS)}")
            st.write(escape_markdown(found.retrain_words, _LETTERS))
    _orders(found)
    _score(found.score)
    st.header("What the forecast hangs on", anchor=False)
    table(
        drift_view(found, opened.currency),
        COLUMNS,
        key="drift_features",
        alt="How far the values of the active customers have moved",
        height=420,
    )
    st.caption(
        "Of the active customers only: the lapsed pile up in every shop. Strongest first, by PSI times weight. A feature"
        " has moved if its PSI is above 0.2, above what chance explains, and above what is usual between dates as far apart."
    )


def _orders(found: DriftDocument) -> None:
    st.header("The orders", anchor=False)
    if isinstance(found.movements, Missing):
        note(found.movements.reason)
        return
    if found.weeks_from is not None:
        st.caption(f"The weeks from {day(found.weeks_from)} on, beside as many before the earlier date.")
    for one in sorted(found.movements.value, key=lambda one: not one.moved):
        mark = ":orange-badge[moved]" if one.moved else ":gray-badge[as before]"
        st.markdown(f"{mark} {escape_markdown(one.words, _LETTERS)}")
        if one.advice:
            st.markdown(f"**What to do:** {escape_markdown(one.advice, _LETTERS)}")
    for gap in found.gaps:
        st.markdown(f":red-badge[emptied] {escape_markdown(gap.words, _LETTERS)}")


def _score(one: ScoreShift) -> None:
    st.header("The probabilities", anchor=False)
    words = (
        f"The mean churn probability of the active went from {percent(one.mean_before)} to {percent(one.mean_now)}; PSI"
        f" {score(one.psi, 2)}, of which chance explains {score(one.chance, 2)}"
    )
    words += f" and {score(one.usual, 2)} is usual." if one.usual is not None else "."
    if one.tiers_before and one.tiers_now:
        words += (
            f" High risk: {percent(one.tiers_before[0])} of them then, {percent(one.tiers_now[0])} now; low risk:"
            f" {percent(one.tiers_before[2])} then, {percent(one.tiers_now[2])} now."
        )
    st.write(escape_markdown(words, _LETTERS))
