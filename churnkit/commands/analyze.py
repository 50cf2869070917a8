"""``analyze``: score every customer of an order export."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from churnkit.commands.analysis_words import print_summary
from churnkit.commands.explanation_options import add_explanation_options, write_explanations
from churnkit.commands.progress_line import progress_line, working_folder
from churnkit.commands.reading_options import add_reading_options, reading_of
from churnkit.commands.training_options import add_training_options, one_thread_each, training_settings


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser("analyze", help="score every customer of an order export")
    add_reading_options(parser)
    add_training_options(parser)
    parser.add_argument(
        "--features",
        choices=("csv", "parquet"),
        nargs="+",
        default=(),
        metavar="FORMAT",
        help="write what the models saw of each customer as features.csv (for a spreadsheet), features.parquet (for"
        " programs) or both, and which features were left out and why",
    )
    parser.add_argument(
        "--indicators",
        type=Path,
        metavar="FILE",
        help="table of outside figures (date, then columns of numbers: confidence, a search index, the trade's mean churn)"
        " for a shop whose customers come and go with something outside it; each is tried on past dates first",
    )
    parser.add_argument(
        "--indicators-lag-days",
        type=int,
        default=0,
        metavar="N",
        help="days after its own until a row was published; no forecast sees it earlier (default: 0)",
    )
    parser.add_argument(
        "--groups",
        action="store_true",
        help="also write what each segment and found group is worth, what drives it and what to do, who moved, cohorts, and"
        " the churn rate and loss of the months ahead",
    )
    parser.add_argument(
        "--audit",
        action="store_true",
        help="also write how sure every figure of every model is (measures.csv), whether groups of customers are served"
        " alike (fairness.csv) and how far the value of a customer was off (value_errors.csv)",
    )
    add_explanation_options(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    one_thread_each()
    from churnkit.services.look.indicator_table import read_indicators

    settings = dataclasses.replace(
        training_settings(options),
        indicators=options.indicators and read_indicators(options.indicators, options.indicators_lag_days),
    )
    from churnkit.services.analyse.analysis import analyze
    from churnkit.services.deliver.command_files import write_outputs

    reading = reading_of(options)
    with working_folder(options.output) as workdir, progress_line() as progress:
        analysis = analyze(options.files, workdir, reading, settings, progress=progress)
        # First, since it may be refused: an id that nobody has.
        explained = write_explanations(options, analysis)
        written = write_outputs(
            analysis, options.output, features=options.features, model_owner=options.model_owner
        )
        if options.groups:
            from churnkit.services.deliver.group_files import write_groups

            written += write_groups(analysis, workdir, options.output)
        if options.audit:
            from churnkit.services.deliver.audit_files import write_audit

            written += write_audit(analysis, workdir, options.output)
        written += explained
    print_summary(analysis, written)
    return 0
