"""Whether the forecast served all groups of customers alike."""

from __future__ import annotations

import streamlit as st

from churnkit.results.found import Found, Missing
from churnkit.services.decide.fairness_views import HOW_TO_READ, Audit, audit_of, audit_view, audit_words
from churnkit.text.figures import escape_markdown
from churnkit.ui.opened import Opened, folder_stamp
from churnkit.ui.parts import csv_bytes, download, note, value_or_note
from churnkit.ui.tables import table

COLUMNS = (
    "audit.group",
    "audit.flags",
    "audit.forecasts",
    "audit.expected",
    "audit.actual",
    "audit.called",
    "audit.called_others",
    "audit.missed",
    "audit.missed_others",
    "audit.false_alarms",
    "audit.false_alarms_others",
)


@st.cache_resource(max_entries=8, show_spinner="Auditing …")
def _kept(source: str, stamp: int, _opened: Opened) -> Found[Audit] | Missing:
    return audit_of(_opened.results)


def fairness_view(opened: Opened) -> None:
    """The flags in sentences, and a table for each kind of group."""
    results = opened.results
    st.caption(
        "Forecasts of active customers at past dates against what came, group by group. Look here before the list decides"
        " who gets an offer, and keep it with the model card."
    )
    found = value_or_note(_kept(results.source, folder_stamp(results.folder), opened))
    if found is None:
        return
    head, *said = audit_words(found)
    note(head)
    for sentence in said:
        st.markdown(f"- {escape_markdown(sentence, 400)}")
    st.caption(escape_markdown(HOW_TO_READ, 1200))
    for dimension in found.dimensions:
        st.header(dimension, anchor=False)
        some = [one for one in found.groups if one.dimension == dimension]
        table(audit_view(some), COLUMNS, key=f"audit_{dimension}", alt=f"Audit by {dimension}")
    for dimension, why in found.left_out.items():
        note(f"Not looked at: {dimension} – {why}.")
    if found.groups:
        download(
            "The audit as CSV",
            lambda: csv_bytes(audit_view(found.groups)),
            "fairness.csv",
            "text/csv",
            key="audit_csv",
        )
