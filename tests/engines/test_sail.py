"""A stored run scores on Sail as the app scored it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from churnkit.engines.order import EngineOrder
from churnkit.engines.running import score_on_engine
from churnkit.errors import SettingsError
from churnkit.jobs.layout import Folders
from churnkit.results.folders import Results
from churnkit.services.score.taking_away import StoredVersion
from tests.engines.conftest import in_environment
from tests.fake_s3 import FakeS3

pytestmark = pytest.mark.slow


def test_a_server_that_runs_already_gives_the_scores_of_the_app_from_storage_to_storage(
    version: StoredVersion,
    shop_folders: Folders,
    same_as_app: Callable[[Path], None],
    tmp_path: Path,
) -> None:
    pytest.importorskip("pysail", reason="pysail is not installed: pip install -r tests/requirements.txt")
    lines = Results(version.run_folder).transactions_path.read_bytes()
    with FakeS3({"shop": {"lines/1.parquet": lines}}) as s3, running_server(s3) as (address, environment):
        # In a process of its own: whoever speaks Spark's protocol once cannot open a Spark of this process afterwards.
        command = [sys.executable, "-m", "churnkit", "score", "--engine", "sail", "--engine-address", address]
        done = subprocess.run(
            [*command, "--input", "s3://shop/lines", "--model", "champion", "--output", "s3://shop/scores"],
            env={**environment, **in_environment(shop_folders)},
            capture_output=True,
            text=True,
            check=False,
        )
        files = {name: content for name, content in s3.buckets["shop"].items() if content}
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[0].startswith("… Sail")
    assert {name.rpartition("/")[0] for name in files} == {"lines", "scores/customers", "scores/scores.json"}
    (account,) = (content for name, content in files.items() if name.startswith("scores/scores.json/"))
    assert json.loads(account)["customers"] == 300
    (tmp_path / "out" / "customers").mkdir(parents=True)
    for number, name in enumerate(name for name in files if name.startswith("scores/customers/")):
        (tmp_path / "out" / "customers" / f"{number}.parquet").write_bytes(files[name])
    same_as_app(tmp_path / "out")


@contextmanager
def running_server(s3: FakeS3) -> Iterator[tuple[str, dict[str, str]]]:
    """Address of a Spark Connect server in a process of its own, and the environment by which it finds its storage."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL": s3.endpoint,
        "AWS_ALLOW_HTTP": "true",
        "RUST_LOG": "error",
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.engines.sail_server"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        yield f"sc://127.0.0.1:{server.stdout.readline().strip()}", environment
    finally:
        server.stdin.close()
        server.wait(30)
        server.stdout.close()


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
