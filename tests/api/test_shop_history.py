"""A shop's history over the API: a newer export is added with the right to upload, and the last one taken back."""

from __future__ import annotations

import io

import pandas as pd
from starlette.testclient import TestClient

from tests.api.conftest import AnalysedShop
from tests.app.conftest import InlineWorkers, settle

V1 = "/api/v1"


def test_an_export_is_added_listed_and_taken_back(client: TestClient, shop: AnalysedShop) -> None:
    shop.platform.follower.close()
    shop.platform.follower.workers = InlineWorkers()
    address = f"{V1}/shops/{shop.analysis_id}/additions"
    assert client.get(address, headers=shop.key("read")).json()["items"] == []
    session = shop.store.sessions.get(shop.analysis_id)
    first = pd.read_csv(shop.platform.upload_file(shop.store.uploads.get(session.upload_id)))
    newer = io.BytesIO(first.iloc[5:].to_csv(index=False).encode())
    upload = shop.platform.receive_upload(shop.store, newer, "newer.csv", 10**8)
    body = {"upload_id": upload.upload_id, "then": "nothing"}
    assert client.post(address, json=body, headers=shop.key("read")).status_code == 403
    begun = client.post(address, json=body, headers=shop.key("run"))
    assert (begun.status_code, begun.json()["kind"]) == (202, "add")
    settle(shop.platform)
    added = client.get(address, headers=shop.key("read")).json()["items"]
    assert [one["kind"] for one in added] == ["period", "first"]
    assert added[0]["unchanged"]["orders"] > 0
    back = client.post(f"{address}/take-back", headers=shop.key("run"))
    assert back.status_code == 202
