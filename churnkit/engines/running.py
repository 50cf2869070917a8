"""``score --engine``: from a stored run to a folder of scores, whole or not at all."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

from churnkit.engines.duckdb_engine import DuckDbEngine
from churnkit.engines.engine import ENGINES, Engine
from churnkit.engines.package import Package
from churnkit.engines.reference import reference_of
from churnkit.engines.scoring import Without, score_lines
from churnkit.engines.spark_engine import SparkEngine
from churnkit.errors import DataError, SettingsError
from churnkit.results.files import write_document
from churnkit.results.folders import Results
from churnkit.results.scores import SCORES, ScoresDocument
from churnkit.services.decide.repricing import priced_folder
from churnkit.services.score.taking_away import StoredVersion
from churnkit.tournament.progress import Progress, silent

CUSTOMERS = "customers"
# Of a path, which has lost one of its slashes; one letter is a drive.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


@dataclass(frozen=True)
class EngineOrder:
    """What to score, and where.

    Attributes
    ----------
    engine
        One of ``ENGINES``.
    input
        Canonical Parquet: a file, a folder, or an address that the engine can read.
    output
        Folder for the scores, which is not there yet; where there are several machines, all must see it.
    address
        Of the engine, where one runs already; see ``SparkEngine``.
    as_of
        The instant to score at; the end of the data unless given.
    """

    engine: str
    input: str
    output: Path
    address: str = ""
    as_of: datetime | None = None


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


def score_on_engine(
    version: StoredVersion,
    order: EngineOrder,
    progress: Progress = silent,
    *,
    without: Without | None = None,
    draft: Path | None = None,
) -> ScoresDocument:
    """Score all customers of an input; ``customers/`` (Parquet) and ``scores.json`` in the output folder.

    Parameters
    ----------
    without
        What the shop has taken out for good.
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
    package = package_of(version)
    order.output.parent.mkdir(parents=True, exist_ok=True)
    draft = draft or Path(mkdtemp(dir=order.output.parent, prefix=".writing-"))
    work, result = draft / "work", draft / "result"
    work.mkdir(parents=True)
    result.mkdir()
    try:
        engine = opened_engine(order, work)
        try:
            document = score_lines(
                engine,
                order.input,
                package,
                str(result / CUSTOMERS),
                as_of=order.as_of,
                without=without,
                progress=progress,
            )
        finally:
            engine.close()
        write_document(document, result / SCORES, indent=2)
        result.rename(order.output)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return document


def require_free(order: EngineOrder) -> None:
    """Refuse an unknown engine, an address to write to, and an output folder that exists."""
    if order.engine not in ENGINES:
        raise SettingsError(
            f"Scoring on an engine: {order.engine!r} is none; it must be one of {', '.join(ENGINES)}."
        )
    if order.engine == "duckdb" and order.address:
        raise SettingsError("Scoring on DuckDB: it runs in this process and has no address.")
    if _ADDRESS.match(str(order.output)):
        raise SettingsError(
            f"Scoring on an engine: scores are written to a folder; {order.output} is an address.",
            "Name a folder that all machines see, and copy it from there.",
        )
    if order.output.exists():
        raise DataError(
            f"Scoring on an engine: the output folder must not exist, so that scores are never mixed; {order.output} does.",
            "Choose another, or remove it.",
        )


def opened_engine(order: EngineOrder, work: Path) -> Engine:
    """The engine of an order; what it keeps lies in ``work``."""
    if order.engine == "duckdb":
        return DuckDbEngine(work)
    return SparkEngine(order.engine, str(work), order.address)
