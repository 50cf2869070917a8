"""Fixtures that several test folders share."""

from __future__ import annotations

import gc
import os
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

# As the program's own workers do, and before NumPy is imported: where several processes share the cores, threads that wait
# for each other take a fifth of the time.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import duckdb
import ibis
import numpy as np
import pandas as pd
import pytest

from churnkit.features.purchase_process import add_purchase_process
from churnkit.ingest import kept_sql
from churnkit.ingest.engine import backend_of
from churnkit.services.access import passwords
from churnkit.store.database import Database
from churnkit.windows import CutoffPlan, plan_cutoffs
from tests.shared_sql import SharedSql
from tests.template_store import OPEN, opening_from_a_template

REPOSITORY = Path(__file__).resolve().parents[1]
COST = {"memory_kib": passwords._MEMORY_KIB, "passes": passwords._PASSES}
"""What hashing a password takes in the product."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Hypothesis draws anew in every run, from one seed for all of it, unless one is given."""
    # Until all tests are collected.
    gc.disable()
    if getattr(config.option, "hypothesis_seed", "") is None:
        config.option.hypothesis_seed = str(secrets.randbelow(2**32))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: where several processes share the files, the short ones fill the last minutes."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """Python's search for cycles leaves out what imports and tests hold, and is rarer: it took a fourth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how to draw the same examples again."""
    seed = getattr(config.option, "hypothesis_seed", None)
    if seed:
        terminalreporter.write_line(f"random examples: again with --hypothesis-seed={seed}")


@pytest.fixture(scope="session", autouse=True)
def _stores_from_a_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Database, "open", staticmethod(opening_from_a_template(tmp_path_factory)))
        yield


@pytest.fixture(scope="session", autouse=True)
def _sql_is_kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedSql]:
    """Tables of no connection are worked on as the product's are: half of the time of a panel of a few rows is its SQL."""
    ibis.set_backend(backend_of(duckdb.connect()))
    with pytest.MonkeyPatch.context() as patched:
        # Of more shops than any server sees.
        patched.setattr(kept_sql, "MOST", 20_000)
        yield SharedSql(tmp_path_factory)


@pytest.fixture(scope="module", autouse=True)
def _sql_is_shared(_sql_is_kept: SharedSql) -> Iterator[None]:
    _sql_is_kept.take()
    yield
    _sql_is_kept.give()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """A hash that takes no time, for all that is not about the hash: see :func:`slow_passwords`."""
    with pytest.MonkeyPatch.context() as patched:
        _hash_with(patched, memory_kib=64, passes=1)
        yield


@pytest.fixture
def slow_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords are hashed as in the product."""
    _hash_with(monkeypatch, **COST)
    yield
    monkeypatch.undo()
    passwords._hasher.cache_clear()
    passwords._dummy_hash.cache_clear()


def _hash_with(patched: pytest.MonkeyPatch, memory_kib: int, passes: int) -> None:
    patched.setattr(passwords, "_MEMORY_KIB", memory_kib)
    patched.setattr(passwords, "_PASSES", passes)
    passwords._hasher.cache_clear()
    passwords._dummy_hash.cache_clear()


@pytest.fixture
def own_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """New stores are migrated as in the product, step by step."""
    monkeypatch.setattr(Database, "open", OPEN)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the public data sets; tests that need it skip, and say why, where it is missing."""
    folder = Path(os.environ.get("CHURNKIT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(
            "real data not found: set CHURNKIT_REAL_DATA to a folder with online_retail.parquet (UCI Machine"
            " Learning Repository no. 352) and cdnow_master.txt / cdnow_sample.txt (Fader and Hardie)"
        )
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of the bundled demo files."""
    return REPOSITORY / "data" / "samples"


@pytest.fixture(scope="session")
def awkward_transactions() -> Callable[[int, int], pd.DataFrame]:
    """Canonical transactions of a made-up shop by seed and number of customers, shuffled, over 500 days from 2024-01-10.

    All optional columns, with everything that makes a panel go wrong: orders of several lines, days or instants,
    order ids that come back for another customer, several orders a day or at one instant, refunds inside
    purchases and alone, amounts of nought, missing products, categories, quantities and discounts, orders at
    midnight and on the hour, one-time buyers.
    """
    return _awkward_transactions


def _awkward_transactions(seed: int, customers: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for customer in range(customers):
        for _ in range(rng.choice([1, 1, 2, 3, 6, 15])):
            order = f"O{rng.integers(customers * 8)}"
            start = pd.Timedelta(int(rng.integers(500)), "D") + pd.Timedelta(
                int(rng.choice([0, int(rng.integers(86_400)), 18 * 3600, 18 * 3600 - 1])), "s"
            )
            for _ in range(rng.integers(1, 5)):
                later = pd.Timedelta(int(rng.choice([0, 0, 0, 0, 0, 0, 0, 0, 600, 86_400 * 20])), "s")
                price = float(rng.choice([0.1, 1.0, 2.5, 9.99, 19.99, 33.33, 0.0]))
                quantity = int(rng.integers(1, 5))
                is_return = rng.random() < 0.12
                rows.append(
                    {
                        "order_id": order,
                        "customer_id": f"{customer:05d}",
                        "ordered_at": pd.Timestamp("2024-01-10") + start + later,
                        "amount": round(price * quantity, 2) * (-1 if is_return else 1),
                        "product_id": None if rng.random() < 0.05 else f"P{rng.integers(12)}",
                        "category": None
                        if rng.random() < 0.1
                        else str(rng.choice(["Tea", "tea", "Çay", "Beans"])),
                        "quantity": np.nan if rng.random() < 0.2 else float(quantity),
                        "discount": np.nan if rng.random() < 0.3 else float(rng.choice([0.0, 0.25, 1.5])),
                        "is_return": is_return,
                    }
                )
    lines = pd.DataFrame(rows).sample(frac=1, random_state=seed, ignore_index=True)
    lines["ordered_at"] = lines["ordered_at"].astype("datetime64[us]")
    return lines.assign(source_row=np.arange(1, len(lines) + 1))


@pytest.fixture(scope="session")
def simulated_panel() -> Callable[[int, int], tuple[pd.DataFrame, CutoffPlan]]:
    """A panel and its plan by seed and number of customers: one year, horizon 60 days, scored at its end.

    Customers have an own pace and drop out; the features are a few of the real ones and some noise.
    """
    return _simulated_panel


def _simulated_panel(seed: int, customers: int) -> tuple[pd.DataFrame, CutoffPlan]:
    rng = np.random.default_rng(seed)
    start = datetime(2024, 1, 1)
    plan = plan_cutoffs(start, start + timedelta(days=366), 60)
    rows = []
    for customer in range(customers):
        days = _purchase_days(rng)
        value = rng.gamma(3.0, 10.0)
        for cutoff in plan.all:
            now = (cutoff - start).days
            known, later = days[days < now], days[(days >= now) & (days < now + plan.horizon_days)]
            if len(known) == 0:
                continue
            gaps = np.diff(known)
            labelled = cutoff != plan.scoring
            rows.append(
                {
                    "customer_id": f"{customer:05d}",
                    "cutoff": cutoff,
                    "recency_days": now - known[-1],
                    "tenure_days": now - known[0],
                    "t_x_days": known[-1] - known[0],
                    "order_count": len(known),
                    "purchase_days": len(known),
                    "repeat_count": len(known) - 1,
                    "gross_total": round(value * len(known), 2),
                    "monetary_total": round(value * len(known), 2),
                    "spend_per_month": value * len(known) * 30 / (now - known[0] + 30),
                    "orders_90d": np.nan if now < 90 else float((known >= now - 90).sum()),
                    "gap_mean_days": gaps.mean() if len(gaps) else np.nan,
                    "overdue_ratio": (now - known[-1]) / gaps.mean() if len(gaps) else np.nan,
                    "return_share": float(rng.beta(1, 9)),
                    "favourite_category": str(rng.choice(["tea", "beans", "ware"])),
                    "churned": float(len(later) == 0) if labelled else np.nan,
                    "orders_next": float(len(later)) if labelled else np.nan,
                    "spend_next": value * len(later) if labelled else np.nan,
                }
            )
    panel = pd.DataFrame(rows).sort_values(["cutoff", "customer_id"], ignore_index=True)
    panel["cutoff"] = panel["cutoff"].astype("datetime64[us]")
    return add_purchase_process(panel, plan.horizon_days), plan


def _purchase_days(rng: np.random.Generator) -> np.ndarray:
    """Distinct days, ascending, of a customer who buys at an own pace until he drops out."""
    pace = 1.0 / max(rng.gamma(1.2, 0.02), 0.003)
    length = rng.geometric(rng.beta(1.2, 4.0))
    gaps = np.maximum(1, rng.exponential(pace, length - 1).round()).astype(int)
    return int(rng.integers(0, 330)) + np.concatenate([[0], np.cumsum(gaps)])
