"""A shop whose labels are dealt by chance: everybody is given the churn rate as it was, unmoved, and a sentence says so."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from churnkit.config import Money, TournamentSettings
from churnkit.tournament.knockout import run_tournament
from churnkit.windows import CutoffPlan


def test_where_nothing_tells_the_base_rate_scores_unmoved(
    simulated_panel: Callable[[int, int], tuple[pd.DataFrame, CutoffPlan]],
) -> None:
    panel, plan = simulated_panel(1, 150)
    rng = np.random.default_rng(3)
    dealt = panel.groupby("cutoff")["churned"].transform(lambda churned: rng.permutation(churned.to_numpy()))
    rows = panel.assign(churned=dealt)
    found = run_tournament(rows, plan, TournamentSettings(budget_seconds=1.0, seed=5, jobs=1), Money())
    assert found.champion["candidate"] == "base_rate"
    assert found.level.shift == 0.0
    last = rows[rows["cutoff"] == plan.labelled[-1]]["churned"]
    scored = rows[rows["cutoff"] == plan.scoring]
    assert found.model.p_churn(scored) == pytest.approx((last.sum() + 1) / (len(last) + 2))
    (said,) = [note for note in found.notes if "tells who will leave" in note]
    assert "nobody has a tier" in said
    assert not any("simple rules" in note for note in found.notes)
