"""One row per customer with everything that a list, a filter or a customer's own page shows."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from churnkit.services.analysis import Analysis

Progress = Callable[[str, float], None]


def customer_details(analysis: Analysis, progress: Progress = lambda step, share: None) -> pd.DataFrame:
    """The columns of ``customers.csv`` and those that only the app shows, riskiest first."""
    return analysis.customers.copy()
