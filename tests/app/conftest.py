"""The app as AppTest sees it: on an empty store, on one with a small analysis, and on one with a full analysis.

AppTest points at the shell, so every test begins at the start page and goes on by ``switch_page``. Each test works on
folders of its own: what it changes is gone afterwards.
"""

from __future__ import annotations

import functools
import os
import shutil
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from churnkit.accounts import OWNER
from churnkit.config import AnalysisSettings, TournamentSettings
from churnkit.ingest import Reading
from churnkit.jobs import Platform, open_platform
from churnkit.jobs.processes import process_started
from churnkit.server.navigation import declare_navigation
from churnkit.store import Store
from tests.app.played import NoWorkers
from tests.built_once import built_once
from tests.checked_sql import checked_sql
from tests.shops import order_lines

# Each AppTest would look through all installed packages for components, which takes longer than most pages.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)

SHELL = Path(__file__).resolve().parents[2] / "main.py"
TENANT = "local"
CHECKED_SQL = "checked-sql.txt"
"""In the folder of the run: what one shop's SQL was checked for need not be checked for another."""
# Shown as text everywhere, or something is broken.
HOSTILE_CUSTOMER = "<script>alert(1)</script>"
HOSTILE_PRODUCTS = ("<b>Tea</b> *bold* $x$ :red[no]", "=HYPERLINK(0)", "Coffee " + "very " * 300 + "long")


class InlineWorkers:
    """Does the work here and now, so that building a store needs no processes."""

    def start(self, folder: Path) -> tuple[int, str]:
        from churnkit.jobs.request import Order
        from churnkit.jobs.status import Status
        from churnkit.worker.one_job import run_job

        order = Order.read(folder)
        pid, started = os.getpid(), process_started(os.getpid()) or ""
        with warnings.catch_warnings():
            run_job(folder, order, Status.beginning(order.kind, pid, started, time.monotonic()))
        return pid, started

    def is_alive(self, pid: int, pid_started: str) -> bool:
        return False

    def stop(self, pid: int, pid_started: str) -> None:
        raise AssertionError("nothing runs")


@dataclass(frozen=True)
class Shop:
    """Folders with one finished analysis, nobody having them open."""

    data: Path
    models: Path
    session_id: str


def lines_of(customers: int, days: int) -> pd.DataFrame:
    """Orders with products, returns and a few hostile names."""
    lines = order_lines(customers=customers, days=days)
    rng = np.random.default_rng(3)
    products = np.array(["Beans", "Filter", "Cup", "Grinder", "Syrup", *HOSTILE_PRODUCTS], dtype=object)
    lines["product_name"] = products[rng.integers(0, len(products), len(lines))]
    lines["category"] = rng.choice(["Drinks", "Ware"], len(lines))
    lines["quantity"] = rng.integers(1, 4, len(lines))
    lines["currency"] = "EUR"
    lines.loc[lines["customer_id"] == "00001", "customer_id"] = HOSTILE_CUSTOMER
    return lines


def build(folder: Path, customers: int, days: int) -> Shop:
    """Upload, look and analysis of a made-up shop."""
    platform = Platform(folder / "data", folder / "models", workers=InlineWorkers(), slots=1)
    store = platform.store_for(TENANT, OWNER)
    source = folder / "orders.csv"
    lines_of(customers, days).to_csv(source, index=False)
    settings = AnalysisSettings(tournament=TournamentSettings(budget_seconds=1, jobs=1))
    with source.open("rb") as stream:
        upload = platform.receive_upload(store, stream, "orders of <my> shop.csv", 10**8)
    # Beside the other shops of the run.
    with checked_sql(folder.parent / CHECKED_SQL) as texts:
        session = platform.start_look(store, upload.upload_id, Reading(), settings)
        settle(platform)
        platform.start_analysis(store, session.session_id, settings)
        settle(platform)
    assert texts
    for job in store.jobs.of_session(session.session_id):
        assert job.status == "completed", (job.error_message, job.error_remedy)
    platform.close()
    return Shop(folder / "data", folder / "models", session.session_id)


def settle(platform: Platform) -> None:
    while platform.follower.tick():
        pass


def the_full_shop(factory: pytest.TempPathFactory) -> Shop:
    """300 customers over 500 days, analysed once for everybody: take a copy before anything opens it."""
    return built_once(factory, "full-shop", lambda folder: build(folder, 300, 500))


def full_shop_in(folder: Path, factory: pytest.TempPathFactory) -> Shop:
    """A copy of :func:`the_full_shop` in a folder."""
    shop = the_full_shop(factory)
    copied = Shop(folder / "data", folder / "models", shop.session_id)
    copy_of(shop, (copied.data, copied.models))
    return copied


@pytest.fixture(scope="session")
def full_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """300 customers over 500 days: trained models, a past to test on."""
    return the_full_shop(tmp_path_factory)


@pytest.fixture(scope="session")
def small_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Too small to train anything: the purchase process alone scores the customers."""
    return built_once(tmp_path_factory, "small-shop", lambda folder: build(folder, 40, 150))


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Path]]:
    """Data and models folder of one test, in the environment of the app."""
    data, models = tmp_path / "data", tmp_path / "models"
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(data))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(models))
    monkeypatch.setenv("CHURNKIT_WORKSPACES", "shared")
    monkeypatch.delenv("CHURNKIT_DEMO", raising=False)
    yield data, models
    if (data / "churnkit.duckdb").exists():
        open_platform(data, models).close()


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell around every page, as on a server: AppTest would run the page's file alone."""
    original = PagesManager.__init__

    def declared(self: PagesManager, *values: Any, **named: Any) -> None:
        original(self, *values, **named)
        declare_navigation()

    monkeypatch.setattr(PagesManager, "__init__", declared)


def app() -> AppTest:
    return AppTest.from_file(str(SHELL), default_timeout=60)


@pytest.fixture
def empty_app(folders: tuple[Path, Path]) -> AppTest:
    """The app before anything was uploaded; not run yet."""
    return app()


def copy_of(shop: Shop, folders: tuple[Path, Path]) -> None:
    shutil.copytree(shop.data, folders[0])
    shutil.copytree(shop.models, folders[1], dirs_exist_ok=True) if shop.models.exists() else None


@pytest.fixture
def small_app(folders: tuple[Path, Path], small_shop: Shop) -> AppTest:
    """The app with the analysis of :func:`small_shop`; not run yet."""
    copy_of(small_shop, folders)
    return app()


@pytest.fixture
def full_app(folders: tuple[Path, Path], full_shop: Shop) -> AppTest:
    """The app with the analysis of :func:`full_shop`; not run yet."""
    copy_of(full_shop, folders)
    return app()


@pytest.fixture
def platform(folders: tuple[Path, Path], request: pytest.FixtureRequest) -> Platform:
    """The platform that the app of the same test works on."""
    for name in ("full_app", "small_app"):
        if name in request.fixturenames:
            request.getfixturevalue(name)
    return open_platform(*folders)


@pytest.fixture
def still_platform(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """Jobs move by :meth:`Follower.tick` only, and their workers are played."""
    platform.follower.close()
    monkeypatch.setattr(platform.follower, "workers", NoWorkers())
    return platform


@pytest.fixture
def store(platform: Platform) -> Store:
    """The store of the app's workspace."""
    return platform.store_for(TENANT, OWNER)
