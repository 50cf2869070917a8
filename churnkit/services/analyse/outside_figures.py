"""Outside figures in an analysis: joined as of each cutoff, tried on the past, and left out where they do not help."""

from __future__ import annotations

import pandas as pd

from churnkit.config import AnalysisSettings
from churnkit.features.indicators import with_indicators
from churnkit.results.indicators import IndicatorTrial
from churnkit.windows import CutoffPlan


def proven_indicators(
    panel: pd.DataFrame, plan: CutoffPlan, settings: AnalysisSettings
) -> tuple[pd.DataFrame, tuple[IndicatorTrial, ...]]:
    """The panel with those outside figures that made past forecasts better, and what the trial of each said."""
    if settings.indicators is None:
        return panel, ()
    # Only who brings figures waits for scikit-learn here.
    from churnkit.tournament.indicator_trial import try_indicators, without_unproven

    joined = with_indicators(panel, settings.indicators)
    trials = try_indicators(joined, plan, seed=settings.tournament.seed)
    return without_unproven(joined, trials), trials
