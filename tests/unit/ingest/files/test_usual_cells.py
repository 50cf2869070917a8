"""Bare delimiters in a text: a line is cut where the other cells are what they usually are, or left alone."""

from __future__ import annotations

import pytest

from churnkit.ingest.files.usual_cells import UsualCells

LINES = [
    f"{1000 + place},2024-01-{1 + place % 28:02d},{place}.50,C{place % 7},{'ok' if place % 9 else ''}"
    for place in range(60)
]


@pytest.fixture(scope="module")
def usual() -> UsualCells:
    return UsualCells.of(LINES, ",", 5)


def test_the_only_place_that_fits_holds_the_text(usual: UsualCells) -> None:
    line = "1001,2024-02-03,7.50,C1,please, ring, twice"
    assert usual.joined(line.split(","), ",") == ["1001", "2024-02-03", "7.50", "C1", "please, ring, twice"]


@pytest.mark.parametrize(
    "line",
    [
        "1001,2024-02-03,7,50,C1,ok",  # A decimal comma is no text.
        "1001,2024-02-03,1,234.50,C1,ok",
        "1001,2024-02-03,7.50,C1,C2,ok",  # Of two customers nobody knows which.
        "1001,yesterday, at noon,7.50,C1,ok",
    ],
)
def test_lines_that_may_mean_something_else_are_left(usual: UsualCells, line: str) -> None:
    assert usual.joined(line.split(","), ",") is None


def test_few_lines_tell_nothing() -> None:
    assert UsualCells.of(LINES[:5], ",", 5).joined(["1", "2", "3", "4", "5", "6"], ",") is None
