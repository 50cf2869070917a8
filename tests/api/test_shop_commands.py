"""The commands of a shop through a server that owns the data folder."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from churnkit.cli import main
from tests.api.answering import HERE, answer_here
from tests.api.conftest import AnalysedShop
from tests.app.conftest import InlineWorkers, lines_of

V1 = "/api/v1"


@pytest.mark.slow
def test_a_server_adds_refreshes_and_tells_for_the_commands(
    client: TestClient,
    shop: AnalysedShop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shop.platform.follower.close()
    shop.platform.follower.workers = InlineWorkers()
    asked = answer_here(client, shop.platform, monkeypatch)
    place = f"{V1}/shops/{shop.analysis_id}"

    def run(*command: str) -> int:
        return main(["shop", command[0], shop.analysis_id[:8], *command[1:], "--server", HERE])

    assert run("status") == 2
    assert "CHURNKIT_API_KEY is not set" in capsys.readouterr().err
    monkeypatch.setenv("CHURNKIT_API_KEY", shop.key("run")["Authorization"].removeprefix("Bearer "))

    lines = lines_of(300, 500)
    last = lines["ordered_at"].max()
    newer = lines[lines["ordered_at"] > last - timedelta(days=30)].copy()
    newer["ordered_at"] += timedelta(days=30)
    newer["order_id"] = "B" + newer["order_id"]
    newer.to_csv(tmp_path / "newer.csv", index=False)
    assert run("add", str(tmp_path / "newer.csv"), "--missing", "keep") == 0
    assert f"New: {newer['order_id'].nunique()} orders of" in capsys.readouterr().out
    assert ("PUT", f"{V1}/uploads?filename=newer.csv") in asked
    assert ("POST", f"{place}/additions") in asked

    assert run("refresh") == 0
    told = capsys.readouterr()
    refreshed = shop.store.runs.of_session(shop.analysis_id)[0]
    assert refreshed.kind == "refresh"
    assert told.out == f"300 customers of {_day(refreshed.summary.cutoff)}: version {refreshed.run_id}.\n"
    assert run("status") == 0
    told = capsys.readouterr()
    assert "Version 2: Export" in told.out and f"Run {refreshed.run_id[:8]} (on screen)" in told.out
    assert run("scorecard", "--output", str(tmp_path / "told")) == 0
    assert "If the model is still right" in capsys.readouterr().out
    assert "scorecards" in json.loads((tmp_path / "told" / "scorecards.json").read_text(encoding="utf-8"))

    # What the server says of a failure is what the command says.
    (tmp_path / "none.csv").write_text("nothing\n1\n", encoding="utf-8")
    assert run("add", str(tmp_path / "none.csv")) == 2
    assert capsys.readouterr().err.startswith("churnkit: ")
    assert main(["shop", "status", "nobody", "--server", HERE]) == 2
    assert "has none of this name" in capsys.readouterr().err


def _day(moment: object) -> str:
    from churnkit.text.figures import day

    return day(moment)  # type: ignore[arg-type]
