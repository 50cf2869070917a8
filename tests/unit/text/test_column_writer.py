"""Cells that stand below each other have the same decimals."""

import math

import pytest

from churnkit.text.columns import Column
from churnkit.text.figures import NARROW, UNKNOWN

SHARE = Column(key="share", kind="share", heading="Share")
MONEY = Column(key="clv", kind="money", heading="Value")


def cells(one: Column, values: list[float], currency: str | None = None) -> list[str]:
    write = one.writer(values, currency)
    return [write(value).replace(NARROW, " ") for value in values]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.187, 0.24, 0.5], ["18.7 %", "24.0 %", "50.0 %"]),
        ([0.24, 0.5, 1.0], ["24 %", "50 %", "100 %"]),
        ([0.0004, 0.24, math.nan], ["< 0.1 %", "24.0 %", UNKNOWN]),
        ([math.nan], [UNKNOWN]),
        ([], []),
    ],
)
def test_shares(values: list[float], expected: list[str]) -> None:
    assert cells(SHARE, values) == expected


def test_amounts() -> None:
    assert cells(MONEY, [150.5, 12.0, math.nan], "EUR") == ["€150.50", "€12.00", UNKNOWN]
    assert cells(MONEY, [150.6, 12_345.6, 0.0], "EUR") == ["€151", "€12,346", "€0"]
    assert cells(MONEY, [999.994, 1000.0], "EUR") == ["€1,000", "€1,000"]
