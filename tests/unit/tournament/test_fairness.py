"""The audit by group: shares by hand, flags where something is wrong, none where all is chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.tournament.fairness import MIN_FORECASTS, SMALLER, GroupAudit, fairness_audit


def audit(p: np.ndarray, y: np.ndarray, **groups: np.ndarray) -> tuple[GroupAudit, ...]:
    return fairness_audit(p, y, p >= 0.5, {name: pd.Series(values) for name, values in groups.items()})


def test_shares_by_hand() -> None:
    """Of 60 in the north 30 at 0.8 (24 left) and 30 at 0.2 (3 left); the south's 60 at 0.6, half of them left."""
    p = np.array([0.8] * 30 + [0.2] * 30 + [0.6] * 60)
    y = np.array([1.0] * 24 + [0.0] * 6 + [1.0] * 3 + [0.0] * 27 + [1.0] * 30 + [0.0] * 30)
    north, south = audit(p, y, region=np.array(["north"] * 60 + ["south"] * 60))
    assert (north.group, north.forecasts) == ("north", 60)
    assert (north.actual, north.expected) == (pytest.approx(27 / 60), pytest.approx(0.5))
    assert north.called == north.called_others - 0.5 == 0.5
    assert north.missed == pytest.approx(3 / 27)
    assert north.false_alarms == pytest.approx(6 / 33)
    assert (south.missed, south.missed_others) == (0.0, pytest.approx(3 / 27))
    # z = -3 / sqrt(60 x 0.16).
    assert north.p_gap == pytest.approx(0.3329, abs=1e-3)
    assert "selection" in north.flags
    assert "calibration" not in north.flags


def test_a_group_whose_forecast_is_too_low_is_flagged_and_the_others_are_not() -> None:
    rng = np.random.default_rng(1)
    p = rng.uniform(0.1, 0.9, 3000)
    group = rng.choice(["web", "shop", "fair"], 3000)
    truth = np.where(group == "fair", np.clip(p + 0.12, 0, 1), p)
    y = (rng.random(3000) < truth).astype(float)
    flags = {one.group: one.flags for one in audit(p, y, channel=group)}
    assert "calibration" in flags["fair"]
    assert "calibration" not in flags["web"]
    assert "calibration" not in flags["shop"]


def test_chance_alone_makes_few_flags() -> None:
    flagged = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        p = rng.uniform(0.1, 0.9, 1500)
        y = (rng.random(1500) < p).astype(float)
        found = audit(p, y, a=rng.choice(list("abcdefgh"), 1500), b=rng.choice(list("xy"), 1500))
        assert len(found) == 10
        flagged += any(one.flags for one in found)
    # Of twenty audits of nothing, about one raises a flag; without judging all tests together nearly every one would.
    assert flagged <= 4


@pytest.mark.parametrize(("size", "names"), [(MIN_FORECASTS, {"a", "b"}), (MIN_FORECASTS - 1, set())])
def test_a_group_needs_some_forecasts(size: int, names: set[str]) -> None:
    group = np.array(["a"] * 200 + ["b"] * size)
    p = np.linspace(0.1, 0.9, len(group))
    assert {one.group for one in audit(p, (p > 0.6).astype(float), g=group)} == names


def test_small_groups_are_looked_at_together_and_the_unknown_nowhere() -> None:
    group = np.array(["a"] * 200 + ["b"] * 30 + ["c"] * 30 + [None] * 40, dtype=object)
    p = np.linspace(0.1, 0.9, len(group))
    found = {one.group: one.forecasts for one in audit(p, (p > 0.6).astype(float), g=group)}
    assert found == {"a": 200, SMALLER: 60}
