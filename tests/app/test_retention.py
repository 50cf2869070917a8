"""A shop that keeps its orders for some months: set on the page, and done at the next refresh and addition."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from churnkit.accounts import Action, Actor
from churnkit.errors import AccessError
from churnkit.jobs import Platform, expired_uploads
from churnkit.jobs.expired_uploads import remove_expired
from churnkit.services.privacy.kept_from import kept_from
from churnkit.shops import LINES
from churnkit.store import Store, TrainingJob
from churnkit.ui import keys
from tests.app.conftest import InlineWorkers, lines_of, settle

# Of five months from 6 January 2025 on, what is from about March on stays.
MIDDLE = datetime(2025, 3, 20)


@pytest.fixture
def working(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Platform:
    platform.follower.close()
    monkeypatch.setattr(platform.follower, "workers", InlineWorkers())
    return platform


def completed(platform: Platform, store: Store, job: TrainingJob) -> None:
    settle(platform)
    job = store.jobs.get(job.job_id)
    assert job.status == "completed", job.error_message


def test_orders_that_are_too_old_leave(
    small_app: AppTest, working: Platform, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (session,) = store.sessions.all()
    now = datetime.now(UTC)
    months = (now.year - MIDDLE.year) * 12 + now.month - MIDDLE.month
    small_app.session_state[keys.SETTINGS_TAB] = "Privacy"
    small_app.run().switch_page("pages/settings.py").run()
    small_app.number_input(key=f"retention_{session.session_id}").set_value(1).run()
    assert small_app.button(key=f"save_retention_{session.session_id}").disabled
    small_app.number_input(key=f"retention_{session.session_id}").set_value(months).run()
    small_app.button(key=f"save_retention_{session.session_id}").click().run()
    assert not small_app.exception
    settings = store.shops.get(session.session_id).shop_settings
    moment = kept_from(settings, now)
    assert settings.retention_months == months and moment is not None
    one = store.for_tenant(store.tenant_id, Actor("key", rights=store.actor.rights - {Action.DELETE}))
    with pytest.raises(AccessError):
        one.shops.set_settings(session.session_id, replace(settings, retention_months=1))

    before = working.folders.run(session.session_id, session.run_id or "") / "transactions.parquet"
    job = working.start_refresh(store, session.session_id)
    completed(working, store, job)
    kept = pq.read_table(working.folders.run(session.session_id, job.job_id) / "transactions.parquet")
    assert (
        min(kept["ordered_at"].to_pylist()) >= moment > min(pq.read_table(before)["ordered_at"].to_pylist())
    )

    store.shops.set_settings(session.session_id, replace(settings, retention_months=None))
    newer = lines_of(40, 150)
    newer["ordered_at"] += timedelta(days=20)
    newer["order_id"] = [f"n{row}" for row in range(len(newer))]
    content = io.BytesIO(newer.to_csv(index=False).encode())
    upload = working.receive_upload(store, content, "newer.csv", 10**8)
    adding = working.add_export(
        store, session.session_id, upload.upload_id, missing="keep", insist=True, then="nothing"
    )
    completed(working, store, adding)
    lines = working.folders.history(session.session_id, adding.job_id) / LINES
    assert min(pq.read_table(lines)["ordered_at"].to_pylist()) < moment

    store.shops.set_settings(session.session_id, settings)
    again = working.add_export(store, session.session_id, upload.upload_id, then="nothing")
    completed(working, store, again)
    lines = working.folders.history(session.session_id, again.job_id) / LINES
    assert min(pq.read_table(lines)["ordered_at"].to_pylist()) >= moment
    notes = store.additions.of_shop(session.session_id)[0].addition_figures.notes
    assert "the shop keeps them no longer" in notes[-1]

    first = store.additions.of_shop(session.session_id)[-1]
    files = [
        working.folders.upload_file(store.uploads.get(one or ""))
        for one in (first.upload_id, upload.upload_id)
    ]
    remove_expired(store, working.folders, store.runs.get(job.job_id))
    assert [file.exists() for file in files] == [True, True]
    assert first.covers_to is not None
    after = first.covers_to + timedelta(seconds=1)
    monkeypatch.setattr(expired_uploads, "kept_from", lambda *_: after)
    remove_expired(store, working.folders, store.runs.get(job.job_id))
    assert [file.exists() for file in files] == [False, True]
