"""Where a job of the server may read orders and write scores: what whoever runs the server has allowed, nothing else."""

from __future__ import annotations

import os
import re

from churnkit.config import (
    ENGINE_STORAGE,
    EXPORTS_FOLDER,
    SOURCES_FOLDER,
    engine_storage,
    exports_folder,
    sources_folder,
)
from churnkit.errors import SettingsError

_NAME = re.compile(r"[\w][\w .-]{0,99}")


def place_to_read(place: str) -> str:
    """A path below the server's folder of sources, whole; or an address as it is.

    Raises
    ------
    SettingsError
        It is neither below that folder nor below an address that the server allows.
    """
    if "://" in place:
        return _allowed(place)
    root = sources_folder()
    if root is None:
        raise _nowhere("Reading orders", place, SOURCES_FOLDER)
    path = root / place.strip("/")
    # No path has such signs; what is too long for one is none either.
    if not place.isprintable() or not os.path.exists(path):  # noqa: PTH110
        raise _no_such(place)
    path = path.resolve()
    # A link inside may lead outside.
    if not path.is_relative_to(root.resolve()):
        raise _no_such(place)
    return str(path)


def place_to_write(place: str) -> str:
    """A folder of that name below the server's folder of exports, whole; or an address as it is.

    Raises
    ------
    SettingsError
        It is neither a plain name nor below an address that the server allows.
    """
    if "://" in place:
        return _allowed(place)
    root = exports_folder()
    if root is None:
        raise _nowhere("Writing scores", place, EXPORTS_FOLDER)
    if not _NAME.fullmatch(place) or ".." in place:
        raise SettingsError(
            f"Writing scores to {place[:60]!r}: it must be a plain name of letters, digits, spaces, dots and hyphens, or an"
            " address."
        )
    return str(root.resolve() / place)


def _allowed(place: str) -> str:
    prefixes = engine_storage()
    parts = place.partition("?")[0].split("/")
    below = any(place == prefix or place.startswith(f"{prefix}/") for prefix in prefixes)
    # What follows a question mark names another server.
    if not below or ".." in parts or "?" in place:
        raise SettingsError(
            f"Opening {place[:100]!r}: the server allows addresses below those in {ENGINE_STORAGE} only.",
            "Choose one of them, or ask whoever runs the server.",
        )
    return place


def _no_such(place: str) -> SettingsError:
    return SettingsError(
        f"Reading orders from {place[:100]!r}: there is no such place in the server's folder for sources."
    )


def _nowhere(doing: str, place: str, setting: str) -> SettingsError:
    return SettingsError(
        f"{doing} at {place[:100]!r}: the server has no folder for that ({setting} is not set).",
        f"Whoever runs it sets {setting}, or {ENGINE_STORAGE} for object storage.",
    )
