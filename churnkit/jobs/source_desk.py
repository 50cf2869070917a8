"""Pulling and removing sources, and adding what they brought."""

from __future__ import annotations

from churnkit.accounts import Action
from churnkit.jobs import removal
from churnkit.jobs.history_desk import HistoryDesk
from churnkit.jobs.pulls import pulls_of
from churnkit.jobs.request import Request, stored_request
from churnkit.store import Store, TrainingJob


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
