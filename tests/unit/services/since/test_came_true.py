"""An earlier forecast against what came, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from churnkit.results.run_figures import RunFigures
from churnkit.services.since.came_true import came_true, run_to_check
from churnkit.services.since.earlier_runs import earlier_runs, is_same_model
from churnkit.store import Run
from tests.unit.services.since.two_versions import AFTER, BEFORE, THEN, both, version


def test_a_window_that_is_over(tmp_path: Path) -> None:
    found = came_true(*both(tmp_path))
    groups = {one.group: one for one in found.groups}
    # Until 30 April (60 days): Ann bought, Eve on the last day but one; Bob gave his back, Dan and Bob came later.
    assert found.is_over
    assert found.ends_at == datetime(2025, 4, 30)
    assert {name: (one.customers, one.silent) for name, one in groups.items()} == {
        "high": (2, 2),
        "medium": (1, 1),
        "low": (2, 1),
        "lapsed": (2, 2),
    }
    assert groups["low"].expected_silent == pytest.approx(0.3)
    assert groups["low"].spent == 25
    assert found.missed["customer_id"].tolist() == ["cat", "eve"]
    assert (
        found.words[0]
        == "Of 5 customers who were active on 1 Mar 2025, 4 bought nothing until 29 Apr 2025; 2.3 were expected to."
    )
    assert "Of the 2 at high risk 100\u202f% left" in found.words[1]


def test_a_window_that_is_not_over_says_so_and_blames_nobody(tmp_path: Path) -> None:
    before = version(tmp_path / "before", BEFORE, THEN)
    now = version(tmp_path / "now", datetime(2025, 4, 20), AFTER)
    found = came_true(before, now)
    assert not found.is_over
    assert found.missed.empty
    assert found.words == (
        "Its time is not over: 10 days of 60 days are left. So far 1 of 5 active customers have bought;"
        " 2.7 are expected to by its end.",
    )


def run_of(name: str, cutoff: datetime | None, made: int, **more: object) -> Run:
    finished = datetime(2026, 1, made, tzinfo=UTC)
    return Run(name, "s", None, 60, "x", RunFigures(cutoff=cutoff), finished, **more)  # type: ignore[arg-type]


def test_earlier_versions_end_earlier_and_of_one_end_the_last_made_stands() -> None:
    shown = run_of("shown", datetime(2025, 6, 1), 9)
    runs = [
        shown,
        run_of("same end", datetime(2025, 6, 1), 8),
        run_of("may", datetime(2025, 5, 1), 7),
        run_of("may, before", datetime(2025, 5, 1), 6),
        run_of("march", datetime(2025, 3, 1), 5),
        run_of("nobody knows", None, 4),
        run_of("to compare with", datetime(2025, 5, 20), 8, is_challenger=True),
        run_of("later", datetime(2025, 7, 1), 3),
    ]
    found = earlier_runs(runs, shown)
    assert [run.run_id for run in found] == ["may", "march"]
    assert run_to_check(found, found[0], datetime(2025, 6, 1)).run_id == "march"
    assert run_to_check(found, found[0], datetime(2025, 6, 30)).run_id == "may"
    assert run_to_check(found[:1], found[0], datetime(2025, 6, 1)).run_id == "may"


def test_a_refresh_has_the_model_of_the_run_that_trained_it() -> None:
    trained = run_of("trained", None, 1)
    refreshed = replace(trained, run_id="refreshed", kind="refresh", trained_by="trained")
    again = replace(trained, run_id="again", kind="refresh", trained_by="trained")
    assert is_same_model(trained, refreshed)
    assert is_same_model(refreshed, again)
    assert not is_same_model(trained, run_of("other", None, 2))
