"""A folder or a bucket that files are copied to and fetched from."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from churnkit.config.storage import S3_ACCESS_KEY, S3_SECRET_KEY, StorageSettings
from churnkit.errors import NotFoundError, SettingsError, disk_failures
from churnkit.results.files import written_whole

if TYPE_CHECKING:
    from churnkit.outgoing.object_storage import ObjectStorage

_SCHEME = "s3://"
_PIECE_BYTES = 1 << 20


class Place(Protocol):
    """Files under names with slashes between."""

    words: str
    """How it is called in sentences."""

    def put(self, file: Path, name: str) -> None:
        """Copy a file there, whole or not at all."""

    def write(self, name: str, content: bytes) -> None:
        """Put bytes there under a name."""

    def fetch(self, name: str, target: Path) -> str:
        """Copy a file from there; the SHA-256 of its bytes."""

    def names(self) -> list[str]:
        """Names of all files, sorted."""


class FolderPlace:
    """A folder of this machine, or one that is mounted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.words = str(self.folder)

    def put(self, file: Path, name: str) -> None:
        """As in :class:`Place`."""
        target = self.folder / name
        with disk_failures(f"Copying {name} to {self.words}"):
            target.parent.mkdir(parents=True, exist_ok=True)
            with written_whole(target, durable=True) as draft:
                shutil.copyfile(file, draft)

    def write(self, name: str, content: bytes) -> None:
        """As in :class:`Place`."""
        target = self.folder / name
        with disk_failures(f"Writing {name} to {self.words}"):
            target.parent.mkdir(parents=True, exist_ok=True)
            with written_whole(target, durable=True) as draft:
                draft.write_bytes(content)

    def fetch(self, name: str, target: Path) -> str:
        """As in :class:`Place`."""
        digest = hashlib.sha256()
        with disk_failures(f"Copying {name} from {self.words}"):
            try:
                source = (self.folder / name).open("rb")
            except FileNotFoundError:
                raise NotFoundError(f"Copying {name} from {self.words}: it is not there.") from None
            with source, target.open("wb") as file:
                while piece := source.read(_PIECE_BYTES):
                    digest.update(piece)
                    file.write(piece)
        return digest.hexdigest()

    def names(self) -> list[str]:
        """As in :class:`Place`."""
        return sorted(
            path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()
        )


class BucketPlace:
    """A folder in object storage."""

    def __init__(self, storage: ObjectStorage) -> None:
        self._storage = storage
        self.words = storage.place.words

    def put(self, file: Path, name: str) -> None:
        """As in :class:`Place`."""
        self._storage.upload(file, name)

    def write(self, name: str, content: bytes) -> None:
        """As in :class:`Place`."""
        self._storage.write(name, content)

    def fetch(self, name: str, target: Path) -> str:
        """As in :class:`Place`."""
        return self._storage.download(name, target)

    def names(self) -> list[str]:
        """As in :class:`Place`."""
        return [one.name for one in self._storage.list()]


def place_of(text: str, settings: StorageSettings) -> Place:
    """The place that a setting or a command names: a folder, or ``s3://bucket/folder``.

    Raises
    ------
    SettingsError
        It is no such place, or the keys of the object storage are missing.
    StorageFailed
        The object storage cannot be reached.
    """
    if "://" not in text:
        return FolderPlace(Path(text).expanduser())
    if not text.startswith(_SCHEME):
        raise SettingsError(
            f"Opening {text.partition('://')[0]}://…: files go to a folder or to s3://bucket/folder.",
            "Name one of them.",
        )
    # The library that speaks S3 comes when somebody asks for it.
    from churnkit.outgoing.object_storage import ObjectStorage, StorageKeys, StoragePlace

    if not settings.access_key or not settings.secret_key:
        raise SettingsError(
            f"Opening {text}: the keys of the object storage are missing.",
            f"Set {S3_ACCESS_KEY} and {S3_SECRET_KEY} in the environment.",
        )
    bucket, _, prefix = text.removeprefix(_SCHEME).partition("/")
    where = StoragePlace(bucket, prefix, settings.region, settings.endpoint)
    return BucketPlace(ObjectStorage(where, StorageKeys(settings.access_key, settings.secret_key)))


def hash_of(file: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
