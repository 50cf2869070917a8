"""What must hold of a shop whose additions and refreshes were broken off, whenever a server opens it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from churnkit.jobs import Platform
from churnkit.jobs.adoption import run_files
from churnkit.jobs.layout import SQL
from churnkit.jobs.leftovers import unnamed
from churnkit.results.files import is_temporary
from churnkit.results.folders import Results
from churnkit.shops import account_of, assemble
from churnkit.store import Addition, Run, Store
from tests.faults.growing_shop import Exports, state_of

_OF_A_JOB = {"request.json", "status.json", "log.txt"}


@dataclass
class Told:
    """What earlier servers had said was done, and whose workers were killed: ids, and hashes of runs' scores."""

    jobs: set[str] = field(default_factory=set)
    additions: set[str] = field(default_factory=set)
    runs: dict[str, str] = field(default_factory=dict)
    killed: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Examined:
    """An open shop and what to compare it with."""

    platform: Platform
    store: Store
    shop_id: str
    exports: Exports
    told: Told

    def additions(self) -> list[Addition]:
        """Oldest first, without the first file."""
        return [one for one in reversed(self.store.additions.of_shop(self.shop_id)) if one.kind != "first"]

    def faults(self, *, at_rest: bool) -> list[str]:
        """What is wrong; ``at_rest`` once every job has ended."""
        found = [*self._lost(), *self._uploads(), *self._interrupted(), *self._additions(), *self._runs()]
        return [*found, *(self._unfinished() if at_rest else self._swept())]

    def _lost(self) -> Iterator[str]:
        jobs = {job.job_id for job in self.store.jobs.of_session(self.shop_id)}
        additions = {one.addition_id for one in self.additions()}
        runs = {run.run_id for run in self.store.runs.of_session(self.shop_id)}
        yield from (f"job {one} was confirmed and is gone" for one in self.told.jobs - jobs)
        yield from (f"addition {one} was confirmed and is gone" for one in self.told.additions - additions)
        yield from (f"run {one} was confirmed and is gone" for one in set(self.told.runs) - runs)
        for run_id, sha256 in self.told.runs.items():
            if run_id in runs and scores_hash(self.platform, self.shop_id, run_id) != sha256:
                yield f"the scores of run {run_id} have changed"

    def _uploads(self) -> Iterator[str]:
        names = [one.filename for one in self.store.uploads.all()]
        if len(set(names)) != len(names):
            yield f"an export was received twice: {sorted(names)}"
        for upload in self.store.uploads.all():
            if (
                self.platform.upload_file(upload).read_bytes()
                != self.exports.write(upload.filename).read_bytes()
            ):
                yield f"{upload.filename} is not what was uploaded"

    def _interrupted(self) -> Iterator[str]:
        for job in self.store.jobs.of_session(self.shop_id):
            if job.status != "failed" or job.job_id in self.told.killed:
                continue
            # A server that died between taking a job and starting its worker leaves nothing to go on with.
            began = (self.platform.folders.job(job.job_id) / "status.json").exists()
            if began or job.ended_by != "interrupted":
                yield f"{job.kind} {job.job_id} failed by itself: {job.error_message}"

    def _additions(self) -> Iterator[str]:
        additions = self.additions()
        names = [self.store.uploads.get(one.upload_id or "").filename for one in additions]
        if names != self.exports.names[: len(names)]:
            yield f"the additions are {names}"
            return
        for number, one in enumerate(additions, start=1):
            figures, brought = one.addition_figures, self.exports.brought(number)
            counted = (figures.new.orders, figures.changed.orders, figures.unchanged.orders)
            if one.history_version != number + 1:
                yield f"export {number} is version {one.history_version}"
            if counted != (brought.new, brought.changed, brought.unchanged):
                yield f"export {number} counts {counted} orders instead of {brought}"
        if additions:
            yield from self._history(additions[-1])

    def _history(self, newest: Addition) -> Iterator[str]:
        folder = self.platform.folders.history(self.shop_id, newest.addition_id)
        version = newest.history_version
        if account_of(folder).newest != version:
            yield f"the history is of version {account_of(folder).newest}, its addition of {version}"
            return
        for one in sorted({1, version - 1, version, random.Random(version).randint(1, version)}):
            with TemporaryDirectory() as work:
                state = state_of(assemble(folder, one, Path(work)).transactions)
            if state != self.exports.state(one - 1):
                yield f"version {one} of {version} is not what the exports up to it say"

    def _runs(self) -> Iterator[str]:
        runs = self.store.runs.of_session(self.shop_id, challengers=True)
        refreshes = [run.history_version for run in reversed(runs) if run.kind == "refresh"]
        if refreshes != list(range(2, 2 + len(refreshes))):
            yield f"the refreshes are of versions {refreshes}"
        if [run.kind for run in runs].count("analysis") != 1:
            yield f"there are {len(runs) - len(refreshes)} analyses"
        for run in runs:
            run_files(self.platform.folders.run(self.shop_id, run.run_id))
        yield from self._on_screen(runs[0])

    def _on_screen(self, newest: Run) -> Iterator[str]:
        if self.store.sessions.get(self.shop_id).run_id != newest.run_id:
            yield "the run on screen is not the one that was finished last"
        wanted = Results(self.platform.folders.run(self.shop_id, newest.run_id)).customers
        found = self.store.predictions.page(self.shop_id).rows
        if _scores(wanted) != _scores(found):
            yield "the predictions are not those of the run on screen"
        state = self.exports.state((newest.history_version or 1) - 1)
        if set(wanted["customer_id"].astype(str)) != {customer for customer, _ in state.values()}:
            yield "the run on screen scores other customers than its history has"

    def _swept(self) -> Iterator[str]:
        """A server that starts removes all that nothing names: what it looks for again is not there."""
        left = unnamed(self.platform.folders, self.platform._root.overview.named_files(), at_start=True)
        yield from (f"{kind} nobody names: {path}" for path, kind in left)

    def _unfinished(self) -> Iterator[str]:
        runs = self.store.runs.of_session(self.shop_id)
        if any(not run.followed_up for run in runs):
            yield "a run was not followed up"
        additions = self.additions()
        if additions and runs[0].history_version != additions[-1].history_version:
            yield f"no refresh of version {additions[-1].history_version}"
        yield from self._on_disk()

    def _on_disk(self) -> Iterator[str]:
        """Files that no row names though nothing goes on, by the tables alone."""
        folders = self.platform.folders
        session = self.store.sessions.get(self.shop_id)
        additions = self.store.additions.of_shop(self.shop_id)
        kept = {folders.history(self.shop_id, one.addition_id) for one in additions[:2]}
        kept |= {folders.run(self.shop_id, one.run_id) for one in self.store.runs.of_session(self.shop_id)}
        kept |= {folders.look(self.shop_id, session.look_id or "none")}
        models = {Path(one.file_path).stem for one in self.store.models.of_session(self.shop_id)}
        uploads = {self.platform.upload_file(one) for one in self.store.uploads.all()}
        jobs = {folders.job(job.job_id) for job in self.store.jobs.all()}
        for path in [*folders.data.rglob("*"), *folders.models.rglob("*")]:
            named = (
                not kept.isdisjoint(path.parents)
                or path in uploads
                or (path.parent in jobs and path.name in _OF_A_JOB)
                or (path.parent == folders.models and path.stem in models)
                or path.name.startswith((folders.database.name, SQL))
            )
            if path.is_file() and (not named or is_temporary(path.name)):
                yield f"at rest, nobody names {path}"


def scores_hash(platform: Platform, shop_id: str, run_id: str) -> str:
    """Of the customers that a run scored."""
    path = platform.folders.run(shop_id, run_id) / "customers.parquet"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _scores(frame: pd.DataFrame) -> dict[str, float]:
    return dict(zip(frame["customer_id"].astype(str), frame["p_churn"].round(6), strict=True))
