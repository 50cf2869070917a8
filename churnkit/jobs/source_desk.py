"""Pulling and removing sources, and adding what they brought."""

from __future__ import annotations

from datetime import UTC, datetime

from churnkit.accounts import Action
from churnkit.errors import ChurnkitError
from churnkit.jobs import removal
from churnkit.jobs.history_desk import HistoryDesk
from churnkit.jobs.pulls import pulls_of
from churnkit.jobs.request import Request, stored_request
from churnkit.jobs.work_desk import unfinished
from churnkit.store import SourceFile, Store, TrainingJob

_MOST_WAITING = 10_000


class SourceDesk(HistoryDesk):
    """Takes orders for work, pulls of sources among it."""

    def start_pull(self, store: Store, source_id: str, *, is_test: bool = False) -> TrainingJob:
        """Queue a pull of a source; one that waits or runs already is returned instead.

        Parameters
        ----------
        is_test
            Only see whether it can be read.
        """
        store.actor.require(Action.SOURCES)
        with self._lock:
            source = store.sources.get(source_id)
            for job in pulls_of(store, source):
                if job.status in ("pending", "running") and stored_request(job.request).is_test == is_test:
                    return job
            return self._queue(store, source.shop_id, "pull", Request(source_id=source_id, is_test=is_test))

    def source_jobs(self, store: Store, source_id: str) -> list[TrainingJob]:
        """The pulls and tests of a source, newest first."""
        return pulls_of(store, store.sources.get(source_id))

    def delete_source(self, store: Store, source_id: str) -> None:
        """End a source's pulls and remove it with its credentials; orders that it brought stay."""
        store.actor.require(Action.SOURCES)
        with self._lock:
            source = store.sources.get(source_id)
            for job in pulls_of(store, source):
                self.cancel(store, job.job_id)
            store.sources.delete(source_id, folder=self.folders.source(source.shop_id, source_id))
            removal.finish_removals(store, self.folders)

    def delete_empty_shop(self, store: Store, shop_id: str) -> None:
        """Remove a shop that never had a file, with its sources.

        Raises
        ------
        ConflictError
            It has an analysis.
        """
        store.actor.require(Action.DELETE)
        with self._lock:
            self.cancel_all(store, shop_id)
            jobs = [self.folders.job(job.job_id) for job in store.jobs.of_session(shop_id)]
            store.shops.delete_empty(shop_id, folders=[self.folders.session(shop_id), *jobs])
            removal.finish_removals(store, self.folders)

    def _add_brought(self, store: Store, file: SourceFile) -> None:
        """Queue the addition of a file that a source brought, unless other work of its shop comes first.

        What follows an addition follows the last of several files. One that cannot be added is kept with the reason.
        """
        waiting = [one for one in store.sources.files(file.source_id, most=_MOST_WAITING) if _waits(one)]
        if not waiting or waiting[-1].file_id != file.file_id:
            return
        with self._lock:
            if any(job.kind not in ("pull", "score", "bulk") for job in unfinished(store, file.shop_id)):
                return
            try:
                job = self.add_export(
                    store,
                    file.shop_id,
                    file.upload_id,
                    kind=file.gives,
                    knows_until=file.knows_until,
                    source_id=file.source_id,
                    then="nothing" if len(waiting) > 1 else None,
                )
            except ChurnkitError as error:
                self._refuse(store, file, error)
            else:
                store.sources.hand_on(file.file_id, add_job_id=job.job_id)

    def offer_again(self, store: Store, file_id: str) -> None:
        """Try once more to add a file that was refused, or whose addition failed."""
        store.actor.require(Action.SOURCES)
        store.sources.hand_on(file_id)
        self.follower.wake()

    def _refuse(self, store: Store, file: SourceFile, error: ChurnkitError) -> None:
        store.sources.hand_on(file.file_id, refused_why=error.message)
        store.events.note(
            file.shop_id,
            "source_failed",
            key=file.file_id,
            words=f"A file that a source brought could not be added: {error.message}",
            at=datetime.now(UTC),
            details={"source_id": file.source_id, "upload_id": file.upload_id},
        )


def _waits(file: SourceFile) -> bool:
    return file.add_job_id is None and file.refused_why is None
