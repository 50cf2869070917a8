"""Pulls through the platform: what comes becomes an addition, credentials stay sealed, a failure changes nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from churnkit.accounts import OWNER
from churnkit.config import PRIVATE_HOSTS, SECRET_KEY, SOURCES_FOLDER
from churnkit.errors import ChurnkitError, ConflictError, SettingsError
from churnkit.jobs import Platform
from churnkit.jobs.request import Order
from churnkit.jobs.status import Status
from churnkit.services.sources.registering import add_source, begin_shop, change_source, waiting_shops
from churnkit.store import Source, Store
from churnkit.worker.one_job import run_job
from tests.fake_shops import FakeFiles, FakeWoo, woo_order
from tests.played_workers import FakeWorkers, PlayedWorker

ORDERS = b"customer,date,amount\na,2026-01-01,5\n"
KEYS = {"consumer_key": "ck", "consumer_secret": "cs"}


class PullingWorkers(FakeWorkers):
    """Pulls here and now; a test plays the rest."""

    def start(self, folder: Path) -> tuple[int, str]:
        pid, started = super().start(folder)
        order = Order.read(folder)
        if order.kind == "pull":
            self.mode = (folder / "credentials.json").stat().st_mode & 0o777
            run_job(folder, order, Status.beginning("pull", pid, started, time.monotonic()))
        return pid, started


@pytest.fixture
def workers() -> FakeWorkers:
    return PullingWorkers()


@pytest.fixture(autouse=True)
def allowed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")
    monkeypatch.setenv(SECRET_KEY, "k" * 32)
    monkeypatch.setenv(SOURCES_FOLDER, str(tmp_path / "drop"))
    monkeypatch.setattr("churnkit.sources.folder.LOOK_AGAIN_SECONDS", 0.0)
    monkeypatch.setattr("churnkit.sources.calls.WAITS", ())


@pytest.fixture
def woo() -> Iterator[FakeWoo]:
    with FakeWoo([woo_order(number) for number in range(1, 4)]) as fake:
        yield fake


def woo_source(store: Store, woo: FakeWoo) -> Source:
    shop = begin_shop(store, "Tea shop")
    return add_source(
        store, shop.shop_id, "woocommerce", name="", settings={"address": woo.url}, credentials=KEYS
    )


def tick(platform: Platform) -> None:
    for _ in range(3):
        platform.follower.tick()


def test_a_shop_begins_with_what_its_source_brings(
    platform: Platform, store: Store, workers: FakeWorkers, woo: FakeWoo
) -> None:
    source = woo_source(store, woo)
    assert [shop.name for shop in waiting_shops(store)] == ["Tea shop"]
    job = platform.start_pull(store, source.source_id)
    assert platform.start_pull(store, source.source_id).job_id == job.job_id
    tick(platform)
    assert store.jobs.get(job.job_id).status == "completed"
    (session,) = store.sessions.all()
    assert session.session_id == source.shop_id and not waiting_shops(store)
    kinds = {one.kind for one in store.jobs.of_session(source.shop_id)}
    assert {"pull", "look"} <= kinds
    (file,) = store.sources.files(source.source_id)
    assert file.add_job_id is not None and file.gives == "changes"
    upload = store.uploads.get(file.upload_id)
    assert upload.filename.startswith("woocommerce-") and platform.upload_file(upload).exists()
    assert store.sources.get(source.source_id).last_result == "3 orders new or changed."


def test_credentials_lie_nowhere_in_the_open(
    platform: Platform, store: Store, workers: PullingWorkers, woo: FakeWoo
) -> None:
    secret = "cs_0123456789abcdef"
    shop = begin_shop(store, "Tea shop")
    source = add_source(
        store,
        shop.shop_id,
        "woocommerce",
        name="",
        settings={"address": woo.url},
        credentials={**KEYS, "consumer_secret": secret},
    )
    job = platform.start_pull(store, source.source_id)
    tick(platform)
    assert workers.mode == 0o600
    assert store.jobs.get(job.job_id).status == "failed"
    assert not (platform.folders.job(job.job_id) / "credentials.json").exists()
    for path in platform.folders.data.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path
    assert secret not in repr(source)


def test_a_pull_that_fails_leaves_everything_and_says_so(
    platform: Platform, store: Store, woo: FakeWoo
) -> None:
    source = woo_source(store, woo)
    platform.start_pull(store, source.source_id)
    tick(platform)
    before = store.sources.get(source.source_id)
    woo.failures = [500] * 5
    platform.start_pull(store, source.source_id)
    tick(platform)
    after = store.sources.get(source.source_id)
    assert after.last_failed and "stayed busy" in (after.last_result or "")
    assert after.pull_cursor == before.pull_cursor and len(store.uploads.all()) == 1
    (event,) = store.events.of_shop(source.shop_id, kinds=["source_failed"])
    assert "could not be fetched from WooCommerce" in event.sentence


def test_a_test_moves_nothing(platform: Platform, store: Store, woo: FakeWoo) -> None:
    source = woo_source(store, woo)
    platform.start_pull(store, source.source_id, is_test=True)
    tick(platform)
    after = store.sources.get(source.source_id)
    assert after.last_result == "It can be read: 3 orders in the shop."
    assert (after.pull_cursor, store.uploads.all()) == ({}, [])


def test_several_files_are_added_one_after_the_other(
    platform: Platform, store: Store, workers: FakeWorkers, tmp_path: Path
) -> None:
    for month in (1, 2):
        path = tmp_path / "drop" / f"2026-0{month}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(ORDERS + str(month).encode())
        os.utime(path, (time.time() - 900,) * 2)
    shop = begin_shop(store, "Tea shop")
    source = add_source(store, shop.shop_id, "folder", name="Exports", settings={}, credentials={})
    platform.start_pull(store, source.source_id)
    tick(platform)
    later, first = store.sources.files(source.source_id)
    assert (first.file_label, later.file_label) == ("2026-01.csv", "2026-02.csv")
    assert first.add_job_id is not None and later.add_job_id is None
    PlayedWorker(platform.folders).finish_look(first.add_job_id)
    tick(platform)
    later = store.sources.files(source.source_id)[0]
    assert later.add_job_id is not None and store.jobs.get(later.add_job_id).kind == "add"


def test_what_a_dead_server_had_not_handed_on_goes_on_with_the_next(
    platform: Platform, store: Store, woo: FakeWoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = woo_source(store, woo)
    job = platform.start_pull(store, source.source_id)

    class Died(BaseException):
        """Nobody catches it."""

    def die(*unused: object, **more: object) -> None:
        raise Died

    # Once between the files and the rows, once between the rows and the addition.
    for name in ("finish_pull", "hand_on"):
        with monkeypatch.context() as dying:
            dying.setattr(type(store.sources), name, die)
            with pytest.raises(Died):
                tick(platform)
    tick(platform)
    assert store.jobs.get(job.job_id).status == "completed"
    assert len(store.sources.files(source.source_id)) == 1 and len(store.uploads.all()) == 1


def test_credentials_do_not_follow_to_another_place(store: Store, woo: FakeWoo) -> None:
    source = woo_source(store, woo)
    with pytest.raises(SettingsError, match="Enter them again"):
        change_source(store, source.source_id, settings={"address": "https://evil.example"})
    changed = change_source(
        store, source.source_id, settings={"address": "https://new.example"}, credentials=KEYS
    )
    assert changed.pull_cursor == {}
    with pytest.raises(SettingsError, match="takes no token"):
        change_source(store, source.source_id, credentials={"token": "x"})


def test_without_a_key_no_credentials_are_kept(
    store: Store, woo: FakeWoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SECRET_KEY)
    with pytest.raises(ChurnkitError, match="never stored in the open"):
        woo_source(store, woo)
    assert store.sources.all() == []


def test_deleting_takes_pages_and_shop_along(platform: Platform, store: Store, woo: FakeWoo) -> None:
    source = woo_source(store, woo)
    keep = platform.folders.source(source.shop_id, source.source_id)
    keep.mkdir(parents=True)
    (keep / "pages.jsonl").write_text("{}")
    platform.delete_source(store, source.source_id)
    assert not keep.exists() and store.sources.all() == []
    platform.delete_empty_shop(store, source.shop_id)
    assert store.shops.all() == []


def test_a_shop_with_an_analysis_is_not_deleted_so(platform: Platform, store: Store, woo: FakeWoo) -> None:
    source = woo_source(store, woo)
    platform.start_pull(store, source.source_id)
    tick(platform)
    with pytest.raises(ConflictError):
        platform.delete_empty_shop(store, source.shop_id)
    platform.delete_session(store, source.shop_id)
    assert (store.sources.all(), store.shops.all(), store.uploads.all()) == ([], [], [])
    assert platform.store_for("local", OWNER).jobs.all() == []


def test_a_link_goes_without_credentials(platform: Platform, store: Store) -> None:
    with FakeFiles({"/orders.csv": (200, {}, ORDERS)}) as files:
        shop = begin_shop(store, "Tea shop")
        url = f"{files.url}/orders.csv"
        source = add_source(store, shop.shop_id, "link", name="Sheet", settings={"url": url}, credentials={})
        platform.start_pull(store, source.source_id)
        tick(platform)
    assert not source.has_credentials
    assert [file.file_label for file in store.sources.files(source.source_id)] == ["orders.csv"]
