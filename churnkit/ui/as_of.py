"""About which day a page speaks, and whether about a shop that is made up."""

from __future__ import annotations

from datetime import date

import streamlit as st

from churnkit.services.decide.freshness import SAMPLE, Freshness, Stale, freshness
from churnkit.services.decide.short_history import short_history
from churnkit.services.look.sample_shops import is_sample
from churnkit.ui.example import is_example
from churnkit.ui.opened import Opened


def data_age(opened: Opened) -> Freshness:
    """Whether the data of the analysis are of these days."""
    question = opened.results.summary.question
    return freshness(question.cutoff.date(), question.horizon_days, date.today())


def is_made_up(opened: Opened) -> bool:
    """Whether the shop is a sample: it is as old as it is, and nobody can bring it up to date."""
    return is_example(opened.store) or is_sample(opened.store.uploads.get(opened.session.upload_id).filename)


def is_dated(opened: Opened) -> bool:
    """Whether a text may quote a customer's last order and promise a last day."""
    return not isinstance(data_age(opened), Stale)


def short_history_note(opened: Opened) -> None:
    """Says that the history is too short to tell who leaves, where it is."""
    words = short_history(opened.results.summary)
    if words is not None:
        st.warning(words, icon=":material/hourglass_empty:")


def as_of(opened: Opened) -> None:
    """Says below a page's title that the shop is a sample, that its data are old or few, or from when days are counted."""
    short_history_note(opened)
    if is_made_up(opened):
        question = opened.results.summary.question
        scored_on = question.cutoff.date()
        st.info(SAMPLE, icon=":material/science:")
        st.caption(freshness(scored_on, question.horizon_days, scored_on).words)
        return
    age = data_age(opened)
    if isinstance(age, Stale):
        st.warning(age.words, icon=":material/event_busy:")
    else:
        st.caption(age.words)
