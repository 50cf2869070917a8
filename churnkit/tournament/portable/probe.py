"""A few made-up rows and what a model says of them: whether it says the same after it was loaded elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.features.column_names import CATEGORY_COLUMNS
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.residuals import PROCESS_COLUMN

_ROWS = 16
_SEED = 7
_ALWAYS = ("recency_days", "order_count")


@dataclass(frozen=True)
class Probe:
    """What a model answered for :func:`probe_rows`, as probabilities, shape (n,)."""

    p_churn: np.ndarray

    def difference(self, model: ChurnModel) -> float:
        """Largest difference of what ``model`` answers now; infinite where it cannot answer."""
        try:
            answers = model.p_churn(probe_rows(model))
        except (ValueError, TypeError, KeyError, IndexError, AttributeError):
            return float("inf")
        if answers.shape != self.p_churn.shape:
            return float("inf")
        return float(np.abs(answers - self.p_churn).max())


def probe_of(model: ChurnModel) -> Probe:
    """What ``model`` says now."""
    return Probe(model.p_churn(probe_rows(model)))


def probe_rows(model: ChurnModel) -> pd.DataFrame:
    """Rows of no customer: every column that the model reads, of all sizes and with gaps."""
    features = model.preparation.features if model.preparation else []
    rng = np.random.default_rng(_SEED)
    rows = {}
    for name in dict.fromkeys((*_ALWAYS, *features)):
        values = rng.lognormal(2.0, 2.0, _ROWS)
        values[rng.random(_ROWS) < 0.1] = np.nan
        rows[name] = values
    for name in _ALWAYS:
        rows[name] = np.floor(rng.uniform(1, 200, _ROWS))
    rows[PROCESS_COLUMN] = rng.uniform(0.02, 0.98, _ROWS)
    frame = pd.DataFrame(rows)
    for name in CATEGORY_COLUMNS:
        frame[name] = pd.Series([None] * _ROWS, dtype=object)
    return frame
