"""Which engine, what it reads, where it is: options of all commands that work on one."""

from __future__ import annotations

import argparse


def add_engine_place(group: argparse._ArgumentGroup, *, required: bool = False) -> None:
    """``--engine``, ``--input`` and ``--engine-address``."""
    group.add_argument(
        "--engine",
        required=required,
        metavar="duckdb|sail|spark",
        help="duckdb: this machine, in parts; sail: this machine or its cluster, no Java; spark: any Spark",
    )
    group.add_argument(
        "--input",
        required=required,
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
