"""The account of a scoring, as commands print it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from churnkit.text import figures
from churnkit.tournament.names import model_label

if TYPE_CHECKING:
    from churnkit.results.scores import ScoresDocument


def print_scores(document: ScoresDocument) -> None:
    """Whom what scored when, what is at risk, and what weakens it."""
    rate = (
        ""
        if document.mean_p_churn is None
        else f", {figures.percent(document.mean_p_churn)} of them expected to leave"
    )
    print(
        f"Scored at {figures.day(document.cutoff)} by the model of {figures.day(document.model_cutoff)}"
        f" ({model_label(document.model)}): {figures.counted(document.customers, 'customer')}, of them"
        f" {figures.count(document.active)} active{rate}."
    )
    if document.value_at_risk is not None:
        print(f"At risk over a year: {figures.money(document.value_at_risk, document.currency)}.")
    for note in document.notes:
        print(f"  - {note}")
