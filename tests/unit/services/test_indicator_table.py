"""A table of outside figures: read right, or refused in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from churnkit.errors import DataError
from churnkit.services.look.indicator_table import read_indicators


def written(folder: Path, text: str) -> Path:
    path = folder / "figures.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_days_and_months_in_any_order(tmp_path: Path) -> None:
    found = read_indicators(written(tmp_path, "month,mood,trade\n2024-02,-1.5,\n2024-01,2,0.25\n"), 10)
    assert found.names == ("mood", "trade")
    assert found.days == (date(2024, 1, 31), date(2024, 2, 29))
    assert found.values == ((2.0, 0.25), (-1.5, None))
    assert found.lag_days == 10


def test_the_day_of_publication_goes_before_the_day_it_is_about(tmp_path: Path) -> None:
    found = read_indicators(
        written(tmp_path, "Date;Published;mood\n2024-01-01;2024-02-15;1,5\n2024-02-01;2024-03-15;2\n")
    )
    assert found.days == (date(2024, 2, 15), date(2024, 3, 15))
    assert (found.names, found.values) == (("mood",), ((1.5,), (2.0,)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("week,mood\n2024-01,1\n", "one column must be called"),
        ("date,mood\n01/02/2024,1\n", "row 2 has '01/02/2024'"),
        ("date,mood\n2024-13,1\n", "row 2 has '2024-13'"),
        ("date,mood\n2024-01-01,about 3\n", "'about 3'"),
        ("date,mood\n2024-01-01,1.234.5\n", "'1.234.5'"),
        ("date,mood\n2024-01-01,1\n2024-01-01,2\n", "2024-01-01 stands there 2 times"),
        ("date,published\n2024-01-01,2024-01-02\n", "1 to 12 columns"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read_indicators(written(tmp_path, text))
