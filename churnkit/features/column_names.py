"""Which columns of the panel are keys, outcomes and seasons; light, for whoever only needs the names."""

from __future__ import annotations

import pandas as pd

KEY_COLUMNS = ("customer_id", "cutoff")
OUTCOME_COLUMNS = ("churned", "orders_next", "spend_next")
CATEGORY_COLUMNS = ("favourite_category",)
SEASON_COLUMNS = ("cutoff_month_sin", "cutoff_month_cos")


def feature_columns(panel: pd.DataFrame) -> list[str]:
    """Columns of the panel that may be features, in panel order."""
    return [c for c in panel.columns if c not in KEY_COLUMNS and c not in OUTCOME_COLUMNS]
