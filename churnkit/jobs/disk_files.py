"""Moving files as a whole, removing what is ours, and how much room it takes."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from churnkit.results.files import written_whole


def move_whole(source: Path, target: Path) -> None:
    """Move a file, across file systems too, so that ``target`` is never there in part."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError:
        # Another file system, which only copies can reach.
        with written_whole(target) as draft:
            shutil.copyfile(source, draft)
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


def size_bytes(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; 0 if there is none."""
    if path.is_dir():
        return sum(size_bytes(inner) for inner in path.iterdir())
    try:
        return path.stat().st_size
    except FileNotFoundError:
        # A worker's temporary file, gone since the folder was listed.
        return 0
