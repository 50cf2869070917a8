"""The API is made after the server has begun to listen, once, whoever asks first."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from churnkit.api.late import LateApp

REPOSITORY = Path(__file__).resolve().parents[2]


def test_app_is_made_once() -> None:
    made: list[int] = []

    def make() -> ASGIApp:
        made.append(1)
        return PlainTextResponse("here")

    late = LateApp(make)
    assert not made
    with ThreadPoolExecutor(4) as threads:
        assert len({id(app) for app in threads.map(lambda _: late.get_ready(), range(4))}) == 1
    assert TestClient(late).get("/").text == TestClient(late).get("/").text == "here"
    assert made == [1]


LATER = (
    "churnkit.api.application",
    "churnkit.ingest",
    "churnkit.jobs.platform",
    "churnkit.store",
    "churnkit.ui",
    "duckdb",
    "fastapi",
    "ibis",
    "mcp",
    "pandas",
    "pyarrow",
    "scipy",
    "sklearn",
)


def test_the_server_listens_before_it_loads_the_store_routes_or_models(tmp_path: Path) -> None:
    code = f"import sys, app\nprint(sorted(set({LATER!r}) & set(sys.modules)))"
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
    assert done.stdout.strip().splitlines()[-1:] == ["[]"], done.stderr


NOT_FOR_A_MONTH = ("churnkit.store.store", "ibis", "pandas", "scipy", "sklearn")


def test_the_worker_that_adds_an_export_loads_no_frames_models_or_database_of_the_server() -> None:
    code = (
        "import sys, churnkit.worker.one_job, churnkit.services.history.adding, churnkit.services.privacy.retention\n"
        "import churnkit.ingest.inspection, churnkit.ingest.ingestion\n"
        f"print(sorted(set({NOT_FOR_A_MONTH!r}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr
