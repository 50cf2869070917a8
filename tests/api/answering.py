"""The API of this process where a command looks for a server."""

from __future__ import annotations

import http.client
from typing import Any, BinaryIO

import pytest
from starlette.testclient import TestClient

from churnkit.jobs import Platform
from tests.app.conftest import settle

HERE = "http://localhost:8501"


def answer_here(
    client: TestClient, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, str]]:
    """Answer what is asked at ``HERE``, work done after each request; the list of requests grows with them."""
    asked: list[tuple[str, str]] = []

    class Answering:
        """Stands for the connection."""

        answer: Any

        def __init__(self, place: str, timeout: float) -> None:
            assert place == "localhost:8501"

        def request(
            self, method: str, path: str, body: str | BinaryIO | None, headers: dict[str, str]
        ) -> None:
            asked.append((method, path))
            content = body if body is None or isinstance(body, str) else body.read()
            self.answer = client.request(method, path, content=content, headers=headers)
            settle(platform)

        def getresponse(self) -> Answering:
            self.status = self.answer.status_code
            return self

        def read(self) -> bytes:
            return self.answer.content

        def close(self) -> None:
            pass

    monkeypatch.setattr(http.client, "HTTPConnection", Answering)
    return asked
