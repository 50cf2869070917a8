"""The panel rows of a run: all columns, or those that are named and there."""

import pandas as pd

from churnkit.results.files import write_frame
from churnkit.results.folders import Results


def test_only_the_named_columns_are_read(tmp_path):
    rows = pd.DataFrame({"customer_id": ["a", "b"], "recency_days": [1, 2], "order_count": [3, 4]})
    write_frame(rows, tmp_path / "scored.parquet")
    results = Results(tmp_path)
    pd.testing.assert_frame_equal(results.scored(), rows)
    pd.testing.assert_frame_equal(
        results.scored("order_count", "customer_id", "unknown")[["customer_id", "order_count"]],
        rows[["customer_id", "order_count"]],
    )
    assert "unknown" not in results.scored("order_count", "unknown")
    assert results.scored_columns() == list(rows.columns)
