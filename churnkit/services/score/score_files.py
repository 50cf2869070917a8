"""Scores of a newer file as files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from churnkit.reports.csv_files import write_csv
from churnkit.results.codec import Step
from churnkit.results.files import write_document
from churnkit.services.deliver.command_files import CUSTOMER_COLUMNS
from churnkit.services.score.newer_file import NewerScores
from churnkit.services.score.scorer import Scorer


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


def scores_document(scores: NewerScores, scorer: Scorer) -> ScoresDocument:
    """The account of a scoring."""
    active = scores.customers[scores.customers["status"] == "active"]
    return ScoresDocument(
        churnkit_version=scorer.facts.churnkit_version,
        model=scorer.facts.model,
        model_cutoff=scorer.facts.cutoff,
        cutoff=scores.cutoff,
        horizon_days=scorer.facts.horizon_days,
        currency=scores.ingested.currency,
        customers=len(scores.customers),
        active=len(active),
        mean_p_churn=float(active["p_churn"].mean()) if len(active) else None,
        value_at_risk=float(active["value_at_risk"].sum()) if scorer.facts.proven else None,
        notes=(*scores.ingested.notes, *scores.notes),
    )


def write_scores(scores: NewerScores, scorer: Scorer, folder: Path) -> list[Path]:
    """Write ``customers.csv``, ``ledger.csv`` and ``scores.json``, all or none."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".writing-") as temporary:
        draft = Path(temporary)
        write_csv(scores.customers[list(CUSTOMER_COLUMNS)], draft / "customers.csv")
        write_csv(scores.ingested.ledger.to_frame(), draft / "ledger.csv")
        write_document(scores_document(scores, scorer), draft / "scores.json", indent=2)
        return [file.replace(folder / file.name) for file in sorted(draft.iterdir())]
