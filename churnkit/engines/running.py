"""``score --engine``: from a stored run to a folder of scores, whole or not at all."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from churnkit.engines.addresses import below, is_address
from churnkit.engines.engine import Engine
from churnkit.engines.left_out import Without
from churnkit.engines.model_folder import write_engine_model
from churnkit.engines.order import EngineOrder, is_there_already, require_free
from churnkit.engines.order import opened_engine as opened_engine
from churnkit.engines.package import Package
from churnkit.engines.reference import reference_of
from churnkit.engines.scoring import score_lines
from churnkit.results.codec import to_text
from churnkit.results.files import write_document
from churnkit.results.folders import Results
from churnkit.results.scores import SCORES, ScoresDocument
from churnkit.services.decide.repricing import priced_folder
from churnkit.services.score.taking_away import StoredVersion, stored_card
from churnkit.tournament.progress import Progress, silent

CUSTOMERS = "customers"


def package_of(version: StoredVersion) -> Package:
    """The champion of a stored run, opened by its hash, with what the run knows of its customers.

    Raises
    ------
    ModelError
        The model file is missing or was changed.
    DataError
        A file of the run is.
    """
    scorer = version.scorer()
    results = Results(version.run_folder, priced=priced_folder(version.run_folder))
    return Package.of(scorer, reference_of(results, scorer))


def write_version(version: StoredVersion, folder: Path, owner: str = "") -> str:
    """The champion of a stored run as a folder that scores on engines; its hash.

    Raises
    ------
    ModelError
        The model file is missing or was changed, or ``folder`` holds something else than a model.
    DataError
        A file of the run is missing or damaged.
    """
    scorer = version.scorer()
    results = Results(version.run_folder, priced=priced_folder(version.run_folder))
    return write_engine_model(scorer, reference_of(results, scorer), stored_card(version, owner), folder)


def score_on_engine(
    model: StoredVersion | Package,
    order: EngineOrder,
    progress: Progress = silent,
    *,
    without: Without | None = None,
    draft: Path | None = None,
) -> ScoresDocument:
    """Score all customers of an input; ``customers/`` (Parquet) and ``scores.json`` in the output, whole or not at all.

    At an address ``scores.json`` is written last, once all scores are there and counted: without it, nothing there holds.
    Spark and Sail make it a folder with one text file in it.

    Parameters
    ----------
    model
        What scores: a stored run, or what was made of one.
    without
        What the shop has taken out for good; None where nobody knows, which the account says.
    draft
        Folder beside the output for what is not finished, not there yet; one of a name of its own unless given.

    Raises
    ------
    SettingsError
        The engine is unknown or not installed, or the output folder exists.
    DataError, ModelError
        See :func:`churnkit.engines.scoring.score_lines`.
    """
    require_free(order)
    package = package_of(model) if isinstance(model, StoredVersion) else model
    work = _Work(package, order, without, progress)
    return work.at_address() if is_address(order.place) else work.in_folder(draft)


@dataclass(frozen=True)
class _Work:
    """One scoring."""

    package: Package
    order: EngineOrder
    without: Without | None
    progress: Progress

    def in_folder(self, draft: Path | None) -> ScoresDocument:
        """Beside the output, which is put in its place at the end."""
        output = Path(self.order.output)
        output.parent.mkdir(parents=True, exist_ok=True)
        draft = draft or Path(mkdtemp(dir=output.parent, prefix=".writing-"))
        work, result = draft / "work", draft / "result"
        work.mkdir(parents=True)
        result.mkdir()
        try:
            engine = opened_engine(self.order, work)
            try:
                document = self._score(engine, str(result / CUSTOMERS))
            finally:
                engine.close()
            write_document(document, result / SCORES, indent=2)
            result.rename(output)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return document

    def at_address(self) -> ScoresDocument:
        """In place, the account last; what was written before a failure is removed."""
        place = self.order.place
        with TemporaryDirectory(prefix="churnkit-engine-") as temporary:
            # Several machines keep what they need where they all see it.
            work = temporary if self.order.is_here else below(place, "_working")
            engine = opened_engine(self.order, work)
            try:
                if engine.has_files(place):
                    raise is_there_already(place)
                is_whole = False
                try:
                    document = self._score(engine, below(place, CUSTOMERS))
                    engine.write_text(to_text(document, indent=2), below(place, SCORES))
                    is_whole = True
                finally:
                    if not is_whole:
                        engine.remove(place)
                    elif is_address(work):
                        engine.remove(work)
            finally:
                engine.close()
        return document

    def _score(self, engine: Engine, customers: str) -> ScoresDocument:
        return score_lines(
            engine,
            self.order.input,
            self.package,
            customers,
            as_of=self.order.as_of,
            without=self.without,
            progress=self.progress,
        )
