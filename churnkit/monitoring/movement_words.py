"""When a figure of the shop's orders has moved, what that means, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from churnkit.monitoring.movements import Compared
from churnkit.results.drift import Movement, MovementKind, MovementUnit
from churnkit.text.figures import decimal, money, percent, signed_percent


class Rule(NamedTuple):
    """How much of a change matters, and what to do when the figure rose or fell.

    ``matters`` is a relative change; of a share, percentage points over 100.
    """

    title: str
    unit: MovementUnit
    matters: float
    risen: str
    fallen: str


RULES: Mapping[MovementKind, Rule] = MappingProxyType(
    {
        "orders_per_day": Rule(
            "Orders a day",
            "count",
            0.25,
            "Look at who the new orders are from, and in the next scorecard whether the level of the forecast still holds.",
            "Check first that the last export is whole. If it is, fewer buy: look at who slipped, and train again.",
        ),
        "order_value": Rule(
            "Money in an order",
            "money",
            0.15,
            "Spend forecasts were learned from smaller orders: train again so that the money is right.",
            "Spend forecasts were learned from larger orders: train again so that the money is right.",
        ),
        "prices": Rule(
            "Prices of the same products",
            "ratio",
            0.05,
            "Money figures are in the old, lower prices: train again so that they are in today's.",
            "Money figures are in the old, higher prices: train again so that they are in today's.",
        ),
        "new_products": Rule(
            "Spend on products that were new",
            "share",
            0.2,
            "The model has never seen who buys these: train again once they have been sold for a threshold's time.",
            "",
        ),
        "returned_share": Rule(
            "Share of money given back",
            "share",
            0.05,
            "Look at what comes back, and whether one product or one delivery is behind it.",
            "",
        ),
        "first_buyers": Rule(
            "Share of orders by first-time buyers",
            "share",
            0.1,
            "The model knows least about first-time buyers: expect less of its ranking until they have bought again.",
            "Fewer new customers come in. The forecast is not the worse for it; the shop may be.",
        ),
    }
)
# A figure that is as high as in the same weeks of the year before, give or take this share, follows the season.
_SEASON = 0.15


def movement(
    kind: MovementKind, found: Compared, last_year: float | None, currency: str | None = None
) -> Movement:
    """A figure in two periods with its sentence; ``last_year`` is that of the later weeks a year before."""
    rule = RULES[kind]
    change = found.change
    seasonal = bool(last_year) and abs(found.now / (last_year or 1.0) - 1) <= _SEASON
    size = found.now - found.before if rule.unit == "share" else change.value
    moved = change.excludes_zero and abs(size) > rule.matters and not seasonal
    told = f"{rule.title}: {_written(rule, found.before, currency)} before, {_written(rule, found.now, currency)} now"
    if change.value == change.value:
        told += f" ({signed_percent(change.value)})"
    if kind == "prices":
        told = f"{rule.title}: {signed_percent(change.value)} in the mean"
    if last_year is not None:
        told += f"; {_written(rule, last_year, currency)} in the same weeks a year earlier"
    elif moved and kind in ("orders_per_day", "first_buyers"):
        told += "; whether it is the season cannot be told, as the history has no such weeks a year earlier"
    return Movement(
        kind=kind,
        unit=rule.unit,
        before=found.before,
        now=found.now,
        last_year=last_year,
        change=change,
        moved=moved,
        words=f"{told}.",
        advice=(rule.risen if size > 0 else rule.fallen) if moved else "",
    )


def _written(rule: Rule, value: float, currency: str | None) -> str:
    if rule.unit == "money":
        return money(value, currency)
    return percent(value) if rule.unit == "share" else decimal(value, 1)
