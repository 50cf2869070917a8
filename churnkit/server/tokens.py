"""The tokens that open a workspace: made by this server only, signed with a key of its data folder, valid for a year."""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from churnkit.errors import StoreError

VALID_SECONDS = 365 * 24 * 3600
RENEWED_AFTER_SECONDS = 30 * 24 * 3600
KEY_BYTES = 32
_KEY_FILE = "server.key"
_ID = re.compile(r"[A-Za-z0-9_-]{32}")
_TOKEN = re.compile(r"v1\.([A-Za-z0-9_-]{32})\.([0-9]{1,12})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class Token:
    """What a valid token says: the workspace, and the Unix time at which the token was made."""

    workspace_id: str
    issued_at: int

    def age_seconds(self, now: float) -> float:
        """Never negative, so that a clock that was set back ends nothing."""
        return max(0.0, now - self.issued_at)


def new_workspace_id() -> str:
    """144 random bits."""
    return secrets.token_urlsafe(24)


def is_workspace_id(text: str) -> bool:
    """Whether ``text`` has the form of an id; earlier versions used the bare id as the cookie."""
    return _ID.fullmatch(text) is not None


def tenant_of(workspace_id: str) -> str:
    """The tenant of a workspace: a hash, so that the store opens nobody's workspace."""
    return "browser-" + hashlib.sha256(workspace_id.encode()).hexdigest()[:32]


def issue(workspace_id: str, key: bytes, now: float) -> str:
    """A token for a workspace."""
    said = f"v1.{workspace_id}.{int(now)}"
    return f"{said}.{_mac(said, key)}"


def read(text: str, key: bytes, now: float) -> Token | None:
    """What a token says; None if this server did not make it or its year is over."""
    match = _TOKEN.fullmatch(text)
    if match is None or not hmac.compare_digest(_mac(text.rpartition(".")[0], key), match[3]):
        return None
    token = Token(match[1], int(match[2]))
    return token if token.age_seconds(now) <= VALID_SECONDS else None


def _mac(said: str, key: bytes) -> str:
    digest = hmac.digest(key, said.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@functools.lru_cache(maxsize=4)
def server_key(data_dir: Path) -> bytes:
    """The key of a data folder, made when it is first asked for; only the server's user may read it.

    Raises
    ------
    StoreError
        The folder cannot be written, or the file is damaged.
    """
    path = data_dir / _KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise StoreError(
            f"Reading the server's key {path}: the folder must be there and can be written ({error}).",
            "Choose a folder that can be written with CHURNKIT_DATA_DIR.",
        ) from error
    if len(key) != KEY_BYTES:
        raise StoreError(
            f"Reading the server's key {path}: it must hold {KEY_BYTES} bytes, found {len(key)}.",
            "Restore the file from a backup. Without it, delete it: every browser then begins a new workspace.",
        )
    return key


def _make_key(path: Path) -> None:
    """Write the whole key under another name first: of two servers at once, the second takes the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
