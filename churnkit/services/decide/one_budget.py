"""One budget over the actions of a playbook: who gets which, and what more money or more places would bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from churnkit.errors import DataError
from churnkit.roi.allocation import NONE, Allocator
from churnkit.services.decide.next_best_action import ActionDesk, ActionList
from churnkit.services.decide.playbook import USUAL, Intervention, Playbook
from churnkit.text import figures

_NEXT = 100.0
_COIN = 0.005
_CURVE_STEPS = 12
# Beyond the budget, so that what more would bring is seen.
_CURVE_REACH = 2.0


@dataclass(frozen=True)
class DividedBudget:
    """A budget, divided.

    Attributes
    ----------
    listed
        Who gets which action, best first, with what it costs and brings.
    actions
        One row per action offered: ``action``, ``customers``, ``places`` (missing for any number), ``cost``, ``saves``,
        ``net``, ``net_low``, ``net_high`` (money; 0 where nobody gets it), ``place_value``: what one more place would
        bring.
    next_money
        What each unit of the next 100 of budget would bring, net; 0 where it is not used up.
    usual_net
        Expected net of the same budget on the usual contact alone; None where that is not among the actions.
    curve
        ``budget`` and the expected ``net`` (money) of the best division of it.
    """

    budget: float
    listed: ActionList
    actions: pd.DataFrame
    next_money: float
    usual_net: float | None
    curve: pd.DataFrame

    def words(self, currency: str | None) -> str:
        """What dividing it brings against the usual contact alone, and what is short."""
        net = self.listed.net
        if net is None:
            return "No action is expected to bring more than it costs within this budget."
        text = ""
        if self.usual_net is not None and len(self.actions) > 1:
            more = net.value - self.usual_net
            text = (
                f"Spent on the usual contact alone, the same budget is expected to bring"
                f" {figures.short_money(self.usual_net, currency)}: dividing it brings"
                f" {figures.short_money(more, currency)} more. "
                if more > _COIN
                else "The usual contact alone brings as much. "
            )
        if _NEXT * self.next_money >= _COIN:
            coming = figures.money(_NEXT * self.next_money, currency)
            step = figures.short_money(_NEXT, currency)
            return f"{text}The budget is what is short: the next {step} of it would bring about {coming} net."
        return f"{text}More money would bring nothing: everybody for whom an action pays has one, or its places are taken."


def offered_actions(playbook: Playbook, desk: ActionDesk) -> tuple[Intervention, ...]:
    """The actions that a budget can be spent on: their channel is there and their cost known, switched on or not."""
    return tuple(
        one
        for one in playbook.interventions
        if one.channel in desk.reach.channels and one.contact_cost is not None
    )


def divide_budget(
    desk: ActionDesk, actions: Sequence[Intervention], budget: float, among: np.ndarray | None = None
) -> DividedBudget:
    """Divide a budget over ``actions`` so that the expected net is highest.

    Parameters
    ----------
    budget
        Money that contacts and discounts are expected to cost at most.
    among
        Which of the desk's customers come into question, booleans of shape (n,); None for all.

    Raises
    ------
    DataError
        If the budget is below 0 or no action is given.
    """
    if not budget >= 0 or not actions:
        raise DataError(
            f"Dividing a budget: it must be 0 or more and there must be an action to spend it on, found"
            f" {figures.decimal(budget, 2)} and {len(actions)} actions.",
            "Name an amount, and choose an action.",
        )
    used = tuple(replace(one, active=True) for one in actions)
    gains, costs = desk.gains_and_costs(used)
    if among is not None:
        gains = np.where(among[:, None], gains, -np.inf)
    allocator = Allocator(gains, costs, [one.capacity for one in used])
    chosen, prices = allocator.allocate(budget)
    listed = desk.listed(chosen, gains, used)
    return DividedBudget(
        budget=budget,
        listed=listed,
        actions=_actions(listed, used, allocator.value_of_a_place(budget)),
        next_money=(allocator.prices(budget + _NEXT).bound - prices.bound) / _NEXT,
        usual_net=_usual_net(used, gains, costs, budget),
        curve=_curve(allocator, budget),
    )


def _actions(listed: ActionList, used: Sequence[Intervention], place_value: np.ndarray) -> pd.DataFrame:
    offered = pd.DataFrame(
        {
            "action": [one.title for one in used],
            "places": [np.nan if one.capacity is None else float(one.capacity) for one in used],
            "place_value": place_value,
        }
    )
    table = offered.merge(listed.by_action, on="action", how="left")
    numbers = ["customers", "cost", "saves", "net", "net_low", "net_high"]
    return table.assign(**{name: table[name].fillna(0).astype(float) for name in numbers})


def _usual_net(
    used: Sequence[Intervention], gains: np.ndarray, costs: np.ndarray, budget: float
) -> float | None:
    place = next((k for k, one in enumerate(used) if one.key == USUAL), None)
    if place is None:
        return None
    alone = slice(place, place + 1)
    chosen, _ = Allocator(gains[:, alone], costs[:, alone], [used[place].capacity]).allocate(budget)
    return float(gains[chosen != NONE, place].sum())


def _curve(allocator: Allocator, budget: float) -> pd.DataFrame:
    amounts = np.linspace(0.0, _CURVE_REACH * budget, _CURVE_STEPS + 1)
    return pd.DataFrame({"budget": amounts, "net": [allocator.prices(float(one)).bound for one in amounts]})
