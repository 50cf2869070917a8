"""A shop's next run is asked for by the API: once while it waits, and with the right to run."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import AnalysedShop

V1 = "/api/v1"


@pytest.mark.parametrize(("what", "kind"), [("refresh", "refresh"), ("retrain", "analyze")])
def test_a_run_is_queued_once(client: TestClient, shop: AnalysedShop, what: str, kind: str) -> None:
    shop.platform.follower.close()
    address = f"{V1}/shops/{shop.analysis_id}/{what}"
    assert client.post(address, headers=shop.key("read")).status_code == 403
    first = client.post(address, headers=shop.key("run"))
    assert (first.status_code, first.json()["kind"], first.json()["state"]) == (202, kind, "pending")
    assert first.headers["location"].endswith(first.json()["job_id"])
    assert client.post(address, headers=shop.key("run")).json()["job_id"] == first.json()["job_id"]
    assert client.post(f"{V1}/shops/{'0' * 32}/{what}", headers=shop.key("run")).status_code == 404
    run = client.get(f"{shop.path}/runs", headers=shop.key("read")).json()["items"][0]
    assert (run["kind"], run["trained_by"], run["history_version"]) == ("analysis", None, None)
