"""Scores of a newer file as files."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from churnkit.reports.csv_files import write_csv
from churnkit.results.files import write_document
from churnkit.results.scores import SCORES, ScoresDocument
from churnkit.services.deliver.command_files import CUSTOMER_COLUMNS
from churnkit.services.score.newer_file import NewerScores
from churnkit.services.score.scorer import Scorer


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
        write_document(scores_document(scores, scorer), draft / SCORES, indent=2)
        return [file.replace(folder / file.name) for file in sorted(draft.iterdir())]
