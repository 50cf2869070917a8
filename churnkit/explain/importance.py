"""Which features matter over all customers."""

# ruff: noqa: PD011 - ``values`` is a frame of contributions, not pandas' attribute

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.explain.catalogue import feature
from churnkit.explain.contributions import Contributions

_CLEAR_CORRELATION = 0.3


def importance(parts: Contributions) -> pd.DataFrame:
    """Mean size of every feature's contribution.

    Returns
    -------
    pandas.DataFrame
        One row per feature, strongest first: ``feature``, ``label``, ``group``, ``mean_absolute_log_odds``, ``share``
        of their sum (0..1), ``direction``: "raises risk" or "lowers risk" where the contribution clearly rises or falls
        with the feature (rank correlation beyond 0.3), "mixed" elsewhere, "none" for a feature that contributes nothing.
    """
    values = parts.values
    size = values.abs().mean().fillna(0.0)
    total = float(size.sum())
    frame = pd.DataFrame(
        {
            "feature": list(values.columns),
            "label": [feature(name).label for name in values.columns],
            "group": [feature(name).group for name in values.columns],
            "mean_absolute_log_odds": size.to_numpy(),
            "share": size.to_numpy() / total if total > 0 else 0.0,
            "direction": [_direction(name, parts.matrix[name], values[name]) for name in values.columns],
        }
    )
    return frame.sort_values(
        ["mean_absolute_log_odds", "feature"], ascending=[False, True], ignore_index=True
    )


def _direction(name: str, matrix: pd.Series, contribution: pd.Series) -> str:
    known = matrix.notna().to_numpy()
    x, y = matrix.to_numpy()[known], contribution.to_numpy()[known]
    if not np.any(contribution.to_numpy()):
        return "none"
    # A category has no more and less.
    if feature(name).kind == "category" or len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return "mixed"
    correlation = float(np.corrcoef(pd.Series(x).rank(), pd.Series(y).rank())[0, 1])
    if abs(correlation) < _CLEAR_CORRELATION:
        return "mixed"
    return "raises risk" if correlation > 0 else "lowers risk"
