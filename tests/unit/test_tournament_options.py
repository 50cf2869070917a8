"""What ``analyze`` is told of how the models compete."""

from __future__ import annotations

import argparse

import pytest

from churnkit.commands.tournament_options import add_tournament_options, tournament_settings
from churnkit.config import SMALL_CLASS_SHARE, TournamentSettings
from churnkit.errors import SettingsError
from churnkit.services.look.few_on_one_side import few_on_one_side


def told(*words: str) -> TournamentSettings:
    parser = argparse.ArgumentParser()
    add_tournament_options(parser)
    return tournament_settings(parser.parse_args(words))


def test_nothing_said_is_the_default() -> None:
    assert told() == TournamentSettings()


def test_everything_said() -> None:
    found = told(
        *("--search", "grid", "--imbalance", "undersample", "--candidates", "stacking, small_network"),
        *("--training-window", "18", "--budget-seconds", "90", "--seed", "3"),
    )
    assert found == TournamentSettings(
        budget_seconds=90.0,
        seed=3,
        search="grid",
        imbalance="undersample",
        extras=("stacking", "small_network"),
        training_months=18,
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--candidates", "perceptron"), "decision_tree, small_network, weighted_blend, stacking"),
        (("--candidates", "stacking,stacking"), "each once"),
        (("--training-window", "a year"), "a number of months or 'all', found 'a year'"),
        (("--training-window", "0"), "between 1 and 240"),
        (("--training-window", "241"), "between 1 and 240"),
    ],
)
def test_what_cannot_be_is_refused_in_words(words: tuple[str, ...], why: str) -> None:
    with pytest.raises(SettingsError) as refused:
        told(*words)
    assert why in refused.value.message


def test_a_fifth_is_few_enough_for_nobody() -> None:
    assert few_on_one_side(SMALL_CLASS_SHARE) == few_on_one_side(1 - SMALL_CLASS_SHARE) == ""
    assert "of the customers left" in few_on_one_side(SMALL_CLASS_SHARE - 0.001)
    assert "of the customers stayed" in few_on_one_side(1.001 - SMALL_CLASS_SHARE)
