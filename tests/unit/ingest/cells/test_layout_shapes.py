"""Cells of one shape have one layout, however their digits differ; the first tells seconds from other long numbers."""

from __future__ import annotations

import pytest

from churnkit.ingest.cells.date_layouts import date_layout


@pytest.mark.parametrize(
    ("first", "second", "layout"),
    [
        ("2024-01-05 10:20:30", "1999-12-31 23:59:59", "%Y-%m-%d %H:%M:%S"),
        ("1700000000", "2099999999", "epoch_s"),
        ("45000", "39999.75", "excel"),
        ("3 May 2024", "9 Jan 1987", "%d %b %Y"),
        ("令和6年3月5日", "昭和63年12月9日", "signs:%Y-%m-%d"),
    ],
)
def test_digits_do_not_matter(first: str, second: str, layout: str) -> None:
    found = {date_layout(first), date_layout(second)}
    assert len(found) == 1
    assert (found.pop() or "").replace("|", ":") == layout


def test_other_long_numbers_are_no_seconds() -> None:
    assert date_layout("1700000000") == "epoch_s"
    assert date_layout("3700000000") is None
    assert date_layout("0700000000") is None
