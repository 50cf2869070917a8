"""A stored run scores on Spark with two workers as the app scored it, though one of them is killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from churnkit.jobs.layout import Folders
from churnkit.results.folders import Results
from churnkit.services.score.taking_away import StoredVersion
from tests.engines.conftest import in_environment
from tests.engines.dying_worker import MARK

pytestmark = pytest.mark.slow

# A shop this small would wait for planning and for empty partitions.
SMALL = "--conf spark.sql.shuffle.partitions=2 --conf spark.sql.codegen.wholeStage=false --conf spark.ui.enabled=false"


def require_spark() -> None:
    if not os.environ.get("CHURNKIT_TEST_SPARK"):
        pytest.skip("Spark takes minutes: set CHURNKIT_TEST_SPARK=1")
    pytest.importorskip("pyspark", reason="pyspark is not installed: pip install -r tests/requirements.txt")
    if shutil.which("java") is None:
        pytest.skip("no java on the path: Spark needs a Java runtime, 17 or newer")


def test_a_worker_that_dies_costs_no_customer(
    version: StoredVersion,
    shop_folders: Folders,
    same_as_app: Callable[[Path], None],
    tmp_path: Path,
) -> None:
    require_spark()
    source = Results(version.run_folder).transactions_path
    done = subprocess.run(
        [sys.executable, "-m", "tests.engines.dying_worker", str(source), str(tmp_path / "out")],
        env={
            **os.environ,
            **in_environment(shop_folders),
            "PYSPARK_SUBMIT_ARGS": f"{SMALL} pyspark-shell",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / MARK).exists()
    same_as_app(tmp_path / "out")


def test_spark_connect_gives_the_scores_of_the_app(
    version: StoredVersion,
    shop_folders: Folders,
    same_as_app: Callable[[Path], None],
    tmp_path: Path,
) -> None:
    require_spark()
    environment = {**os.environ, **in_environment(shop_folders), "PYTHONPATH": os.pathsep.join(sys.path)}
    with connect_server(tmp_path, environment) as address:
        command = [
            sys.executable,
            "-m",
            "churnkit",
            "score",
            "--engine",
            "spark",
            "--engine-address",
            address,
        ]
        source = Results(version.run_folder).transactions_path
        done = subprocess.run(
            [*command, "--input", str(source), "--model", "champion", "--output", str(tmp_path / "out")],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    same_as_app(tmp_path / "out")


@contextmanager
def connect_server(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """Address of Spark's own Connect server on this machine."""
    import pyspark

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = ["spark.ui.enabled=false", "spark.sql.shuffle.partitions=2", "spark.driver.host=127.0.0.1"]
    settings += [f"spark.connect.grpc.binding.port={port}", "spark.connect.grpc.binding.address=127.0.0.1"]
    command = [str(Path(pyspark.__file__).parent / "bin" / "spark-submit"), "--master", "local[2]"]
    command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
    command += [word for setting in settings for word in ("--conf", setting)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command,
            env={**environment, "PYSPARK_PYTHON": sys.executable},
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            for _ in range(240):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                assert server.poll() is None, (folder / "server.log").read_text(encoding="utf-8")[-2000:]
                time.sleep(1)
            yield f"sc://127.0.0.1:{port}"
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(60)
