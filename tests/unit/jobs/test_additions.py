"""Newer exports join a shop's history through the platform."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from churnkit.accounts import OWNER
from churnkit.config import AnalysisSettings
from churnkit.errors import JobError
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from churnkit.jobs.erasing import upload_files
from churnkit.jobs.open_questions import read_questions
from churnkit.results.shop import ShopSettings
from churnkit.shops import assemble
from churnkit.store import Addition, Store, TrainingJob
from tests.app.conftest import InlineWorkers
from tests.shops import order_lines

LINES = order_lines(customers=40, days=200)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    platform = Platform(tmp_path / "data", tmp_path / "models", workers=InlineWorkers(), slots=1)
    yield platform
    platform.close()


@pytest.fixture
def store(platform: Platform) -> Store:
    return platform.store_for("local", OWNER)


def _upload(platform: Platform, store: Store, lines: pd.DataFrame, name: str) -> str:
    file = io.BytesIO(lines.to_csv(index=False).encode())
    return platform.receive_upload(store, file, name, 10**8).upload_id


def _settle(platform: Platform) -> None:
    while platform.follower.tick():
        pass


def _begun(platform: Platform, store: Store, lines: pd.DataFrame) -> str:
    upload = _upload(platform, store, lines, "first.csv")
    session = platform.start_look(store, upload, Reading(), AnalysisSettings())
    _settle(platform)
    return session.session_id


def _done(platform: Platform, store: Store, job: TrainingJob) -> Addition:
    _settle(platform)
    ended = store.jobs.get(job.job_id)
    assert ended.status == "completed", (ended.error_message, ended.error_remedy)
    return store.additions.of_shop(job.session_id)[0]


def test_a_newer_export_grows_the_history_and_can_be_taken_back(
    platform: Platform, store: Store, tmp_path: Path
) -> None:
    early = LINES[LINES["ordered_at"] < "2025-05-01"]
    shop_id = _begun(platform, store, early)
    whole = _upload(platform, store, LINES, "second.csv")
    added = _done(platform, store, platform.add_export(store, shop_id, whole, then="nothing"))
    figures = added.addition_figures
    assert (added.history_version, added.kind) == (2, "period")
    assert figures.new.orders == len(LINES) - len(early)
    assert (figures.unchanged.orders, figures.changed.orders, figures.missing.orders) == (len(early), 0, 0)
    first = store.additions.of_shop(shop_id)[1]
    assert (first.kind, first.history_version, first.addition_figures.new.orders) == ("first", 1, len(early))
    folder = platform.folders.history(shop_id, added.addition_id)
    for version, expected in ((1, early), (2, LINES)):
        kept = pd.read_parquet(assemble(folder, version, tmp_path / "w").transactions)
        assert sorted(kept["amount"]) == sorted(expected["amount"])

    again = _done(platform, store, platform.add_export(store, shop_id, whole, then="nothing"))
    assert not again.addition_figures.changes_anything
    assert again.addition_figures.notes == ("The same file is in the history already: nothing changed.",)

    with pytest.raises(JobError, match="made of this reading"):
        platform.start_look(
            store, store.sessions.get(shop_id).upload_id, Reading(), AnalysisSettings(), session_id=shop_id
        )
    later = _upload(platform, store, LINES.assign(amount=LINES["amount"] + 1), "third.csv")
    edited = _done(platform, store, platform.add_export(store, shop_id, later, then="nothing"))
    assert edited.addition_figures.changed.orders == len(LINES)
    back = _done(platform, store, platform.take_back(store, shop_id, then="nothing"))
    assert (back.kind, back.history_version) == ("taken_back", 5)
    folder = platform.folders.history(shop_id, back.addition_id)
    kept = pd.read_parquet(assemble(folder, 5, tmp_path / "w").transactions)
    assert sorted(kept["amount"]) == sorted(LINES["amount"])
    # The newest state and the one that taking back would lead to.
    assert len(list(folder.parent.iterdir())) == 2
    with pytest.raises(JobError, match="nothing was added since"):
        platform.take_back(store, shop_id)


def test_missing_orders_are_asked_about_and_nothing_changes_before_somebody_says(
    platform: Platform, store: Store
) -> None:
    shop_id = _begun(platform, store, LINES)
    fewer = _upload(platform, store, LINES.drop(LINES.index[10:13]), "fewer.csv")
    job = platform.add_export(store, shop_id, fewer, then="nothing")
    _settle(platform)
    stopped = next(one for one in store.jobs.of_session(shop_id) if one.job_id == job.job_id)
    assert (stopped.status, len(store.additions.of_shop(shop_id))) == ("failed", 0)
    (question,) = read_questions(platform.folders.job(job.job_id))
    lacking = LINES.iloc[10:13]
    assert "3 orders of " in question.message
    assert "for example" in question.message
    assert [choice.answer for choice in question.choices] == [
        {"missing_orders": "keep"},
        {"missing_orders": "take_out"},
    ]
    assert question.choices[0].amount == pytest.approx(lacking["amount"].sum())

    # Whoever is erased meanwhile leaves this file too.
    waiting = platform.folders.upload_file(store.uploads.get(fewer))
    assert waiting in upload_files(store, platform.folders, shop_id)

    kept = _done(
        platform, store, platform.add_export(store, shop_id, fewer, missing="keep", then="nothing")
    ).addition_figures
    assert (kept.missing.orders, kept.missing_taken_out, kept.changes_anything) == (3, False, False)
    said = _done(
        platform, store, platform.add_export(store, shop_id, fewer, missing="take_out", then="nothing")
    )
    assert said.addition_figures.missing_taken_out
    assert said.addition_figures.missing.orders == 3


def test_a_shop_that_has_no_file_yet_begins_with_its_first(platform: Platform, store: Store) -> None:
    shop = store.shops.create(
        "Corner shop", ShopSettings(), created_at=pd.Timestamp.now("UTC").to_pydatetime()
    )
    upload = _upload(platform, store, LINES, "first.csv")
    job = platform.add_export(store, shop.shop_id, upload, then="nothing")
    _settle(platform)
    session = store.sessions.get(shop.shop_id)
    assert (job.kind, session.look_id, session.name) == ("look", job.job_id, "Corner shop")
    assert store.additions.of_shop(shop.shop_id) == []


def test_a_file_that_fails_leaves_the_history_as_it_is(platform: Platform, store: Store) -> None:
    shop_id = _begun(platform, store, LINES)
    strange = LINES.assign(
        customer_id=[f"x{number}" for number in range(len(LINES))],
        ordered_at=LINES["ordered_at"] + pd.Timedelta(days=3),
    )
    job = platform.add_export(store, shop_id, _upload(platform, store, strange, "strange.csv"))
    _settle(platform)
    ended = store.jobs.get(job.job_id)
    assert ended.status == "failed"
    assert "mean another customer on another day" in (ended.error_message or "")
    assert store.additions.of_shop(shop_id) == []
    insisted = platform.add_export(
        store, shop_id, _upload(platform, store, strange, "strange.csv"), insist=True, then="nothing"
    )
    assert _done(platform, store, insisted).history_version == 2


def test_what_was_taken_back_may_come_again_and_goes_with_the_shop(platform: Platform, store: Store) -> None:
    shop_id = _begun(platform, store, LINES[LINES["ordered_at"] < "2025-05-01"])
    whole = _upload(platform, store, LINES, "second.csv")
    _done(platform, store, platform.add_export(store, shop_id, whole, then="nothing"))
    _done(platform, store, platform.take_back(store, shop_id, then="nothing"))
    again = _done(platform, store, platform.add_export(store, shop_id, whole, then="nothing"))
    assert again.addition_figures.changes_anything
    platform.delete_session(store, shop_id)
    assert store.uploads.all() == []
    assert list(platform.folders.uploads.iterdir()) == []


def test_an_export_of_cancellations_alone_takes_them_out(platform: Platform, store: Store) -> None:
    lines = LINES.assign(status="paid")
    shop_id = _begun(platform, store, lines)
    cancelled = lines.head(2).assign(status="cancelled")
    upload = _upload(platform, store, cancelled, "cancelled.csv")
    added = _done(
        platform,
        store,
        platform.add_export(
            store,
            shop_id,
            upload,
            kind="changes",
            knows_until=pd.Timestamp("2026-01-01").to_pydatetime(),
            then="nothing",
        ),
    )
    assert added.addition_figures.cancelled.orders == 2
    assert (added.kind, added.covers_from) == ("changes", None)
