"""The model card, with who answers for the model, when it is reviewed, and the statement on explainability."""

from __future__ import annotations

from datetime import date

import streamlit as st

from churnkit.results.evidence.proof import ModelCard
from churnkit.services.score.card_text import card_text
from churnkit.services.score.statement import Stewardship, statement, stewardship
from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.text.figures import count, escape_markdown
from churnkit.ui.opened import Opened
from churnkit.ui.parts import download

_LETTERS = 1500


def card_view(opened: Opened) -> None:
    """Sections after Mitchell et al. 2019, the statement below, and the whole as a file."""
    results = opened.results
    card = results.evidence.model_card
    question = results.summary.question
    owner = load_preferences(opened.store).model_owner
    steward = stewardship(question.cutoff, question.horizon_days, owner)
    st.header(card.label, anchor=False)
    if card.meaning:
        st.write(escape_markdown(card.meaning.capitalize() + ".", 300))
    _facts(card, steward)
    left, right = st.columns(2)
    with left:
        _limits(card)
    with right:
        _features(card)
    with st.container(border=True):
        _statement(card, steward)


def _facts(card: ModelCard, steward: Stewardship) -> None:
    for name, text in (
        ("Question", card.question),
        ("Population", card.population),
        ("Data", card.data),
        ("Training", card.training),
        ("Level", card.level),
        ("Meant for", card.intended_use),
        ("Owner", f"{steward.owner_words}." + ("" if steward.owner else " Name one in Settings.")),
        ("Review", steward.review_words(date.today())),
    ):
        if text:
            st.markdown(f"**{name}** – {escape_markdown(text, 600)}")


def _limits(card: ModelCard) -> None:
    st.markdown("**Not meant for**")
    for sentence in card.not_for:
        st.markdown(f"- {escape_markdown(sentence, 400)}")
    if card.limits:
        st.markdown("**Limits**")
        for sentence in card.limits:
            st.markdown(f"- {escape_markdown(sentence, 600)}")


def _features(card: ModelCard) -> None:
    st.markdown(f"**{count(card.features)} features**")
    for group, number in card.feature_groups.items():
        st.markdown(f"- {escape_markdown(group)}: {count(number)}")
    with st.expander("Seed and versions"):
        st.json({"seed": card.seed, **card.versions})


def _statement(card: ModelCard, steward: Stewardship) -> None:
    st.header("Statement on explainability", anchor=False)
    st.caption("For a regulator, a data protection officer, or a customer who asks how a score came about.")
    for name, text in statement(card, steward):
        st.markdown(f"**{name}** – {escape_markdown(text, _LETTERS)}")
    download(
        "The card as a file",
        lambda: card_text(card, steward).encode(),
        "model-card.md",
        "text/markdown",
        key="card_file",
    )
