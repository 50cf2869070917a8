"""LIME beside SHAP on a customer's page."""

from __future__ import annotations

import streamlit as st

from churnkit.charts.customer_charts import opinions
from churnkit.services.decide.second_opinion import SecondOpinion, second_opinion
from churnkit.text.figures import count, escape_markdown, percent
from churnkit.ui.opened import Opened, folder_stamp, scorer
from churnkit.ui.parts import chart, note

_CACHED_CUSTOMERS = 256


def second_opinion_view(opened: Opened, customer_id: str) -> None:
    """Both methods' bars by theme, how closely LIME follows the champion, and where the two disagree."""
    found = _asked(opened.results.source, folder_stamp(opened.results.folder), customer_id, opened)
    if found is None:
        note("There is nothing to hold a second opinion against: SHAP takes nothing apart here.")
        return
    for sentence in found.words():
        if found.agree or not found.opposed:
            st.write(escape_markdown(sentence, 500))
        else:
            st.markdown(f":material/warning: {escape_markdown(sentence, 500)}")
    chart(opinions(found.themes), "What each theme pushes by SHAP and by LIME", key="opinions")
    st.caption(
        f"Both begin at customers like SHAP's starting point: LIME borrowed the figures of {count(found.borrowed_from)} of"
        f" them. Its sum ends at {percent(found.p_lime)}, the champion says {percent(found.p_model)}."
    )


@st.cache_data(max_entries=_CACHED_CUSTOMERS, show_spinner="Asking a second way …")
def _asked(source: str, stamp: int, customer_id: str, _opened: Opened) -> SecondOpinion | None:
    model = scorer(_opened)
    return None if model is None else second_opinion(_opened.results, model, customer_id)
