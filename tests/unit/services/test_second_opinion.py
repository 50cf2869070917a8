"""LIME held against SHAP: what counts as agreement, as disagreement, and as too unfaithful to say anything."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from churnkit.services.decide.second_opinion import FAITHFUL, SecondOpinion, ThemeOpinion

AGREED = SecondOpinion(
    themes=(ThemeOpinion("How often", 0.9, 0.7), ThemeOpinion("How much", -0.3, -0.2)),
    fidelity=0.95,
    p_model=0.7,
    p_lime=0.69,
    borrowed_from=16,
)


def with_themes(*themes: tuple[str, float, float]) -> SecondOpinion:
    return replace(AGREED, themes=tuple(ThemeOpinion(*one) for one in themes))


def test_agreement_is_said() -> None:
    assert AGREED.agree
    assert AGREED.words()[-1].startswith("Both find “How often” the strongest and agree on every direction")


def test_opposite_directions_are_named() -> None:
    found = with_themes(("How often", 0.9, 0.7), ("How much", -0.3, 0.2))
    assert not found.agree
    assert [theme.label for theme in found.opposed] == ["How much"]
    assert "They disagree on “How much”: odds of leaving ÷ 1.3 by SHAP, odds of leaving × 1.2 by LIME" in (
        " ".join(found.words())
    )


@pytest.mark.parametrize(("lime", "opposed"), [(math.log(1.05), True), (math.log(1.049), False)])
def test_hardly_any_change_opposes_nothing(lime: float, opposed: bool) -> None:
    assert ThemeOpinion("How much", -0.3, lime).opposed is opposed


def test_another_strongest_theme_is_said() -> None:
    found = with_themes(("How often", 0.9, 0.3), ("How much", -0.3, -0.5))
    assert not found.agree
    assert "SHAP finds “How often” the strongest, LIME “How much”" in found.words()[-1]


@pytest.mark.parametrize(("fidelity", "faithful"), [(FAITHFUL, True), (FAITHFUL - 1e-9, False)])
def test_an_unfaithful_sum_is_held_against_nothing(fidelity: float, faithful: bool) -> None:
    found = replace(with_themes(("How much", -0.3, 0.2)), fidelity=fidelity)
    assert found.is_faithful is faithful
    assert any("disagree" in sentence for sentence in found.words()) is faithful
    assert any("say little" in sentence for sentence in found.words()) is not faithful


def test_nothing_that_moves_is_said_in_words() -> None:
    assert replace(AGREED, fidelity=math.nan).words() == (
        "Other figures in any theme change nothing in this customer's forecast.",
    )
