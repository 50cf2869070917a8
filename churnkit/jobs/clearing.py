"""Removing what somebody deletes and what has been kept for long enough; handing workspaces over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from churnkit.accounts import Action
from churnkit.errors import ConflictError, DataError
from churnkit.jobs import removal
from churnkit.jobs.erasing import shop_folders, shops_on, upload_ids
from churnkit.jobs.request import Request, stored_request
from churnkit.jobs.work_desk import WorkDesk, unfinished
from churnkit.results.codec import to_json
from churnkit.services.access.keys import note_revocation
from churnkit.store import PutAway, Removed, Session, Store, TrainingJob


class ClearingDesk(WorkDesk):
    """Takes orders for work, removes sessions and uploads with the work on them, and moves them to other workspaces."""

    def delete_session(self, store: Store, session_id: str) -> Removed:
        """End a session's work and remove it with its files; its upload too unless another session stands on it."""
        store.actor.require(Action.DELETE)
        with self._lock:
            self.cancel_all(store, session_id)
            return removal.delete_session(store, self.folders, session_id)

    def put_away(self, store: Store, session_id: str) -> PutAway:
        """End a session's work and take it out of everything; it can be brought back for a day.

        Raises
        ------
        ConflictError
            A customer is being erased from it, and would come back with it.
        """
        store.actor.require(Action.DELETE)
        with self._lock:
            store.sessions.get(session_id)
            if any(job.kind == "erase" for job in unfinished(store, session_id)):
                raise ConflictError(
                    "Deleting the analysis: a customer is being erased from it.", "Wait until that is done."
                )
            self.cancel_all(store, session_id)
            return removal.put_away(store, self.folders, session_id, datetime.now(UTC))

    def bring_back(self, store: Store, session_id: str) -> Session:
        """Undo :meth:`put_away`."""
        store.actor.require(Action.DELETE)
        with self._lock:
            session = removal.bring_back(store, self.folders, session_id)
        self.follower.wake()
        return session

    def delete_put_away(self, store: Store, session_id: str) -> None:
        """Delete for good what was put away."""
        store.actor.require(Action.DELETE)
        with self._lock:
            removal.delete_put_away(store, self.folders, session_id)

    def delete_all_put_away(self, store: Store) -> None:
        """Delete for good everything of the tenant's that was put away."""
        store.actor.require(Action.DELETE)
        for away in store.put_away.all():
            self.delete_put_away(store, away.session_id)

    def delete_upload(self, store: Store, upload_id: str) -> Removed:
        """Remove an upload with every session on it, and all their files."""
        store.actor.require(Action.DELETE)
        with self._lock:
            for session in store.sessions.all():
                if session.upload_id == upload_id:
                    self.cancel_all(store, session.session_id)
            return removal.delete_upload(store, self.folders, upload_id)

    def delete_run(self, store: Store, run_id: str) -> None:
        """Remove a run that is not on screen, with its models.

        Raises
        ------
        ConflictError
            It is on screen, or a campaign was planned by it.
        """
        store.actor.require(Action.DELETE)
        with self._lock:
            removal.delete_run(store, self.folders, run_id)

    def delete_model(self, store: Store, model_id: str) -> None:
        """Remove a model that scored no run; one that did raises ConflictError."""
        store.actor.require(Action.DELETE)
        with self._lock:
            removal.delete_model(store, self.folders, model_id)

    def delete_scoring(self, store: Store, job_id: str) -> None:
        """Stop a scoring if it goes on, and remove it with its file and its scores."""
        store.actor.require(Action.DELETE)
        with self._lock:
            self.cancel(store, job_id)
            removal.delete_scoring(store, self.folders, job_id)

    def erase_customer(self, store: Store, shop_id: str, customer_id: str) -> list[TrainingJob]:
        """Take a customer out of everything that a shop holds, and keep them out from now on.

        Other analyses of the same files hold the same customer: there is a job for each of them, the shop's own first.
        What was put away in the workspace is deleted for good.

        Raises
        ------
        DataError
            The customer has no id.
        """
        store.actor.require(Action.DELETE)
        if not customer_id.strip():
            raise DataError("Erasing a customer: nobody was named.", "Give the customer's id.")
        with self._lock:
            # Work on an analysis that was put away is none: its files would bring the customer back with it.
            self.delete_all_put_away(store)
            shops = self.shops_with(store, shop_id)
            jobs = [
                self._erase(store, one, customer_id) for one in sorted(shops, key=lambda one: one != shop_id)
            ]
        self.follower.wake()
        return jobs

    def shops_with(self, store: Store, shop_id: str) -> list[str]:
        """Ids of the shops of the workspace that stand on a file of this one, itself among them."""
        return shops_on(store, upload_ids(store, shop_id))

    def customer_folders(self, store: Store, shop_id: str) -> tuple[Path, ...]:
        """Where something of a shop's customers may lie, for whoever takes it out for one of them."""
        store.actor.require(Action.EXPORT)
        return shop_folders(store, self.folders, shop_id)

    def _erase(self, store: Store, shop_id: str, customer_id: str) -> TrainingJob:
        request = Request(customers=(customer_id,))
        for job in unfinished(store, shop_id):
            if job.kind == "erase" and stored_request(job.request) == request:
                return job
        return store.erasures.begin(shop_id, customer_id, to_json(request), at=datetime.now(UTC))

    def delete_everything(self, store: Store) -> None:
        """Empty the tenant's workspace: every upload, session, file and remembered answer; preferences stay."""
        store.actor.require(Action.DELETE)
        self.delete_all_put_away(store)
        for upload in store.uploads.all():
            self.delete_upload(store, upload.upload_id)
        store.answers.delete_all()

    def apply_retention(self, store: Store, days: int) -> int:
        """Remove sessions and uploads on which nothing has happened for more than ``days`` days; their number."""
        store.actor.require(Action.DELETE)
        now = datetime.now(UTC)
        with self._lock:
            sessions = removal.outdated_sessions(store, days, now)
            for session in sessions:
                removal.delete_session(store, self.folders, session.session_id)
            uploads = removal.unused_uploads(store, days, now)
            for upload_id in uploads:
                removal.delete_upload(store, self.folders, upload_id)
        return len(sessions) + len(uploads)

    def take_over(self, store: Store, left: Store) -> int:
        """Make everything in the workspace ``left`` that of ``store``; how many analyses came.

        What was put away there is deleted for good.

        Raises
        ------
        AccessError
            See ``Store.workspace.take_over``.
        ConflictError
            Work goes on there.
        """
        with self._lock:
            count = store.workspace.take_over(left.workspace, at=datetime.now(UTC))
            self.delete_all_put_away(left)
        note_revocation()
        return count
