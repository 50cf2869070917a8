"""A server that takes a shop's exports in, one after the other, and says what is done as soon as it is."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from churnkit.accounts import OWNER
from churnkit.jobs import Platform
from churnkit.jobs.request import stored_request
from churnkit.store import TrainingJob
from tests.faults.growing_shop import TENANT, Exports, received
from tests.faults.refreshes_examined import Examined, Told, scores_hash

TOLD = "told.jsonl"


def told(folder: Path) -> list[dict[str, Any]]:
    """All that servers, and who kills them, have said so far."""
    path = folder / TOLD
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def tell(folder: Path, **words: object) -> None:
    """Say something in one line, whole or not at all, that outlives its process."""
    with (folder / TOLD).open("ab", buffering=0) as stream:
        stream.write((json.dumps(words) + "\n").encode())


class ServingShop:
    """The platform as a new server opens it."""

    def __init__(self, folder: Path, shop_id: str, number: int) -> None:
        self.folder = folder
        self.shop_id = shop_id
        self.exports = Exports(folder / "exports", number)
        self.platform = Platform(folder / "data", folder / "models", slots=1)
        self.store = self.platform.store_for(TENANT, OWNER)
        self.settled = max((line.get("settled", 0) for line in told(folder)), default=0)

    def examine(self, *, at_rest: bool) -> None:
        """Say what is wrong now."""
        shop = Examined(self.platform, self.store, self.shop_id, self.exports, self._told())
        for fault in shop.faults(at_rest=at_rest):
            tell(self.folder, fault=fault)
        tell(self.folder, examined=at_rest)

    def bring_in(self, number: int) -> None:
        """Add an export unless that was asked for already, and wait until its refresh has been followed up."""
        upload_id = received(self.platform, self.store, self.exports, self.exports.names[number - 1])
        if not any(self._adds(job, upload_id) for job in self.store.jobs.of_session(self.shop_id)):
            job = self.platform.add_export(self.store, self.shop_id, upload_id, then="refresh")
            tell(self.folder, job=job.job_id)
        while not self._is_done(number):
            time.sleep(0.15)

    def _is_done(self, number: int) -> bool:
        jobs = self.store.jobs.of_session(self.shop_id)
        self._confirm(jobs)
        if any(job.status in ("pending", "running") for job in jobs):
            return False
        if jobs[0].status == "failed":
            # As somebody would who reads that it was interrupted; what failed otherwise is a fault.
            tell(self.folder, retried=self.platform.retry(self.store, jobs[0].job_id).job_id)
            return False
        newest = self.store.runs.of_session(self.shop_id)[0]
        if newest.history_version != number + 1:
            raise SystemExit(f"export {number} was added, and its refresh was never asked for")
        return newest.followed_up

    def _confirm(self, jobs: list[TrainingJob]) -> None:
        known = self._told()
        for job in jobs:
            if job.status != "completed":
                continue
            if job.kind == "add" and job.job_id not in known.additions:
                tell(self.folder, addition=job.job_id)
            if job.kind == "refresh" and job.job_id not in known.runs:
                sha256 = scores_hash(self.platform, self.shop_id, job.job_id)
                tell(self.folder, run=job.job_id, sha256=sha256)

    def _told(self) -> Told:
        found = Told()
        for line in told(self.folder):
            found.jobs |= {line[name] for name in ("job", "retried") if name in line}
            found.additions |= {line["addition"]} if "addition" in line else set()
            found.runs |= {line["run"]: line["sha256"]} if "run" in line else {}
            found.killed |= {line["killed"]} if "killed" in line else set()
        return found

    def _adds(self, job: TrainingJob, upload_id: str) -> bool:
        asked = stored_request(job.request).addition if job.kind == "add" else None
        return asked is not None and asked.upload_id == upload_id
