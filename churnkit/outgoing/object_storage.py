"""Files in object storage: Amazon S3 and what speaks like it (Backblaze B2, Cloudflare R2, MinIO, Wasabi …).

The library that speaks S3 looks names up by itself, so an endpoint is checked before each use and not pinned; as it
must speak TLS under its own name, a name that then leads elsewhere meets no certificate of that name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from pyarrow import fs

from churnkit.config import MEGABYTE
from churnkit.config.checks import require
from churnkit.errors import ChurnkitError, SettingsError, is_disk_full
from churnkit.outgoing.address import Address
from churnkit.text.figures import count

CONNECT_SECONDS = 15.0
REQUEST_SECONDS = 60.0
_CHUNK_BYTES = 1 << 20
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION = re.compile(r"[a-z0-9-]{1,40}")
_ANSWERS = (
    ("ACCESS_DENIED", "the keys are not allowed to"),
    ("INVALID_ACCESS_KEY_ID", "the access key is not known there"),
    ("SIGNATURE_DOES_NOT_MATCH", "the secret key does not fit the access key"),
    ("NO_SUCH_BUCKET", "there is no such bucket"),
    ("Path does not exist", "there is no such file"),
    ("NETWORK_CONNECTION", "it cannot be reached, or the connection broke off"),
    ("SLOW_DOWN", "it asks to be called less often"),
)


class StorageFailed(ChurnkitError):
    """Object storage cannot be reached, or refused what was asked for."""

    code = "storage"


@dataclass(frozen=True)
class StoragePlace:
    """Where files lie.

    Attributes
    ----------
    prefix
        The folder in the bucket, without slashes at its ends; empty for the bucket itself.
    endpoint
        ``https://host`` of a service other than Amazon's.

    Raises
    ------
    SettingsError
        The bucket, the region or the folder is none.
    AddressRefused
        The server does not call the endpoint.
    """

    bucket: str
    prefix: str = ""
    region: str = "us-east-1"
    endpoint: str | None = None

    def __post_init__(self) -> None:
        require(
            _BUCKET.fullmatch(self.bucket) is not None,
            "bucket",
            self.bucket,
            "3 to 63 small letters, digits, dots or hyphens",
        )
        require(
            _REGION.fullmatch(self.region) is not None,
            "region",
            self.region,
            "small letters, digits and hyphens, e.g. eu-central-1",
        )
        object.__setattr__(self, "prefix", self.prefix.strip("/"))
        parts = self.prefix.split("/") if self.prefix else []
        plain = all(part not in ("", ".", "..") for part in parts) and self.prefix.isprintable()
        require(plain, "folder in the bucket", self.prefix, "names with one slash between, e.g. exports/shop")
        if self.endpoint is not None:
            Address.parse(self.endpoint)

    @property
    def words(self) -> str:
        """How the place is called in sentences."""
        where = f"{self.bucket}/{self.prefix}" if self.prefix else self.bucket
        return f"{where} at {Address.parse(self.endpoint).host}" if self.endpoint else where


@dataclass(frozen=True)
class StorageKeys:
    """Who asks; never printed."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)


@dataclass(frozen=True)
class StoredObject:
    """A file in object storage; ``name`` is its path below the place."""

    name: str
    size_bytes: int
    modified_at: datetime | None


class ObjectStorage:
    """The files below a place.

    Raises
    ------
    SettingsError
        A key is missing.
    AddressRefused
        The endpoint leads into a private network.
    StorageFailed
        The name of the endpoint is not known.
    """

    def __init__(self, place: StoragePlace, keys: StorageKeys) -> None:
        if not keys.access_key or not keys.secret_key:
            # Without keys the library would look for those of the machine itself.
            raise SettingsError("Opening object storage: it takes an access key and a secret key.")
        self.place = place
        self._files = fs.S3FileSystem(
            access_key=keys.access_key,
            secret_key=keys.secret_key,
            region=place.region,
            connect_timeout=CONNECT_SECONDS,
            request_timeout=REQUEST_SECONDS,
            retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=3),
            background_writes=False,
            **_endpoint(place),
        )
        self._root = f"{place.bucket}/{place.prefix}" if place.prefix else place.bucket

    def check(self) -> None:
        """See that the place can be listed.

        Raises
        ------
        StorageFailed
            It cannot.
        """
        doing = f"Opening {self.place.words}"
        with _failures(doing):
            found = self._files.get_file_info(self.place.bucket)
        if found.type == fs.FileType.NotFound:
            raise StorageFailed(f"{doing}: there is no such bucket, or the keys do not see it.")
        self.list()

    def list(self, folder: str = "") -> list[StoredObject]:
        """All files below a folder, in the order of their names; none where there is no such folder."""
        root = self._path(folder) if folder else self._root
        with _failures(f"Listing {self.place.words}"):
            found = self._files.get_file_info(fs.FileSelector(root, recursive=True, allow_not_found=True))
        return sorted(
            (
                StoredObject(one.path[len(self._root) + 1 :], one.size, one.mtime)
                for one in found
                if one.type == fs.FileType.File
            ),
            key=lambda one: one.name,
        )

    def download(self, name: str, target: Path, *, max_bytes: int | None = None) -> str:
        """Copy a file to ``target``; the SHA-256 of its bytes, in hexadecimal digits.

        Raises
        ------
        StorageFailed
            It cannot be read to its end, or is larger than ``max_bytes``; ``target`` may hold a part of it.
        """
        digest, size = hashlib.sha256(), 0
        doing = f"Fetching {name} from {self.place.words}"
        with (
            _failures(doing),
            self._files.open_input_stream(self._path(name)) as source,
            target.open("wb") as file,
        ):
            while chunk := source.read(_CHUNK_BYTES):
                size += len(chunk)
                if max_bytes is not None and size > max_bytes:
                    raise StorageFailed(f"{doing}: it is larger than {count(max_bytes / MEGABYTE)} MB.")
                digest.update(chunk)
                file.write(chunk)
        return digest.hexdigest()

    def upload(self, file: Path, name: str) -> None:
        """Copy a file there; what had the name before is replaced once all of it has arrived."""
        with (
            _failures(f"Copying {name} to {self.place.words}"),
            file.open("rb") as source,
            self._files.open_output_stream(self._path(name)) as target,
        ):
            while chunk := source.read(_CHUNK_BYTES):
                target.write(chunk)

    def write(self, name: str, content: bytes) -> None:
        """Put bytes there under a name."""
        with (
            _failures(f"Writing {name} to {self.place.words}"),
            self._files.open_output_stream(self._path(name)) as target,
        ):
            target.write(content)

    def delete(self, name: str) -> None:
        """Remove a file; one that is not there is no failure."""
        with _failures(f"Deleting {name} from {self.place.words}"):
            path = self._path(name)
            if self._files.get_file_info(path).type == fs.FileType.File:
                self._files.delete_file(path)

    def _path(self, name: str) -> str:
        return f"{self._root}/{name.strip('/')}"


def _endpoint(place: StoragePlace) -> dict[str, str]:
    if place.endpoint is None:
        return {"scheme": "https"}
    address = Address.parse(place.endpoint)
    try:
        address.resolve()
    except OSError as error:
        raise StorageFailed(f"Opening {place.words}: the name of the host is not known.") from error
    host = f"[{address.host}]" if ":" in address.host else address.host
    return {"scheme": "https" if address.is_tls else "http", "endpoint_override": f"{host}:{address.port}"}


@contextmanager
def _failures(doing: str) -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        if is_disk_full(error):
            raise
        said = str(error)
        why = next((words for mark, words in _ANSWERS if mark in said), "it refused or failed")
        raise StorageFailed(f"{doing}: {why}.", "Check bucket, region, endpoint and keys.") from error
