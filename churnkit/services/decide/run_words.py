"""How a version of an analysis came about, in words: trained, or scored by a model that an earlier one had trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from churnkit.results.summary import Summary
from churnkit.text import figures

if TYPE_CHECKING:
    from churnkit.store import Run


def origin(run: Run, runs: Sequence[Run]) -> str:
    """Of one of a shop's ``runs``, for a table: the model's date stands for the model."""
    if run.trained_by is None:
        return "Models trained" if run.model_id is not None else "No models: too little history"
    trained = next((one for one in runs if one.run_id == run.trained_by), None)
    if run.summary.method == "rules" and trained is not None and trained.summary.method != "rules":
        return "Scored by a rule: the model could not"
    when = trained.summary.cutoff if trained is not None else None
    return f"Scored by the model of {figures.day(when)}" if when else "Scored by an earlier model"


def fallback_words(summary: Summary) -> str | None:
    """What every page says where a rule had to score for the model; None elsewhere."""
    by = summary.scored_by
    if by is None or by.fallback is None:
        return None
    return (
        f"A simple rule scored the customers, because the model of {figures.day(by.cutoff)} could not: {by.fallback} Nobody"
        " is named, and no money is said to be at risk. Train again, or go back to an earlier version."
    )


def trained_words(summary: Summary) -> str | None:
    """When the model learned and when it scored, and that what was tested was tested then; None where both are one."""
    by = summary.scored_by
    if by is None or by.fallback is not None:
        return None
    scored = summary.question.cutoff
    if scored == by.cutoff:
        return "The customers were scored once more by the model that was trained on the same orders."
    age = figures.days((scored - by.cutoff).days)
    return (
        f"The model was trained at {figures.day(by.cutoff)} and scored the customers at {figures.day(scored)}, {age} later."
        " Everything tested on this page was tested when it was trained."
    )
