"""Sets of parameters: the default first, inside the ranges, the same for the same seed."""

from __future__ import annotations

import sys

import pytest

from churnkit.config import SEARCHES, Search
from churnkit.errors import ModelError
from churnkit.tournament.candidates import CANDIDATES, ON_DEMAND
from churnkit.tournament.search import require_search, searcher
from churnkit.tournament.spaces import SPACES, Params, Range, Space

SMALL = Space(
    {"depth": 3, "rate": 0.1, "fixed": 7},
    {"depth": Range(2, 4, (2, 3, 4), whole=True), "rate": Range(0.01, 1.0, (0.1, 1.0), log=True)},
)


def proposals(search: Search, count: int, seed: int = 5) -> list[Params]:
    if search == "optuna":
        pytest.importorskip("optuna", reason="needs pip install optuna")
    found = searcher(search, SMALL, (seed, 0))
    sets = []
    for number in range(count):
        params = found.propose()
        if params is None:
            break
        sets.append(params)
        found.tell([abs(params["rate"] - 0.5)], complete=number != 2)
    return sets


@pytest.mark.parametrize("search", SEARCHES)
def test_the_default_comes_first_and_the_seed_decides_the_rest(search: Search) -> None:
    sets = proposals(search, 6)
    assert sets[0] == SMALL.default
    assert len(sets) == 6
    assert proposals(search, 6) == sets
    assert proposals(search, 6, seed=6) != sets
    for params in sets:
        assert params["depth"] in (2, 3, 4)
        assert 0.01 <= params["rate"] <= 1.0
        assert params["fixed"] == 7


def test_a_grid_tries_each_of_its_sets_once() -> None:
    sets = proposals("grid", 100)
    assert len(sets) == 6
    assert {(one["depth"], one["rate"]) for one in sets} == {(d, r) for d in (2, 3, 4) for r in (0.1, 1.0)}


def test_optuna_learns_from_what_it_was_told() -> None:
    near = [abs(one["rate"] - 0.5) for one in proposals("optuna", 30)]
    assert sum(near[-10:]) < sum(near[:10])


def test_a_missing_optuna_is_said_before_anything_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    require_search("random")
    with pytest.raises(ModelError, match="must be installed") as refused:
        require_search("optuna")
    assert "pip install optuna" in refused.value.remedy


def test_every_family_has_a_space_with_a_grid_inside_its_ranges() -> None:
    assert set(SPACES) == {one.name for one in (*CANDIDATES, *ON_DEMAND)}
    for name, space in SPACES.items():
        assert len(list(space.grid())) >= 3, name
        for parameter, tuned in space.ranges.items():
            assert all(tuned.low <= value <= tuned.high for value in tuned.grid), (name, parameter)
            assert tuned.low <= space.default[parameter] <= tuned.high, (name, parameter)
