"""``restore``: a backup in the place of the data folder, while the server does not run."""

from __future__ import annotations

import argparse

from churnkit.config import data_dir, models_dir
from churnkit.text.figures import count, counted, instant, size


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser(
        "restore", help="put a backup in the place of the data folder, while the server does not run"
    )
    parser.add_argument("place", metavar="SRC", help="where the backups lie: a folder, or s3://bucket/folder")
    parser.add_argument("--name", metavar="NAME", help="which backup; the newest unless given")
    parser.add_argument("--list", action="store_true", help="only say which backups there are")
    parser.add_argument(
        "--replace", action="store_true", help="move aside what the data folder holds; it is not deleted"
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from datetime import UTC

    from churnkit.config.storage import StorageSettings
    from churnkit.jobs.backing_up import backups_in
    from churnkit.jobs.layout import Folders
    from churnkit.jobs.restoring import restore
    from churnkit.services.backup.places import place_of

    place = place_of(options.place, StorageSettings.from_environment())
    if options.list:
        names = backups_in(place)
        print("\n".join(names) or f"There are no backups in {place.words}.")
        return 0
    folders = Folders(data_dir().resolve(), models_dir().resolve())
    done = restore(place, folders, name=options.name, replace=options.replace)
    made = instant(done.manifest.made_at.replace(tzinfo=UTC))
    print(
        f"{done.name} of {made} UTC is in place: {count(len(done.manifest.files))} files,"
        f" {size(done.manifest.size_bytes)}, each of them checked."
    )
    for folder in done.replaced:
        print(f"What was there before lies in {folder}: delete it when you need it no more.")
    if done.erased_again:
        print(
            f"Erased after this backup was made: {counted(done.erased_again, 'customer')}. The server erases them again when"
            " it starts."
        )
    return 0
