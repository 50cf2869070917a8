"""What MLflow is told of a version: figures and settings, no customer."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from churnkit.results.codec import part_to_json
from churnkit.results.folders import Results
from churnkit.services.score.card_text import card_text
from churnkit.services.score.statement import stewardship
from churnkit.store import Run

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_\-. /]")
_MOST_LETTERS = 500
MODEL_FILE = "model.json"


@dataclass(frozen=True)
class RunAccount:
    """One version.

    Attributes
    ----------
    run_id, trained_by
        The version, and the one whose model scores it: itself where it was trained.
    called
        What experiment and registered model are called.
    params, metrics, tags
        By MLflow's names, which have letters, digits and ``_-. /`` alone.
    card
        The model card, Markdown.
    model
        The file that describes the model, by its hash and what it learned from; None where none was trained.
    """

    run_id: str
    trained_by: str
    called: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    card: str
    model: Path | None


def run_account(results: Results, folder: Path, run: Run, shop: str, owner: str) -> RunAccount:
    """Read what is to be told.

    Parameters
    ----------
    folder
        Of the run; ``results`` are its.
    shop, owner
        What the shop is called, and who answers for its models.

    Raises
    ------
    DataError
        A file of the run is missing or damaged.
    """
    summary, record = results.summary, results.model
    question = summary.question
    tags = {
        "churnkit_run_id": run.run_id,
        "churnkit_shop_id": run.session_id,
        "churnkit_shop": shop,
        "churnkit_kind": run.kind,
        "churnkit_champion": run.champion,
        "churnkit_cutoff": question.cutoff.isoformat(),
        "churnkit_verdict": run.summary.verdict or "",
        **({"churnkit_trained_by": run.trained_by} if run.trained_by else {}),
        **({"churnkit_model_sha256": record.sha256} if record else {}),
    }
    return RunAccount(
        run_id=run.run_id,
        trained_by=run.trained_by or run.run_id,
        called=f"churnkit-{run.session_id[:8]}",
        params={**dict(_flat(part_to_json(summary.settings))), "horizon_days": str(run.horizon_days)},
        metrics=dict(_metrics(results, run)),
        tags=tags,
        card=card_text(
            results.evidence.model_card, stewardship(question.cutoff, question.horizon_days, owner)
        ),
        model=folder / MODEL_FILE if record and run.kind == "analysis" else None,
    )


def _flat(values: Mapping[str, object], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        elif value is not None:
            yield _name(f"{before}{name}"), str(value)[:_MOST_LETTERS]


def _metrics(results: Results, run: Run) -> Iterator[tuple[str, float]]:
    """Figures of the version, and those of everything that competed as ``COMPETITOR/FIGURE``."""
    yield from _numbers(dataclasses.asdict(run.summary), "")
    for row in results.leaderboard:
        yield from _numbers(dataclasses.asdict(row), f"{row.candidate}/")


def _numbers(values: Mapping[str, object], before: str) -> Iterator[tuple[str, float]]:
    for name, value in values.items():
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            yield _name(f"{before}{name}"), float(value)


def _name(text: str) -> str:
    return _NOT_IN_NAMES.sub("_", text)
