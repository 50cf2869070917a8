"""What the sentences may say of customers: their figures, and the typical customer's to compare with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from churnkit.explain.catalogue import feature, feature_value
from churnkit.explain.writing import ago_text, category_text, change_text, shown, span_text, times_text
from churnkit.profiling.words import counted

# With two purchases there is one gap, which is no rhythm yet.
RHYTHM_PURCHASES = 3
_TYPICAL = "typical_"

_FORMS: Mapping[str, Callable[[float], str]] = {
    "ago": ago_text,
    "span": span_text,
    "none": lambda value: f"{value:,.0f}" if value else "none",
    "change": change_text,
    "times": times_text,
}


@dataclass(frozen=True)
class Figure:
    """A value that knows how to be written in a template.

    ``{x}`` writes it plainly, ``{x:ago}`` as days ago, ``{x:span}`` as a rough span of time, ``{x:none}`` writes
    0 as "none", ``{x:change}`` and ``{x:times}`` turn a trend into now against before, and any other ``{x:noun}``
    counts nouns.
    """

    name: str
    value: Any
    currency: str | None

    def __format__(self, form: str) -> str:
        if not form:
            return feature_value(self.name, self.value, self.currency)
        return _FORMS[form](self.value) if form in _FORMS else counted(round(self.value), form)


class Facts:
    """Figures of some customers; a column that the export lacks is missing for all.

    Parameters
    ----------
    rows
        Panel rows.
    typical
        Median per figure over the shop's customers.
    currency
        Written beside money.
    """

    def __init__(self, rows: pd.DataFrame, typical: Mapping[str, float], currency: str | None) -> None:
        self.rows = rows
        self.typical_values = typical
        self.currency = currency
        self._columns: dict[str, np.ndarray] = {}

    def take(self, positions: np.ndarray) -> Facts:
        """The same for some of the rows."""
        return Facts(self.rows.iloc[positions], self.typical_values, self.currency)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> np.ndarray:
        """Column as floats, shape (n,)."""
        if name not in self._columns:
            known = name in self.rows.columns
            self._columns[name] = (
                self.rows[name].to_numpy(dtype=float, na_value=np.nan)
                if known
                else np.full(len(self), np.nan)
            )
        return self._columns[name]

    def known(self, name: str) -> np.ndarray:
        """Where the figure is there."""
        return np.isfinite(self[name])

    def shown(self, name: str) -> np.ndarray:
        """Column rounded as it is written."""
        return shown(feature(name).kind, self[name])

    def typical(self, name: str) -> float:
        """The typical customer's figure, rounded as it is written; NaN if unknown."""
        return float(shown(feature(name).kind, np.array([self.typical_values.get(name, np.nan)]))[0])

    def above(self, name: str) -> np.ndarray:
        """Where the customer's figure reads higher than the typical one."""
        return self.shown(name) > self.typical(name)

    def below(self, name: str) -> np.ndarray:
        """Where it reads lower."""
        return self.shown(name) < self.typical(name)

    @cached_property
    def has_rhythm(self) -> np.ndarray:
        """Where the customer came back often enough to speak of a usual gap."""
        return (self["purchase_days"] >= RHYTHM_PURCHASES) & self.known("gap_mean_days")

    @cached_property
    def has_category(self) -> np.ndarray:
        """Where a favourite category with a visible name is known."""
        if "favourite_category" not in self.rows.columns:
            return np.zeros(len(self), dtype=bool)
        return np.array([bool(category_text(value)) for value in self.rows["favourite_category"]], dtype=bool)

    def fill(self, template: str, i: int) -> str:
        """A template with the figures of customer ``i``; ``typical_x`` is the typical customer's ``x``."""
        return template.format_map(_Figures(self, i))

    def figure(self, name: str, i: int) -> Figure:
        """Figure ``name`` of customer ``i``."""
        if name.startswith(_TYPICAL):
            plain = name.removeprefix(_TYPICAL)
            return Figure(plain, self.typical(plain), self.currency)
        if feature(name).kind == "category":
            return Figure(name, self.rows[name].iloc[i], self.currency)
        return Figure(name, self[name][i], self.currency)


class _Figures(dict[str, Figure]):
    """Figures of one customer, looked up as the template asks for them."""

    def __init__(self, facts: Facts, i: int) -> None:
        super().__init__()
        self.facts = facts
        self.i = i

    def __missing__(self, name: str) -> Figure:
        return self.facts.figure(name, self.i)


def typical_figures(rows: pd.DataFrame) -> dict[str, float]:
    """Median of every numeric figure, that of an actual customer so that a count is whole; unknown ones left out."""
    numeric = rows.select_dtypes(include=["number", "bool"])
    if not len(numeric):
        return {}
    medians = numeric.astype(float).quantile(0.5, interpolation="lower")
    return {str(name): float(value) for name, value in medians.items() if np.isfinite(value)}
