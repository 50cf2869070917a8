"""Stages in words."""

from __future__ import annotations

from churnkit.tournament.progress import Stage, stage_words


def test_every_stage_has_words_of_its_own() -> None:
    words = [stage_words(stage) for stage in Stage]
    assert all(words) and len(set(words)) == len(words)


def test_the_model_at_hand_is_named_as_on_screen() -> None:
    assert stage_words(Stage.MODELS, "xgboost") == "models: XGBoost"
    assert stage_words(Stage.BACKTEST) == "backtest on past cutoffs"
