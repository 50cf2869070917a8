"""Another revision of the code, to measure the present one against."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@contextmanager
def checked_out(revision: str | None, folder: Path) -> Iterator[Path | None]:
    """A checkout of a revision in ``folder``, removed afterwards; None where none is named."""
    if not revision:
        yield None
        return
    base = folder / "base"
    git = ["git", "-C", str(REPOSITORY), "worktree"]
    subprocess.run([*git, "add", "--detach", str(base), revision], check=True, capture_output=True)
    try:
        yield base
    finally:
        subprocess.run([*git, "remove", "--force", str(base)], check=True, capture_output=True)
