"""Each version is told to MLflow, where whoever runs the server names one; what fails is an event and nothing else."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from datetime import UTC, datetime

from churnkit.config.tracking import tracking_uri
from churnkit.errors import ChurnkitError
from churnkit.jobs.layout import Folders
from churnkit.results.folders import Results
from churnkit.store import Run, Store

_ONE_AT_A_TIME = threading.Lock()
_log = logging.getLogger(__name__)


def track_beside(store: Store, folders: Folders, run: Run) -> None:
    """Tell MLflow of a run in a thread of its own; a run that it knows becomes champion, or none."""
    uri = tracking_uri()
    if uri is not None:
        threading.Thread(
            target=track_or_tell, args=(store, folders, run, uri), name="churnkit-mlflow", daemon=True
        ).start()


def track_or_tell(store: Store, folders: Folders, run: Run, uri: str) -> None:
    """Tell MLflow of a run now; note where that fails."""
    try:
        with _ONE_AT_A_TIME:
            _track(store, folders, run, uri)
    except (ChurnkitError, OSError) as error:
        _log.exception("telling MLflow of run %s", run.run_id)
        why = error.message if isinstance(error, ChurnkitError) else str(error)
        # The shop may be gone by now, and the store closed.
        with suppress(ChurnkitError):
            store.events.note(
                run.session_id,
                "copy_failed",
                key=f"mlflow-{run.run_id}",
                words=f"MLflow was not told of the new version. {why}",
                at=datetime.now(UTC),
                details={"run_id": run.run_id},
            )


def _track(store: Store, folders: Folders, run: Run, uri: str) -> None:
    from churnkit.services.tracking.run_account import run_account
    from churnkit.services.tracking.telling import tell_mlflow
    from churnkit.services.workspace.workspace_preferences import load_preferences

    folder = folders.run(run.session_id, run.run_id)
    account = run_account(
        Results(folder),
        folder,
        run,
        store.shops.get(run.session_id).name,
        load_preferences(store).model_owner,
    )
    on_screen = store.sessions.get(run.session_id).run_id
    tell_mlflow(account, uri, is_champion=on_screen == run.run_id)
