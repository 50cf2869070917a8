"""Scorecards, drift and log by the API."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from starlette.testclient import TestClient

from churnkit.services.monitor.writing import write_monitoring
from tests.api.conftest import AnalysedShop
from tests.app.test_monitoring import earlier_run


def test_forecasts_drift_and_log_of_a_shop(shop: AnalysedShop, client: TestClient, tmp_path: Path) -> None:
    headers = shop.key()
    before = client.get(f"/api/v1/shops/{shop.analysis_id}/drift", headers=headers)
    assert before.status_code == 404 and "start it again to see it" in before.json()["detail"]

    (run,) = shop.store.runs.of_session(shop.analysis_id)
    folder = shop.platform.folders.run(shop.analysis_id, run.run_id)
    write_monitoring(folder, [earlier_run(folder, tmp_path / "earlier")])
    found = client.get(f"/api/v1/shops/{shop.analysis_id}/scorecards", headers=headers)
    assert found.status_code == 200, found.text
    (card,) = found.json()["scorecards"]
    assert card["words"].startswith("Of ") and card["verdict"] in (
        "held",
        "level_off",
        "weaker",
        "order_lost",
        "few",
    )
    assert card["active"]["customers"] > 0
    assert [one["run_id"] for one in found.json()["running"]] == [run.run_id]

    drift = client.get("/api/v1/shops/default/drift", headers=headers)
    assert drift.status_code == 200, drift.text
    assert drift.json()["reference_run"] == "earlier" and drift.json()["features"]

    shop.store.events.note(
        shop.analysis_id, "scorecard_ready", key="one", words="It held.", at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    log = client.get(f"/api/v1/shops/{shop.analysis_id}/log", headers=headers)
    assert log.status_code == 200, log.text
    assert "It held." in [one["words"] for one in log.json()["items"]]
