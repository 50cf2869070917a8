"""One budget over several actions: who gets which, so that the expected gain is highest.

Each customer gets one action at most, all of them together cost no more than the budget, and no action is given to more
customers than it has places. Prices for money and for places are found that make every customer's own best choice fit
(Dantzig and Wolfe 1960: a master program of a few whole allocations, to which the best one at the present prices is
added until none is better); at these prices the pairs of customer and action are gone through, best first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from churnkit.roi.draws import FloatArray

NONE = -1
_MOST_ROUNDS = 120
_TOLERANCE = 1e-7


@dataclass(frozen=True)
class Prices:
    """What each limit is worth.

    Attributes
    ----------
    money
        Gain for the last unit of budget; 0 where it is not used up.
    places
        Gain for the last place of each action, shape (actions,); 0 where places are left.
    bound
        Gain that no allocation exceeds.
    """

    money: float
    places: FloatArray
    bound: float


class Allocator:
    """Customers and actions, prepared for any budget.

    Parameters
    ----------
    gains, costs
        Expected net gain and cost (money) of each action for each customer, shape (n, actions); a gain of minus
        infinity where the action is not meant for the customer, a cost above 0.
    places
        Customers that each action can be given to; None for any number.
    """

    def __init__(self, gains: FloatArray, costs: FloatArray, places: Sequence[int | None]) -> None:
        self._gains, self._costs = gains, costs
        count = len(gains)
        self._places = np.array([count if one is None else min(one, count) for one in places], dtype=float)
        self._plans: list[FloatArray] = []
        self._add(np.full(count, NONE))

    def prices(self, budget: float, more_places: FloatArray | None = None) -> Prices:
        """At which everybody's own best choice fits into the budget and the places, and ``more_places`` if given."""
        given = self._places if more_places is None else self._places + more_places
        limits = np.concatenate([[budget], given])
        money, places, value = 0.0, np.zeros(len(self._places)), 0.0
        for _ in range(_MOST_ROUNDS):
            chosen, offered = self._best(money, places)
            bound = float(offered + money * budget + places @ given)
            if bound - value <= _TOLERANCE * max(value, 1.0):
                break
            self._add(chosen)
            money, places, value = self._master(limits)
        return Prices(money, places, bound)

    def value_of_a_place(self, budget: float) -> FloatArray:
        """What one more place of each action would bring, shape (actions,)."""
        now, one_more = self.prices(budget), np.eye(len(self._places))
        found = [
            self.prices(budget, one).bound - now.bound if price > 0 else 0.0
            for one, price in zip(one_more, now.places, strict=True)
        ]
        return np.maximum(found, 0.0)

    def allocate(self, budget: float) -> tuple[NDArray[np.int64], Prices]:
        """The action of each customer, ``NONE`` for none, shape (n,), and the prices that led to it."""
        prices = self.prices(budget)
        worth = self._gains - prices.money * self._costs - prices.places
        customer, action = np.nonzero(self._gains > 0)
        best_first = np.argsort(-worth[customer, action], kind="stable")
        chosen = np.full(len(self._gains), NONE, dtype=np.int64)
        left, places = budget, self._places.copy()
        cost = self._costs[customer, action]
        cheapest = float(cost.min(initial=np.inf))
        for pair in best_first:
            i, k = customer[pair], action[pair]
            if left < cheapest:
                break
            if chosen[i] == NONE and places[k] > 0 and cost[pair] <= left:
                chosen[i] = k
                places[k] -= 1
                left -= cost[pair]
        self._upgrade(chosen, left, places)
        return chosen, prices

    def _upgrade(self, chosen: NDArray[np.int64], left: float, places: FloatArray) -> None:
        """Give an action that brings more where money and places are left, the largest step first.

        Who stood between two actions at the prices may have been given the lesser one.
        """
        rows = np.flatnonzero(chosen != NONE)
        gain, cost = (table[rows, chosen[rows]] for table in (self._gains, self._costs))
        steps, extra = self._gains[rows] - gain[:, None], self._costs[rows] - cost[:, None]
        place, action = np.nonzero((steps > 0) & (extra <= left) & (places > 0))
        moved: set[int] = set()
        for pair in np.argsort(-steps[place, action], kind="stable"):
            at, k = int(place[pair]), int(action[pair])
            if at not in moved and places[k] > 0 and extra[at, k] <= left:
                places[[chosen[rows[at]], k]] += [1, -1]
                chosen[rows[at]] = k
                left -= extra[at, k]
                moved.add(at)

    def _best(self, money: float, places: FloatArray) -> tuple[NDArray[np.int64], float]:
        """What each customer would choose at these prices, and what that brings after paying them."""
        if not len(self._gains):
            return np.empty(0, dtype=np.int64), 0.0
        worth = self._gains - money * self._costs - places
        best = worth.argmax(axis=1)
        value = worth[np.arange(len(worth)), best]
        return np.where(value > 0, best, NONE), float(value[value > 0].sum())

    def _add(self, chosen: NDArray[np.int64]) -> None:
        """A whole allocation as one column of the master program: its gain, its cost, its customers by action."""
        rows = np.flatnonzero(chosen != NONE)
        taken = chosen[rows]
        number = np.bincount(taken, minlength=len(self._places)).astype(float)
        sums = [self._gains[rows, taken].sum(), self._costs[rows, taken].sum()]
        self._plans.append(np.concatenate([sums, number]))

    def _master(self, limits: FloatArray) -> tuple[float, FloatArray, float]:
        """The best mixture of the allocations known; prices of money and places, and its gain."""
        from scipy.optimize import linprog

        plans = np.array(self._plans)
        scale = np.maximum(limits, 1.0)
        found = linprog(
            -plans[:, 0],
            A_ub=(plans[:, 1:] / scale).T,
            b_ub=limits / scale,
            A_eq=np.ones((1, len(plans))),
            b_eq=[1.0],
            bounds=(0, None),
            method="highs",
        )
        prices = -found.ineqlin.marginals / scale
        return float(prices[0]), np.maximum(prices[1:], 0.0), float(-found.fun)
