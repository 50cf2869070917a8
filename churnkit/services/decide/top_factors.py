"""What drives each customer's risk most, in numbers: for the table of predictions and whoever reads it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from churnkit.explain.catalogue import feature

MOST = 3


def top_risk_factors(contributions: Path) -> pd.Series:
    """JSON text by customer id: up to three features that raise the risk most, the strongest first.

    ``[{"factor": "Days since the last purchase", "feature": "recency_days", "impact": 0.83}, …]``. The impact is in
    log-odds against the shop's mean customer; features that lower the risk are no risk factors, so a list may be empty.

    Parameters
    ----------
    contributions
        ``contributions.parquet`` of a run.
    """
    frame = pq.read_table(contributions).to_pandas()
    ids = frame.pop("customer_id")
    names = list(frame.columns)
    values = frame.to_numpy(dtype=float)
    values = values - values.mean(axis=0, keepdims=True) if len(values) else values
    order = _highest(values)
    impacts = np.take_along_axis(values, order, axis=1).round(4)
    heads = [
        json.dumps({"factor": feature(name).label, "feature": name}, ensure_ascii=False)[:-1]
        for name in names
    ]
    texts = [
        "["
        + ", ".join(f'{heads[k]}, "impact": {x}}}' for k, x in zip(first, row, strict=True) if x > 0)
        + "]"
        for row, first in zip(impacts.tolist(), order.tolist(), strict=True)
    ]
    return pd.Series(texts, index=ids.to_numpy(), dtype=object)


def _highest(values: np.ndarray) -> np.ndarray:
    """Columns of the highest values of each row, highest first and the first of equal ones, shape (n, 3) at most."""
    left = np.where(np.isnan(values), -np.inf, values)
    rows = np.arange(len(left))
    found = np.empty((len(left), min(MOST, left.shape[1])), dtype=np.intp)
    for place in range(found.shape[1]):
        found[:, place] = left.argmax(axis=1) if len(left) else 0
        left[rows, found[:, place]] = -np.inf
    return found
