"""The papers of each version: its model card, the audit of its groups, and what every column means."""

from __future__ import annotations

import streamlit as st

from churnkit.results.folders import Results
from churnkit.results.found import Missing
from churnkit.services.decide.fairness_views import audit_of, audit_view
from churnkit.services.deliver.dictionary.data_dictionary import data_dictionary
from churnkit.services.score.card_text import card_text
from churnkit.services.score.statement import stewardship
from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.store import Run
from churnkit.text.figures import day, escape_markdown, instant
from churnkit.tournament.names import model_label
from churnkit.ui.opened import Opened
from churnkit.ui.parts import csv_bytes, download, note


def version_papers(opened: Opened) -> None:
    """Choose a version; take its papers away."""
    runs = {
        one.run_id: one for one in opened.workspace.platform.runs(opened.store, opened.session.session_id)
    }
    st.caption("Every version keeps what it was made of: for whoever asks later how a score came about.")
    chosen = st.selectbox(
        "Version",
        list(runs),
        format_func=lambda run_id: _title(runs[run_id]),
        key="papers_of",
        bind="query-params",
        width=480,
    )
    folder = opened.workspace.platform.folders.run(opened.session.session_id, chosen)
    results = Results(folder, opened.results.fallback_currency)
    if results.summary.scored_by is not None:
        note(
            f"Scored by the model that was trained up to {day(results.summary.scored_by.cutoff)}; its card is this one's."
        )
    with st.container(horizontal=True):
        download(
            "Model card",
            lambda: _card(opened, results),
            f"model-card-{chosen[:8]}.md",
            "text/markdown",
            key="papers_card",
        )
        download(
            "Fairness audit",
            lambda: _audit(results),
            f"fairness-{chosen[:8]}.csv",
            "text/csv",
            key="papers_audit",
        )
        download(
            "Data dictionary",
            lambda: csv_bytes(data_dictionary([one.feature for one in results.evidence.importance])),
            f"dictionary-{chosen[:8]}.csv",
            "text/csv",
            key="papers_dictionary",
        )
    st.markdown(escape_markdown(results.evidence.champion_words, 600))


def _title(run: Run) -> str:
    when = day(run.summary.cutoff) if run.summary.cutoff else instant(run.finished_at)
    how = "scored" if run.kind == "refresh" else "trained"
    return f"{when}, {how} {instant(run.finished_at)} UTC, {model_label(run.champion)}"


def _card(opened: Opened, results: Results) -> bytes:
    question = results.summary.question
    owner = load_preferences(opened.store).model_owner
    text = card_text(results.evidence.model_card, stewardship(question.cutoff, question.horizon_days, owner))
    return text.encode()


def _audit(results: Results) -> bytes:
    found = audit_of(results)
    if isinstance(found, Missing):
        return f"{found.reason}\n".encode()
    return csv_bytes(audit_view(found.value.groups))
