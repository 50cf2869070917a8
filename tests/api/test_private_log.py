"""The log of calls says neither who the customers are nor what opens the door."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from churnkit.config import SECRET_KEY
from churnkit.jobs import Platform


def test_neither_people_nor_secrets_are_logged(
    client: TestClient,
    platform: Platform,
    key: Callable[..., dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv(SECRET_KEY, "s3cret-" * 8)
    headers = key("admin")
    text = headers["Authorization"].removeprefix("Bearer ")

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("it broke")

    with caplog.at_level(logging.DEBUG, logger="churnkit"):
        person = "kim.weaver@mail.example"
        analysis = "0" * 32
        client.get(f"/api/v1/analyses/{analysis}/customers/{person}", headers=headers)
        client.get(f"/api/v1/analyses/{analysis}/customers", params={"search": person}, headers=headers)
        client.put("/api/v1/uploads/kim.weaver.csv", content=b"a,b\n1,2\n", headers=headers)
        client.post("/api/v1/webhooks", json={"url": f"https://127.0.0.1/{person}"}, headers=headers)
        client.get("/api/v1/me", headers={"Authorization": f"Bearer {text[:-1]}"})
        client.get("/api/v1/me", headers={"X-API-Key": "weaver-password"})
        monkeypatch.setattr(type(platform), "run_folder", broken)
        monkeypatch.setattr("churnkit.api.opened.session_of", broken)
        failed = client.get(f"/api/v1/analyses/{analysis}/customers/{person}", headers=headers)
    assert failed.status_code == 500 and "it broke" not in failed.text
    assert "it broke" in caplog.text and "/analyses/{analysis_id}/customers" in caplog.text
    for secret in ("weaver", "s3cret", text, text[:-1], "127.0.0.1/"):
        assert secret not in caplog.text, secret
