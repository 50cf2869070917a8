"""A whole life over HTTP: hand over, answer, look, analyse, take away, score a newer file, delete."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from starlette.testclient import TestClient

from churnkit.jobs import Platform
from tests.app.conftest import InlineWorkers, lines_of, settle

Headers = Callable[..., dict[str, str]]
V1 = "/api/v1"


@pytest.fixture
def working(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """Work is done here and now, by :func:`settle`."""
    platform.follower.close()
    monkeypatch.setattr(platform.follower, "workers", InlineWorkers())
    return platform


def orders() -> bytes:
    lines = lines_of(40, 150)
    lines["status"] = "completed"
    # A word that nobody knows: whether these count changes the revenue, so it is asked.
    lines.loc[lines.index[::5], "status"] = "frobnicated"
    return lines.to_csv(index=False).encode()


@pytest.mark.slow
def test_whole_life(client: TestClient, working: Platform, key: Headers) -> None:
    admin = key("admin")

    def ask(method: str, path: str, status: int = 200, **named: Any) -> Any:
        answer = client.request(
            method, path if path.startswith("/") else f"{V1}/{path}", headers=admin, **named
        )
        assert answer.status_code == status, (path, answer.text)
        return answer

    put = ask("PUT", "uploads", 201, params={"filename": "orders.csv"}, content=orders())
    upload = put.headers["location"]
    seen = ask("POST", f"{upload}/inspection", json={}).json()
    assert seen["status"] == "question"
    answers: dict[str, Any] = {}
    for question in seen["questions"]:
        for name, value in question["choices"][0]["answer"].items():
            answers[name] = {**answers.get(name, {}), **value} if isinstance(value, dict) else value
    read = ask("POST", f"{upload}/inspection", json={"answers": answers}).json()
    assert (read["status"], read["questions"]) == ("readable", [])

    body = {"upload_id": put.json()["upload_id"], "answers": answers, "name": "Spring"}
    begun = ask("POST", "analyses", 202, json=body)
    assert begun.headers["retry-after"] == "2"
    analysis = f"{V1}/analyses/{begun.json()['analysis_id']}"
    waiting = ask("GET", begun.headers["location"])
    assert (waiting.json()["state"], waiting.json()["queue_position"]) == ("pending", 1)
    assert waiting.headers["retry-after"] == "2"
    ask("GET", f"{analysis}/look", 404)
    ask("GET", f"{V1}/analyses/default", 404)
    settle(working)
    assert ask("GET", begun.headers["location"]).json()["state"] == "completed"
    look = ask("GET", f"{analysis}/look").json()
    assert look["rows_in"] == read["row_count"]
    assert look["rows_kept"] == read["understood"]["rows_kept"]
    assert [one["kind"] for one in ask("GET", f"{analysis}/exports").json()["items"]] == [
        "ledger", "profile_pdf", "profile_html",
    ]  # fmt: skip

    start = {"kind": "analyze", "horizon_days": 40, "budget_seconds": 1}
    job = ask("POST", f"{analysis}/jobs", 202, json=start)
    again = ask("POST", f"{analysis}/jobs", 202, json=start)
    assert again.json()["job_id"] == job.json()["job_id"]
    other = ask("POST", f"{analysis}/jobs", 409, json={**start, "horizon_days": 41})
    assert other.json()["code"] in ("job", "conflict")
    settle(working)
    done = ask("GET", job.headers["location"]).json()
    assert (done["state"], done["percent"], done["error"]) == ("completed", 100.0, None)
    assert ask("GET", f"{V1}/analyses/default").json()["name"] == "Spring"
    (run,) = ask("GET", f"{analysis}/runs").json()["items"]
    assert (run["run_id"], run["is_current"], run["horizon_days"]) == (done["job_id"], True, 40)
    assert ask("GET", f"{analysis}/results").json()["run_id"] == run["run_id"]

    files = {one["kind"]: one for one in ask("GET", f"{analysis}/exports").json()["items"]}
    taken = {}
    for kind, offer in files.items():
        answer = ask("GET", f"{analysis}/exports/{kind}")
        assert answer.headers["content-type"].split(";")[0] == offer["mime"]
        assert "attachment" in answer.headers["content-disposition"]
        taken[kind] = answer.content
    assert taken["pdf"].startswith(b"%PDF")
    assert taken["html"].lstrip().lower().startswith(b"<!doctype html")
    assert zipfile.ZipFile(io.BytesIO(taken["xlsx"])).testzip() is None
    scores = pd.read_csv(io.BytesIO(taken["scores"]), dtype={"customer_id": str})
    features = pd.read_parquet(io.BytesIO(taken["features_parquet"]))
    total = ask("GET", f"{analysis}/customers").json()["total"]
    assert len(scores) == len(features) == total

    retry = ask("POST", f"{V1}/jobs/{done['job_id']}/retry", 202)
    stopped = ask("DELETE", retry.headers["location"]).json()
    assert (stopped["state"], stopped["job_id"]) == ("cancelled", retry.json()["job_id"])
    states = {one["state"] for one in ask("GET", "jobs", params={"state": "cancelled"}).json()["items"]}
    assert states == {"cancelled"}

    ask("DELETE", analysis)
    ask("GET", analysis, 404)
    ask("GET", upload, 404)
    assert ask("GET", "jobs").json()["total"] == 0
