"""About which day a page speaks, and whether about a shop that is made up."""

from __future__ import annotations

from datetime import date

import streamlit as st

from churnkit.services.decide.freshness import SAMPLE, Freshness, Stale, freshness
from churnkit.services.look.sample_shops import is_sample
from churnkit.ui.opened import Opened


def data_age(opened: Opened) -> Freshness:
    """Whether the data of the analysis are of these days."""
    question = opened.results.summary.question
    return freshness(question.cutoff.date(), question.horizon_days, date.today())


def is_dated(opened: Opened) -> bool:
    """Whether a text may quote a customer's last order and promise a last day."""
    return not isinstance(data_age(opened), Stale)


def as_of(opened: Opened) -> None:
    """Says below a page's title that the shop is a sample, that its data are old, or from when days are counted."""
    if is_sample(opened.store.uploads.get(opened.session.upload_id).filename):
        st.info(SAMPLE, icon=":material/science:")
    age = data_age(opened)
    if isinstance(age, Stale):
        st.warning(age.words, icon=":material/event_busy:")
    else:
        st.caption(age.words)
