"""A backup put back: fetched and checked as a whole before anything of the folder is touched."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from churnkit.accounts import SYSTEM
from churnkit.errors import ConflictError, DataError, NotFoundError, StoreError, disk_failures
from churnkit.jobs.backing_up import BACKED_UP, backups_in, kept_erasures
from churnkit.jobs.layout import Folders
from churnkit.jobs.removal import delete_put_away
from churnkit.jobs.request import Request
from churnkit.results.backup import MANIFEST, BackupManifest, KeptErasure
from churnkit.results.codec import from_text, to_json
from churnkit.results.erased import customer_hash
from churnkit.services.backup.places import Place
from churnkit.store import Store

_ROOTS = ("data", "models")
_ASIDE = "replaced-"


@dataclass(frozen=True)
class Restored:
    """What was put back.

    Attributes
    ----------
    replaced
        Folders that hold what was there before; empty where nothing was.
    erased_again
        Customers who were erased after the backup was made: the server erases them when it starts.
    """

    name: str
    manifest: BackupManifest
    replaced: tuple[Path, ...]
    erased_again: int


def restore(place: Place, folders: Folders, *, name: str | None = None, replace: bool = False) -> Restored:
    """Put a backup, the newest unless named, in the place of a data folder that nobody has open.

    Parameters
    ----------
    replace
        Whether what is there may be moved aside, into folders beside it.

    Raises
    ------
    NotFoundError
        There is no such backup.
    DataError
        A file of it is missing or is not the one that was backed up; nothing was touched.
    ConflictError
        There is something already, and it is not to be replaced.
    StoreError
        A server has the folder open.
    """
    known = _erasures_here(folders)
    if folders.database.exists() and not replace:
        raise ConflictError(
            f"Restoring a backup: {folders.data} holds data already.",
            "Name an empty folder with CHURNKIT_DATA_DIR, or add --replace: what is there is moved aside, not deleted.",
        )
    stage = folders.data / f"restoring-{uuid.uuid4().hex}"
    with disk_failures("Restoring a backup"):
        try:
            stage.mkdir(parents=True)
            chosen, manifest = _fetched(place, name, stage)
            known |= set(kept_erasures(place, stage).erasures)
            replaced = _put_in_place(folders, stage, datetime.now(UTC))
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    with Store.open(folders.database, actor=SYSTEM) as root:
        _delete_put_away(root, folders)
        again = _erase_again(root, folders, known)
    return Restored(chosen, manifest, replaced, again)


def moved_aside(folder: Path) -> list[Path]:
    """What restores have moved aside in a folder, the oldest first; nobody looks into it any more."""
    return sorted(path for path in folder.glob(f"{_ASIDE}*") if path.is_dir())


def _erasures_here(folders: Folders) -> set[KeptErasure]:
    """Who was erased by the store that is to be replaced; a damaged one cannot say."""
    if not folders.database.exists():
        return set()
    try:
        with Store.open(folders.database, actor=SYSTEM) as root:
            return set(root.overview.erasures())
    except StoreError as error:
        if "another process" in error.message:
            raise
        return set()


def _fetched(place: Place, name: str | None, stage: Path) -> tuple[str, BackupManifest]:
    """A backup's files below ``stage``, each of them checked."""
    known = backups_in(place)
    if not known or (name is not None and name not in known):
        found = f"it has {', '.join(known[-5:])}" if known else "it has none"
        raise NotFoundError(
            f"Looking for the backup {name or 'that is newest'} in {place.words}: {found}.",
            "Name one that is there with --name, or another place.",
        )
    chosen = name or known[-1]
    place.fetch(f"{chosen}/{MANIFEST}", stage / MANIFEST)
    manifest = from_text(BackupManifest, (stage / MANIFEST).read_bytes())
    for file in manifest.files:
        target = stage / _inside(file.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if place.fetch(f"{chosen}/{file.name}", target) != file.sha256:
            raise DataError(
                f"Restoring {chosen}: {file.name} is not the file that was backed up, its SHA-256 is another.",
                "Restore an older backup with --name; this one is damaged.",
            )
    return chosen, manifest


def _inside(name: str) -> Path:
    parts = PurePosixPath(name).parts
    if len(parts) < 2 or parts[0] not in _ROOTS or ".." in parts or any("\\" in part for part in parts):
        raise DataError(f"Restoring a backup: its list names the file {name!r}.", "It is none of churnkit's.")
    return Path(*parts)


def _put_in_place(folders: Folders, stage: Path, at: datetime) -> tuple[Path, ...]:
    """Move what is there aside and what was fetched in, the database last: until then nothing opens."""
    moment = at.replace(tzinfo=None, microsecond=0).isoformat().replace(":", "").replace("-", "")
    aside = [folders.data / f"{_ASIDE}{moment}", folders.models / f"{_ASIDE}{moment}"]
    database = [path.name for path in folders.data.glob(f"{folders.database.name}*")]
    used = [
        _move(folders.data, aside[0], [*database, *BACKED_UP]),
        _move(
            folders.models,
            aside[1],
            [path.name for path in folders.models.glob("*") if path.is_file()],
        ),
    ]
    data = stage / "data"
    for source, target in (
        (stage / "models", folders.models),
        (data, folders.data),
    ):
        target.mkdir(parents=True, exist_ok=True)
        for path in sorted(source.glob("*"), key=lambda one: one.name == folders.database.name):
            shutil.move(path, target / path.name)
    return tuple(folder for folder, moved in zip(aside, used, strict=True) if moved)


def _move(folder: Path, aside: Path, names: list[str]) -> bool:
    there = [folder / name for name in names if (folder / name).exists()]
    for path in there:
        aside.mkdir(parents=True, exist_ok=True)
        path.replace(aside / path.name)
    return bool(there)


def _delete_put_away(root: Store, folders: Folders) -> None:
    """Delete for good what was deleted when the backup was made: it may hold people who were erased since."""
    for tenant_id, session_id in root.overview.put_away_before(datetime.max.replace(tzinfo=UTC)):
        delete_put_away(root.for_tenant(tenant_id), folders, session_id)


def _erase_again(root: Store, folders: Folders, known: set[KeptErasure]) -> int:
    """Keep out whoever was erased after the backup, and queue the work for those that it holds."""
    root.overview.keep_erasures(known)
    count = 0
    for tenant_id in root.overview.tenants():
        store = root.for_tenant(tenant_id)
        for session in store.sessions.all():
            shop_id = session.session_id
            hashes = [(one.erasure_key, one.person_hash) for one in known if one.shop_id == shop_id]
            if not hashes or (session.run_id is None and session.look_id is None):
                continue
            for customer in _customers(folders, shop_id):
                if any(customer_hash(key, shop_id, customer) == hashed for key, hashed in hashes):
                    request = to_json(Request(customers=(customer,)))
                    store.erasures.begin(shop_id, customer, request, at=datetime.now(UTC))
                    count += 1
    return count


def _customers(folders: Folders, shop_id: str) -> list[str]:
    """Everybody whom a shop's files name."""
    import pyarrow.parquet as pq

    found: set[str] = set()
    for path in folders.session(shop_id).rglob("*.parquet"):
        if "customer_id" in pq.read_schema(path).names:
            column = pq.read_table(path, columns=["customer_id"])["customer_id"]
            found.update(str(one) for one in column.unique().to_pylist() if one is not None)
    return sorted(found)
