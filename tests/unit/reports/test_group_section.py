"""Groups, movements, cohorts and losses in the report."""

from __future__ import annotations

import re

from churnkit.reports.document import Callout, Chart, Table, Text
from churnkit.reports.drawing_marks import Label, Path
from churnkit.reports.html import render_html
from churnkit.reports.sections.group_section import KEY, group_section
from churnkit.reports.sections.report import report_document
from churnkit.reports.shaded_grid import Shaded, shaded_grid
from tests.made_report import bare_content, made_content


def test_what_most_is_at_risk_with_stands_first() -> None:
    found = group_section(made_content())
    boxes = [block for block in found.blocks if isinstance(block, Callout)]
    assert [box.title for box in boxes] == ["At risk", "Champions"]
    assert boxes[0].sentences[-1].startswith("Make a comeback offer.")


def test_tables_say_what_could_be_kept_and_what_to_do() -> None:
    segments, groups, moves = (
        block for block in group_section(made_content()).blocks if isinstance(block, Table)
    )
    assert segments.rows[1][0] == "At risk" and segments.rows[1][-2:] == (
        "€270.00 to €360.00",
        "Make a comeback offer.",
    )
    assert len(groups.rows) == 1
    # Who stayed where he was is no move.
    assert [row[:3] for row in moves.rows] == [("Loyal", "At risk", "4")]


def test_cohorts_are_drawn_without_the_first_month() -> None:
    charts = {
        block.title: block for block in group_section(made_content()).blocks if isinstance(block, Chart)
    }
    texts = [mark.text for mark in charts["Share that came back"].figure.marks if isinstance(mark, Label)]
    assert texts[:3] == ["1", "2", "Apr 2025 · 10"]
    assert [re.sub(r"\s", "", text) for text in texts if "%" in text] == ["50%", "40%", "30%"]


def test_what_is_missing_says_why() -> None:
    found = group_section(bare_content(reason="Only 12 days of history."))
    told = [block.text for block in found.blocks if isinstance(block, Text)]
    assert told == ["Only 12 days of history."] * 3
    page = render_html(report_document(bare_content(reason="Only 12 days of history.")).only([KEY]))
    assert "nan" not in page


def test_the_larger_the_darker() -> None:
    figure = shaded_grid(
        ["a"], ["1", "2", "3"], [[Shaded("9", 1.0), Shaded("1", 0.0), None]], "alt", axis="months"
    )
    dark, light = (mark for mark in figure.marks if isinstance(mark, Path))
    assert dark.opacity > light.opacity > 0
    assert sum(isinstance(mark, Label) for mark in figure.marks) == 3 + 1 + 2 + 1
