"""Training on customers whom an engine draws: the tournament on one machine, from a shop of any size."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from churnkit.config import AnalysisSettings
from churnkit.engines.canonical import all_canonical
from churnkit.engines.drawing import Drawn, draw
from churnkit.engines.drawn_file import ingested_of
from churnkit.engines.engine import Engine
from churnkit.engines.model_folder import write_engine_model
from churnkit.engines.reference import reference_of_analysis
from churnkit.engines.scoring import ends_of
from churnkit.ingest import Reading
from churnkit.services.analyse.analysis import Analysis, analysed
from churnkit.services.analyse.evidence.model_card import model_card
from churnkit.services.look.first_look import Clock
from churnkit.services.score.card_text import card_text
from churnkit.services.score.scorer import Scorer, scorer_of
from churnkit.services.score.statement import stewardship
from churnkit.text.figures import count
from churnkit.tournament.progress import Progress, silent


@dataclass(frozen=True)
class Trained:
    """A model of a sample.

    Attributes
    ----------
    drawn
        Who was drawn.
    labelled
        Customer-cutoffs with an outcome, that it could learn from.
    log_loss, log_loss_error
        On the last past date, of all of the sample's customers, with its standard error; None where there is none.
    folder, sha256
        The model, and the hash of its list of hashes.
    """

    analysis: Analysis
    drawn: Drawn
    labelled: int
    log_loss: float | None
    log_loss_error: float | None
    folder: Path
    sha256: str


def train_on_sample(
    open_engine: Callable[[Path], Engine],
    address: str,
    customers: int,
    folder: Path,
    settings: AnalysisSettings,
    *,
    as_of: datetime | None = None,
    owner: str = "",
    progress: Progress = silent,
) -> Trained:
    """Draw ``customers`` whole customers, train on them, and write the model into ``folder``.

    Parameters
    ----------
    open_engine
        Opens an engine that keeps what it needs in the folder it is given.
    address
        Of canonical Parquet, see :meth:`Engine.read`.
    as_of
        The instant up to which orders are known; the first midnight after the last line unless given.
    owner
        Who answers for the model, as its card names them.

    Raises
    ------
    DataError, WindowError
        The lines cannot be used.
    ModelError
        ``folder`` holds something else than a model.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=".training-") as temporary:
        work = Path(temporary)
        (work / "engine").mkdir()
        (work / "read").mkdir()
        engine = open_engine(work / "engine")
        try:
            lines = all_canonical(engine.read(address))
            scoring = ends_of(engine, lines, as_of).scoring
            drawn = draw(engine, lines, scoring, customers, settings.tournament.seed)
            engine.write(drawn.lines, str(work / "drawn"))
        finally:
            engine.close()
        words = (
            f"{count(drawn.customers)} of {count(drawn.of)} customers, drawn in {count(drawn.strata)} strata"
        )
        ingested = ingested_of(work / "drawn", work / "read", Reading(as_of=scoring), words)
        shutil.rmtree(work / "drawn")
        with analysed(ingested, work / "read", settings, Clock(progress)) as found:
            analysis = found.analysis
        scorer = _scorer(analysis)
        sha256 = write_engine_model(
            scorer, reference_of_analysis(analysis, scorer), _card(analysis, owner), folder
        )
    loss, error = _log_loss(analysis)
    labelled = int(analysis.panel["churned"].notna().sum())
    return Trained(analysis, drawn, labelled, loss, error, folder, sha256)


def _scorer(analysis: Analysis) -> Scorer:
    """Its lines were no file of the shop's: how a newer one is read, that file decides."""
    scorer = scorer_of(analysis)
    return replace(
        scorer, facts=replace(scorer.facts, reading=Reading(settings=scorer.facts.reading.settings))
    )


def _card(analysis: Analysis, owner: str) -> str:
    plan = analysis.plan
    return card_text(model_card(analysis), stewardship(plan.scoring, plan.horizon_days, owner))


def _log_loss(analysis: Analysis) -> tuple[float | None, float | None]:
    """Mean and standard error over the customers of the last past date, forecast by what was known then."""
    outcomes = analysis.past.outcomes if analysis.past else ()
    if not outcomes:
        return None, None
    last = outcomes[-1]
    p = np.clip(last.p_churn, 1e-15, 1 - 1e-15)
    losses = -np.log(np.where(last.churned.astype(bool), p, 1 - p))
    return float(losses.mean()), float(losses.std() / np.sqrt(len(losses)))
