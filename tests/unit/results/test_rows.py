"""Frames as dataclasses and back."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest

from churnkit.results.rows import frame_of, rows_of


@dataclass(frozen=True, kw_only=True)
class Line:
    name: str
    count: int
    share: float = 0.5


def test_rows_of_a_frame_are_plain_values() -> None:
    frame = pd.DataFrame({"count": [3, 4], "other": [True, False], "name": ["a", "b"]})
    rows = rows_of(Line, frame)
    assert rows == (Line(name="a", count=3), Line(name="b", count=4))
    assert type(rows[0].count) is int
    assert rows_of(Line, frame.assign(share=[0.1, 0.2]))[1].share == 0.2
    assert rows_of(Line, frame.head(0)) == ()


def test_a_column_that_must_be_there_is_asked_for() -> None:
    with pytest.raises(KeyError, match="count"):
        rows_of(Line, pd.DataFrame({"name": ["a"]}))


def test_a_frame_has_a_column_for_each_field_in_their_order() -> None:
    frame = frame_of(Line, (Line(name="a", count=3),))
    assert frame.to_dict("records") == [{"name": "a", "count": 3, "share": 0.5}]
    assert list(frame_of(Line, ()).columns) == ["name", "count", "share"]
