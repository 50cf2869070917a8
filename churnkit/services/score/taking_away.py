"""A stored model as an archive that somebody can take away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from churnkit.ingest import Reading
from churnkit.results.evidence.proof import ModelCard
from churnkit.results.folders import Results
from churnkit.services.score.card_text import card_text
from churnkit.services.score.model_folder import model_files, zipped
from churnkit.services.score.scorer import Scorer
from churnkit.services.score.statement import stewardship
from churnkit.services.score.stored_scorer import scorer_of_run
from churnkit.store import ModelSeal
from churnkit.tournament.names import model_label, model_meaning


@dataclass(frozen=True)
class StoredVersion:
    """What of a stored run scores.

    Attributes
    ----------
    run_folder, models_folder
        The run's files, and where the model files are.
    reading
        How the run's own file was read.
    seal
        The model's file and hash; None where the run trained none.
    """

    run_folder: Path
    models_folder: Path
    reading: Reading
    seal: ModelSeal | None

    def scorer(self) -> Scorer:
        """See ``stored_scorer.scorer_of_run``."""
        return scorer_of_run(self.run_folder, self.models_folder, self.seal, self.reading)


def model_archive(version: StoredVersion, owner: str = "") -> bytes:
    """The zip of a stored model with its card, which names its ``owner``; errors as for ``scorer_of_run``."""
    scorer = version.scorer()
    return zipped(model_files(scorer, _card_text(version, scorer, owner)))


def stored_card(version: StoredVersion, owner: str = "") -> str:
    """The card of a stored model, which names its ``owner``, as text; errors as for ``scorer_of_run``."""
    return _card_text(version, version.scorer(), owner)


def _card_text(version: StoredVersion, scorer: Scorer, owner: str) -> str:
    results = Results(version.run_folder)
    question = results.summary.question
    steward = stewardship(question.cutoff, question.horizon_days, owner)
    return card_text(_card_of(results.evidence.model_card, scorer), steward)


def _card_of(card: ModelCard, scorer: Scorer) -> ModelCard:
    """The run's card; for a model that was not its champion, without what was measured of the champion."""
    name = scorer.facts.model
    if name == card.name:
        return card
    model = scorer.learned.model
    return replace(
        card,
        name=name,
        label=model_label(name),
        meaning=model_meaning(name),
        members=tuple(model_label(member.fitted.name) for member in model.members),
        training=f"It competed with the champion, {card.label}, and is kept as it was measured: it learned from the past"
        " outcomes of the last validation.",
        features=len(model.preparation.features) if model.preparation else card.features,
        level=None,
        test=None,
        test_cutoff=None,
    )
