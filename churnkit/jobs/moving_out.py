"""The files of a finished job take their place."""

from __future__ import annotations

from pathlib import Path

from churnkit.jobs.layout import Folders


def move_out(folders: Folders, job_id: str, target: Path) -> None:
    """Move what a job's worker wrote to ``target``, unless that was done before."""
    out = folders.out(job_id)
    if out.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        out.replace(target)
