"""What a churn threshold means for the past, and what speaks against it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from churnkit.results.files import write_document
from churnkit.results.look_facts import BalanceByDay
from churnkit.results.look_folder import Look
from churnkit.services.look.threshold_view import slider_bounds, threshold_view
from tests.made_look import made_facts, small_profile

BY_DAY = BalanceByDay(
    days=(1, 2, 3, 4),
    known_customers=(10, 9, 8, 0),
    churn_share=(0.5, 0.95, 0.6, None),
    lapsed_share=(0.4, 0.3, 0.2, 0.1),
    returned_after_share=(0.7, 0.6, None, None),
)


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """A look at a history that carries 2 days."""
    profile = small_profile()
    limited = replace(profile, threshold=replace(profile.threshold, history_limit_days=2))
    write_document(limited, tmp_path / "profile.json")
    write_document(made_facts(by_day=BY_DAY), tmp_path / "look.json")
    return Look(tmp_path)


@pytest.mark.parametrize(
    ("days", "churned", "known", "lapsed", "warning"),
    [
        (1, 0.5, 10, 0.4, ""),
        (2, 0.95, 9, 0.3, "Fewer than 10 %"),
        (3, 0.6, 8, 0.2, "carries 2 days at most"),
        (4, None, 0, None, "no complete window of 4 days"),
        (5, None, 0, None, "no complete window of 5 days"),
    ],
)
def test_thresholds(
    look: Look, days: int, churned: float | None, known: int, lapsed: float | None, warning: str
) -> None:
    found = threshold_view(look, days)
    assert (found.days, found.churned, found.known, found.lapsed) == (days, churned, known, lapsed)
    assert (warning in found.warning) if warning else found.warning == ""


@pytest.mark.parametrize(("churned", "warned"), [(0.1, False), (0.099, True), (0.899, False), (0.901, True)])
def test_a_tenth_on_the_smaller_side_is_enough(tmp_path: Path, churned: float, warned: bool) -> None:
    write_document(small_profile(), tmp_path / "profile.json")
    by_day = BalanceByDay(
        days=(1,),
        known_customers=(1000,),
        churn_share=(churned,),
        lapsed_share=(0.0,),
        returned_after_share=(None,),
    )
    write_document(made_facts(by_day=by_day), tmp_path / "look.json")
    assert bool(threshold_view(Look(tmp_path), 1).warning) == warned


def test_who_came_back_goes_with_the_days(look: Look) -> None:
    assert [threshold_view(look, days).returned_after for days in (1, 2, 3, 9)] == [0.7, 0.6, None, None]


@pytest.mark.parametrize(
    ("days", "bounds"),
    [(90, (30, 180)), (180, (30, 180)), (185, (30, 240)), (400, (30, 480)), (12, (12, 180))],
)
def test_the_slider_widens_where_the_shop_needs_it(
    tmp_path: Path, days: int, bounds: tuple[int, int]
) -> None:
    profile = small_profile()
    write_document(
        replace(profile, threshold=replace(profile.threshold, days=days)), tmp_path / "profile.json"
    )
    write_document(made_facts(), tmp_path / "look.json")
    assert slider_bounds(Look(tmp_path)) == bounds
