"""``backup``: the whole data folder to a folder or a bucket, while the server does not run."""

from __future__ import annotations

import argparse

from churnkit.config import data_dir, models_dir
from churnkit.errors import StoreError
from churnkit.text.figures import count, size


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser(
        "backup", help="copy the whole data folder to a folder or a bucket, while the server does not run"
    )
    parser.add_argument(
        "place",
        metavar="DEST",
        help="a folder, or s3://bucket/folder; each backup gets a folder of its own there",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from churnkit.config.storage import BACKUP_TO, StorageSettings
    from churnkit.jobs import Platform
    from churnkit.services.backup.places import place_of

    place = place_of(options.place, StorageSettings.from_environment())
    try:
        platform = Platform(data_dir(), models_dir())
    except StoreError as error:
        if "another process" not in error.message:
            raise
        raise StoreError(
            f"Making a backup: a server has {data_dir()} open.",
            f"Let the server make it (Settings, tab Privacy, or POST /backups; {BACKUP_TO} says where to), or stop it"
            " first.",
        ) from error
    try:
        made = platform.back_up(place)
    finally:
        platform.close()
    files = made.manifest.files
    print(f"{made.name}: {count(len(files))} files, {size(made.manifest.size_bytes)}, in {place.words}.")
    return 0
