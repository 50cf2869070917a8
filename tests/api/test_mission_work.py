"""The briefs' names: a file's way by them, and that each is the same as ours."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pandas as pd
import pytest
from starlette.testclient import TestClient

from churnkit.jobs import Platform
from tests.api.conftest import TENANT, AnalysedShop
from tests.app.conftest import InlineWorkers, lines_of, settle

Headers = Callable[..., dict[str, str]]
V1 = "/api/v1"


@pytest.fixture
def working(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """Work is done as it is queued, by the follower's own thread."""
    monkeypatch.setattr(platform.follower, "workers", InlineWorkers())
    return platform


def orders() -> bytes:
    lines = lines_of(40, 150).rename(columns={"customer_id": "Buyer"})
    return lines.to_csv(index=False).encode()


@pytest.mark.slow
def test_upload_configure_train_status(client: TestClient, working: Platform, key: Headers) -> None:
    run, read = key("run"), key("read")
    mapping = json.dumps({"customer_id": "Buyer"})
    form = {"tenant_id": TENANT, "mapping": mapping}
    seen = client.post(f"{V1}/upload", files={"file": ("orders.csv", orders())}, data=form, headers=run)
    body = seen.json()
    assert (seen.status_code, body["status"]) == (201, "readable"), body
    assert body["columns"] == list(body["detected_types"]) == list(body["preview"][0])
    assert len(body["preview"]) == 5
    settings = {
        "upload_id": body["upload_id"],
        "column_mapping": {**body["suggested_mapping"], "customer_id": "Buyer"},
        "churn_threshold_days": 45,
    }
    configured = client.post(f"{V1}/configure", json=settings, headers=run).json()
    assert (configured["status"], configured["churn_threshold_days"]) == ("configured", 45), configured
    assert (configured["validation"]["required_columns"], configured["validation"]["min_customers"]) == (
        True,
        False,
    )
    session_id = configured["session_id"]
    look = client.get(f"{V1}/analyses/{session_id}/look", headers=read).json()
    assert configured["validation"]["quality_score"] == look["quality"]["value"]

    working.follower.close()
    trained = client.post(f"{V1}/train", json={"session_id": session_id}, headers=run)
    assert (trained.status_code, trained.json()["status"]) == (202, "pending")
    assert trained.json()["estimated_seconds"] > 0
    assert (
        client.post(f"{V1}/queue", json={"session_id": session_id}, headers=run).json()["job_id"]
        == trained.json()["job_id"]
    )
    queue = client.get(f"{V1}/queue", headers=read).json()
    assert [one["job_id"] for one in queue["items"]] == [trained.json()["job_id"]]
    job = f"{V1}/queue/{trained.json()['job_id']}"
    assert client.patch(job, json={"status": "cancelled"}, headers=run).json()["state"] == "cancelled"
    again = client.patch(job, json={"status": "pending"}, headers=run).json()
    assert again["state"] == "pending"
    settle(working)
    status = client.get(f"{V1}/train/status/{again['job_id']}", headers=read).json()
    assert (status["status"], status["progress"]) == ("completed", 100.0), status
    assert status["steps_completed"] == status["steps_total"]
    assert client.get(f"{V1}/analyses/{session_id}", headers=read).json()["horizon_days"] == 45


def test_upload_for_another_tenant_leaves_nothing(
    client: TestClient, platform: Platform, key: Headers
) -> None:
    form = {"tenant_id": "other"}
    files = {"file": ("orders.csv", b"a,b\n1,2\n")}
    assert client.post(f"{V1}/upload", files=files, data=form, headers=key("run")).status_code == 403
    for mapping, status in (("[]", 422), ('{"nonsense": 1}', 422)):
        form = {"mapping": mapping}
        assert client.post(f"{V1}/upload", files=files, data=form, headers=key("run")).status_code == status
    assert list(platform.folders.uploads.iterdir()) == []
    assert client.get(f"{V1}/uploads", headers=key("read")).json()["total"] == 0


def test_names_of_results_are_ours(client: TestClient, shop: AnalysedShop) -> None:
    read = shop.key("read")
    ours = client.get(f"{shop.path}/customers", params={"tier": "high", "limit": 3}, headers=read).json()
    theirs = client.get(
        f"{V1}/predictions/{shop.analysis_id}", params={"risk_tier": "high", "limit": 3}, headers=read
    ).json()
    assert ours["items"]
    assert {**theirs, "next": None} == {**ours, "next": None}
    everybody = client.get(f"{V1}/predictions/default", headers=read).json()
    assert everybody["total"] == len(shop.results.customers)
    for wanted, kind in (("csv", "scores"), ("parquet", "features_parquet"), ("pdf", "pdf")):
        file = client.get(f"{V1}/export/{shop.analysis_id}", params={"format": wanted}, headers=read)
        assert file.status_code == 200
        if wanted != "pdf":
            assert file.content == client.get(f"{shop.path}/exports/{kind}", headers=read).content
    assert (
        client.get(f"{V1}/export/{shop.analysis_id}", params={"format": "doc"}, headers=read).status_code
        == 422
    )
    assert client.get(f"{V1}/predictions/{'0' * 32}", headers=read).status_code == 404


def test_default_model(client: TestClient, shop: AnalysedShop) -> None:
    read, run = shop.key("read"), shop.key("run")
    default = client.get(f"{V1}/models/default", headers=read).json()
    champion = shop.store.models.champion(shop.analysis_id)
    assert champion is not None
    assert default["model_id"] == champion.model_id
    same = client.get(f"{V1}/models/{champion.model_id}/json", headers=read).json()
    assert same == client.get(f"{V1}/models/{champion.model_id}", headers=read).json() == default
    body = {"model_id": champion.model_id}
    assert client.post(f"{V1}/models/default", json=body, headers=read).status_code == 403
    assert client.post(f"{V1}/models/default", json=body, headers=run).json() == default
    other = shop.store.models.of_session(shop.analysis_id)[-1]
    assert (
        client.post(f"{V1}/models/default", json={"model_id": other.model_id}, headers=run).status_code == 409
    )
    data = client.get(f"{V1}/models/{champion.model_id}/dataset", headers=read)
    assert len(pd.read_parquet(io.BytesIO(data.content))) > 300


def test_predict_job_keeps_scores(
    client: TestClient, shop: AnalysedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.platform.follower.close()
    monkeypatch.setattr(shop.platform.follower, "workers", InlineWorkers())
    read, run, admin = shop.key("read"), shop.key("run"), shop.key("admin")
    (upload,) = shop.store.uploads.all()
    path = f"{V1}/predict_job"
    # A form without a file, as browsers and curl -F send one.
    neither = client.post(path, files={"name": (None, "x")}, headers=run)
    assert neither.status_code == 422
    fields = {"upload_id": (None, upload.upload_id), "name": (None, "again")}
    begun = client.post(path, files=fields, headers=run)
    assert begun.status_code == 202, begun.text
    settle(shop.platform)
    one = f"{V1}/predictions/{begun.json()['scoring_id']}"
    answer = client.get(one, headers=read).json()
    assert (answer["name"], answer["job"]["state"]) == ("again", "completed")
    assert client.get(f"{V1}/predictions", headers=read).json()["items"] == [answer]
    assert client.patch(one, json={"name": "mine"}, headers=run).json()["name"] == "mine"
    table = pd.read_csv(io.BytesIO(client.get(f"{one}/csv", headers=read).content))
    assert len(pd.read_parquet(io.BytesIO(client.get(f"{one}/download", headers=read).content))) == len(table)
    assert client.delete(one, headers=admin).status_code == 204
    assert client.get(one, headers=read).status_code == 404
