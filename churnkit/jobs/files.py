"""Files that are there as a whole or not at all, and removing what is ours."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

_TEMPORARY = re.compile(r"\.[a-z]+\.json\.[0-9]+\.tmp")


def write_text_whole(path: Path, text: str) -> None:
    """Write ``text`` in one step: a reader finds the old content or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def move_whole(source: Path, target: Path) -> None:
    """Move a file, across file systems too, so that ``target`` is never there in part."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError:
        # Another file system, which only copies can reach.
        temporary = target.with_name(f".{target.name}.tmp")
        try:
            shutil.copyfile(source, temporary)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        source.unlink()


def remove(path: Path, roots: Iterable[Path]) -> bool:
    """Remove a file or a folder with all it holds; False, and nothing is touched, if it lies outside ``roots``.

    Of a link the link goes, never what it leads to.
    """
    place = path.parent.resolve() / path.name
    inside = any(place != root and place.is_relative_to(root) for root in map(Path.resolve, roots))
    if not inside or place.name == "..":
        return False
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
    return True


def is_temporary(name: str) -> bool:
    """Whether ``name`` is one under which :func:`write_text_whole` writes before it renames."""
    return _TEMPORARY.fullmatch(name) is not None


def size_bytes(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; 0 if there is none."""
    if path.is_dir():
        return sum(size_bytes(inner) for inner in path.iterdir())
    try:
        return path.stat().st_size
    except FileNotFoundError:
        # A worker's temporary file, gone since the folder was listed.
        return 0
