"""Workers without processes: what they would leave in their jobs' folders, written by the test."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from churnkit.jobs.layout import Folders
from churnkit.jobs.status import Status
from churnkit.results.codec import to_json
from churnkit.results.files import write_document
from churnkit.results.model_record import Hyperparameters, ModelFigures, ModelMetadata, ModelRecord
from churnkit.results.summary import Summary
from churnkit.store import JobKind
from churnkit.store.prediction_columns import OPTIONAL
from tests.made_evidence import bare_evidence
from tests.made_look import made_facts, small_profile
from tests.made_report import made_summary


class FakeWorkers:
    """Keeps what was started; a test plays the worker."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.alive: set[int] = set()
        self.stopped: list[int] = []

    def start(self, folder: Path) -> tuple[int, str]:
        self.started.append(folder.name)
        pid = len(self.started)
        self.alive.add(pid)
        return pid, f"fake/{pid}"

    def is_alive(self, pid: int, pid_started: str) -> bool:
        return pid in self.alive and pid_started == f"fake/{pid}"

    def stop(self, pid: int, pid_started: str) -> None:
        self.stopped.append(pid)
        self.alive.discard(pid)


class PlayedWorker:
    """What a worker would leave in a job's folder."""

    def __init__(self, folders: Folders) -> None:
        self.folders = folders

    def status(self, job_id: str, state: str = "running", kind: JobKind = "look", **changes: object) -> None:
        status = Status.beginning(kind, 1, "fake/1", 1000.0)
        Status(**{**vars(status), "state": state, **changes}).write(self.folders.job(job_id))

    def finish_look(self, job_id: str) -> None:
        out = self.folders.out(job_id)
        out.mkdir()
        pd.DataFrame({"order_id": ["1"]}).to_parquet(out / "transactions.parquet")
        profile = small_profile()
        write_document(made_facts(mapping={"amount": "b"}, rows_in=12), out / "look.json")
        write_document(replace(profile, threshold=replace(profile.threshold, days=77)), out / "profile.json")
        self.status(job_id, "done")

    def finish_run(
        self, job_id: str, p_churn: float = 0.5, *, model: bool = True, kind: JobKind = "analyze"
    ) -> None:
        out, models = self.folders.out(job_id), self.folders.staged_models(job_id)
        out.mkdir()
        pd.DataFrame(
            {
                "customer_id": ["a", "b"],
                "p_churn": p_churn,
                "risk_tier": "medium",
                **{name: [None, None] for name in OPTIONAL},
                "order_count": [3, 1],
                "clv": [10.0, None],
                "factor_1": ["x", None],
                "segment": "Loyal",
            }
        ).to_parquet(out / "customers.parquet")
        write_document(bare_evidence("Too little history."), out / "evidence.json")
        write_document(_summary(p_churn), out / "summary.json")
        record = None
        if model:
            models.mkdir()
            (models / f"{job_id}.joblib").write_bytes(b"model")
            (models / f"{job_id}.json").write_bytes(b"{}")
            record = to_json(
                ModelRecord(
                    file_path=str(models / f"{job_id}.joblib"),
                    sha256=hashlib.sha256(b"model").hexdigest(),
                    model_type="blend",
                    trained_at=datetime(2026, 1, 2, tzinfo=UTC),
                    figures=ModelFigures(f1=0.5, precision=None, recall=None, roc_auc=None, log_loss=None),
                    hyperparameters=Hyperparameters(params="", members=""),
                    metadata=ModelMetadata(
                        champion="blend", horizon_days=60, cutoff=datetime(2026, 1, 1), features=()
                    ),
                )
            )
        _write(out / "model.json", record)
        self.status(job_id, "done", kind)

    def finish_score(self, job_id: str) -> None:
        out = self.folders.out(job_id)
        out.mkdir()
        (out / "scored.parquet").write_bytes(b"x")
        self.status(job_id, "done", "score")


def _summary(p_churn: float) -> Summary:
    whole = made_summary()
    contest = whole.tournament
    assert contest is not None and contest.test is not None
    return replace(
        whole,
        question=replace(whole.question, horizon_days=60, cutoff=datetime(2026, 1, 1)),
        customers=replace(whole.customers, count=2, mean_p_churn=p_churn),
        tournament=replace(
            contest, champion="blend", test=replace(contest.test, roc_auc=0.75, log_loss=0.5, ece=0.02)
        ),
    )


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")
