"""``score``: score a newer file by a model that was fitted before, without training."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.commands.print_scores import print_scores
from churnkit.commands.progress_line import progress_line, working_folder
from churnkit.commands.reading_options import add_reading_options, reading_of
from churnkit.commands.score_engine import add_engine_options, run_on_engine
from churnkit.commands.stored import opened_store
from churnkit.config import data_dir, models_dir
from churnkit.errors import SettingsError
from churnkit.jobs.layout import Folders

if TYPE_CHECKING:
    from datetime import datetime

    from churnkit.results.erased import Erased
    from churnkit.services.score.scorer import Scorer


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser(
        "score",
        help="score a newer file of the shop by a model that was made before, without training",
        description="Use it between two analyses, every day or week: it takes seconds, and the scores of two days differ"
        " by what customers did and not by what a model learned. Analyse again once a whole window has passed.",
    )
    add_reading_options(parser, files="*")
    parser.add_argument(
        "--model",
        required=True,
        metavar="FOLDER|champion|VERSION",
        help="the folder model/ that analyze --output left, or one downloaded from the Models page and unpacked;"
        " champion for what the app shows of its last analysis; or the first letters of a version or model, from the tab"
        " Versions (the app must not be running). Only a name of the app's knows who was erased from its shop",
    )
    parser.add_argument(
        "--indicators",
        type=Path,
        metavar="FILE",
        help="a newer table of the outside figures that the model was made with (default: that table, whose figures count"
        " as unknown once they are old)",
    )
    add_engine_options(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    if options.engine:
        return run_on_engine(options)
    if not options.files:
        raise SettingsError(
            "Scoring a newer file: name the file, or an engine and its input (--engine, --input)."
        )
    from churnkit.services.look.indicator_table import read_indicators
    from churnkit.services.score.newer_file import score_newer
    from churnkit.services.score.score_files import scores_document, write_scores

    reading = reading_of(options)
    scorer, erased, kept_from = _scorer(options.model)
    before = scorer.facts.settings.indicators
    indicators = options.indicators and read_indicators(options.indicators, before.lag_days if before else 0)
    with working_folder(options.output) as workdir, progress_line() as progress:
        scores = score_newer(
            options.files,
            workdir,
            scorer,
            reading,
            indicators=indicators,
            progress=progress,
            erased=erased,
            kept_from=kept_from,
        )
        written = write_scores(scores, scorer, options.output)
    print_scores(scores_document(scores, scorer))
    print("Written: " + ", ".join(str(path) for path in written))
    return 0


def _scorer(name: str) -> tuple[Scorer, Erased | None, datetime | None]:
    """What scores, and what its shop has taken out; a folder that there is goes before a name in the app's store."""
    from churnkit.services.score.model_folder import read_model_folder

    store = Folders(data_dir().resolve(), models_dir().resolve())
    if Path(name).exists() or "/" in name or not store.database.exists():
        return read_model_folder(Path(name)), None, None
    from churnkit.jobs.versions import shops_version

    with opened_store(store) as root:
        version, erased, kept_from = shops_version(root, store, name)
    return version.scorer(), erased, kept_from
