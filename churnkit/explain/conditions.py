"""Conditions on a customer's figures in words: "have not bought for 60 days or more"."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from churnkit.explain.catalogue import feature
from churnkit.explain.sentence_values import now_against_before
from churnkit.results.evidence.feature_use import FeatureKind
from churnkit.text import figures
from churnkit.text.figures import counted

Operator = Literal[">=", "<="]

# Column: what it means to be at or above a value | at or below it; said of several customers. The first word is
# "have", so that it can be said of one.
_PHRASES = {
    "recency_days": "have not bought for {days} or more | have bought within the last {days}",
    "order_count": "have ordered {times} or more | have ordered {times} at most",
    "months_active": "have bought in {months} or more | have bought in {months} at most",
    "active_month_share": "have bought in {percent} of their months or more | have bought in {percent} of their months"
    " at most",
    "orders_per_month": "have ordered {number} times a month or more | have ordered {number} times a month at most",
    "monetary_total": "have spent {money} or more in all | have spent {money} at most in all",
    "monetary_mean": "have an average order of {money} or more | have an average order of {money} at most",
    "order_value_max": "have placed an order of {money} or more | have placed no order above {money}",
    "last_order_value": "have placed a last order of {money} or more | have placed a last order of {money} at most",
    "spend_per_month": "have spent {money} a month or more | have spent {money} a month at most",
    "gap_mean_days": "have bought every {days} on average or more rarely | have bought every {days} on average or more"
    " often",
    "gap_max_days": "have stayed away for {days} or more before | have never stayed away for more than {days} before",
    "gap_last_days": "have taken {days} or more between the last two purchases | have taken {days} at most between the"
    " last two purchases",
    "overdue_ratio": "have been away for {multiple}their usual gap or longer | have been away for {multiple}their usual"
    " gap at most",
    "overdue_max_ratio": "have been away for {multiple}their longest gap or longer | have been away for {multiple}their"
    " longest gap at most",
    "product_count": "have bought {products} or more | have bought {products} at most",
    "category_count": "have bought from {categories} or more | have bought from {categories} at most",
    "lines_per_order": "have ordered {items} at a time or more | have ordered {items} at a time at most",
    "quantity_per_order": "have ordered {pieces} at a time or more | have ordered {pieces} at a time at most",
    "repeat_product_share": "have bought the same products again in {percent} of their purchases or more | have bought"
    " the same products again in {percent} of their purchases at most",
    "favourite_share": "have given {percent} of their money or more to one category | have given {percent} of their"
    " money at most to one category",
    "discount_share": "have had {percent} off or more, all orders together | have had {percent} off at most, all orders"
    " together",
    "discount_order_share": "have had a discount on {percent} of their orders or more | have had a discount on {percent}"
    " of their orders at most",
    "return_share": "have returned {percent} of their purchases or more | have returned {percent} of their purchases at"
    " most",
    "refund_count": "have returned something {times} or more | have returned something {times} at most",
    "weekend_share": "have placed {percent} of their orders or more at weekends | have placed {percent} of their orders"
    " at most at weekends",
    "evening_share": "have placed {percent} of their orders or more in the evening | have placed {percent} of their"
    " orders at most in the evening",
    "tenure_days": "have been with the shop for {days} or more | have been with the shop for {days} at most",
}
# What "at most 0" means; of other shares and sums it is not asked.
_NOTHING = {
    "repeat_product_share": "have never bought the same product again",
    "discount_share": "have never had a discount",
    "discount_order_share": "have never had a discount",
    "return_share": "have never returned anything",
    "refund_count": "have never returned anything",
    "weekend_share": "have never ordered at a weekend",
    "evening_share": "have never ordered in the evening",
}
_NOUNS = {"months": "month", "products": "different product", "items": "item", "pieces": "piece"}
_WINDOW = re.compile(r"(?P<what>orders|spend)_(?P<days>\d+)d")
_TREND = re.compile(r"(?P<what>orders|spend)_trend_(?P<days>\d+)d")

_DAYS = (7, 14, 21, 30, 45, 60, 75, 90, 120, 150, 180, 240, 270, 365, 545, 730)
_TREND_STEPS = (-1.0, -1 / 3, 0.0, 1 / 3, 1.0)
_QUANTILES = np.linspace(0.1, 0.9, 9)


@dataclass(frozen=True)
class Condition:
    """``feature >= value`` or ``feature <= value``; a customer whose figure is missing does not meet it."""

    feature: str
    operator: Operator
    value: float

    def holds(self, rows: pd.DataFrame) -> np.ndarray:
        """Mask of the panel rows that meet it, shape (n,)."""
        column = rows[self.feature].to_numpy(dtype=float, na_value=np.nan)
        with np.errstate(invalid="ignore"):
            return column >= self.value if self.operator == ">=" else column <= self.value

    def words(self, currency: str | None, *, of_one: bool = False) -> str:
        """``have not bought for 60 days or more``; ``of_one``: ``has not bought …``."""
        text = _said(self, currency)
        return "has" + text.removeprefix("have") if of_one else text


def preference(name: str) -> int:
    """Place of a column among those that can be said: of two that tell as much, the lower one reads more easily."""
    return list(_PHRASES).index(name) if name in _PHRASES else len(_PHRASES)


def can_be_said(name: str) -> bool:
    """Whether conditions on a column have words that everybody understands."""
    return name in _PHRASES or bool(_WINDOW.fullmatch(name) or _TREND.fullmatch(name))


def _said(condition: Condition, currency: str | None) -> str:
    name, value = condition.feature, condition.value
    at_least = condition.operator == ">="
    window, trend = _WINDOW.fullmatch(name), _TREND.fullmatch(name)
    if trend:
        return _trend_said(trend["what"], int(trend["days"]), value, at_least)
    if window:
        return _window_said(window["what"], int(window["days"]), value, at_least, currency)
    if not at_least and value == 0:
        return _NOTHING[name]
    if name == "order_count" and value == 1 and not at_least:
        return "have ordered once only"
    above, below = _PHRASES[name].split(" | ")
    number = figures.decimal(value)
    return (above if at_least else below).format(
        days=figures.days(value),
        times="once" if value == 1 else f"{number} times",
        multiple="" if value == 1 else f"{number} times ",
        percent=figures.percent(min(max(value, 0.0), 1.0)),
        money=figures.money(value, currency),
        number=number,
        categories="1 category" if value == 1 else f"{number} categories",
        **{plural: f"{number} {noun}{'' if value == 1 else 's'}" for plural, noun in _NOUNS.items()},
    )


def _window_said(what: str, days: int, value: float, at_least: bool, currency: str | None) -> str:
    span = f"in the last {days} days"
    if what == "spend":
        return f"have spent {figures.money(value, currency)} {'or more' if at_least else 'at most'} {span}"
    if not at_least and value < 1:
        return f"have placed no order {span}"
    return f"have placed {counted(round(value), 'order')} {'or more' if at_least else 'at most'} {span}"


def _trend_said(what: str, days: int, value: float, at_least: bool) -> str:
    """The trend (a - b) / (a + b) of now against before, as a change in percent."""
    did = "ordered" if what == "orders" else "spent"
    spans = f"in the last {days} days", f"in the {days} before"
    if value <= -1 and not at_least:
        return f"have {did} nothing {spans[0]}, but did {spans[1]}"
    if value >= 1 and at_least:
        return f"have {did} something {spans[0]} and nothing {spans[1]}"
    ratio = float(now_against_before(value))
    if math.isclose(ratio, 1.0):
        return f"have {did} {'as much or more' if at_least else 'as much or less'} {spans[0]} than {spans[1]}"
    change = figures.percent(round(abs(ratio - 1), 2))
    direction = "more" if ratio > 1 else "less"
    bound = "at least" if at_least == (ratio > 1) else "at most"
    return f"have {did} {bound} {change} {direction} {spans[0]} than {spans[1]}"


def thresholds(name: str, values: np.ndarray) -> list[float]:
    """Up to nine round values between the extremes of a column, ascending: where a condition may cut.

    They lie near its deciles, rounded to what a person would say; days to weeks and months.
    """
    known = values[np.isfinite(values)]
    if len(known) == 0:
        return []
    low, high = float(known.min()), float(known.max())
    kind = feature(name).kind
    if kind == "change":
        return [step for step in _TREND_STEPS if low <= step <= high]
    cuts = {_round(kind, float(value)) for value in np.quantile(known, _QUANTILES, method="nearest")}
    return sorted(cut for cut in cuts if low <= cut <= high)


def _round(kind: FeatureKind, value: float) -> float:
    if kind == "days" and value <= _DAYS[-1]:
        return float(min(_DAYS, key=lambda day: abs(math.log(day / max(value, 1.0)))))
    if kind == "count":
        return float(round(value)) if value < 20 else two_digits(value)
    if kind == "share":
        return round(value * 20) / 20
    if kind in ("ratio", "number") and value < 10:
        return round(value * 4) / 4 if value >= 1 else round(value, 1)
    return two_digits(value)


def _nothing_can_be_said(name: str) -> bool:
    return name in _NOTHING or name.startswith("orders_")


def two_digits(value: float) -> float:
    """A number cut to its two leading digits: 1,234 is 1,200."""
    return float(f"{value:.2g}")


def conditions(rows: pd.DataFrame, names: Sequence[str]) -> list[Condition]:
    """Every condition that cuts the rows somewhere, in the order of ``names``."""
    found = []
    for name in names:
        column = rows[name].to_numpy(dtype=float, na_value=np.nan)
        known = column[np.isfinite(column)]
        for value in thresholds(name, column):
            if (known < value).any() and (value > 0 or feature(name).kind == "change"):
                found.append(Condition(name, ">=", value))
            if (known > value).any() and (value != 0 or _nothing_can_be_said(name)):
                found.append(Condition(name, "<=", value))
    return found
