"""A model that scores later dates takes the season of its own date nowhere else."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pandas as pd

from churnkit.clv import TWO_PART, ValueModel
from churnkit.clv.conditional import ConditionalSpend
from churnkit.services.score.scorer import Scorer


def test_the_season_counts_near_the_models_date_only() -> None:
    cutoff = datetime(2026, 11, 1)
    conditional = ConditionalSpend((), None, 1.0, 10.0, 0.5)
    model = ValueModel(TWO_PART, 1.1, conditional, pd.DataFrame(), None, season=1.9)
    scorer = Scorer(SimpleNamespace(cutoff=cutoff, horizon_days=60), SimpleNamespace(value_model=model))  # type: ignore[arg-type]
    assert scorer.value_model_at(cutoff).season == 1.9
    assert scorer.value_model_at(cutoff + timedelta(days=15)).season == 1.9
    later = scorer.value_model_at(cutoff + timedelta(days=16))
    assert (later.season, later.scale) == (1.0, 1.1)
