"""The RFM map, counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from churnkit.charts.segment_charts import rfm_chart
from churnkit.segments.rfm_map import rfm_map

CUSTOMERS = pd.DataFrame(
    {
        "recency_days": [3, 5, 90],
        "order_count": [4, 6, 1],
        "monetary_total": [100.0, 300.0, 20.0],
        "value_at_risk": [10.0, 5.0, 0.0],
    }
)
CELLS = rfm_map(CUSTOMERS, np.array([5, 5, 1]), np.array([4, 4, 1]))


def test_fields_hold_their_customers() -> None:
    assert len(CELLS) == 25 and CELLS["customers"].sum() == 3
    best = CELLS[(CELLS["r_score"] == 5) & (CELLS["f_score"] == 4)].iloc[0]
    assert (best["customers"], best["mean_monetary_total"], best["value_at_risk"]) == (2, 200.0, 15.0)
    assert (best["recency_from"], best["recency_to"], best["orders_from"], best["orders_to"]) == (3, 5, 4, 6)
    empty = CELLS[(CELLS["r_score"] == 3) & (CELLS["f_score"] == 3)].iloc[0]
    assert empty["customers"] == 0 and math.isnan(empty["mean_monetary_total"])


def test_a_click_tells_which_field_it_was() -> None:
    (fields,) = rfm_chart(CELLS, "EUR").data
    assert [list(one[:2]) for one in fields.customdata] == [[5, 4], [1, 1]]
    assert list(fields.text) == ["2", "1"]
