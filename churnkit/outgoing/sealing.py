"""Credentials that the store keeps, so that neither the data folder nor a copy of it opens them.

Sealed with AES-256-GCM (NIST SP 800-38D) under a key that follows from ``CHURNKIT_SECRET_KEY``, and bound to what they
belong to: a sealed text that is copied to another row does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from churnkit.config import SECRET_CHARACTERS, SECRET_KEY, secret_key
from churnkit.errors import SettingsError
from churnkit.outgoing.signature import key_mark

_NONCE_BYTES = 12


class SealingRefused(SettingsError):
    """Credentials cannot be sealed, or what was sealed cannot be opened."""

    code = "sealing"


def can_seal() -> bool:
    """Whether the server has the key that credentials are sealed with."""
    return secret_key() is not None


def seal(credentials: Mapping[str, str], owner: str) -> str:
    """Credentials as a text that may be stored.

    Parameters
    ----------
    owner
        What they belong to, e.g. ``source 3f2a``; needed again to open them.

    Raises
    ------
    SealingRefused
        The server has no ``CHURNKIT_SECRET_KEY``.
    """
    key = _server_key("Keeping credentials")
    nonce = secrets.token_bytes(_NONCE_BYTES)
    plain = json.dumps(dict(credentials)).encode()
    sealed = AESGCM(_key(key)).encrypt(nonce, plain, owner.encode())
    return f"{key_mark(key)}.{base64.b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, owner: str) -> dict[str, str]:
    """The credentials that were sealed for ``owner``.

    Raises
    ------
    SealingRefused
        The server has no key or another one by now, or the text is damaged or another owner's.
    """
    key = _server_key("Opening stored credentials")
    mark, _, text = sealed.partition(".")
    if mark != key_mark(key):
        raise SealingRefused(
            f"Opening stored credentials: they were sealed with another {SECRET_KEY}.",
            "Enter them again, or start the server with the key that it had.",
        )
    try:
        packed = base64.b64decode(text, validate=True)
        plain = AESGCM(_key(key)).decrypt(packed[:_NONCE_BYTES], packed[_NONCE_BYTES:], owner.encode())
    except (ValueError, InvalidTag) as error:
        raise SealingRefused(
            "Opening stored credentials: they are damaged, or were sealed for something else.",
            "Enter them again.",
        ) from error
    return {str(name): str(value) for name, value in json.loads(plain).items()}


def _server_key(doing: str) -> str:
    key = secret_key()
    if key is None:
        raise SealingRefused(
            f"{doing}: the server has no {SECRET_KEY}, and credentials are never stored in the open.",
            f"Set {SECRET_KEY} to {SECRET_CHARACTERS} characters or more, for example to what openssl rand -hex 32"
            " prints, and start the server again.",
        )
    return key


def _key(server_key: str) -> bytes:
    return hmac.digest(server_key.encode(), b"churnkit\nsealing", hashlib.sha256)
