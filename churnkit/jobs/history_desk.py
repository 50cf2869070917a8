"""Beginning additions to a shop's history: a newer export comes in, or the last one is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal

from churnkit.accounts import Action
from churnkit.config import AnalysisSettings
from churnkit.errors import ConflictError, JobError
from churnkit.ingest import Reading
from churnkit.jobs.addition_request import AdditionAsked, MissingAnswer
from churnkit.jobs.request import Request, stored_request
from churnkit.jobs.run_desk import RunDesk
from churnkit.results.shop import AfterAdding
from churnkit.store import Session, Store, TrainingJob


class HistoryDesk(RunDesk):
    """Takes orders for additions; they wait for whatever else goes on with the shop."""

    def add_export(
        self,
        store: Store,
        shop_id: str,
        upload_id: str,
        *,
        reading: Reading | None = None,
        missing: MissingAnswer | None = None,
        corrects: bool = False,
        insist: bool = False,
        kind: Literal["period", "changes"] = "period",
        knows_until: datetime | None = None,
        source_id: str | None = None,
        then: AfterAdding | None = None,
    ) -> TrainingJob:
        """Queue a newer export of a shop; the first of a shop that has none is looked at instead.

        Parameters
        ----------
        reading
            How to read it, where that differs from the files before; what they were read as and answered goes on.
        missing
            What becomes of known orders of its time that it lacks; the shop's settings decide unless given, and where those
            want to ask, the job ends with the question.
        corrects
            It is right where it differs from files that know longer.
        insist
            It is of this shop, whatever speaks against that.
        kind, knows_until
            ``changes`` are orders that changed, whenever they were made, as known at ``knows_until`` (the shop's own time).
        then
            What follows if it changes the history; the shop's settings decide unless given.
        """
        store.actor.require(Action.UPLOAD)
        settings = store.shops.get(shop_id).shop_settings
        then = then or settings.after_adding
        with self._lock:
            session = self._begun(store, shop_id)
            if session is None:
                return self._begin(store, shop_id, upload_id, reading or Reading(), then)
            lacks = missing or settings.missing_orders
            asked = AdditionAsked(
                upload_id=upload_id,
                source_id=source_id,
                kind=kind,
                knows_until=knows_until,
                takes_out_missing=lacks == "take_out",
                asks_about_missing=lacks == "ask",
                corrects=corrects,
                insists=insist,
                again=missing is None and not corrects and self._is_known(store, session, upload_id),
                then=then,
            )
            return self._queue(
                store, shop_id, "add", self._request(store, shop_id, reading or Reading(), asked)
            )

    def take_back(self, store: Store, shop_id: str, *, then: AfterAdding | None = None) -> TrainingJob:
        """Queue the taking back of what was added last.

        Raises
        ------
        JobError
            Nothing was added, or the last was taken back already.
        """
        store.actor.require(Action.UPLOAD)
        settings = store.shops.get(shop_id).shop_settings
        with self._lock:
            additions = store.additions.of_shop(shop_id)
            if len(additions) < 2 or additions[0].kind not in ("period", "changes"):
                raise JobError(
                    "Taking back what was added last: nothing was added since it was last taken back.",
                    "Only the newest addition can be taken back.",
                )
            asked = AdditionAsked(then=then or settings.after_adding)
            return self._queue(store, shop_id, "add", self._request(store, shop_id, Reading(), asked))

    def _begun(self, store: Store, shop_id: str) -> Session | None:
        return next((one for one in store.sessions.all() if one.session_id == shop_id), None)

    def _begin(
        self, store: Store, shop_id: str, upload_id: str, reading: Reading, then: AfterAdding
    ) -> TrainingJob:
        """Look at the first file of a shop, and analyse it unless nothing is to follow."""
        settings = AnalysisSettings()
        self.start_look(store, upload_id, reading, settings, shop_id=shop_id)
        look = store.jobs.of_session(shop_id)[0]
        if then != "nothing":
            self.start_analysis(store, shop_id, settings)
        return look

    def _request(self, store: Store, shop_id: str, reading: Reading, asked: AdditionAsked) -> Request:
        """With the answers that were given to the files before."""
        done = [
            stored_request(job.request)
            for job in store.jobs.of_session(shop_id)
            if job.kind in ("look", "add") and (job.kind == "look" or job.status == "completed")
        ]
        if not done:
            raise ConflictError(
                "Adding a file to the shop: its first file has not been read.",
                "Read the first file, then add this one.",
            )
        # Brings all that reads files, which the first page need not wait for.
        from churnkit.services.look.remembered_reading import remembered

        return replace(
            done[0],
            reading=remembered(done[0].reading, reading),
            run_id=None,
            history_version=None,
            addition=asked,
        )

    def _is_known(self, store: Store, session: Session, upload_id: str) -> bool:
        """Whether the same bytes stand in the history."""
        sha256 = store.uploads.get(upload_id).sha256
        if sha256 is None:
            return False
        standing = {store.uploads.get(session.upload_id).sha256}
        undone = False
        for one in store.additions.of_shop(session.session_id):
            if not undone and one.kind != "taken_back":
                standing.add(one.sha256)
            # It undid the one before it, whose file may come again.
            undone = one.kind == "taken_back"
        return sha256 in standing
