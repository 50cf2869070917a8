"""Would the suggestions have been right? Each customer's last order is held out and guessed from those before."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from churnkit.baskets.association_rules import UNITS, FloatArray, membership, mine
from churnkit.baskets.orders import BasketOrders
from churnkit.baskets.suggestions import METHODS, MOST_POPULAR, Method, rule_scores, suggest

SHOWN = 3
MIN_CUSTOMERS = 100
MAX_CUSTOMERS = 6000
_REACH = 1.959963984540054


@dataclass(frozen=True)
class HitRate:
    """How often a method's suggestions were among the new items of the held-out order.

    Attributes
    ----------
    first, any_of_three
        Share of the customers, 0 to 1, for the first suggestion and for any of the first three.
    money
        Mean spend on the first suggestion in the held-out order, misses as 0.
    """

    method: Method
    customers: int
    first: float
    any_of_three: float
    money: float


@dataclass(frozen=True)
class HeldOut:
    """What the test says; rates are measured on the half of the customers that took no part in choosing.

    Attributes
    ----------
    chosen
        The method whose first suggestion hit most often in the choosing half, if it beat popularity there by more
        than chance (95 %); else popularity.
    rates
        Every method's rate; the most popular item comes last.
    gain, low, high
        The chosen method's rate minus popularity's, with a 95 % interval over customers; 0 where popularity won.
    with_new_items
        Share of these customers whose held-out order had an item that they had not bought before.
    """

    chosen: Method
    rates: tuple[HitRate, ...]
    gain: float
    low: float
    high: float
    with_new_items: float

    def rate_of(self, method: Method) -> HitRate:
        """The rate of one method."""
        return next(rate for rate in self.rates if rate.method == method)


def held_out(orders: BasketOrders, *, seed: int) -> HeldOut | None:
    """Choose a method on one half of the customers with two orders or more, and measure all on the other.

    None with fewer than 100 such customers; above 6,000 a seeded sample is asked. Rules are mined from everybody's orders
    but the held-out ones.
    """
    owner = orders.of_order()
    last = np.full(len(orders.customers), -1, dtype=np.int64)
    last[owner] = np.arange(len(owner))  # orders are numbered by customer and time: the latest stays
    repeat = np.bincount(owner, minlength=len(orders.customers)) > 1
    is_held = repeat[orders.customer] & (orders.order == last[orders.customer])
    who = np.flatnonzero(repeat)
    if len(who) < MIN_CUSTOMERS:
        return None
    rng = np.random.default_rng(seed)
    if len(who) > MAX_CUSTOMERS:
        who = np.sort(rng.choice(who, MAX_CUSTOMERS, replace=False))
    everybody = membership(
        orders.customer[~is_held], orders.item[~is_held], len(orders.customers), len(orders.items)
    )
    has = everybody[who]
    bought = np.zeros(has.shape)
    place = np.full(len(orders.customers), -1)
    place[who] = np.arange(len(who))
    asked = is_held & (place[orders.customer] >= 0)
    bought[place[orders.customer[asked]], orders.item[asked]] = orders.amount[asked]
    bought[has.nonzero()] = 0.0
    popularity = np.asarray(everybody.sum(axis=0)).ravel()
    price = orders.items["price"].to_numpy(dtype=float)

    spent: dict[Method, FloatArray] = {}
    mined = {unit: mine(orders, unit, seed=seed, among=~is_held) for unit in UNITS}
    for method in (*METHODS, MOST_POPULAR):
        scores = None if method.unit is None else rule_scores(mined[method.unit], method.ranking, price)
        item = suggest(has, scores, popularity, SHOWN).item
        on_item = np.take_along_axis(bought, np.maximum(item, 0), axis=1)
        spent[method] = np.where(item >= 0, on_item, 0.0)
    choosing = rng.permutation(len(who)) < len(who) // 2
    hits = {method: money[choosing, 0] > 0 for method, money in spent.items()}
    chosen = max(METHODS, key=lambda method: hits[method].mean())
    if _gain(hits[chosen], hits[MOST_POPULAR])[1] <= 0:
        chosen = MOST_POPULAR
    return _measured(chosen, spent, ~choosing, bought)


def _gain(ours: NDArray[np.bool_], theirs: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Difference of two shares of the same customers, with a 95 % interval."""
    paired = ours.astype(float) - theirs
    reach = _REACH * float(paired.std(ddof=1)) / math.sqrt(len(paired))
    gain = float(paired.mean())
    return gain, gain - reach, gain + reach


def _measured(
    chosen: Method, spent: dict[Method, FloatArray], measuring: NDArray[np.bool_], bought: FloatArray
) -> HeldOut:
    hits = {method: money[measuring] > 0 for method, money in spent.items()}
    count = int(measuring.sum())
    rates = tuple(
        HitRate(
            method,
            count,
            float(hit[:, 0].mean()),
            float(hit.any(axis=1).mean()),
            float(spent[method][measuring, 0].mean()),
        )
        for method, hit in hits.items()
    )
    gain, low, high = _gain(hits[chosen][:, 0], hits[MOST_POPULAR][:, 0])
    return HeldOut(chosen, rates, gain, low, high, float((bought[measuring] > 0).any(axis=1).mean()))
