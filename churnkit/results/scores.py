"""``scores.json``: the account of a newer file that was scored by a stored model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from churnkit.results.codec import Step, from_text
from churnkit.results.look_folder import reading_file

SCORES = "scores.json"


@dataclass(frozen=True, kw_only=True)
class ScoresDocument:
    """``scores.json``: which model scored, when, and what weakens it.

    Attributes
    ----------
    model, model_cutoff
        Name of what scored, and the date at which it was made.
    cutoff
        The date of the scores.
    customers, active
        How many were scored, and how many of them have not lapsed.
    mean_p_churn
        Of the active; None where there are none.
    value_at_risk
        Of the active, in money; None where nothing is proven.
    """

    title: ClassVar[str] = "the account of a scoring"
    steps: ClassVar[tuple[Step, ...]] = ()

    churnkit_version: str
    model: str
    model_cutoff: datetime
    cutoff: datetime
    horizon_days: int
    currency: str | None
    customers: int
    active: int
    mean_p_churn: float | None
    value_at_risk: float | None
    notes: tuple[str, ...]


def read_scores(path: Path) -> ScoresDocument:
    """The account beside the scores of a job.

    Raises
    ------
    DataError
        It is missing or damaged.
    """
    with reading_file(path):
        return from_text(ScoresDocument, path.read_bytes())
