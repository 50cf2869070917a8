"""Beginning to score many orders on an engine."""

from __future__ import annotations

from dataclasses import replace

from churnkit.accounts import Action
from churnkit.engines.places import place_to_read, place_to_write
from churnkit.errors import JobError
from churnkit.jobs.bulk import BulkAsked
from churnkit.jobs.request import stored_request
from churnkit.jobs.source_desk import SourceDesk
from churnkit.store import Store, TrainingJob


class BulkDesk(SourceDesk):
    """Takes orders for work, scoring on engines among it."""

    def start_bulk_scoring(
        self,
        store: Store,
        session_id: str,
        asked: BulkAsked,
        *,
        run_id: str | None = None,
        model_id: str | None = None,
        name: str | None = None,
    ) -> TrainingJob:
        """Queue the scoring of canonical Parquet on an engine by one of the session's runs.

        Parameters
        ----------
        run_id
            The run, the current one unless given.
        model_id
            Which of the models stored for it, its champion unless given.
        name
            What the scores are called; the name of the output unless given.

        Raises
        ------
        SettingsError
            The server does not allow one of the places.
        JobError
            The session has no finished analysis, or run or model are another's.
        """
        # Orders come from outside the workspace, and scores leave it.
        store.actor.require(Action.RUN)
        store.actor.require(Action.SOURCES)
        with self._lock:
            session = store.sessions.get(session_id)
            place_to_read(asked.input)
            place_to_write(asked.output)
            run_id = run_id or session.run_id
            if run_id is None:
                raise JobError(
                    "Scoring on an engine: this file has not been analysed yet.", "Start the analysis."
                )
            run = store.runs.get(run_id)
            others = [run.session_id]
            if model_id is not None:
                others.append(store.models.get(model_id).session_id)
            if any(other != session_id for other in others):
                raise JobError(
                    "Scoring on an engine: the version belongs to another analysis.", "Choose another one."
                )
            request = stored_request(store.jobs.get(run.trained_by or run_id).request)
            request = replace(request, run_id=run_id, model_id=model_id, bulk=asked)
            store.audit.note(f"scoring {asked.input} into {asked.output}", Action.SOURCES, session_id)
            return self._queue(store, session_id, "bulk", request, name=name or asked.output)
