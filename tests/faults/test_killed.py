"""The program is killed in the middle of everything it does to files and tables; see ``killing.py``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
POINTS = 8
OPERATIONS = (
    "upload",
    "look",
    "adopt_look",
    "adopt_run",
    "adopt_refresh",
    "score",
    "adopt_score",
    "promote",
    "cancel_waiting",
    "cancel_finished",
    "delete_session",
    "put_away",
    "bring_back",
    "delete_put_away",
    "delete_upload",
    "delete_everything",
    "retention",
    "start",
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs fork before any thread"),
]


@pytest.fixture(scope="module")
def accounts() -> dict[str, dict[str, Any]]:
    """What came of killing each operation, by its name."""
    done = subprocess.run(
        [sys.executable, str(HERE / "killing.py"), "--points", str(POINTS)],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["operation"]: line for line in lines}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_nothing_is_lost_and_nothing_is_left(accounts: dict[str, dict[str, Any]], operation: str) -> None:
    account = accounts[operation]
    assert account["faults"] == {}
    assert account["killed"] == account["tried"] >= POINTS


def test_every_operation_is_among_them(accounts: dict[str, dict[str, Any]]) -> None:
    assert tuple(accounts) == OPERATIONS
