"""Copies of each new run to a folder or a bucket that whoever runs the server names: its files and its model.

``manifest.json`` with every file's SHA-256 is written last: a copy without it is none. A copy that cannot be made is an
event of the shop and nothing else.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from churnkit import __version__
from churnkit.config.storage import StorageSettings
from churnkit.errors import ChurnkitError, NotFoundError
from churnkit.jobs.layout import Folders, named_models, sidecar
from churnkit.results.backup import MANIFEST
from churnkit.results.files import is_temporary
from churnkit.results.folders import PRICED
from churnkit.services.backup.places import hash_of, place_of
from churnkit.store import Run, Store

_ONE_AT_A_TIME = threading.Lock()
_log = logging.getLogger(__name__)


def copy_beside(store: Store, folders: Folders, run: Run) -> None:
    """Copy a run in a thread of its own, where the settings name a place; the server does not wait for it."""
    settings = StorageSettings.from_environment()
    if settings.copies_to is not None:
        threading.Thread(
            target=_copy_or_tell, args=(store, folders, run, settings), name="churnkit-copy", daemon=True
        ).start()


def copy_run(store: Store, folders: Folders, run: Run, settings: StorageSettings) -> str:
    """Copy a run's files and models to ``SHOP/RUN/`` of the place that the settings name; the name of that folder.

    Raises
    ------
    SettingsError, StorageFailed, DiskError
        It cannot be made.
    """
    place = place_of(settings.copies_to or "", settings)
    name = f"{run.session_id}/{run.run_id}"
    hashes = {}
    for inside, path in _files(folders, run):
        place.put(path, f"{name}/{inside}")
        hashes[inside] = hash_of(path)
    manifest = {
        "churnkit_version": __version__,
        "shop": store.shops.get(run.session_id).name,
        "finished_at": run.finished_at.isoformat(),
        "sha256": hashes,
    }
    place.write(f"{name}/{MANIFEST}", (json.dumps(manifest, indent=1) + "\n").encode())
    return name


def _copy_or_tell(store: Store, folders: Folders, run: Run, settings: StorageSettings) -> None:
    try:
        with _ONE_AT_A_TIME:
            copy_run(store, folders, run, settings)
    except (ChurnkitError, OSError) as error:
        _log.exception("copying run %s", run.run_id)
        why = error.message if isinstance(error, ChurnkitError) else str(error)
        # The shop may be gone by now, and the store closed.
        with suppress(ChurnkitError):
            store.events.note(
                run.session_id,
                "copy_failed",
                key=run.run_id,
                words=f"The new version was not copied to where copies go. {why}",
                at=datetime.now(UTC),
                details={"run_id": run.run_id},
            )


def _files(folders: Folders, run: Run) -> Iterator[tuple[str, Path]]:
    folder = folders.run(run.session_id, run.run_id)
    if not folder.is_dir():
        raise NotFoundError("Copying a version: its folder is gone.")
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not path.is_symlink() and PRICED not in parts and not is_temporary(path.name):
            yield "/".join(parts), path
    for model in named_models(folder):
        for path in (folders.models / model, sidecar(folders.models / model)):
            if path.is_file():
                yield f"models/{path.name}", path
