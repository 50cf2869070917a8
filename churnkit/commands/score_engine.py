"""``score --engine``: score canonical Parquet where one machine is not enough."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.commands.engine_options import add_engine_place
from churnkit.commands.engine_progress import EngineProgress
from churnkit.commands.print_scores import print_scores
from churnkit.commands.reading_options import as_of, as_place
from churnkit.commands.score_on_server import run_on_server
from churnkit.commands.stored import opened_store
from churnkit.config import data_dir, models_dir
from churnkit.errors import SettingsError
from churnkit.jobs.layout import Folders
from churnkit.jobs.versions import shops_version

if TYPE_CHECKING:
    from churnkit.engines.left_out import Without
    from churnkit.engines.package import Package
    from churnkit.services.score.taking_away import StoredVersion


def add_engine_options(parser: argparse.ArgumentParser) -> None:
    """Which engine, what it reads, where it is."""
    group = parser.add_argument_group(
        "many orders",
        "Instead of FILE: canonical Parquet, as `read` writes it, of any size. --output becomes a folder with customers/"
        " (Parquet, the columns of customers.csv) and scores.json, written whole or not at all, or an address like s3://…;"
        " --model is champion, a version of the app's store, or a folder that `train` or `model` wrote.",
    )
    add_engine_place(group)
    group.add_argument(
        "--server",
        default="",
        metavar="URL",
        help="let a running server do it as a job, e.g. http://localhost:8501; CHURNKIT_API_KEY holds a key that may"
        " administer, --input and --output are places that the server allows, --model is champion or the id of a model",
    )
    group.add_argument(
        "--analysis",
        default="default",
        metavar="ID",
        help="the analysis whose model scores, with --server (default: the workspace's default one)",
    )


def run_on_engine(options: argparse.Namespace) -> int:
    """Score, and print the account."""
    if options.files or not options.input:
        raise SettingsError(
            f"Scoring on the engine {options.engine}: name its input by --input, and no FILE.",
            "`python -m churnkit read FILE --output DIR` makes canonical Parquet of an export.",
        )
    if options.server:
        return run_on_server(options)
    from churnkit.engines.addresses import below
    from churnkit.engines.order import EngineOrder, require_free
    from churnkit.engines.running import score_on_engine

    order = EngineOrder(
        options.engine, options.input, as_place(options.output), options.engine_address, as_of(options.as_of)
    )
    require_free(order)
    model, without = _model(options.model)
    document = score_on_engine(model, order, EngineProgress(), without=without)
    print_scores(document)
    print(f"Written: {below(order.place, 'customers')}, {below(order.place, 'scores.json')}")
    return 0


def _model(name: str) -> tuple[StoredVersion | Package, Without | None]:
    """What scores, and what its shop has taken out; a folder that there is goes before a name in the app's store."""
    if Path(name).exists() or "/" in name:
        from churnkit.engines.model_folder import package_of_folder

        package, sha256 = package_of_folder(Path(name))
        print(f"… Model {sha256}", file=sys.stderr, flush=True)
        return package, None
    from churnkit.engines.left_out import Without

    folders = Folders(data_dir().resolve(), models_dir().resolve())
    with opened_store(folders) as root:
        version, erased, kept_from = shops_version(root, folders, name)
    return version, Without(erased, kept_from)
