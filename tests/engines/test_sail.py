"""A stored run scores on Sail as the app scored it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from churnkit.engines.running import EngineOrder, score_on_engine
from churnkit.errors import SettingsError
from churnkit.jobs.layout import Folders
from churnkit.results.folders import Results
from churnkit.services.score.taking_away import StoredVersion
from tests.engines.conftest import in_environment

pytestmark = pytest.mark.slow


def test_scores_are_those_of_the_app(
    version: StoredVersion,
    shop_folders: Folders,
    same_as_app: Callable[[Path], None],
    tmp_path: Path,
) -> None:
    pytest.importorskip("pysail", reason="pysail is not installed: pip install -r tests/requirements.txt")
    source = Results(version.run_folder).transactions_path
    # In a process of its own: whoever speaks Spark's protocol once cannot open a Spark of this process afterwards.
    command = [sys.executable, "-m", "churnkit", "score", "--engine", "sail", "--input", str(source)]
    done = subprocess.run(
        [*command, "--model", "champion", "--output", str(tmp_path / "out")],
        env={**os.environ, **in_environment(shop_folders)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[0].startswith("… Sail")
    same_as_app(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(("engine", "package"), [("sail", "churnkit[sail]"), ("spark", "churnkit[spark]")])
def test_an_engine_that_is_not_installed_says_how(
    engine: str, package: str, version: StoredVersion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(SettingsError) as caught:
        score_on_engine(version, EngineOrder(engine, "x", tmp_path / "out"))
    assert "pyspark is not installed" in caught.value.message
    assert package in caught.value.remedy
    assert not list(tmp_path.iterdir())


def test_an_address_where_nobody_listens_is_refused(version: StoredVersion, tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed: pip install -r tests/requirements.txt")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"sc://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SettingsError, match="nobody answers"):
            score_on_engine(version, EngineOrder("spark", "x", tmp_path / "out", address))
    assert not list(tmp_path.iterdir())
