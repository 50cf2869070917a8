"""Beginning a shop's next run: scored by the model that it has, or trained again."""

from __future__ import annotations

from dataclasses import replace

from churnkit.accounts import Action
from churnkit.config import AnalysisSettings
from churnkit.jobs.clearing import ClearingDesk
from churnkit.jobs.request import Request, stored_request
from churnkit.jobs.shop_requests import refresh_request, rerun_request, retrain_request
from churnkit.jobs.work_desk import unfinished
from churnkit.store import JobKind, Store, TrainingJob


class RunDesk(ClearingDesk):
    """Takes orders for runs of a shop; they wait for whatever else goes on with it."""

    def start_refresh(self, store: Store, shop_id: str) -> TrainingJob:
        """Queue scores of the newest history by the model of the run on screen; one that waits already is returned.

        Raises
        ------
        JobError
            The shop has no finished analysis.
        """
        store.actor.require(Action.RUN)
        with self._lock:
            return self._once(store, shop_id, "refresh", refresh_request(store, shop_id))

    def start_retrain(
        self,
        store: Store,
        shop_id: str,
        settings: AnalysisSettings | None = None,
        *,
        as_challenger: bool = False,
    ) -> TrainingJob:
        """Queue an analysis of the newest history; one that waits already and asks the same is returned.

        Parameters
        ----------
        settings
            Those of the present model with its churn threshold, unless given.
        as_challenger
            Whether the new model is compared with the present one and shown only if somebody, or the shop's settings,
            let it take over.

        Raises
        ------
        JobError
            The shop has no finished analysis.
        """
        store.actor.require(Action.RUN)
        with self._lock:
            request = replace(retrain_request(store, shop_id, settings), challenger=as_challenger)
            return self._once(store, shop_id, "analyze", request)

    def start_rerun(self, store: Store, shop_id: str, history_version: int) -> TrainingJob:
        """Queue an analysis of the history as it was known at one of its versions; errors as for ``start_retrain``."""
        store.actor.require(Action.RUN)
        with self._lock:
            request = rerun_request(store, shop_id, history_version)
            return self._once(store, shop_id, "analyze", request)

    def _once(self, store: Store, shop_id: str, kind: JobKind, request: Request) -> TrainingJob:
        for job in unfinished(store, shop_id):
            waits = job.status == "pending" and job.kind == kind
            if waits and stored_request(job.request) == request:
                return job
        return self._queue(store, shop_id, kind, request)
