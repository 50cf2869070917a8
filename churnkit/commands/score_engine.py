"""``score --engine``: score canonical Parquet where one machine is not enough."""

from __future__ import annotations

import argparse
from pathlib import Path

from churnkit.commands.engine_progress import EngineProgress
from churnkit.commands.print_scores import print_scores
from churnkit.commands.reading_options import as_of
from churnkit.commands.score_on_server import run_on_server
from churnkit.config import data_dir, models_dir
from churnkit.errors import SettingsError, StoreError
from churnkit.jobs.layout import Folders
from churnkit.jobs.versions import stored_version


def add_engine_options(parser: argparse.ArgumentParser) -> None:
    """Which engine, what it reads, where it is."""
    group = parser.add_argument_group(
        "many orders",
        "Instead of FILE: canonical Parquet, as `read` writes it, of any size. --output becomes a folder with customers/"
        " (Parquet, the columns of customers.csv) and scores.json, written whole or not at all; --model is champion or a"
        " version of the app's store.",
    )
    group.add_argument(
        "--engine",
        metavar="duckdb|sail|spark",
        help="duckdb: this machine, in parts; sail: this machine or its cluster, no Java; spark: any Spark",
    )
    group.add_argument(
        "--input",
        metavar="FOLDER|ADDRESS",
        help="Parquet file, folder (partitioned or not) or s3://… that the engine reads with credentials of its own",
    )
    group.add_argument(
        "--engine-address",
        default="",
        metavar="ADDRESS",
        help="of an engine that runs already: sc://host:port (Spark Connect, Databricks), spark://…, local-cluster[2,1,2048]"
        " (default: one is started here)",
    )
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
    from churnkit.engines.running import EngineOrder, require_free, score_on_engine

    order = EngineOrder(
        options.engine, options.input, options.output, options.engine_address, as_of(options.as_of)
    )
    require_free(order)
    folders = Folders(data_dir().resolve(), models_dir().resolve())
    if Path(options.model).exists() or "/" in options.model or not folders.database.exists():
        raise SettingsError(
            f"Scoring on the engine {order.engine}: --model must be champion or a version of the app's store, which knows"
            f" all customers of a run; {options.model!r} is none.",
            "Analyse in the app first; CHURNKIT_DATA_DIR names its folder.",
        )
    from churnkit.store import Store

    try:
        root = Store.open(folders.database)
    except StoreError as error:
        if "another process has it open" not in error.message:
            raise
        raise StoreError(
            f"Working on the data folder {data_dir()}: a server or another command has it open; only one may.",
            "Let the running server do it: --server URL. Or stop it first.",
        ) from error
    with root:
        version = stored_version(root, folders, options.model)
    document = score_on_engine(version, order, EngineProgress())
    print_scores(document)
    print(f"Written: {options.output / 'customers'}, {options.output / 'scores.json'}")
    return 0
