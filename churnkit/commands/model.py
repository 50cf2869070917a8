"""``model``: a stored version as a folder that scores on engines, on machines without the store."""

from __future__ import annotations

import argparse
from pathlib import Path

from churnkit.commands.stored import opened_store
from churnkit.config import data_dir, models_dir
from churnkit.jobs.layout import Folders
from churnkit.jobs.versions import stored_version


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser(
        "model",
        help="write a stored model as a folder that scores anywhere, on engines too",
        description="The folder runs no code when it is read. `score FILE --model DIR` takes it, and `score --engine`, on"
        " machines without the app's store. It holds no customer, but sorted figures of all of them: what ranks are looked"
        " up in.",
    )
    parser.add_argument(
        "name",
        metavar="champion|VERSION",
        help="champion for what the app shows of its last analysis; or the first letters of a version or model (the app"
        " must not be running)",
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder of the model")
    parser.add_argument(
        "--model-owner", default="", metavar="NAME", help="who answers for the model: stands in its card"
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    folders = Folders(data_dir().resolve(), models_dir().resolve())
    with opened_store(folders) as root:
        version = stored_version(root, folders, options.name)
    from churnkit.engines.running import write_version

    sha256 = write_version(version, options.output, options.model_owner)
    print(f"Written: {options.output}, SHA-256 of its list of hashes {sha256}")
    return 0
