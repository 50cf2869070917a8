"""``train``: a model learned from customers whom an engine draws, to score all of them with ``score --engine``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.commands.engine_options import add_engine_place
from churnkit.commands.progress_line import progress_line
from churnkit.commands.reading_options import as_of
from churnkit.commands.training_options import add_training_options, one_thread_each, training_settings
from churnkit.errors import SettingsError
from churnkit.text import figures

if TYPE_CHECKING:
    from churnkit.engines.training import Trained

_CUSTOMERS = 50_000


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser(
        "train",
        help="train on customers drawn from canonical Parquet of any size, for `score --engine`",
        description="The engine draws whole customers, of every kind its share (days since the last purchase, days with"
        " purchases); the tournament trains on them on this machine. `score --engine --model DIR/model` then scores all.",
    )
    add_engine_place(parser.add_argument_group("many orders"), required=True)
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="folder for the model: DIR/model"
    )
    parser.add_argument(
        "--customers",
        type=int,
        default=_CUSTOMERS,
        metavar="N",
        help=f"how many are drawn; each counts once at every past date (default: {figures.count(_CUSTOMERS)})",
    )
    parser.add_argument(
        "--as-of", metavar="DATE", help="as if it were this date (default: the end of the data)"
    )
    add_training_options(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    one_thread_each()
    from churnkit.engines.order import EngineOrder, opened_engine, require_engine
    from churnkit.engines.training import train_on_sample

    if options.customers < 1:
        raise SettingsError(f"Drawing customers: --customers must be 1 or more, found {options.customers}.")
    order = EngineOrder(options.engine, options.input, str(options.output), options.engine_address)
    require_engine(order)
    with progress_line() as progress:
        trained = train_on_sample(
            lambda work: opened_engine(order, work),
            options.input,
            options.customers,
            options.output / "model",
            training_settings(options),
            as_of=as_of(options.as_of),
            owner=options.model_owner,
            progress=progress,
        )
    _print(trained)
    return 0


def _print(trained: Trained) -> None:
    from churnkit.tournament.names import model_label

    analysis, drawn = trained.analysis, trained.drawn
    print(
        f"Drawn: {figures.count(drawn.customers)} of {figures.counted(drawn.of, 'customer')}, the same share of each of"
        f" {figures.count(drawn.strata)} groups (days since the last purchase, days with purchases)."
    )
    print(
        f"Learned from {figures.counted(trained.labelled, 'customer-cutoff')} with a known outcome; churn = no purchase in"
        f" {figures.days(analysis.plan.horizon_days)}. {model_label(analysis.model.name)} scores."
    )
    if trained.log_loss is not None and trained.log_loss_error is not None:
        print(
            f"Log loss at the last past date, of all drawn customers: {figures.score(trained.log_loss, 4)}, standard error"
            f" {figures.score(trained.log_loss_error, 4)}. More customers make that error smaller, and the loss by what the"
            " guide's page Millions of customers measured."
        )
    for note in analysis.notes:
        print(f"  - {note}")
    print(f"Written: {trained.folder}, SHA-256 of its list of hashes {trained.sha256}")
