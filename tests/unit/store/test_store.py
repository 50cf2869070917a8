"""Uploads, sessions, jobs, models, predictions and insights, for one tenant and for two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from churnkit.errors import StoreError
from churnkit.store import Store
from tests.unit.store.filled import NOON, SHA, add_model, begin, fill, frame, row_counts


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


def test_upload_comes_back_as_saved(store: Store) -> None:
    saved = store.uploads.add(
        filename="it's; DROP TABLE uploads --.csv",
        file_path=Path("uploads/1.csv"),
        file_size_bytes=2_100_000,
        uploaded_at=datetime(2026, 3, 1, 14, 30, tzinfo=timezone(timedelta(hours=2))),
        user_id="owner",
    )
    assert store.uploads.get(saved.upload_id) == saved
    assert saved.filename == "it's; DROP TABLE uploads --.csv"
    assert saved.file_path == Path("uploads/1.csv")
    assert saved.uploaded_at == datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    assert saved.row_count is None
    assert store.uploads.set_row_count(saved.upload_id, 17_000).row_count == 17_000


def test_uploads_and_sessions_are_listed_newest_first(store: Store) -> None:
    uploads = [
        store.uploads.add(
            filename=name, file_path=Path(name), file_size_bytes=1, uploaded_at=NOON + timedelta(days=day)
        )
        for name, day in (("old", 0), ("new", 2), ("mid", 1))
    ]
    assert [upload.filename for upload in store.uploads.all()] == ["new", "mid", "old"]
    for upload, day in zip(uploads, (0, 2, 1), strict=True):
        store.sessions.create(
            upload_id=upload.upload_id, column_mapping={}, created_at=NOON + timedelta(days=day)
        )
    assert [session.upload_id for session in store.sessions.all()] == [
        uploads[k].upload_id for k in (1, 2, 0)
    ]


def test_session_keeps_mapping_settings_and_results(store: Store) -> None:
    upload = store.uploads.add(filename="a", file_path=Path("a"), file_size_bytes=1, uploaded_at=NOON)
    session = store.sessions.create(
        upload_id=upload.upload_id,
        column_mapping={"customer_id": 'Käufer "x"'},
        settings={"tiers": {"high": 0.7}},
        created_at=NOON,
    )
    assert (session.status, session.horizon_days, session.transactions_path) == ("configured", None, None)
    store.sessions.set_status(session.session_id, "training")
    store.sessions.set_results(session.session_id, horizon_days=60, transactions_path=Path("t.parquet"))
    found = store.sessions.get(session.session_id)
    assert found.status == "training"
    assert found.column_mapping == {"customer_id": 'Käufer "x"'}
    assert found.settings == {"tiers": {"high": 0.7}}
    assert (found.horizon_days, found.transactions_path, found.panel_path) == (60, Path("t.parquet"), None)


@pytest.mark.parametrize("horizon_days", [0, 3651])
def test_horizon_outside_its_range_is_refused(store: Store, horizon_days: int) -> None:
    session = begin(store)
    with pytest.raises(StoreError, match="nothing was written"):
        store.sessions.set_results(session.session_id, horizon_days=horizon_days, transactions_path=Path("t"))
    assert store.sessions.get(session.session_id).horizon_days is None


def test_unknown_status_is_refused(store: Store) -> None:
    session = begin(store)
    with pytest.raises(StoreError, match="updating a session's status"):
        store.sessions.set_status(session.session_id, "finished")  # type: ignore[arg-type]  # wrong on purpose
    assert store.sessions.get(session.session_id).status == "configured"


def test_times_without_a_zone_are_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="time zone"):
        store.uploads.add(
            filename="a", file_path=Path("a"), file_size_bytes=1, uploaded_at=datetime(2026, 3, 1)
        )
    assert store.uploads.all() == []


def test_a_session_needs_its_upload(store: Store) -> None:
    with pytest.raises(StoreError, match="upload 'gone'"):
        store.sessions.create(upload_id="gone", column_mapping={}, created_at=NOON)


def test_settings_that_are_no_json_are_refused(store: Store) -> None:
    upload = store.uploads.add(filename="a", file_path=Path("a"), file_size_bytes=1, uploaded_at=NOON)
    with pytest.raises(StoreError, match="settings"):
        store.sessions.create(
            upload_id=upload.upload_id, column_mapping={}, settings={"x": float("nan")}, created_at=NOON
        )


def test_job_runs_from_pending_to_completed(store: Store) -> None:
    job = store.jobs.create(begin(store).session_id, created_at=NOON)
    assert (job.status, job.progress, job.started_at, job.completed_at) == ("pending", 0.0, None, None)
    store.jobs.update(job.job_id, at=NOON + timedelta(seconds=1), status="running", current_step="features")
    store.jobs.update(job.job_id, at=NOON + timedelta(seconds=5), progress=40.5)
    running = store.jobs.get(job.job_id)
    assert (running.status, running.progress, running.current_step) == ("running", 40.5, "features")
    assert running.started_at == NOON + timedelta(seconds=1)
    done = store.jobs.update(job.job_id, at=NOON + timedelta(seconds=9), status="completed")
    assert (done.progress, done.completed_at) == (100.0, NOON + timedelta(seconds=9))
    assert done.started_at == NOON + timedelta(seconds=1)


def test_ended_job_stays_as_it_is(store: Store) -> None:
    job = store.jobs.create(begin(store).session_id, created_at=NOON)
    store.jobs.update(job.job_id, at=NOON, status="failed", error_message="out of memory")
    with pytest.raises(StoreError, match="it has ended"):
        store.jobs.update(job.job_id, at=NOON, status="running")
    with pytest.raises(StoreError, match="it has ended"):
        store.jobs.update(job.job_id, at=NOON, progress=50)
    assert store.jobs.get(job.job_id).error_message == "out of memory"


def test_job_cannot_skip_running_nor_fail_without_a_reason(store: Store) -> None:
    job = store.jobs.create(begin(store).session_id, created_at=NOON)
    with pytest.raises(StoreError, match="after pending may come"):
        store.jobs.update(job.job_id, at=NOON, status="completed")
    with pytest.raises(StoreError, match="nothing was written"):
        store.jobs.update(job.job_id, at=NOON, status="failed")
    with pytest.raises(StoreError, match="nothing was written"):
        store.jobs.update(job.job_id, at=NOON, progress=101)
    assert store.jobs.of_session(job.session_id) == [job]


def test_model_keeps_figures_and_hash(store: Store) -> None:
    session = begin(store)
    saved = store.models.add(
        session.session_id,
        model_type="xgboost",
        file_path=Path("models/x.joblib"),
        sha256=SHA,
        trained_at=NOON,
        figures={"f1": 0.8, "recall": 0.0, "log_loss": 1.4},
        hyperparameters={"max_depth": 4},
        metadata={"libraries": {"xgboost": "3.2.0"}},
    )
    assert store.models.get(saved.model_id) == saved
    assert (saved.f1, saved.precision, saved.recall, saved.roc_auc, saved.log_loss) == (
        0.8,
        None,
        0.0,
        None,
        1.4,
    )
    assert saved.hyperparameters == {"max_depth": 4}
    assert saved.metadata == {"libraries": {"xgboost": "3.2.0"}}
    assert not saved.is_champion


@pytest.mark.parametrize(
    "changes",
    [
        {"sha256": "ab"},
        {"sha256": "G" * 64},
        {"model_type": ""},
        {"figures": {"f1": 1.01}},
        {"figures": {"roc_auc": float("nan")}},
        {"figures": {"log_loss": float("inf")}},
        {"figures": {"accuracy": 0.5}},
    ],
)
def test_model_that_breaks_a_rule_is_refused(store: Store, changes: dict[str, object]) -> None:
    session = begin(store)
    values: dict[str, Any] = {
        "model_type": "svm", "file_path": Path("m"), "sha256": SHA, "trained_at": NOON, **changes,
    }  # fmt: skip
    with pytest.raises(StoreError):
        store.models.add(session.session_id, **values)
    assert store.models.of_session(session.session_id) == []


def test_there_is_one_champion(store: Store) -> None:
    session_id = begin(store).session_id
    first, second = add_model(store, session_id, "svm"), add_model(store, session_id, "forest")
    assert store.models.champion(session_id) is None
    store.models.set_champion(session_id, first.model_id)
    store.models.set_champion(session_id, second.model_id)
    assert [(model.model_type, model.is_champion) for model in store.models.of_session(session_id)] == [
        ("forest", True),
        ("svm", False),
    ]
    champion = store.models.champion(session_id)
    assert champion is not None
    assert champion.model_id == second.model_id


def test_champion_must_be_the_sessions_own(store: Store) -> None:
    session_id, other_id = begin(store).session_id, begin(store).session_id
    own, foreign = add_model(store, session_id), add_model(store, other_id)
    store.models.set_champion(session_id, own.model_id)
    with pytest.raises(StoreError, match="belongs to"):
        store.models.set_champion(session_id, foreign.model_id)
    champion = store.models.champion(session_id)
    assert champion is not None
    assert champion.model_id == own.model_id
    assert store.models.champion(other_id) is None


def test_predictions_come_back_with_missing_values(store: Store) -> None:
    session_id = begin(store).session_id
    model = add_model(store, session_id)
    assert store.predictions.replace(session_id, frame(), predicted_at=NOON, model_id=model.model_id) == 3
    page = store.predictions.page(session_id)
    assert page.total == 3
    assert page.rows["customer_id"].tolist() == ["00123", "b", "c"]
    assert page.rows["clv"].isna().tolist() == [False, True, False]
    assert page.rows["p_alive"].isna().all()
    assert set(page.rows["model_id"]) == {model.model_id}
    assert page.rows["predicted_at"].tolist() == [pd.Timestamp("2026-03-01 12:00")] * 3


def test_pages_neither_overlap_nor_leave_gaps(store: Store) -> None:
    session_id = begin(store).session_id
    count = 1_003
    customers = [f"{number:04d}" for number in range(count)]
    many = pd.DataFrame({"customer_id": customers, "p_churn": 0.5, "risk_tier": "medium"})
    store.predictions.replace(session_id, many.sample(frac=1, random_state=1), predicted_at=NOON)
    pages = [store.predictions.page(session_id, limit=100, offset=start) for start in range(0, count, 100)]
    assert {page.total for page in pages} == {count}
    assert [customer for page in pages for customer in page.rows["customer_id"]] == customers


def test_predictions_are_filtered_and_sorted(store: Store) -> None:
    session_id = begin(store).session_id
    store.predictions.replace(session_id, frame(), predicted_at=NOON)
    by_value = store.predictions.page(session_id, order_by="clv", descending=True)
    assert by_value.rows["customer_id"].tolist() == ["c", "00123", "b"]
    assert store.predictions.page(session_id, order_by="p_churn", descending=False).rows[
        "p_churn"
    ].tolist() == [
        0.1,
        0.5,
        0.9,
    ]
    high = store.predictions.page(session_id, risk_tier="high")
    assert (high.total, high.rows["customer_id"].tolist()) == (1, ["00123"])
    with pytest.raises(StoreError, match="must be one of"):
        store.predictions.page(session_id, order_by="p_churn; DROP TABLE predictions")
    with pytest.raises(StoreError, match="limit"):
        store.predictions.page(session_id, limit=0)


@pytest.mark.parametrize(
    ("predictions", "message"),
    [
        (frame(p_churn=[0.9, 1.2, 0.1]), "nothing was written"),
        (frame(p_churn=[0.9, np.nan, 0.1]), "nothing was written"),
        (frame(risk_tier=["high", "severe", "low"]), "nothing was written"),
        (frame(clv=[1.0, 2.0, np.inf]), "nothing was written"),
        (
            frame(expected_spend_low=[1.0, 5.0, 1.0], expected_spend_high=[2.0, 4.0, 2.0]),
            "nothing was written",
        ),
        (frame(customer_id=["a", None, "b"]), "nothing was written"),
        (frame(customer_id=[1, 2, 3]), "must be text, found int64"),
        (frame(customer_id=[1, "1", "2"]), "one type"),
        (frame(customer_id=["a", "a", "b"]), "1 rows repeat one, e.g. 'a'"),
        (frame().drop(columns="p_churn"), r"missing \['p_churn'\]"),
        (frame(churn_prob=1.0), r"unknown \['churn_prob'\]"),
    ],
)
def test_predictions_are_saved_all_or_none(store: Store, predictions: pd.DataFrame, message: str) -> None:
    session_id = begin(store).session_id
    store.predictions.replace(session_id, frame(clv=7.0), predicted_at=NOON)
    with pytest.raises(StoreError, match=message):
        store.predictions.replace(session_id, predictions, predicted_at=NOON + timedelta(days=1))
    page = store.predictions.page(session_id)
    assert page.rows["clv"].tolist() == [7.0, 7.0, 7.0]


def test_saving_predictions_again_replaces_them(store: Store) -> None:
    session_id = begin(store).session_id
    store.predictions.replace(session_id, frame(), predicted_at=NOON)
    store.predictions.replace(session_id, frame().head(1), predicted_at=NOON)
    assert store.predictions.page(session_id).total == 1


def test_no_customers_are_no_predictions(store: Store) -> None:
    session_id = begin(store).session_id
    store.predictions.replace(session_id, frame(), predicted_at=NOON)
    assert store.predictions.replace(session_id, frame().head(0), predicted_at=NOON) == 0
    assert store.predictions.page(session_id).total == 0


def test_a_large_shop_is_replaced_and_deleted(store: Store) -> None:
    # Across DuckDB's row groups of 122,880 rows.
    session_id = begin(store).session_id
    many = pd.DataFrame(
        {"customer_id": [f"{n:06d}" for n in range(150_000)], "p_churn": 0.5, "risk_tier": "low"}
    )
    for _ in range(2):
        assert store.predictions.replace(session_id, many, predicted_at=NOON) == 150_000
    store.sessions.delete(session_id)
    with pytest.raises(StoreError, match="there is none"):
        store.predictions.page(session_id)


def test_insights_are_replaced(store: Store) -> None:
    session_id = begin(store).session_id
    assert store.insights.of_session(session_id) is None
    store.insights.replace(session_id, generated_at=NOON, summary_stats={"customers": 1})
    saved = store.insights.replace(
        session_id, generated_at=NOON, summary_stats={"customers": 2}, recommendations=[{"top": 100}]
    )
    assert store.insights.of_session(session_id) == saved
    assert (saved.summary_stats, saved.segments, saved.recommendations) == (
        {"customers": 2},
        [],
        [{"top": 100}],
    )
    with pytest.raises(StoreError, match="segments"):
        store.insights.replace(session_id, generated_at=NOON, summary_stats={}, segments=[object()])


def test_deleting_a_session_leaves_the_others_alone(store: Store) -> None:
    kept, _ = fill(store)
    before = row_counts(store)
    gone, _ = fill(store)
    removed = store.sessions.delete(gone.session_id)
    assert removed.files == [Path("models/lightgbm.joblib"), Path("p.parquet"), Path("t.parquet")]
    assert row_counts(store) == {**before, "uploads": 2}
    assert store.predictions.page(kept.session_id).total == 3
    with pytest.raises(StoreError, match="there is none"):
        store.sessions.get(gone.session_id)


def test_deleting_an_upload_takes_its_sessions_along(store: Store) -> None:
    session, _ = fill(store)
    store.sessions.create(upload_id=session.upload_id, column_mapping={}, created_at=NOON)
    removed = store.uploads.delete(session.upload_id)
    assert removed.sessions == 2
    assert removed.files[0] == Path("uploads/orders.csv")
    assert set(row_counts(store).values()) == {0}
