"""The commands of ``shop``."""

from __future__ import annotations

import argparse

from churnkit.commands.shop import growing, running, scheduled, scorecard


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser(
        "shop",
        help="a shop's history and its runs: on the data folder while no server runs on it, else with --server",
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    growing.add(actions)
    running.add(actions)
    scorecard.add(actions)
    scheduled.add(actions)
