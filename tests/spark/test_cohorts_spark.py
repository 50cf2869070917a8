"""The same cohorts on DuckDB and on local Spark."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest

from churnkit.cohorts.activity import (
    before,
    begun_in_periods,
    cells,
    in_periods,
    items_by_customers,
    monthly,
    sizes,
    starters,
)

pytestmark = [
    pytest.mark.slow,
    # PySpark warns of pandas 3 on import, and uses an old argument of it; what is needed of it here works.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated:DeprecationWarning"),
]

CUTOFF = datetime(2025, 4, 20, 12)
COLUMNS = (None, "product_id", "category")


@pytest.fixture(scope="module")
def both(
    spark: Any,
    awkward_transactions: Callable[[int, int], pd.DataFrame],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[list[pd.DataFrame], list[pd.DataFrame]]:
    """Cells and sizes of one made-up shop for every kind of first item, by DuckDB and by Spark."""
    path = tmp_path_factory.mktemp("spark") / "transactions.parquet"
    awkward_transactions(7, 60).to_parquet(path)
    return computed(ibis.duckdb.connect(), path), computed(ibis.pyspark.connect(spark), path)


def computed(backend: Any, path: Path) -> list[pd.DataFrame]:
    rows = before(backend.read_parquet(path, table_name="transactions"), CUTOFF)
    by_month = monthly(rows)
    frames = []
    for column in COLUMNS:
        started = starters(rows, column)
        if column:
            started = started.semi_join(items_by_customers(started, 3), "item")
        quarters = begun_in_periods(started, 3)
        by_quarter = in_periods(by_month, starters(rows), 3)
        for table in (cells(started, by_month), sizes(started), cells(quarters, by_quarter), sizes(quarters)):
            frame: pd.DataFrame = backend.to_pyarrow(table).to_pandas()
            keys = [name for name in ("item", "cohort", "age_months") if name in frame.columns]
            frames.append(frame.sort_values(keys, ignore_index=True))
    return frames


def test_both_engines_give_the_same_cells(both: tuple[list[pd.DataFrame], list[pd.DataFrame]]) -> None:
    for ours, theirs in zip(*both, strict=True):
        assert len(ours) > 2 and list(ours.columns) == list(theirs.columns)
        assert ours["item"].tolist() == theirs["item"].tolist()
        for name in ours.columns.drop("item"):
            a, b = (frame[name].to_numpy(dtype=float) for frame in (ours, theirs))
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=0.0, err_msg=name)
