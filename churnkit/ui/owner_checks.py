"""Was it right, for a shop's owner: a sentence and a picture for each finished forecast, and what to do now."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from churnkit.charts.hit_charts import hit_bars
from churnkit.results.found import Found
from churnkit.results.scorecards import RunningForecast, Scorecard, ScorecardsDocument
from churnkit.services.monitor.owner_words import (
    Checked,
    asks_for_training,
    checked,
    moved_orders,
    nothing_checked,
    reasons_to_train,
    score_of,
    waiting_words,
)
from churnkit.text.figures import escape_markdown
from churnkit.ui import keys
from churnkit.ui.monitored import drift_of, scorecards_of
from churnkit.ui.navigation import page_file
from churnkit.ui.next_model import next_model
from churnkit.ui.opened import Opened
from churnkit.ui.parts import chart, note, value_or_note
from churnkit.ui.scorecard_view import VERDICT_COLOURS

A_PAGE = 4
_LETTERS = 900


def owner_checks(opened: Opened) -> None:
    """What came of the forecasts, those that still run, and the next model."""
    found = value_or_note(scorecards_of(opened))
    if found is not None:
        _finished(found)
        _running(found.running)
    st.header("Train again?", anchor=False)
    asked = found is not None and asks_for_training(found)
    next_model(opened, urged=_reasons(opened, asked=asked) or asked)
    note(
        "Measures of quality, what has changed among the customers, papers and the log: switch on “Expert view” in the"
        " sidebar."
    )


def _finished(found: ScorecardsDocument) -> None:
    cards = found.scorecards
    if not cards:
        note(nothing_checked(found))
        st.page_link(
            page_file("models"), label="How it did on the shop's past", icon=":material/model_training:"
        )
        return
    overall = score_of(cards)
    if overall:
        st.markdown(f"**{escape_markdown(overall, _LETTERS)}**")
    pages = -(-len(cards) // A_PAGE)
    page = st.pagination(pages, key=keys.CHECKS_PAGE) if pages > 1 else 1
    for card in cards[(page - 1) * A_PAGE : page * A_PAGE]:
        _one(card, checked(card))


def _one(card: Scorecard, told: Checked) -> None:
    with st.container(border=True):
        st.header(told.title, anchor=False)
        st.badge(told.verdict, color=VERDICT_COLOURS[card.verdict])
        for sentence in told.sentences:
            st.write(escape_markdown(sentence, _LETTERS))
        if told.bars:
            chart(hit_bars(told.bars), told.alt, key=f"checked_{told.run_id}")
        st.markdown(f"**What to do:** {escape_markdown(told.advice, _LETTERS)}")


def _running(running: Sequence[RunningForecast]) -> None:
    if not running:
        return
    st.header("Still running", anchor=False)
    for one in running:
        st.markdown(f"- {escape_markdown(waiting_words(one), _LETTERS)}")


def _reasons(opened: Opened, *, asked: bool) -> bool:
    """Why the model should be trained again, and whether that would help now; whether there is a reason.

    ``asked`` is whether a finished forecast above says so already.
    """
    found = drift_of(opened)
    drift = found.value if isinstance(found, Found) else None
    reasons = reasons_to_train(drift) if drift else ()
    if drift is None or not reasons:
        if not asked:
            st.write("There is no reason to train again at the moment.")
    else:
        with st.container(border=True):
            for sentence in reasons:
                st.markdown(f"- {escape_markdown(sentence, _LETTERS)}")
            st.markdown(f"**What to do:** {escape_markdown(drift.retrain_words, _LETTERS)}")
    moved = moved_orders(drift) if drift else ()
    if moved:
        st.markdown("**What has changed in your orders**")
    for words, advice in moved:
        st.markdown(f"- {escape_markdown(f'{words} {advice}', _LETTERS)}")
    return bool(reasons)
