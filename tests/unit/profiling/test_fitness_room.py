"""Whether the history has room for the threshold that the shop needs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from churnkit.config import Gates
from churnkit.profiling.fitness import checks
from tests.made_look import small_profile


@pytest.mark.parametrize(
    ("days", "wanted", "outcome"),
    [(250, 375, "warn"), (300, 375, "warn"), (310, None, "warn"), (250, None, "pass"), (30, 10, "pass")],
)
def test_a_threshold_that_was_cut_or_is_too_long_is_warned_of(
    days: int, wanted: int | None, outcome: str
) -> None:
    profile = small_profile()
    threshold = replace(profile.threshold, days=days, clipped_from=wanted, history_limit_days=300)
    found = {check.code: check for check in checks(600, 200, threshold, profile.class_balance, Gates())}
    assert found["DQ-702"].outcome == outcome
