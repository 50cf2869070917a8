"""Work that is not done but played: a test says how far it is."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from churnkit.config import AnalysisSettings
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from churnkit.jobs.status import Status, StepStatus
from churnkit.store import Session, Store, TrainingJob


class NoWorkers:
    """Nothing is ever started: a test says how the work is doing."""

    alive = True

    def start(self, folder: Path) -> tuple[int, str]:
        return 4711, "none"

    def is_alive(self, pid: int, pid_started: str) -> bool:
        return self.alive

    def stop(self, pid: int, pid_started: str) -> None:
        self.alive = False


def begin(platform: Platform, store: Store, name: str = "beans & <i>tea.csv") -> tuple[Session, TrainingJob]:
    upload = platform.receive_upload(store, io.BytesIO(b"a,b\n1,2\n"), name, 100)
    session = platform.start_look(store, upload.upload_id, Reading(), AnalysisSettings())
    return session, store.jobs.of_session(session.session_id)[0]


def write_status(platform: Platform, job: TrainingJob, state: str = "running", **changes: object) -> None:
    folder = platform.folders.job(job.job_id)
    folder.mkdir(parents=True, exist_ok=True)
    steps = (
        StepStatus("start", "done", seconds=2.0, began=1.0),
        StepStatus("read", "running", found="812 rows read, 99 customers", share=0.5, began=1.0),
        StepStatus("profile"),
        StepStatus("write"),
    )
    values: dict[str, Any] = {"state": state, "steps": steps, "pid": 4711, "pid_started": "none", **changes}
    Status(**values).write(folder)
