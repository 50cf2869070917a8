"""Every feature of the panel in words: its name on screen, how its value is written, what high and low mean."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, cast

from churnkit.explain.sentence_values import category_text, money_text
from churnkit.explain.table import TABLE
from churnkit.features.column_names import SEASON_COLUMNS
from churnkit.features.indicators import INDICATOR_PREFIX
from churnkit.results.evidence.feature_use import FeatureKind
from churnkit.text import figures

Group = Literal["recency", "frequency", "money", "products", "returns", "lifetime", "season", "other"]

GROUPS: dict[Group, str] = {
    "recency": "Last purchase, against the usual gap",
    "frequency": "How often",
    "money": "How much",
    "products": "What is bought",
    "returns": "Returns",
    "lifetime": "How long a customer",
    "season": "Season, day and hour",
    "other": "Other",
}
"""The themes that a shopkeeper knows: every feature belongs to one."""


def same_for_everybody(name: str) -> bool:
    """Whether a feature is equal for all customers of a cutoff: it explains a window and no customer."""
    return name in SEASON_COLUMNS or name.startswith(INDICATOR_PREFIX)


@dataclass(frozen=True)
class Feature:
    """One column of the panel.

    Attributes
    ----------
    name, label
        Column and its name on screen.
    group
        Its theme; reasons are ranked by theme, and a customer's log-odds are shown by theme.
    kind
        How a value is written and rounded.
    high, low
        What a high and a low value mean, to be read after "the customer".
    """

    name: str
    label: str
    group: Group
    kind: FeatureKind
    high: str
    low: str


def _read(table: str) -> Iterator[Feature]:
    """Features of :data:`table.TABLE`, each under the group that stands above it."""
    group: Group = "other"
    lines = iter(table.strip().splitlines())
    for line in lines:
        if line.startswith("["):
            group = cast(Group, line.strip("[]"))
            continue
        name, kind, label = line.split(" | ")
        high, low = next(lines).strip().split(" | ")
        yield Feature(name, label, group, cast(FeatureKind, kind), high, low)


_CATALOGUE = {known.name: known for known in _read(TABLE)}

_WHAT = {"orders": "orders", "spend": "spend", "lines": "items"}


def _counts_to(what: str) -> Group:
    return "money" if what == "spend" else "frequency"


def _window(match: re.Match[str]) -> Feature:
    what, days = match["what"], int(match["days"])
    kind: FeatureKind = "money" if what == "spend" else "count"
    label = {"orders": "Orders", "spend": "Money spent", "lines": "Items ordered"}[what]
    return Feature(
        match[0],
        f"{label} in the last {days} days",
        _counts_to(what),
        kind,
        f"has many {_WHAT[what]} in the last {days} days"
        if what != "spend"
        else f"spent much in the last {days} days",
        f"has few {_WHAT[what]} in the last {days} days"
        if what != "spend"
        else f"spent little in the last {days} days",
    )


def _decay(match: re.Match[str]) -> Feature:
    what, days = match["what"], int(match["days"])
    label = "Orders" if what == "orders" else "Money spent"
    return Feature(
        match[0],
        f"{label}, fading over {days} days",
        _counts_to(what),
        "money" if what == "spend" else "number",
        "has much fresh activity",
        "has little fresh activity",
    )


def _trend(match: re.Match[str]) -> Feature:
    what, days = match["what"], int(match["days"])
    noun, verb = ("Orders", "orders") if what == "orders" else ("Spend", "spends")
    return Feature(
        match[0],
        f"{noun} in the last {days} days against the {days} before",
        _counts_to(what),
        "change",
        f"{verb} more than before",
        f"{verb} less than before",
    )


def _before(match: re.Match[str]) -> Feature:
    what, days = match["what"], int(match["days"])
    label = "Orders" if what == "orders" else "Money spent"
    return Feature(
        match[0],
        f"{label} in the {days} days before the last {days}",
        _counts_to(what),
        "money" if what == "spend" else "count",
        f"had many {_WHAT[what]} before" if what != "spend" else "spent much before",
        f"had few {_WHAT[what]} before" if what != "spend" else "spent little before",
    )


def _factor(match: re.Match[str]) -> Feature:
    return Feature(
        match[0],
        f"Product taste no. {match['number']}",
        "products",
        "number",
        "buys products at one end of this taste",
        "buys products at the other end of this taste",
    )


def _indicator(match: re.Match[str]) -> Feature:
    name = match["name"]
    return Feature(
        match[0],
        f"Outside figure: {name}",
        "season",
        "number",
        f"is scored while “{name}” is high",
        f"is scored while “{name}” is low",
    )


_PATTERNS = (
    (re.compile(r"(?P<what>orders|spend|lines)_(?P<days>\d+)d"), _window),
    (re.compile(r"(?P<what>orders|spend)_decay_(?P<days>\d+)d"), _decay),
    (re.compile(r"(?P<what>orders|spend)_trend_(?P<days>\d+)d"), _trend),
    (re.compile(r"(?P<what>orders|spend)_before_(?P<days>\d+)d"), _before),
    (re.compile(r"product_factor_(?P<number>\d+)"), _factor),
    (re.compile(rf"{INDICATOR_PREFIX}(?P<name>.+)", re.DOTALL), _indicator),
)


def known_features() -> tuple[Feature, ...]:
    """Every feature that the catalogue names, without the families of windows."""
    return tuple(_CATALOGUE.values())


@lru_cache(maxsize=1024)
def feature(name: str) -> Feature:
    """The feature called ``name``; one that the catalogue does not know is spelt out and put in group "other"."""
    if name in _CATALOGUE:
        return _CATALOGUE[name]
    for pattern, build in _PATTERNS:
        match = pattern.fullmatch(name)
        if match:
            return build(match)
    spelt = name.replace("_", " ").strip()
    label = spelt[:1].upper() + spelt[1:]
    return Feature(
        name, label, "other", "number", f"has a high value of “{spelt}”", f"has a low value of “{spelt}”"
    )


def feature_label(name: str) -> str:
    """The feature's name on screen."""
    return feature(name).label


def feature_value(name: str, value: Any, currency: str | None = None) -> str:
    """A value as the reader sees it, "unknown" where it is missing.

    Parameters
    ----------
    name
        Feature.
    value
        Number, or the text of a category.
    currency
        Written beside money; None leaves the bare number.
    """
    kind = feature(name).kind
    if kind == "category":
        return category_text(value) or "unknown"
    number = float(value)
    if not math.isfinite(number):
        return "unknown"
    if kind == "days":
        return figures.days(number)
    if kind == "money":
        return money_text(number, currency)
    if kind == "share":
        return figures.percent(min(max(number, 0.0), 1.0))
    if kind == "change":
        return figures.signed_percent(round(number, 2))
    if kind == "ratio":
        return figures.times(number)
    if kind == "hour":
        return f"around {int(number) % 24}:00"
    return figures.count(number) if kind == "count" else figures.decimal(number)
