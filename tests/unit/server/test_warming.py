"""What a server gets ready beside its first answers."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from pathlib import Path

import pytest

from churnkit.server.life import server_life
from churnkit.server.uploads import GuardedUploads
from churnkit.server.warming import WarmUp, _without_collecting
from tests.servers import finish

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def thawed():
    """No object of other tests is left out of collections."""
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed")
def test_what_stays_is_loaded_without_collections_and_left_out_of_later_ones() -> None:
    seen: list[bool] = []
    before = gc.get_freeze_count()
    _without_collecting(lambda: seen.append(gc.isenabled()))
    assert seen == [False]
    assert gc.isenabled() and gc.get_freeze_count() > before


@pytest.mark.usefixtures("thawed")
def test_garbage_is_collected_again_where_loading_fails() -> None:
    with pytest.raises(ImportError, match="gone"):
        _without_collecting(lambda: (_ for _ in ()).throw(ImportError("gone")))
    assert gc.isenabled()


def test_warming_begins_by_itself_once_browsers_are_answered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("churnkit.server.life.NOBODY_CAME_SECONDS", 0.02)

    class Runtime:
        uploaded_file_mgr = GuardedUploads("/")

    monkeypatch.setattr("churnkit.server.life.runtime.get_instance", Runtime)
    begun: list[str] = []

    async def live() -> None:
        async with server_life(None, once_listening=lambda: begun.append("warm")):
            assert begun == []
            await asyncio.sleep(0.1)

    finish(live())
    assert begun == ["warm"]


@pytest.mark.usefixtures("thawed")
def test_the_first_visitor_begins_it_and_it_is_begun_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    monkeypatch.setattr("churnkit.server.warming._load_home", lambda: loaded.append("home"))
    monkeypatch.setattr("churnkit.server.warming.READERS_PAUSE_SECONDS", 1000.0)
    warm_up = WarmUp()
    assert not warm_up.home_is_loaded
    warm_up.await_home()
    warm_up.begin()
    warm_up.await_home()
    assert warm_up.home_is_loaded and loaded == ["home"]


@pytest.mark.usefixtures("thawed")
def test_a_visitor_does_not_wait_for_what_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise ImportError("gone")

    monkeypatch.setattr("churnkit.server.warming._load_home", fails)
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    warm_up = WarmUp()
    warm_up.await_home()
    assert warm_up.home_is_loaded


def test_home_is_ready_with_its_store_and_small_tables(tmp_path: Path) -> None:
    code = (
        "from churnkit.server import warming\n"
        "warming._load_home()\n"
        "import pyarrow\n"
        "from churnkit.jobs import platform\n"
        "print(pyarrow.default_memory_pool().backend_name, len(platform._OPENED))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env={
            "CHURNKIT_DATA_DIR": str(tmp_path),
            "PYTHONPATH": str(REPOSITORY),
            "HOME": str(tmp_path),
            "PATH": "",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip() == "system 1", done.stderr
