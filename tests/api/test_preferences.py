"""Locale, currency and name of a workspace over HTTP: each changed by itself, by whom it may be, checked as on the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

PATH = "/api/v1/workspace/preferences"
Headers = Callable[..., dict[str, str]]


def test_each_is_changed_by_itself(client: TestClient, key: Headers) -> None:
    run = key("run")
    assert client.get(PATH, headers=run).json() == {"locale": None, "currency": None, "shop_name": ""}
    for change in (
        {"locale": "de-DE", "currency": "EUR"},
        {"shop_name": " Corner  coffee "},
        {"currency": None},
    ):
        assert client.patch(PATH, headers=run, json=change).status_code == 200
    wanted = {"locale": "de-DE", "currency": None, "shop_name": "Corner coffee"}
    assert client.get(PATH, headers=key("read")).json() == wanted
    assert client.get(PATH, headers=key("read", tenant="another")).json()["locale"] is None


@pytest.mark.parametrize(
    "change", [{"locale": "xx"}, {"currency": "eur"}, {"shop_name": "a" * 81}, {"margin": 1}]
)
def test_what_is_not_known_is_refused(client: TestClient, key: Headers, change: dict[str, object]) -> None:
    assert client.patch(PATH, headers=key("run"), json=change).status_code == 422
    assert client.patch(PATH, headers=key("read"), json={"locale": "de-DE"}).status_code == 403
    assert client.get(PATH, headers=key("read")).json()["locale"] is None
