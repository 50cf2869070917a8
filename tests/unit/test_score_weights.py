"""``--weights``."""

from __future__ import annotations

import pytest

from churnkit.commands.score_weights import score_weights
from churnkit.config import ScoreWeights
from churnkit.errors import SettingsError


def test_parts_that_are_not_named_weigh_nothing() -> None:
    assert score_weights(None) == ScoreWeights()
    assert score_weights("f1=0.2, recall=0.8") == ScoreWeights(f1=0.2, recall=0.8, profit=0.0, stability=0.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("f2=1", "'f2' is none of"),
        ("f1", "the weight of f1"),
        ("f1=much", "'much'"),
        ("f1=0", "not all 0"),
        ("", "''"),
    ],
)
def test_what_is_no_weight_is_named(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        score_weights(text)
