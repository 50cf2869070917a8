"""What was known at an earlier version of a shop's history can be analysed again, and says the same."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from churnkit.accounts import OWNER
from churnkit.errors import JobError
from churnkit.jobs import Platform
from churnkit.results.folders import Results
from churnkit.store import Store
from tests.app.conftest import TENANT, InlineWorkers, Shop, copy_of, lines_of, settle


def test_a_past_run_is_reproduced_from_what_was_known_then(tmp_path: Path, small_shop: Shop) -> None:
    copy_of(small_shop, (tmp_path / "data", tmp_path / "models"))
    platform = Platform(tmp_path / "data", tmp_path / "models", workers=InlineWorkers(), slots=1)
    store = platform.store_for(TENANT, OWNER)
    shop_id = small_shop.session_id
    (first,) = store.runs.of_session(shop_id)
    add(platform, store, shop_id, newer(), tmp_path / "newer.csv")
    platform.start_refresh(store, shop_id)
    settle(platform)
    changed = store.runs.of_session(shop_id)[0]
    assert changed.history_version == 2

    job = platform.start_rerun(store, shop_id, 1)
    settle(platform)
    again = store.runs.get(job.job_id)
    assert (again.kind, again.history_version) == ("analysis", 1)
    then, now, later = (Results(platform.folders.run(shop_id, run.run_id)) for run in (first, again, changed))
    pd.testing.assert_frame_equal(now.customers, then.customers)
    assert now.cutoff == then.cutoff < later.cutoff
    with pytest.raises(JobError, match="there is none"):
        platform.start_rerun(store, shop_id, 9)
    platform.close()


def newer() -> pd.DataFrame:
    """A month of later orders, and one of an order that was known otherwise."""
    lines = lines_of(40, 150)
    last = lines["ordered_at"].max()
    month = lines[lines["ordered_at"] > last - timedelta(days=30)].copy()
    month["ordered_at"] += timedelta(days=30)
    month["order_id"] = "B" + month["order_id"]
    edited = lines[lines["ordered_at"] > last - timedelta(days=10)].copy()
    edited["amount"] *= 2
    return pd.concat([edited, month], ignore_index=True)


def add(platform: Platform, store: Store, shop_id: str, lines: pd.DataFrame, file: Path) -> None:
    """Add an export to the history, and nothing more."""
    lines.to_csv(file, index=False)
    with file.open("rb") as stream:
        upload = platform.receive_upload(store, stream, file.name, 10**8)
    job = platform.add_export(store, shop_id, upload.upload_id, then="nothing")
    settle(platform)
    done = store.jobs.get(job.job_id)
    assert done.status == "completed", done.error_message
