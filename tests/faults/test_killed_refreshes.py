"""Server and worker are killed at random moments while a shop is refreshed; see ``killing_refreshes.py``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent / "killing_refreshes.py"
REFRESHES = 3

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc"),
]


def test_additions_and_refreshes_survive_the_death_of_server_and_worker() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--refreshes", str(REFRESHES)],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.stdout, done.stderr[-5000:]
    account = json.loads(done.stdout)
    assert account["faults"] == []
    assert account["refreshes"] == REFRESHES
    assert sum(account["killed"].values()) == REFRESHES
    # After each refresh, and by the servers that lived long enough to look at what they found.
    assert account["examined"] > REFRESHES
