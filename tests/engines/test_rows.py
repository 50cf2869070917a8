"""The features of every customer are the panel's, on DuckDB and on Sail."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest

from churnkit.features.panel import panel
from tests.engines.rows_on import CUTOFF, DRAWN, HORIZON_DAYS, rows_on
from tests.fake_s3 import FakeS3

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def source(
    awkward_transactions: Callable[[int, int], pd.DataFrame], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("rows") / "transactions.parquet"
    awkward_transactions(7, 60).to_parquet(path)
    return path


@pytest.fixture(scope="module")
def expected(source: Path) -> pd.DataFrame:
    """The panel in one piece."""
    lines = ibis.duckdb.connect().read_parquet(source)
    frame = panel(lines, [CUTOFF], HORIZON_DAYS, observed_until=CUTOFF).to_pyarrow().to_pandas()
    return frame.sort_values("customer_id", ignore_index=True)


def require_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    left_out = {"cutoff", "churned", "orders_next", "spend_next", "spend_tier"}
    names = [name for name in expected.columns if name not in left_out and not name.endswith("_rank")]
    assert set(names) | {"spend_last_year"} == set(found.columns)
    for name in names:
        if name in ("customer_id", "favourite_category"):
            assert found[name].fillna("").tolist() == expected[name].fillna("").tolist()
            continue
        ours, theirs = (frame[name].to_numpy(dtype=float) for frame in (found, expected))
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=0.0, equal_nan=True, err_msg=name)


def test_duckdb_gives_the_panel(source: Path, expected: pd.DataFrame, tmp_path: Path) -> None:
    found = rows_on("duckdb", str(source), tmp_path / "work")
    require_same(found, expected)
    lines = pd.read_parquet(source)
    year = lines[lines["ordered_at"] >= pd.Timestamp("2024-07-01")]
    spent = year.groupby("customer_id")["amount"].sum().reindex(found["customer_id"])
    np.testing.assert_allclose(found["spend_last_year"], spent, atol=1e-4, equal_nan=True)


def test_sail_gives_the_panel_from_object_storage_and_draws_the_same_customers(
    source: Path, expected: pd.DataFrame, tmp_path: Path
) -> None:
    pytest.importorskip("pysail", reason="pysail is not installed: pip install -r tests/requirements.txt")
    with FakeS3({"shop": {"lines/1.parquet": source.read_bytes()}}) as s3:
        command = [
            sys.executable,
            "-m",
            "tests.engines.rows_on",
            "sail",
            "s3://shop/lines",
            str(tmp_path / "work"),
        ]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "eu-central-1",
            "AWS_ENDPOINT_URL": s3.endpoint,
            "AWS_ALLOW_HTTP": "true",
        }
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = pd.read_parquet(tmp_path / "work" / "rows").sort_values("customer_id", ignore_index=True)
    require_same(found, expected)
    rows_on("duckdb", str(source), tmp_path / "duckdb")
    drawn, same = (
        pd.read_parquet(tmp_path / name / "chosen").sort_values("source_row", ignore_index=True)
        for name in ("work", "duckdb")
    )
    assert drawn["customer_id"].nunique() == DRAWN
    pd.testing.assert_frame_equal(drawn, same, check_dtype=False)
