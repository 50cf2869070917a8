"""The ladder of methods."""

from __future__ import annotations

import pytest

from churnkit.config import Gates
from churnkit.profiling import ladder

GATES = Gates()


@pytest.mark.parametrize(
    ("rows", "customers", "history_days", "rung", "missing"),
    [
        (500, 100, 180, "models", 0),
        (499, 100, 180, "btyd", 1),
        (500, 99, 179, "btyd", 2),
        (50, 30, 60, "btyd", 3),
        (500, 29, 180, "rules", 1),
        (5000, 29, 59, "rules", 2),
        (0, 0, 0, "rules", 2),
    ],
)
def test_gates_are_passed_at_their_own_value(rows, customers, history_days, rung, missing):
    found = ladder(rows, customers, history_days, GATES)
    assert found.name == rung
    assert len(found.missing) == missing


def test_what_is_missing_is_said_in_words():
    found = ladder(320, 80, 400, GATES)
    assert found.missing == (
        "Models need 500 rows or more; 320 found.",
        "Models need 100 customers with a purchase or more; 80 found.",
    )
    assert all(sentence in found.words for sentence in found.missing)
    assert "The purchase process (BG/NBD) scores the customers" in found.words


def test_the_lowest_rung_names_what_the_next_one_needs():
    found = ladder(5000, 20, 30, GATES)
    assert found.missing == (
        "The purchase process needs 30 customers with a purchase or more; 20 found.",
        "The purchase process needs 60 days of history or more; 30 found.",
    )
