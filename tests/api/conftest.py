"""The API on a data folder of its own, without the pages around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from churnkit.accounts import OWNER, Scope
from churnkit.api.application import PREFIX, make_api
from churnkit.api.keyring import keyring
from churnkit.jobs import Platform, open_platform
from churnkit.services.access.keys import make_key

TENANT = "shop"


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """The platform that the API finds; its work is not followed."""
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(tmp_path / "models"))
    keyring().forget()
    opened = open_platform(tmp_path / "data", tmp_path / "models")
    yield opened
    opened.close()


@pytest.fixture
def client(platform: Platform) -> Iterator[TestClient]:
    """A client without a key."""
    with TestClient(
        Starlette(routes=[Mount(PREFIX, app=make_api())]),
        base_url="http://shop.example",
        raise_server_exceptions=False,
    ) as opened:
        yield opened


@pytest.fixture
def key(platform: Platform) -> Callable[..., dict[str, str]]:
    """Makes headers with a key of a scope, for a workspace."""

    def make(scope: Scope = "admin", tenant: str = TENANT) -> dict[str, str]:
        return {"Authorization": f"Bearer {make_key(platform.store_for(tenant, OWNER), 'test', scope).text}"}

    return make
