"""A shop whose customers leave by chance: who is gone is plain, who will go next cannot be known, and is not claimed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from churnkit.config import AnalysisSettings, TournamentSettings
from churnkit.results.found import Found
from churnkit.services.analyse.analysis import analyze
from churnkit.services.analyse.evidence.trust import grade
from churnkit.tournament.quality import quality_by_status

PERIOD_DAYS, DROP_OUT = 30, 0.12


def subscriptions(customers: int, days: int, seed: int) -> pd.DataFrame:
    """One payment every 30 days to the minute, after each of which one in eight leaves for good."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[str, pd.Timestamp, float]] = []
    for number in range(customers):
        day = int(rng.uniform(0, 0.85 * days))
        while day < days:
            at = pd.Timestamp("2024-01-01 09:36") + pd.Timedelta(days=day)
            rows.append((f"{number:05d}", at, float(rng.choice([9.9, 19.9, 29.9]))))
            if rng.random() < DROP_OUT:
                break
            day += PERIOD_DAYS
    lines = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"])
    return lines.assign(order_id=[f"o{k}" for k in range(len(lines))]).sort_values("ordered_at")


@pytest.mark.slow
def test_chance_gets_no_grade_however_well_the_gone_are_told(tmp_path: Path) -> None:
    source = tmp_path / "orders.csv"
    subscriptions(700, 720, seed=1).to_csv(source, index=False)
    settings = AnalysisSettings(
        horizon_days=PERIOD_DAYS, tournament=TournamentSettings(budget_seconds=1, jobs=1)
    )
    analysis = analyze(source, tmp_path / "work", settings=settings)
    assert analysis.past is not None
    quality = quality_by_status(analysis.past.outcomes, PERIOD_DAYS)
    assert isinstance(quality.active, Found)
    assert isinstance(quality.all, Found)
    assert quality.all.value.roc_auc > 0.95
    assert grade(quality.all.value) == "strong"
    assert abs(quality.active.value.roc_auc - 0.5) < 0.05
    assert grade(quality.active.value) == "none"
