"""Two groups compared, every figure as it is read: shares in percent, money with its currency, days as days."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from churnkit.text import figures

_MEANS = ("mean_a", "mean_b", "median_a", "median_b")


def written_comparison(found: pd.DataFrame, currency: str | None) -> pd.DataFrame:
    """Rows of ``segments.compare`` with the means and medians as text, and ``apart``: the difference of the means with its
    95 % interval."""
    rows = [
        {
            **row,
            **{name: _written(str(row["kind"]), float(row[name]), currency) for name in _MEANS},
            "apart": _apart(row, currency),
        }
        for row in ({str(k): v for k, v in one.items()} for one in found.to_dict("records"))
    ]
    return pd.DataFrame(rows, columns=[*found.columns, "apart"])


def _apart(row: dict[str, object], currency: str | None) -> str:
    difference, low, high = (float(str(row[name])) for name in ("difference", "low", "high"))
    if difference != difference:
        return figures.UNKNOWN
    write = _difference_writer(str(row["kind"]), currency)
    unit = " points" if row["kind"] == "share" else ""
    return f"{write(difference)}{unit} ({write(low)} to {write(high)})"


def _difference_writer(kind: str, currency: str | None) -> Callable[[float], str]:
    """A share's difference is in percentage points."""
    if kind == "share":
        return figures.points
    if kind == "money":
        return lambda value: f"{'+' if value > 0 else ''}{figures.money(value, currency)}"
    return lambda value: figures.signed(value, 1)


def _written(kind: str, value: float, currency: str | None) -> str:
    if value != value:
        return figures.UNKNOWN
    if kind == "share":
        return figures.percent(value)
    if kind == "money":
        return figures.money(value, currency)
    if kind == "days":
        return figures.days(value)
    return figures.decimal(value, 1)
