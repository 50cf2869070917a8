"""``score``: score a newer file by a model that was fitted before, without training."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.commands.progress_line import progress_line, working_folder
from churnkit.commands.reading_options import add_reading_options, reading_of
from churnkit.text import figures
from churnkit.tournament.names import model_label

if TYPE_CHECKING:
    from churnkit.services.score.score_files import ScoresDocument


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser(
        "score",
        help="score a newer file of the shop by a model that was made before, without training",
        description="Use it between two analyses, every day or week: it takes seconds, and the scores of two days differ"
        " by what customers did and not by what a model learned. Analyse again once a whole window has passed.",
    )
    add_reading_options(parser)
    parser.add_argument(
        "--model",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="the folder model/ that analyze --output left, or one downloaded from the Models page and unpacked",
    )
    parser.add_argument(
        "--indicators",
        type=Path,
        metavar="FILE",
        help="a newer table of the outside figures that the model was made with (default: that table, whose figures count"
        " as unknown once they are old)",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from churnkit.services.look.indicator_table import read_indicators
    from churnkit.services.score.model_folder import read_model_folder
    from churnkit.services.score.newer_file import score_newer
    from churnkit.services.score.score_files import scores_document, write_scores

    reading = reading_of(options)
    scorer = read_model_folder(options.model)
    before = scorer.facts.settings.indicators
    indicators = options.indicators and read_indicators(options.indicators, before.lag_days if before else 0)
    with working_folder(options.output) as workdir, progress_line() as progress:
        scores = score_newer(
            options.files, workdir, scorer, reading, indicators=indicators, progress=progress
        )
        written = write_scores(scores, scorer, options.output)
    _print(scores_document(scores, scorer))
    print("Written: " + ", ".join(str(path) for path in written))
    return 0


def _print(document: ScoresDocument) -> None:
    rate = (
        ""
        if document.mean_p_churn is None
        else f", {figures.percent(document.mean_p_churn)} of them expected to leave"
    )
    print(
        f"Scored at {figures.day(document.cutoff)} by the model of {figures.day(document.model_cutoff)}"
        f" ({model_label(document.model)}): {figures.counted(document.customers, 'customer')}, of them"
        f" {figures.count(document.active)} active{rate}."
    )
    if document.value_at_risk is not None:
        print(f"At risk over a year: {figures.money(document.value_at_risk, document.currency)}.")
    for note in document.notes:
        print(f"  - {note}")
