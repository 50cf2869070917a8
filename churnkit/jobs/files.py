"""Files that are there as a whole or not at all, and removing what is ours."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path


def write_text_whole(path: Path, text: str) -> None:
    """Write ``text`` in one step: a reader finds the old content or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def move_whole(source: Path, target: Path) -> None:
    """Move a file, across file systems too, so that ``target`` is never there in part."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError:
        # Another file system, which only copies can reach.
        temporary = target.with_name(f".{target.name}.tmp")
        shutil.copyfile(source, temporary)
        temporary.replace(target)
        source.unlink()


def remove(path: Path, roots: Iterable[Path]) -> bool:
    """Remove a file or a folder with all it holds; False, and nothing is touched, if it lies outside ``roots``."""
    resolved = path.resolve()
    if not any(resolved != root and resolved.is_relative_to(root) for root in map(Path.resolve, roots)):
        return False
    if resolved.is_dir():
        shutil.rmtree(resolved)
    else:
        resolved.unlink(missing_ok=True)
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
