"""Runs, beside the run that knew less, and old data are noted among the events of their shop, once each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from churnkit.results.run_figures import RunFigures
from churnkit.services.alerts import noting
from churnkit.services.alerts.noting import note_if_stale, note_run
from churnkit.services.look.sample_shops import SAMPLE_SHOPS
from churnkit.store import Run, Store
from tests.unit.alerts.test_run_events import facts
from tests.unit.store.filled import NOON, begin, run_files

MAY = datetime(2026, 5, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


def finished(store: Store, session_id: str, cutoff: datetime) -> Run:
    job = store.jobs.create(session_id, created_at=NOON)
    store.jobs.claim(job.job_id, at=NOON)
    store.runs.finish(
        job.job_id,
        run_files(),
        at=NOON + timedelta(seconds=len(store.runs.of_session(session_id))),
        horizon_days=60,
        champion="x",
        summary=RunFigures(cutoff=cutoff),
        model=None,
    )
    return store.runs.get(job.job_id)


def kinds(store: Store, session_id: str) -> list[str]:
    return [one.kind for one in store.events.of_shop(session_id)]


def test_a_run_is_compared_with_the_newest_one_that_knew_less(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = begin(store).session_id
    march, april = finished(store, session_id, datetime(2026, 3, 1)), finished(store, session_id, MAY)
    again = finished(store, session_id, MAY)
    p_churn = {march.run_id: 0.5, april.run_id: 0.95, again.run_id: 0.9}
    asked: list[str] = []

    def facts_of(run: Run, folder: Path, currency: str | None) -> object:
        asked.append(run.run_id)
        return replace(facts([p_churn[run.run_id], *[0.3] * 9]), run_id=run.run_id)

    monkeypatch.setattr(noting, "facts_of", facts_of)
    note_run(store, march, lambda run: Path(), at=NOON)
    assert kinds(store, session_id) == ["run_ready"]
    note_run(store, again, lambda run: Path(), at=NOON)
    note_run(store, again, lambda run: Path(), at=NOON)
    assert asked == [march.run_id, *[again.run_id, march.run_id] * 2]
    assert sorted(kinds(store, session_id)) == ["risk_crossed", "run_ready", "run_ready"]


def test_old_data_are_noted_once_for_a_run_and_a_samples_never(store: Store) -> None:
    real, sample = begin(store), begin(store, SAMPLE_SHOPS[0].file_name)
    for session in (real, sample):
        finished(store, session.session_id, MAY)
    real, sample = (store.sessions.get(one.session_id) for one in (real, sample))
    # The data end on 30 April; after 30 days they are old.
    on_time = NOON.replace(month=5, day=30)
    assert not note_if_stale(store, real, at=on_time)
    assert note_if_stale(store, real, at=on_time + timedelta(days=1))
    assert not note_if_stale(store, real, at=on_time + timedelta(days=2))
    assert not note_if_stale(store, sample, at=on_time + timedelta(days=1))
    assert kinds(store, real.session_id) == ["data_stale"]
