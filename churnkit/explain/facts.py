"""What the sentences may say of customers: their figures, and the typical customer's to compare with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any

import numpy as np
import pandas as pd

from churnkit.explain.catalogue import feature, feature_value
from churnkit.explain.sentence_values import (
    ago_text,
    category_text,
    now_against_before,
    shown,
    span_text,
    spans_shown,
)
from churnkit.text.figures import count, counted

# With two purchases there is one gap, which is no rhythm yet.
RHYTHM_PURCHASES = 3
# Fewer have no typical customer.
MIN_SHOP_CUSTOMERS = 30
_TYPICAL = "typical_"
_ALIKE_SHARES = 0.0199
"""Shares that differ by less than two points read alike."""

_FORMS: Mapping[str, Callable[[float], str]] = {
    "ago": ago_text,
    "span": span_text,
    "none": lambda value: count(value) if value else "none",
}
_BEFORE = re.compile(r"(?P<what>orders|spend)_before_(?P<days>\d+)d")


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
        self._rows = rows
        self._typical = typical
        self._currency = currency
        self._columns: dict[str, np.ndarray] = {}
        # Of all rows too, and shared with whoever takes some of them: the sentences ask for the same again and again.
        self._worked_out: dict[str, np.ndarray] = {}
        self._usual: dict[str, float] = {}
        self._positions = np.arange(len(rows))

    def take(self, positions: np.ndarray) -> Facts:
        """The same for some of the customers."""
        some = Facts(self._rows, self._typical, self._currency)
        some._columns, some._worked_out, some._usual = self._columns, self._worked_out, self._usual
        some._positions = self._positions[positions]
        return some

    def __len__(self) -> int:
        return len(self._positions)

    def __getitem__(self, name: str) -> np.ndarray:
        """Column as floats, shape (n,)."""
        return self._column(name)[self._positions]

    def _column(self, name: str) -> np.ndarray:
        """Column of all rows, converted once."""
        if name not in self._columns:
            if match := _BEFORE.fullmatch(name):
                column = self._before(match["what"], match["days"])
            elif name not in self._rows.columns:
                column = np.full(len(self._rows), np.nan)
            elif feature(name).kind == "category":
                column = self._rows[name].astype(object).to_numpy()
            else:
                column = self._rows[name].to_numpy(dtype=float, na_value=np.nan)
            self._columns[name] = column
        return self._columns[name]

    def _before(self, what: str, days: str) -> np.ndarray:
        """What was in the window before the last one: the panel keeps the last and the trend of the two."""
        ratio = now_against_before(self._column(f"{what}_trend_{days}d"))
        with np.errstate(divide="ignore", invalid="ignore"):
            before: np.ndarray = np.round(self._column(f"{what}_{days}d") / ratio, 2)
        return before

    def known(self, name: str) -> np.ndarray:
        """Where the figure is there."""
        there: np.ndarray = np.isfinite(self[name])
        return there

    def shown(self, name: str) -> np.ndarray:
        """Column rounded, so that a difference nobody would mention is none."""
        return self._once(
            f"shown {name}", lambda: shown(feature(name).kind, self._column(name), self._currency)
        )

    def _once(self, name: str, make: Callable[[], np.ndarray]) -> np.ndarray:
        """Something of all rows that is worked out once, of these."""
        if name not in self._worked_out:
            self._worked_out[name] = make()
        return self._worked_out[name][self._positions]

    def typical(self, name: str) -> float:
        """The typical customer's figure, rounded like :meth:`shown`; NaN if unknown."""
        if name not in self._usual:
            typical = np.array([self._typical.get(name, np.nan)])
            self._usual[name] = float(shown(feature(name).kind, typical, self._currency)[0])
        return self._usual[name]

    def above(self, name: str) -> np.ndarray:
        """Where the customer's figure reads higher than the typical one, a share by two points or more."""
        higher: np.ndarray = self.shown(name) > self.typical(name) + _least_difference(name)
        return higher

    def below(self, name: str) -> np.ndarray:
        """Where it reads lower."""
        lower: np.ndarray = self.shown(name) < self.typical(name) - _least_difference(name)
        return lower

    def well_above(self, name: str) -> np.ndarray:
        """Where the figure reads higher than the typical one, by a quarter or more."""
        return self.above(name) & (self[name] >= 1.25 * self.typical(name))

    def well_below(self, name: str) -> np.ndarray:
        """Where it reads lower, by a fifth or more."""
        return self.below(name) & (self[name] <= 0.8 * self.typical(name))

    def reads_as_typical(self, name: str, *, as_span: bool = False) -> np.ndarray:
        """Where the customer's figure and the typical one are as good as equal; as a span of time they are rougher."""
        if as_span:
            usual = spans_shown(np.array([self._typical.get(name, np.nan)]))[0]
            alike: np.ndarray = self._once(f"span {name}", lambda: spans_shown(self._column(name))) == usual
        else:
            alike = np.abs(self.shown(name) - self.typical(name)) <= _least_difference(name)
        return alike

    @property
    def has_shop(self) -> bool:
        """Whether there is a typical customer to compare with."""
        return bool(self._typical)

    @property
    def has_rhythm(self) -> np.ndarray:
        """Where the customer came back often enough to speak of a usual gap."""
        often: np.ndarray = (self["purchase_days"] >= RHYTHM_PURCHASES) & self.known("gap_mean_days")
        return often

    @property
    def overdue(self) -> np.ndarray:
        """Where the time since the last purchase exceeds the usual gap."""
        return self.has_rhythm & (self.shown("recency_days") > self.shown("gap_mean_days"))

    @property
    def has_category(self) -> np.ndarray:
        """Where a favourite category with a visible name is known."""
        if "favourite_category" not in self._rows.columns:
            return np.zeros(len(self), dtype=bool)

        def named() -> np.ndarray:
            column = self._column("favourite_category")
            seen = {value: bool(category_text(value)) for value in set(column.tolist())}
            return np.array([seen[value] for value in column.tolist()], dtype=bool)

        return self._once("has category", named)

    def can_write(self, name: str) -> np.ndarray:
        """Where a figure of a template is there, shape (n,)."""
        if name.startswith(_TYPICAL):
            return np.full(len(self), np.isfinite(self.typical(name.removeprefix(_TYPICAL))))
        return self.has_category if feature(name).kind == "category" else self.known(name)

    def fill(self, template: str) -> list[str]:
        """A template with the figures of every customer; ``{typical_x}`` is the typical customer's ``x``.

        ``{x}`` writes a figure plainly, ``{x:ago}`` as days ago, ``{x:span}`` as a rough span of time, ``{x:none}``
        with "none" for 0, and any other ``{x:noun}`` counts nouns.
        """
        pattern, columns = "", []
        for before, name, form, _conversion in Formatter().parse(template):
            pattern += before.replace("%", "%%")
            if name:
                pattern += "%s"
                columns.append(self._written(name, form or ""))
        if not columns:
            return [pattern % ()] * len(self)
        return [pattern % texts for texts in zip(*columns, strict=True)]

    def _written(self, name: str, form: str) -> list[str]:
        """A figure of every customer as the template wants it; each value is written once."""
        if name.startswith(_TYPICAL):
            plain = name.removeprefix(_TYPICAL)
            return [_write(plain, self._typical.get(plain, np.nan), form, self._currency)] * len(self)
        texts: dict[Any, str] = {}
        for value in (values := self[name].tolist()):
            if value not in texts:
                texts[value] = _write(name, value, form, self._currency)
        return [texts[value] for value in values]


def _least_difference(name: str) -> float:
    """What two figures must differ by to be worth a word: nobody leaves for one percent of discount more."""
    return _ALIKE_SHARES if feature(name).kind == "share" else 0.0


def _write(name: str, value: Any, form: str, currency: str | None) -> str:
    if not form:
        return feature_value(name, value, currency)
    return _FORMS[form](value) if form in _FORMS else counted(round(value), form)


def compared(rows: pd.DataFrame, horizon_days: int) -> np.ndarray:
    """Mask of the customers with whom all others are compared, shape (n,): the active ones, silent for no longer than
    ``horizon_days``; everybody where fewer than 30 are active."""
    active: np.ndarray = rows["recency_days"].to_numpy(dtype=float) <= horizon_days
    return active if active.sum() >= MIN_SHOP_CUSTOMERS else np.ones(len(rows), dtype=bool)


def typical_figures(rows: pd.DataFrame) -> dict[str, float]:
    """Median of every numeric figure, that of an actual customer so that a count is whole; unknown ones left out."""
    numeric = rows.select_dtypes(include=["number", "bool"])
    if not len(numeric):
        return {}
    medians = numeric.astype(float).quantile(0.5, interpolation="lower")
    return {str(name): float(value) for name, value in medians.items() if np.isfinite(value)}
