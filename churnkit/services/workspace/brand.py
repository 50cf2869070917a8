"""A shop's name and logo, as its reports and the sidebar show them."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64decode, b64encode
from dataclasses import dataclass

from churnkit.errors import DataError
from churnkit.store import Store

MAX_NAME_LETTERS = 80
MAX_LOGO_BYTES = 2_000_000
_KEY = "brand"
_SECONDS = 20
_HOW = "Choose a PNG or JPEG file of at most 2 MB and 16 million pixels."


@dataclass(frozen=True)
class Brand:
    """What a shop calls itself; empty and None where it has not said.

    Attributes
    ----------
    logo
        A small PNG that was drawn anew by ours.
    """

    name: str = ""
    logo: bytes | None = None


NO_BRAND = Brand()


def load_brand(store: Store) -> Brand:
    """What the workspace has said."""
    kept = store.preferences.get(_KEY) or {}
    logo = kept.get("logo")
    return Brand(kept.get("name", ""), b64decode(logo) if logo else None)


def save_brand(store: Store, brand: Brand) -> None:
    """Keep it; ``brand.logo`` must be what :func:`checked_logo` returned.

    Raises
    ------
    DataError
        The name is too long.
    """
    name = " ".join(brand.name.split())
    if len(name) > MAX_NAME_LETTERS:
        raise DataError(
            f"Saving the shop's name: it must have at most {MAX_NAME_LETTERS} letters, found {len(name)}.",
            "Choose a shorter one.",
        )
    logo = None if brand.logo is None else b64encode(brand.logo).decode("ascii")
    store.preferences.set(_KEY, {"name": name, "logo": logo})


def checked_logo(content: bytes) -> bytes:
    """A picture that somebody handed over, drawn anew by a process of its own: see ``worker.picture``.

    Raises
    ------
    DataError
        It is no PNG or JPEG, is too large, or cannot be drawn.
    """
    if len(content) > MAX_LOGO_BYTES:
        raise DataError("Reading the logo: it must have at most 2 MB, this file has more.", _HOW)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "churnkit.worker.picture"],
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DataError("Reading the logo: it took too long.", _HOW) from error
    if done.returncode != 0:
        found = "it has too many pixels" if b"large" in done.stderr else "it is none, or is damaged"
        raise DataError(f"Reading the logo: it must be a picture that can be drawn; {found}.", _HOW)
    return done.stdout
