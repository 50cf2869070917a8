"""Shoppers who buy at their own pace, change their mood and at some point leave.

A customer's orders are a renewal process with an individual rate (gamma), which ends after each order with
an individual probability (beta): the assumptions of BG/NBD (Fader, Hardie, Lee 2005). On top of that the
rate and the probability follow things that an order export shows: a mood that also sets the basket's size,
discounts, returns, a price rise and tastes. In a shop with a :class:`Farewell` most do not leave from one day to the
next: they fade, and no process of pace and chance foresees that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from churnkit.samples.portable_draws import BoolArray, FloatArray, IntArray, PortableDraws

FIRST_DAY = np.datetime64("2024-09-01", "D")
LAST_DAY = np.datetime64("2026-08-31", "D")
DAYS = int((LAST_DAY - FIRST_DAY).astype(np.int64)) + 1

# Without a ceiling a good mood would shorten the gaps without end.
BEST_MOOD = 0.6
# Holidays, illness, a rival's offer: a long silence must not always mean that a customer is gone.
BREAK_CHANCE, BREAK_DAYS = 0.06, 75.0


def day_number(date: str) -> int:
    """Days from the first day of every sample to ``date`` (ISO)."""
    return int((np.datetime64(date, "D") - FIRST_DAY).astype(np.int64))


class SeasonalClock:
    """Calendar days from shop time, which runs fast on busy days.

    Parameters
    ----------
    month_factors
        Twelve relative intensities, January first.
    weekday_profiles
        One row of seven relative intensities (Monday first) per kind of customer.
    """

    def __init__(self, month_factors: list[float], weekday_profiles: list[list[float]]) -> None:
        dates = FIRST_DAY + np.arange(DAYS)
        months = dates.astype("datetime64[M]").astype(np.int64) % 12
        weekdays = (dates.astype(np.int64) + 3) % 7
        intensity = np.array(weekday_profiles)[:, weekdays] * np.array(month_factors)[months]
        intensity *= DAYS / intensity.sum(axis=1, keepdims=True)
        zero = np.zeros((len(weekday_profiles), 1))
        self._elapsed = np.concatenate([zero, np.cumsum(intensity, axis=1)], axis=1)

    def day(self, elapsed: FloatArray, profile: IntArray) -> IntArray:
        """Calendar day at shop time ``elapsed``; ``DAYS`` once the last day is over."""
        day = np.empty(elapsed.size, dtype=np.int64)
        for number, known in enumerate(self._elapsed):
            chosen = profile == number
            day[chosen] = np.searchsorted(known, elapsed[chosen], side="right") - 1
        return np.minimum(day, DAYS)


@dataclass(frozen=True)
class Customers:
    """Traits of n customers, one array entry each; ``arrival`` is in shop time."""

    arrival: FloatArray
    orders_per_day: FloatArray
    regularity: IntArray
    leave_chance: FloatArray
    one_time: BoolArray
    discount_hunger: FloatArray
    price_sensitivity: FloatArray
    mood_drift: FloatArray
    taste: FloatArray
    profile: IntArray


@dataclass(frozen=True)
class Farewell:
    """How customers fade who have made up their mind to leave.

    ``share`` of them still order up to ``orders`` times: each gap is ``slower`` times as long as the one before would
    have been, each basket made in a mood lower by ``gloom``, and more often only with a discount or with something sent
    back.
    """

    share: float
    orders: int
    slower: float
    gloom: float


@dataclass(frozen=True)
class Behaviour:
    """How a shop's customers react; chances are per order.

    ``discount_chance`` has one entry per day. Customers hungry for discounts also watch for the days on
    which it is high. Without a ``farewell`` everybody who leaves does so at once.
    """

    discount_chance: FloatArray
    return_chance: float
    price_rise_day: int
    break_chance: float = BREAK_CHANCE
    break_days: float = BREAK_DAYS
    farewell: Farewell | None = None


@dataclass(frozen=True)
class Orders:
    """Orders of all customers in time order, one array entry each.

    ``day`` counts from the first day, ``fading`` the orders since the customer made up their mind to leave.
    """

    customer: IntArray
    day: IntArray
    mood: FloatArray
    discounted: BoolArray
    returned: BoolArray
    fading: IntArray

    def __len__(self) -> int:
        return self.customer.size


def arrivals(
    draws: PortableDraws, count: int, *, established_share: float, established_days: float, growth: float
) -> FloatArray:
    """Shop time at which each of ``count`` customers turns up first, sorted.

    ``established_share`` of them bought before the file begins and turn up within some
    ``established_days``; the others arrive at a rate that grows ``growth``-fold over the file.
    """
    established = draws.uniform(count) < established_share
    early = established_days * draws.exponential(count)
    position = draws.uniform(count)
    slope = growth - 1.0
    later = (np.sqrt(1.0 + position * slope * (slope + 2.0)) - 1.0) / slope * DAYS
    return np.sort(np.minimum(np.where(established, early, later), DAYS - 1.0))


def simulate_orders(
    draws: PortableDraws, customers: Customers, behaviour: Behaviour, clock: SeasonalClock
) -> Orders:
    """Every order from each customer's arrival until the customer leaves or the file ends."""
    active = np.arange(customers.arrival.size)
    elapsed = customers.arrival.copy()
    mood = np.zeros(active.size)
    order_number = np.zeros(active.size, dtype=np.int64)
    fading = np.zeros(active.size, dtype=np.int64)
    steps: list[tuple[IntArray, IntArray, FloatArray, BoolArray, BoolArray, IntArray]] = []
    while active.size:
        day = clock.day(elapsed[active], customers.profile[active])
        inside = day < DAYS
        active, day = active[inside], day[inside]
        if not active.size:
            break
        discounted, returned = _events(draws, customers, behaviour, active, day, fading[active])
        steps.append((active, day, mood[active], discounted, returned, fading[active]))
        leaves = _leaves(draws, customers, behaviour, active, day, mood[active], discounted, returned)
        only = customers.one_time[active] & (order_number[active] == 0)
        if behaviour.farewell is not None:
            leaves = _fade(draws, behaviour.farewell, fading, active, leaves & ~only)
        leaves |= only
        order_number[active] += 1
        active = active[~leaves]
        change = customers.mood_drift[active] + 0.12 * draws.normal(active.size)
        mood[active] = np.minimum(mood[active] + change, BEST_MOOD)
        gap = draws.erlang(customers.regularity[active]) / customers.orders_per_day[active]
        on_break = draws.exponential(active.size), draws.chance(behaviour.break_chance, active.size)
        absent = behaviour.break_days * on_break[0] * on_break[1]
        if behaviour.farewell is not None:
            mood[active] -= behaviour.farewell.gloom * (fading[active] > 0)
            gap *= behaviour.farewell.slower ** fading[active]
        elapsed[active] += gap * np.exp(-0.7 * mood[active]) + absent
    customer, day, mood_then, discounted, returned, faded = (
        np.concatenate(parts) for parts in zip(*steps, strict=True)
    )
    order = np.lexsort((customer, day))
    return Orders(
        customer[order], day[order], mood_then[order], discounted[order], returned[order], faded[order]
    )


def _fade(
    draws: PortableDraws, farewell: Farewell, fading: IntArray, active: IntArray, leaves: BoolArray
) -> BoolArray:
    """Who is gone now; who begins to fade instead, or goes on with it, is counted in ``fading``."""
    begins = leaves & (fading[active] == 0) & draws.chance(farewell.share, active.size)
    goes_on = (fading[active] > 0) & (fading[active] < farewell.orders)
    gone: BoolArray = (leaves & (fading[active] == 0) & ~begins) | (fading[active] == farewell.orders)
    fading[active[begins | goes_on]] += 1
    return gone


def _events(
    draws: PortableDraws,
    customers: Customers,
    behaviour: Behaviour,
    active: IntArray,
    day: IntArray,
    fading: IntArray,
) -> tuple[BoolArray, BoolArray]:
    hunger = customers.discount_hunger[active]
    chance = np.minimum(behaviour.discount_chance[day] * (0.4 + 2.6 * hunger) * (1 + fading), 0.9)
    returns = np.minimum(behaviour.return_chance * (1 + fading), 0.5)
    return draws.chance(chance, active.size), draws.chance(returns, active.size)


def _leaves(
    draws: PortableDraws,
    customers: Customers,
    behaviour: Behaviour,
    active: IntArray,
    day: IntArray,
    mood: FloatArray,
    discounted: BoolArray,
    returned: BoolArray,
) -> BoolArray:
    risen = np.maximum(day - behaviour.price_rise_day, 0)
    fresh_rise = np.where(risen > 0, np.exp(-risen / 120.0), 0.0)
    log_hazard = (
        -1.3 * mood
        + 0.9 * customers.discount_hunger[active]
        + 0.8 * customers.discount_hunger[active] * ~discounted
        + 0.6 * returned
        + 2.0 * customers.price_sensitivity[active] * fresh_rise
        + 0.7 * customers.taste[active, 0]
    )
    stay = (1.0 - customers.leave_chance[active]) ** np.exp(log_hazard)
    return draws.chance(1.0 - stay, active.size)
