"""Whatever the description allows, and what it forbids, is sent to every operation: none fails, each answers as it says.

What is sent in another type than described may be taken where its meaning is plain (``"3"`` for 3).

A real server on a port of its own with an analysed shop, so that ids exist; work that is started waits in the queue.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount

from churnkit.api.application import PREFIX, make_api
from churnkit.server.addresses import KnownAddresses
from tests.api.conftest import AnalysedShop

pytestmark = pytest.mark.slow

EXAMPLES = 3
# They open a user's file in a process of its own, or draw a report: seconds each.
SLOW = ("configure", "inspect_upload", "preview_upload", "export_file", "export")
# Ends the key that asks, and with it every later answer.
NEVER = "empty_workspace"
INVENTED = "0" * 32
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)


@pytest.fixture
def address(module_shop: AnalysedShop) -> Iterator[str]:
    layers = [Middleware(KnownAddresses, pages=frozenset())]
    app = Starlette(routes=[Mount(PREFIX, app=make_api())], middleware=layers)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}{PREFIX}"
    server.should_exit = True
    thread.join()


def with_ids(document: dict[str, Any], shop: AnalysedShop) -> dict[str, Any]:
    """The description, its ids those that exist, so that more than 404 is seen; what deletes keeps to invented ones."""
    store = shop.store
    session = store.sessions.get(shop.analysis_id)
    ids = {
        "analysis_id": [shop.analysis_id, "default"],
        "shop_id": [shop.analysis_id],
        "session_id": [shop.analysis_id],
        "upload_id": [session.upload_id],
        "job_id": [job.job_id for job in store.jobs.of_session(shop.analysis_id)],
        "run_id": [run.run_id for run in store.runs.of_session(shop.analysis_id)],
        "model_id": [model.model_id for model in store.models.of_session(shop.analysis_id)],
    }
    for methods in document["paths"].values():
        for method, described in methods.items():
            for one in described.get("parameters", ()):
                known = [INVENTED] if method == "delete" else ids.get(one["name"])
                if one["in"] == "path" and known:
                    one["schema"] = {"type": "string", "enum": known}
                    one.pop("example", None)
                    one.pop("examples", None)
    return document


@pytest.mark.parametrize("slow", [False, True], ids=["quick operations", "slow operations"])
def test_every_operation_answers_as_it_says(
    module_shop: AnalysedShop, address: str, tmp_path: Path, request: pytest.FixtureRequest, slow: bool
) -> None:
    description = tmp_path / "openapi.json"
    description.write_text(json.dumps(with_ids(make_api().openapi(), module_shop)))
    ((name, value),) = module_shop.key("admin").items()
    seed = request.config.getoption("--hypothesis-seed") or secrets.randbelow(2**32)
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(description), "--url", address]
    command += ["--header", f"{name}: {value}", "--seed", str(seed), "--max-examples", str(EXAMPLES)]
    command += ["--checks", ",".join(CHECKS), "--request-timeout", "120", "--no-color"]
    command += ["--phases", "fuzzing" if slow else "examples,coverage,fuzzing"]
    if not slow:
        command += ["--exclude-operation-id", NEVER]
    for operation in SLOW:
        command += ["--include-operation-id" if slow else "--exclude-operation-id", operation]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=1500, check=False)
    assert done.returncode == 0, f"seed {seed}\n{done.stdout}\n{done.stderr}"
