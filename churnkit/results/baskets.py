"""Products that go together, and due orders, as a run leaves them: ``baskets.json``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from churnkit.results.codec import JsonObject, Step
from churnkit.results.found import Found, Missing


@dataclass(frozen=True, kw_only=True)
class ProductRule:
    """Who buys the first product also buys the second.

    Attributes
    ----------
    together
        Baskets with both.
    support, confidence, base
        Shares, 0 to 1: of all baskets with both; of those with the first, with the second; of all, with the second.
    lift
        ``confidence / base``.
    value
        Expected extra money for each basket with the first product.
    """

    if_id: str
    if_name: str
    then_id: str
    then_name: str
    together: int
    support: float
    confidence: float
    base: float
    lift: float
    value: float


@dataclass(frozen=True, kw_only=True)
class UnitRules:
    """The rules over one kind of basket: orders, or everything that a customer ever bought.

    ``count`` rules hold; ``rules`` are those that move most money.
    """

    baskets: int
    count: int
    words: str
    rules: tuple[ProductRule, ...]


@dataclass(frozen=True, kw_only=True)
class SuggestionMethod:
    """A way to suggest a product: the rules of a unit by a ranking; without a unit, what most customers have."""

    unit: str | None
    ranking: str


@dataclass(frozen=True, kw_only=True)
class ChosenMethod(SuggestionMethod):
    """The way that is used, in words."""

    words: str


@dataclass(frozen=True, kw_only=True)
class MethodRate:
    """How often a method's suggestions were among the new items of the held-out order.

    ``first`` and ``any_of_three`` are shares of the customers; ``money`` is the mean spend on the first suggestion.
    """

    method: SuggestionMethod
    customers: int
    first: float
    any_of_three: float
    money: float
    words: str


@dataclass(frozen=True, kw_only=True)
class HeldOutTest:
    """Every method on each customer's last order; ``gain`` of the chosen one over popularity with a 95 % interval."""

    customers: int
    with_new_items: float
    rates: tuple[MethodRate, ...]
    gain: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class ProductRules:
    """What is bought together, and how well it predicts. ``left_out`` are names that are no products."""

    items: int
    rarer_items: int
    orders: int
    left_out: tuple[str, ...]
    by_unit: dict[str, UnitRules]
    chosen: ChosenMethod
    held_out: HeldOutTest | None
    verdict: str


@dataclass(frozen=True, kw_only=True)
class DueCheck:
    """How well due dates were forecast at an earlier date.

    ``coverage`` is the share of the ``returned`` customers within the 80 % interval; widths and errors in days.
    """

    returned: int
    coverage: float
    width_days: float
    error_days: float
    naive_error_days: float


@dataclass(frozen=True, kw_only=True)
class DueForecast:
    """When next orders are due. ``levels`` are where low, middle and high lie in the model's distribution."""

    horizon_days: int
    levels: tuple[float, ...]
    checked: DueCheck | None
    words: str


def _reasons_in_place(content: JsonObject) -> JsonObject:
    """Version 1 wrote None and the reason apart."""
    missing = content.pop("missing")
    for name in ("rules", "due"):
        if content[name] is None:
            content[name] = {"missing": missing[name]}
    return content


@dataclass(frozen=True, kw_only=True)
class BasketsDocument:
    """Rules between products with their held-out test, and how well due dates are known."""

    title: ClassVar[str] = "the product rules"
    steps: ClassVar[tuple[Step, ...]] = (_reasons_in_place,)

    rules: Found[ProductRules] | Missing
    due: Found[DueForecast] | Missing
