"""Schedules that pull, from each kind of source by a clock of the test: orders join the history, their number is told."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from churnkit.accounts import OWNER, SYSTEM
from churnkit.config import PRIVATE_HOSTS, SECRET_KEY, SOURCES_FOLDER, AnalysisSettings
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from churnkit.jobs.timed_tasks import timed_tasks
from churnkit.jobs.timekeeper import Timekeeper
from churnkit.results.schedule import Rule
from churnkit.services.schedules.scheduling import add_schedule
from churnkit.services.sources.registering import add_source
from churnkit.shops import assemble
from churnkit.store import Schedule, ScheduleRun, SourceKind
from tests.app.conftest import InlineWorkers
from tests.fake_s3 import FakeS3
from tests.fake_shops import FakeFiles, FakeShopify, FakeWoo, shopify_order, woo_order
from tests.shops import order_lines

DAILY = Rule(every="daily", hour=6)


def _lines() -> pd.DataFrame:
    lines = order_lines(customers=14, days=110)
    numbers = range(1, len(lines) + 1)
    return lines.assign(
        customer_id="c" + lines["customer_id"] + "@shop.example",
        number=numbers,
        order_id=[str(number) for number in numbers],
        currency="EUR",
    )


LINES = _lines()
EARLY = LINES[LINES["ordered_at"] < "2025-03-25"]
NEW = len(LINES) - len(EARLY)
Served = tuple[dict[str, object], dict[str, str]]
"""What a source is told, and its credentials."""


def csv(lines: pd.DataFrame) -> bytes:
    return lines.drop(columns="number").to_csv(index=False).encode()


def rows(lines: pd.DataFrame) -> list[Any]:
    return list(lines.itertuples(index=False))


def changed_at(number: int) -> str:
    """The later orders have changed later than any clock of ours."""
    return "2025-06-06T00:00:00" if number <= len(EARLY) else "2099-01-01T00:00:00"


def of_woo(lines: pd.DataFrame) -> list[dict[str, Any]]:
    item = {"name": "Tea", "product_id": 1, "sku": "T", "quantity": 1, "total_tax": "0"}
    return [
        woo_order(
            row.number,
            changed_at(row.number),
            customer_id=0,
            billing={"email": row.customer_id, "phone": ""},
            date_created=row.ordered_at.isoformat(),
            line_items=[{**item, "total": str(row.amount)}],
        )
        for row in rows(lines)
    ]


def of_shopify(lines: pd.DataFrame) -> list[dict[str, Any]]:
    moneys = [{"shopMoney": {"amount": str(amount)}} for amount in lines["amount"]]
    return [
        shopify_order(
            row.number,
            f"{changed_at(row.number)}Z",
            name=row.order_id,
            email=row.customer_id,
            createdAt=f"{row.ordered_at.isoformat()}Z",
            subtotalPriceSet=money,
            totalPriceSet=money,
            totalDiscountsSet={"shopMoney": {"amount": "0.0"}},
            lines=[{"name": "Tea", "sku": "T", "quantity": 1, "originalUnitPriceSet": money}],
        )
        for row, money in zip(rows(lines), moneys, strict=True)
    ]


@contextmanager
def folder(root: Path) -> Iterator[Served]:
    path = root / "exports" / "orders.csv"
    path.parent.mkdir()
    path.write_bytes(csv(LINES))
    os.utime(path, (time.time() - 900,) * 2)
    yield {"folder": "exports"}, {}


@contextmanager
def link(root: Path) -> Iterator[Served]:
    with FakeFiles({"/orders.csv": (200, {"ETag": '"1"'}, csv(LINES))}) as files:
        yield {"url": f"{files.url}/orders.csv"}, {}


@contextmanager
def storage(root: Path) -> Iterator[Served]:
    """Two files, the first of which is known."""
    files = {"shop/1.csv": csv(EARLY), "shop/2.csv": csv(LINES.drop(EARLY.index))}
    with FakeS3({"orders": files}) as s3:
        yield (
            {"bucket": "orders", "prefix": "shop", "endpoint": s3.endpoint},
            {"access_key": "a", "secret_key": "b"},
        )


@contextmanager
def sql(root: Path) -> Iterator[Served]:
    pytest.importorskip("adbc_driver_sqlite", reason="install churnkit[sql]")
    with closing(sqlite3.connect(root / "shop.db")) as connection:
        LINES.assign(ordered_at=LINES["ordered_at"].astype(str)).to_sql("orders", connection, index=False)
    query = "SELECT customer_id, order_id, ordered_at, amount, currency FROM orders ORDER BY number"
    yield {"system": "sqlite", "file": "shop.db", "query": query}, {}


@contextmanager
def shopify(root: Path) -> Iterator[Served]:
    with FakeShopify(of_shopify(LINES)) as fake:
        yield {"shop": fake.url}, {"token": "shpat_x"}


KINDS: dict[SourceKind, Any] = {
    "folder": folder,
    "link": link,
    "storage": storage,
    "sql": sql,
    "shopify": shopify,
}
# It tells of products, of which the first file did not know.
WORDS: dict[SourceKind, str] = {"shopify": f"{NEW} new orders, {len(EARLY)} changed orders."}


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The server's folder for sources."""
    monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")
    monkeypatch.setenv(SECRET_KEY, "k" * 32)
    monkeypatch.setenv(SOURCES_FOLDER, str(tmp_path / "drop"))
    monkeypatch.setattr("churnkit.sources.folder.LOOK_AGAIN_SECONDS", 0.0)
    monkeypatch.setattr("churnkit.sources.calls.WAITS", ())
    (tmp_path / "drop").mkdir()
    return tmp_path / "drop"


def opened(place: Path) -> Platform:
    return Platform(place / "data", place / "models", workers=InlineWorkers(), slots=1)


def settle(platform: Platform) -> None:
    while platform.follower.tick():
        pass


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with the earlier orders, nobody having it open."""
    place = tmp_path_factory.mktemp("begun")
    platform = opened(place)
    store = platform.store_for("local", OWNER)
    upload = platform.receive_upload(store, io.BytesIO(csv(EARLY)), "orders.csv", 10**6)
    platform.start_look(store, upload.upload_id, Reading(), AnalysisSettings())
    settle(platform)
    platform.close()
    return place


class Days:
    """A shop whose one schedule pulls one source, and the days that pass."""

    def __init__(self, platform: Platform, kind: SourceKind, served: Served) -> None:
        self.platform = platform
        self.store = platform.store_for("local", OWNER)
        (shop,) = self.store.shops.all()
        self.shop_id = shop.shop_id
        self.store.shops.set_settings(shop.shop_id, replace(shop.shop_settings, after_adding="nothing"))
        told, credentials = served
        source = add_source(self.store, shop.shop_id, kind, name="", settings=told, credentials=credentials)
        self.source_id = source.source_id
        self.schedule_id = add_schedule(
            self.store, shop.shop_id, "pull", DAILY, about_id=source.source_id
        ).schedule_id
        self.now = self.schedule.next_due_at
        self.keeper = Timekeeper(
            platform.store_for("local", SYSTEM),
            timed_tasks(platform, lambda: None, lambda: None),
            clock=lambda: self.now,
        )

    @property
    def schedule(self) -> Schedule:
        return self.store.schedules.get(self.schedule_id)

    @property
    def runs(self) -> list[ScheduleRun]:
        """Newest first."""
        return self.store.schedules.runs(self.schedule_id)

    def pass_until(self, moment: datetime) -> ScheduleRun:
        """Nothing is begun a second before; then the newest run when the work has ended."""
        before = len(self.runs)
        self.now = moment - timedelta(seconds=1)
        self.keeper.tick()
        assert len(self.runs) == before
        self.now = moment
        for _ in range(6):
            self.keeper.tick()
            settle(self.platform)
            self.now += timedelta(seconds=1)
        assert len(self.runs) == before + 1
        return self.runs[0]

    def next_day(self) -> ScheduleRun:
        return self.pass_until(self.schedule.next_due_at)

    def amounts(self, work: Path) -> list[float]:
        """Of the orders in the newest state of the history."""
        newest = self.store.additions.of_shop(self.shop_id)[0]
        history = self.platform.folders.history(self.shop_id, newest.addition_id)
        kept = assemble(history, newest.history_version, work).transactions
        return sorted(pd.read_parquet(kept)["amount"].round(2))


@pytest.mark.parametrize("kind", KINDS)
def test_a_due_pull_brings_the_new_orders_into_the_history(
    begun: Path, root: Path, tmp_path: Path, kind: SourceKind
) -> None:
    shutil.copytree(begun, tmp_path / "shop")
    with KINDS[kind](root) as served, closing(opened(tmp_path / "shop")) as platform:
        days = Days(platform, kind, served)
        first = days.next_day()
        assert (first.state, first.cause, first.run_words) == (
            "done",
            "due",
            WORDS.get(kind, f"{NEW} new orders."),
        )
        newest = days.store.additions.of_shop(days.shop_id)[0]
        assert (newest.source_id, newest.addition_figures.new.orders) == (days.source_id, NEW)
        assert newest.kind == ("changes" if kind in WORDS else "period")
        assert days.amounts(tmp_path / "w") == sorted(LINES["amount"])
        second = days.next_day()
        assert (second.state, second.cause, second.run_words) == ("done", "due", "Nothing new.")
        assert days.store.additions.of_shop(days.shop_id)[0] == newest


def test_woocommerce_replaces_what_changed_and_is_asked_again_5_minutes_after_it_failed(
    begun: Path, root: Path, tmp_path: Path
) -> None:
    shutil.copytree(begun, tmp_path / "shop")
    keys = {"consumer_key": "ck", "consumer_secret": "cs"}
    with FakeWoo(of_woo(LINES.head(-1))) as fake, closing(opened(tmp_path / "shop")) as platform:
        days = Days(platform, "woocommerce", ({"address": fake.url}, keys))
        first = days.next_day()
        assert (first.state, first.run_words) == (
            "done",
            f"{NEW - 1} new orders, {len(EARLY)} changed orders.",
        )
        assert days.amounts(tmp_path / "w") == sorted(LINES.head(-1)["amount"])

        # Three orders become dearer and one is cancelled.
        told = LINES.assign(amount=LINES["amount"].where(LINES["number"] > 3, LINES["amount"] + 100).round(2))
        fake.orders = of_woo(told.head(-1))
        for order in fake.orders[:3]:
            order["date_modified_gmt"] = "2099-01-01T00:00:00"
        fake.orders[9] |= {"status": "cancelled", "date_modified_gmt": "2099-01-01T00:00:00"}
        second = days.next_day()
        assert (second.state, second.run_words) == ("done", "3 changed orders, 1 cancelled order.")
        known = sorted(told.head(-1).drop(told.index[9])["amount"])
        assert days.amounts(tmp_path / "w") == known

        fake.orders = of_woo(told)
        fake.failures = [500] * 3
        cursor = days.store.sources.get(days.source_id).pull_cursor
        failed = days.next_day()
        assert failed.state == "failed" and "stayed busy" in failed.run_words
        assert failed.ended_at is not None and failed.again_at == failed.ended_at + timedelta(minutes=5)
        assert days.amounts(tmp_path / "w") == known
        assert days.store.sources.get(days.source_id).pull_cursor == cursor
        fake.failures = []
        fake.orders[-1]["date_modified_gmt"] = "2099-01-02T00:00:00"
        again = days.pass_until(failed.again_at)
        assert (again.state, again.cause, again.attempt) == ("done", "again", 2)
        assert (again.due_at, again.run_words) == (failed.due_at, "1 new order.")
        assert days.amounts(tmp_path / "w") == sorted([*known, told["amount"].iloc[-1]])
        assert "schedule_failed" not in {event.kind for event in days.store.events.of_shop(days.shop_id)}
