"""``samples``: the demo files."""

from __future__ import annotations

import argparse
from pathlib import Path


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser("samples", help="write the three demo files")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--seed", type=int, default=42, metavar="N")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from churnkit.samples import write_samples

    for path in write_samples(options.output, seed=options.seed):
        print(path)
    return 0
