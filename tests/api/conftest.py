"""The API on a data folder of its own, without the pages around it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from churnkit.accounts import OWNER, Scope
from churnkit.api.application import PREFIX, make_api
from churnkit.api.keyring import keyring
from churnkit.jobs import Platform, open_platform
from churnkit.results.folders import Results
from churnkit.services.access.keys import make_key
from churnkit.store import Store
from tests.app.conftest import TENANT as SHOP_TENANT
from tests.app.conftest import Shop, the_full_shop

TENANT = "shop"


@dataclass(frozen=True)
class AnalysedShop:
    """A workspace with one finished analysis."""

    platform: Platform
    analysis_id: str

    @property
    def store(self) -> Store:
        """As its owner sees it."""
        return self.platform.store_for(SHOP_TENANT, OWNER)

    @property
    def path(self) -> str:
        """Where the analysis is found."""
        return f"{PREFIX}/analyses/{self.analysis_id}"

    @property
    def results(self) -> Results:
        """What it found, read by nobody else."""
        folder = self.platform.run_folder(self.store.sessions.get(self.analysis_id))
        assert folder is not None
        return Results(folder)

    def key(self, scope: Scope = "read", tenant: str = SHOP_TENANT) -> dict[str, str]:
        """Headers with a key of this workspace, or of another."""
        store = self.platform.store_for(tenant, OWNER)
        return {"Authorization": f"Bearer {make_key(store, 'test', scope).text}"}


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """The platform that the API finds; its work is not followed."""
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(tmp_path / "models"))
    for name in ("READS_PER_SECOND", "PREDICTIONS_PER_SECOND", "STARTS_PER_MINUTE"):
        monkeypatch.setenv(f"CHURNKIT_API_{name}", "0")
    keyring().forget()
    opened = open_platform(tmp_path / "data", tmp_path / "models")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """300 customers over 500 days, analysed; nobody has its folders open."""
    return the_full_shop(tmp_path_factory)


@pytest.fixture
def shop(analysed: Shop, platform: Platform) -> AnalysedShop:
    """The platform with a finished analysis in it."""
    platform.close()
    data, models = platform.folders.data, platform.folders.models
    shutil.rmtree(data)
    shutil.copytree(analysed.data, data)
    shutil.copytree(analysed.models, models, dirs_exist_ok=True)
    keyring().forget()
    return AnalysedShop(open_platform(data, models), analysed.session_id)


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


@pytest.fixture(scope="module")
def module_shop(analysed: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnalysedShop]:
    """The same for a whole file of tests; jobs wait, as nobody works."""
    folder = tmp_path_factory.mktemp("module_shop")
    data, models = folder / "data", folder / "models"
    shutil.copytree(analysed.data, data)
    shutil.copytree(analysed.models, models)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CHURNKIT_DATA_DIR", str(data))
        patched.setenv("CHURNKIT_MODELS_DIR", str(models))
        for name in ("READS_PER_SECOND", "PREDICTIONS_PER_SECOND", "STARTS_PER_MINUTE"):
            patched.setenv(f"CHURNKIT_API_{name}", "0")
        keyring().forget()
        platform = open_platform(data, models)
        platform.follower.close()
        yield AnalysedShop(platform, analysed.session_id)
        platform.close()
    keyring().forget()
