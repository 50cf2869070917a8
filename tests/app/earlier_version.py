"""An earlier version beside the one of a finished shop: its own files with an earlier date and other forecasts."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from churnkit.accounts import OWNER
from churnkit.jobs import Platform
from churnkit.jobs.adoption import run_files
from churnkit.results.files import write_document, write_frame
from churnkit.results.folders import Results
from churnkit.results.run_figures import RunFigures
from tests.app.conftest import TENANT

DAYS = 70


def add_earlier_version(data: Path, models: Path, session_id: str) -> str:
    """Give a shop a version whose orders end ``DAYS`` earlier; the one that was there stays on screen. Its id."""
    platform = Platform(data, models, slots=1)
    store = platform.store_for(TENANT, OWNER)
    session = store.sessions.get(session_id)
    shown = store.runs.get(str(session.run_id))
    now = datetime.now(UTC)
    job = store.jobs.create(session_id, created_at=now, kind="analyze")
    store.jobs.claim(job.job_id, at=now)
    source, folder = (platform.folders.run(session_id, name) for name in (shown.run_id, job.job_id))
    shutil.copytree(source, folder)
    results = Results(source)
    cutoff = results.summary.question.cutoff - timedelta(days=DAYS)
    question = replace(results.summary.question, cutoff=cutoff)
    (folder / "summary.json").unlink()
    write_document(replace(results.summary, question=question), folder / "summary.json")
    (folder / "customers.parquet").unlink()
    write_frame(_as_of(results, cutoff), folder / "customers.parquet")
    store.runs.finish(
        job.job_id,
        run_files(folder),
        at=now,
        horizon_days=shown.horizon_days,
        champion=shown.champion,
        summary=RunFigures(method="models", cutoff=cutoff, customers=len(results.customers)),
        model=None,
    )
    platform.promote(store, session_id, shown.run_id)
    store.runs.set_followed_up(job.job_id)
    platform.close()
    return job.job_id


def _as_of(results: Results, cutoff: datetime) -> pd.DataFrame:
    """The customers with tiers turned round, so that somebody makes each move."""
    customers = results.customers.copy()
    silent = customers["status"] == "lapsed"
    even = np.arange(len(customers)) % 2 == 0
    active = even | ~silent.to_numpy()
    customers["recency_days"] = np.where(active, 1, 400)
    customers["status"] = np.where(active, "active", "lapsed")
    customers["risk_tier"] = pd.Series(np.where(even, "high", "low"), customers.index).where(active)
    customers["p_churn"] = np.where(even, 0.8, 0.2)
    return customers[customers["first_purchase_at"] < cutoff]
