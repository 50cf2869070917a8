"""What backs the numbers of an analysis: curves, words, rules, drivers; computed once, read by pages and reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from churnkit.services.analysis import Analysis
from churnkit.tournament.backtest import backtest_summary

Progress = Callable[[str, float], None]


def gather_evidence(
    analysis: Analysis, customers: pd.DataFrame, progress: Progress = lambda step, share: None
) -> dict[str, Any]:
    """``evidence.json``; a key whose figures cannot be had is None, with a sentence under ``missing``."""
    return {
        "base": analysis.contributions.base,
        "test_cutoff": analysis.plan.test,
        "horizon_days": analysis.plan.horizon_days,
        "backtest": backtest_summary(analysis.past.outcomes) if analysis.past else None,
        "missing": {},
    }
