"""A stored run scores on Spark with two workers as the app scored it, though one of them is killed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
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


def test_a_worker_that_dies_costs_no_customer(
    version: StoredVersion,
    shop_folders: Folders,
    same_as_app: Callable[[Path], None],
    tmp_path: Path,
) -> None:
    if not os.environ.get("CHURNKIT_TEST_SPARK"):
        pytest.skip("a cluster of two workers takes minutes: set CHURNKIT_TEST_SPARK=1")
    pytest.importorskip("pyspark", reason="pyspark is not installed: pip install -r tests/requirements.txt")
    if shutil.which("java") is None:
        pytest.skip("no java on the path: Spark needs a Java runtime, 17 or newer")
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
