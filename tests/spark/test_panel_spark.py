"""The same panel expression on DuckDB and on local Spark."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest

from churnkit.features.panel import panel

pytestmark = [
    pytest.mark.slow,
    # PySpark warns of pandas 3 on import, and uses an old argument of it; what is needed of it here works.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated:DeprecationWarning"),
]

KEYS = ["customer_id", "cutoff"]
CUTOFFS = [datetime(2024, 4, 1), datetime(2024, 12, 31), datetime(2025, 5, 1)]
OBSERVED_UNTIL = datetime(2025, 6, 1)
HORIZON_DAYS = 60


@pytest.fixture(scope="module")
def both(
    spark: Any,
    awkward_transactions: Callable[[int, int], pd.DataFrame],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The panel of one made-up shop, by DuckDB and by Spark, each sorted by key."""
    path = tmp_path_factory.mktemp("spark") / "transactions.parquet"
    awkward_transactions(7, 60).to_parquet(path)
    return computed(ibis.duckdb.connect(), path), computed(ibis.pyspark.connect(spark), path)


def computed(backend: Any, path: Path) -> pd.DataFrame:
    transactions = backend.read_parquet(path, table_name="transactions")
    expression = panel(transactions, CUTOFFS, HORIZON_DAYS, observed_until=OBSERVED_UNTIL)
    frame: pd.DataFrame = backend.to_pyarrow(expression).to_pandas()
    return frame.sort_values(KEYS, ignore_index=True)


def test_both_engines_give_the_same_rows_once(both: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    duckdb, spark = both
    assert list(duckdb.columns) == list(spark.columns)
    assert len(duckdb) > 100
    for frame in both:
        assert not frame.duplicated(KEYS).any()
        assert set(frame["cutoff"]) == set(map(pd.Timestamp, CUTOFFS))
    assert [tuple(row) for row in duckdb[KEYS].to_numpy()] == [tuple(row) for row in spark[KEYS].to_numpy()]


def test_both_engines_give_the_same_values(both: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    duckdb, spark = both
    assert duckdb["churned"].isna().any() and duckdb["churned"].notna().any()
    for name in duckdb.columns.drop(KEYS):
        if name == "favourite_category":
            assert duckdb[name].fillna("").tolist() == spark[name].fillna("").tolist()
            continue
        ours, theirs = (frame[name].to_numpy(dtype=float) for frame in both)
        assert not np.isnan(ours).all(), f"{name} is missing everywhere: nothing is compared"
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=0.0, equal_nan=True, err_msg=name)
