"""How often the forecast was right, in words and one picture: what a shop owner needs to know of it."""

from __future__ import annotations

import streamlit as st

from churnkit.charts.hit_charts import hit_bars
from churnkit.results.found import Found, Missing
from churnkit.services.decide.hits import PastHits, alt_of_hits, headline, hit_sentences, past_hits
from churnkit.services.decide.proof_words import looks_at, what_scores
from churnkit.text.figures import day, days, escape_markdown
from churnkit.ui.opened import Opened, folder_stamp
from churnkit.ui.parts import chart, note, value_or_note

_LETTERS = 600


@st.cache_resource(max_entries=16, show_spinner=False)
def _kept(source: str, stamp: int, _opened: Opened) -> Found[PastHits] | Missing:
    return past_hits(_opened.results)


def hits_of_opened(opened: Opened) -> Found[PastHits] | Missing:
    """The counts of the open analysis, worked out once for everybody who looks at it."""
    return _kept(opened.results.source, folder_stamp(opened.results.folder), opened)


def proof_view(opened: Opened) -> None:
    """The answer, the picture, the past it comes from, and what the forecast is made of."""
    trust = opened.results.evidence.trust
    if trust.grade == "none":
        st.warning(escape_markdown(f"{trust.headline}. {trust.sentences[0]}", _LETTERS))
    found = value_or_note(hits_of_opened(opened))
    if found is not None:
        with st.container(border=True):
            _picture(found)
        for sentence in hit_sentences(found, opened.results.horizon_days):
            st.markdown(f"- {escape_markdown(sentence, _LETTERS)}")
    st.header("What scores your customers", anchor=False)
    st.write(escape_markdown(what_scores(opened.results), _LETTERS))
    looked = looks_at(opened.results)
    if looked:
        st.write(escape_markdown(looked, _LETTERS))
    note(
        "How the models did against each other, every measure of quality, the rules and the papers of the model: switch on"
        " “Expert view” in the sidebar."
    )


def _picture(found: PastHits) -> None:
    last = found.last
    st.header(headline(last), anchor=False)
    chart(
        hit_bars(
            [
                ("The forecast", last.share),
                (f"Silent {days(last.rule_days)} or more", last.rule_share),
                ("By chance", last.chance_share),
            ],
            [(one.cutoff, (one.share, one.rule_share, one.chance_share)) for one in found.earlier],
        ),
        alt_of_hits(found),
        key="hits",
    )
    rings = ""
    if found.earlier:
        rings = " The rings: " + " and ".join(day(one.cutoff) for one in found.earlier) + "."
    note(f"Named on {day(last.cutoff)}, each way the same number of active customers.{rings}")
