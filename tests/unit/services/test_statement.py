"""The statement on explainability: who answers, until when, and sentences that hold for a model and for a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from churnkit.services.score.card_text import card_text
from churnkit.services.score.statement import NOBODY, statement, stewardship
from tests.made_evidence import made_evidence

CARD = made_evidence().model_card
STEWARD = stewardship(datetime(2026, 3, 1), 60, " Ms Weaver ")


def test_the_review_is_due_when_the_outcome_is_known() -> None:
    assert (STEWARD.owner, STEWARD.review_on) == ("Ms Weaver", date(2026, 4, 30))
    assert "30 Apr 2026" in STEWARD.review_words()
    assert "ago" not in STEWARD.review_words(date(2026, 4, 30))
    assert "That was 1 day ago." in STEWARD.review_words(date(2026, 5, 1))


def test_every_part_is_there_with_the_card_s_own_figures() -> None:
    said = dict(statement(CARD, STEWARD))
    assert list(said) == [
        "What it is used for",
        "What it reads",
        "How it works",
        "How a single score is explained",
        "How it was checked",
        "Who oversees it",
    ]
    assert CARD.question in said["What it is used for"]
    assert str(CARD.features) in said["What it reads"]
    assert "Ms Weaver" in said["Who oversees it"]
    assert CARD.label in said["How it works"]


def test_a_rule_is_called_one_and_what_was_not_tested_says_so() -> None:
    rule = replace(CARD, is_rule=True, test=None, test_cutoff=None)
    said = dict(statement(rule, stewardship(datetime(2026, 3, 1), 60)))
    assert "fixed rule" in said["How it works"]
    assert "calibrated" not in said["How it works"]
    assert said["How it was checked"].startswith("No past window")
    assert NOBODY in said["Who oversees it"]


def test_the_file_holds_owner_review_and_statement() -> None:
    text = card_text(CARD, STEWARD)
    assert text.startswith("---\n")
    for words in (
        "## Owner\n\nMs Weaver.",
        "## Review\n\nBy 30 Apr 2026",
        "## Statement on explainability",
        "### What it reads",
    ):
        assert words in text
    assert "Nobody is named yet." in card_text(CARD, stewardship(datetime(2026, 3, 1), 60))
