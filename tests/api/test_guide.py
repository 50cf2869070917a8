"""The recipes of the guide run as they stand there, against a real server with an analysed shop."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from churnkit.api.application import PREFIX, make_api
from churnkit.jobs import Platform
from tests.api.conftest import AnalysedShop
from tests.app.conftest import InlineWorkers, lines_of

pytestmark = pytest.mark.slow

GUIDE = Path(__file__).resolve().parents[2] / "churnkit" / "api" / "README.md"
# The tests' package of the same interface stands in for httpx.
_HTTPX = "import sys, httpx2; sys.modules['httpx'] = httpx2\n"


def recipes(language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


@pytest.fixture(scope="module")
def served(
    module_shop: AnalysedShop, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder to work in, and the environment that the guide asks for."""
    folder = tmp_path_factory.mktemp("guide")
    lines_of(40, 150).to_csv(folder / "orders.csv", index=False)
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=[Mount(PREFIX, app=make_api())]), port=0, log_level="error")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    key = module_shop.key("run")["Authorization"].removeprefix("Bearer ")
    with working(module_shop.platform):
        yield folder, {**os.environ, "CHURNKIT": f"http://127.0.0.1:{port}{PREFIX}", "CHURNKIT_KEY": key}
    server.should_exit = True
    thread.join()


@contextmanager
def working(platform: Platform) -> Iterator[None]:
    """Jobs are done in a thread, as they come."""
    ended = threading.Event()

    def follow() -> None:
        while not ended.wait(0.05):
            platform.follower.tick()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(platform.follower, "workers", InlineWorkers())
        thread = threading.Thread(target=follow)
        thread.start()
        yield
        ended.set()
        thread.join()


def run(command: list[str], served: tuple[Path, dict[str, str]]) -> str:
    folder, environment = served
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_guide_has_three_recipes_of_each() -> None:
    assert (len(recipes("bash")), len(recipes("python"))) == (3, 3)


def test_recipes_with_curl(served: tuple[Path, dict[str, str]]) -> None:
    shown, _, handed = (run(["bash", "-euo", "pipefail", "-c", recipe], served) for recipe in recipes("bash"))
    assert '"customer_id"' in shown
    assert (served[0] / "scores.csv").read_text(encoding="utf-8").startswith("customer_id,")
    assert '"upload_id"' in handed


def test_recipes_with_httpx(served: tuple[Path, dict[str, str]]) -> None:
    pages, life, one = (run([sys.executable, "-c", _HTTPX + recipe], served) for recipe in recipes("python"))
    told, total = re.findall(r"(\d+) of (\d+)", pages)[0]
    assert told == total
    assert life.strip().splitlines()[-1].endswith(" 40")
    assert "\n304\n" in one
    assert len(one.strip().splitlines()) == 3
