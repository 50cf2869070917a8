"""Histories of a few weeks are said to be too short before anything else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from churnkit.services.decide.short_history import short_history, short_history_notes
from tests.made_report import made_summary


@pytest.mark.parametrize(("history_days", "told"), [(13, True), (59, True), (60, False), (700, False)])
def test_a_history_of_weeks_is_called_short(history_days: int, told: bool) -> None:
    summary = made_summary()
    profile = replace(summary.profile, scope=replace(summary.profile.scope, history_days=history_days))
    words = short_history(replace(summary, profile=profile))
    asked = profile, summary.question.horizon_days, summary.settings.gates
    assert short_history_notes(*asked) == (() if words is None else (words,))
    assert (words is not None) == told
    if words is not None:
        assert f"{history_days} days of orders" in words and "60 days at least" in words
        assert f"nothing for {summary.question.horizon_days} days" in words
