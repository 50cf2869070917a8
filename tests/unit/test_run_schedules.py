"""``shop run-schedules``: what is due is done once, and nothing is where nothing is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from churnkit.cli import main
from churnkit.results.schedule import Rule
from churnkit.results.shop import ShopSettings
from churnkit.store import Store


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(tmp_path / "models"))
    return tmp_path / "data" / "churnkit.duckdb"


def test_what_is_due_is_tried_and_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC)
    with Store.open(folder) as store:
        shop = store.shops.create("Beans", ShopSettings(), created_at=now)
        schedule = store.schedules.add(
            shop.shop_id, "refresh", Rule(), about_id=None, zone="UTC", next_due_at=now, at=now
        )
    # A shop without an analysis cannot be refreshed: it says so, and the command fails.
    assert main(["shop", "run-schedules"]) == 1
    told = capsys.readouterr().out
    assert "Beans: Score the customers anew: " in told
    assert "failed" in told
    assert main(["shop", "run-schedules"]) == 0
    assert capsys.readouterr().out == "Nothing is due.\n"
    with Store.open(folder) as store:
        (run,) = store.schedules.runs(schedule.schedule_id)
        assert store.schedules.get(schedule.schedule_id).next_due_at > now + timedelta(minutes=1)
    assert run.attempt == 1
