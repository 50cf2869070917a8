"""A store with a row in every table, for tests that delete, and for those that read as another tenant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from churnkit.accounts import OWNER
from churnkit.results.run_figures import RunFigures
from churnkit.store import RunFiles, Session, Store, StoredModel

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SHA = "ab" * 32


def begin(store: Store, name: str = "orders.csv") -> Session:
    upload = store.uploads.add(
        filename=name, file_path=Path("uploads") / name, file_size_bytes=10, uploaded_at=NOON
    )
    return store.sessions.create(
        upload_id=upload.upload_id, column_mapping={"customer_id": "Email"}, created_at=NOON
    )


def guest(store: Store, session: Session, tenant: str = "reader") -> Store:
    """The store of another tenant, to whom a link has opened a session."""
    return store.for_tenant(tenant, replace(OWNER, guest_of=frozenset({session.session_id})))


def add_model(store: Store, session_id: str, model_type: str = "lightgbm") -> StoredModel:
    return store.models.add(
        session_id,
        model_type=model_type,
        file_path=Path(f"models/{model_type}.joblib"),
        sha256=SHA,
        trained_at=NOON,
    )


def frame(**changes: object) -> pd.DataFrame:
    columns = {
        "customer_id": ["00123", "b", "c"],
        "p_churn": [0.9, 0.5, 0.1],
        "risk_tier": ["high", "medium", "low"],
        "clv": [10.0, np.nan, 30.0],
    }
    return pd.DataFrame({**columns, **changes})


def run_files() -> RunFiles:
    return RunFiles(frame(), {"summary_stats": {}}, Path("t.parquet"), Path("p.parquet"))


def fill(store: Store) -> tuple[Session, StoredModel]:
    session = begin(store)
    model = add_model(store, session.session_id)
    store.models.set_champion(session.session_id, model.model_id)
    job = store.jobs.create(session.session_id, created_at=NOON)
    store.jobs.claim(job.job_id, at=NOON)
    store.runs.finish(
        job.job_id, run_files(), at=NOON, horizon_days=60, champion="x", summary=RunFigures(), model=None
    )
    store.scenarios.save(session.session_id, "own", settings={}, figures={}, created_at=NOON)
    store.contact_lists.create(session.session_id, "May", created_at=NOON, customer_ids=["b", "c"])
    add_campaign(store, session.session_id)
    store.predictions.replace(session.session_id, frame(), predicted_at=NOON, model_id=model.model_id)
    store.insights.replace(session.session_id, generated_at=NOON, summary_stats={})
    store.sessions.set_results(
        session.session_id, horizon_days=60, transactions_path=Path("t.parquet"), panel_path=Path("p.parquet")
    )
    return session, model


def add_campaign(store: Store, session_id: str) -> None:
    members = frame().assign(
        arm="treatment", stratum="s", clv_if_kept=1.0, mean_order_value=1.0, savable=1.0, expected_gain=1.0
    )
    excluded = pd.DataFrame({"customer_id": ["z"], "reason": ["over_limit"], "detail": [""]})
    campaign = store.campaigns.freeze(
        session_id, "June", run_id="r", facts={}, members=members, excluded=excluded, created_at=NOON
    )
    store.readouts.add(
        campaign.campaign_id, source="x", figures={}, words=[], is_complete=True, looked_at=NOON
    )


def row_counts(store: Store) -> dict[str, int]:
    tables = (
        "uploads", "sessions", "training_jobs", "models", "predictions", "insights", "runs", "scenarios",
        "campaigns", "campaign_members", "campaign_plans", "campaign_plan_members", "campaign_plan_exclusions",
        "campaign_readouts", "work_list",
    )  # fmt: skip
    with store.cursor() as cursor:
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
        return dict(zip(tables, cursor.execute(f"SELECT {counts}").fetchall()[0], strict=True))
