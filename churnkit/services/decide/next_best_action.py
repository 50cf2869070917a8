"""Whom to contact today, with what, through which channel, and why: ranked by what acting is expected to bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from churnkit.errors import DataError
from churnkit.results.folders import Results
from churnkit.results.interval import Interval
from churnkit.roi import Planner, ProfitCurve, uncertainty_from_backtest
from churnkit.segments import value_band
from churnkit.services.decide.chosen_customers import with_groups
from churnkit.services.decide.playbook import Intervention, Playbook
from churnkit.services.decide.reach import CHANNELS, Reach
from churnkit.services.decide.recommendation import default_assumptions, recommended_count, still_there
from churnkit.text import figures
from churnkit.text.respelling import respelled

TODAY = 100
MAX_SHOWN = 1000
COLUMNS = (
    "rank",
    "customer_id",
    "action",
    "channel",
    "offer",
    "product",
    "product_because",
    "reason",
    "p_churn",
    "risk_tier",
    "clv_if_kept",
    "expected_cost",
    "expected_gain",
    "last_purchase_at",
    "due_from",
    "due_until",
    "intervention",
)


@dataclass(frozen=True)
class ActionList:
    """The customers to contact, and what that is expected to bring.

    Attributes
    ----------
    table
        ``COLUMNS``, best first; ``expected_gain`` and ``expected_cost`` in money.
    profitable
        Customers whom contacting is expected to pay at all, listed or not.
    enough
        The fewest of those, best first, who bring ``RECOMMENDED_SHARE`` of what all of them are expected to: as many as
        the advice names where the playbook holds the usual contact alone.
    cost, saves, net
        Of those listed; None when nobody is. Intervals of the interventions are added up, since their errors (the
        level of churn, the value of customers) are shared.
    by_action
        One row per intervention in use: ``action``, ``customers``, ``cost``, ``saves``, ``net``, ``net_low``, ``net_high``.
    """

    table: pd.DataFrame
    profitable: int
    enough: int
    cost: Interval | None
    saves: Interval | None
    net: Interval | None
    by_action: pd.DataFrame


class ActionDesk:
    """A run's customers prepared for ranking: made once, shared by everybody who looks at it, never changed.

    Attributes
    ----------
    customers
        The active of ``results.customers``, best first, with ``value_band``, ``product`` and ``product_because``
        (names), ``product_lift``, ``product_value`` (money), ``due_at``, ``due_from`` and ``due_until``; missing where
        the run has none.
    reach
        How the customers can be reached.
    usual
        The playbook around the shop's settings.
    """

    def __init__(self, results: Results, reach: Reach) -> None:
        settings = results.summary.settings
        self._currency = results.currency
        self.customers = still_there(_with_suggestions(results))
        self._planner = Planner.of(
            self.customers,
            uncertainty_from_backtest(results.summary.backtest),
            settings.money.margin,
            settings.money.success_by_tier,
        )
        self._usual = default_assumptions(results.customers, settings.money, self._currency)
        self.reach = reach
        measured = settings.money.kind("save_rate") == "measured"
        self.usual = Playbook.of_shop(self._usual, reach, settings.money.call_cost, measured=measured)

    def rank(self, playbook: Playbook, limit: int = TODAY, *, among: np.ndarray | None = None) -> ActionList:
        """The ``limit`` customers with the highest expected gain, each with the intervention that brings most.

        Customers are gone through by their best gain; where an intervention's capacity is used up, the next best that
        pays takes its place.

        Parameters
        ----------
        among
            Which of the customers come into question, booleans of shape (n,); None for all.

        Raises
        ------
        DataError
            If ``limit`` is not between 1 and ``MAX_SHOWN``.
        """
        if not 1 <= limit <= MAX_SHOWN:
            raise DataError(f"Listing actions: 1 to {MAX_SHOWN} customers, found {limit}.")
        offers = playbook.interventions
        gains, _ = self.gains_and_costs(offers)
        if among is not None:
            gains = np.where(among[:, None], gains, -np.inf)
        chosen = _assign(gains, [one.capacity for one in offers], limit)
        return self.listed(chosen, gains, offers, limit)

    def gains_and_costs(self, offers: Sequence[Intervention]) -> tuple[np.ndarray, np.ndarray]:
        """Expected gain and cost (money) of each intervention for each customer, both of shape (n, interventions).

        A gain is minus infinity where the intervention is not meant for the customer.
        """
        shape = len(offers), len(self.customers)
        assumed = [one.assumptions(self._usual) for one in offers]
        gains = np.array([self._planner.gains(one) for one in assumed]).reshape(shape)
        meant = np.array([one.meant_for(self.customers) for one in offers], dtype=bool).reshape(shape)
        costs = np.array([self._planner.costs(one) for one in assumed]).reshape(shape)
        return np.where(meant, gains, -np.inf).T, costs.T

    def listed(
        self,
        chosen: np.ndarray,
        gains: np.ndarray,
        offers: Sequence[Intervention],
        limit: int | None = None,
    ) -> ActionList:
        """The customers with an intervention, by gain, the first ``limit`` of them.

        Parameters
        ----------
        chosen
            Place of each customer's intervention among ``offers``, -1 for none, shape (n,).
        gains
            Of :meth:`gains_and_costs`.
        """
        some = np.flatnonzero(chosen >= 0)
        order = some[np.argsort(-gains[some, chosen[some]], kind="stable")][:limit]
        best = gains.max(axis=1, initial=-np.inf)
        pays = np.sort(best[best > 0])[::-1]
        enough = recommended_count(ProfitCurve.of(pays))
        table = self._table(order, chosen[order], gains, offers)
        return ActionList(table, len(pays), enough, *self._totals(order, chosen[order], offers))

    def _table(
        self, rows: np.ndarray, chosen: np.ndarray, gains: np.ndarray, offers: Sequence[Intervention]
    ) -> pd.DataFrame:
        some = self.customers.iloc[rows]
        cost = np.zeros(len(rows))
        for k in np.unique(chosen):
            cost[chosen == k] = self._planner.costs(offers[k].assumptions(self._usual))[rows[chosen == k]]
        suggested = some["product"].to_numpy(dtype=object)
        table = some.assign(
            rank=np.arange(1, len(rows) + 1),
            action=[offers[k].title for k in chosen],
            channel=[CHANNELS[offers[k].channel] for k in chosen],
            offer=[
                offer_words(offers[k], name if isinstance(name, str) else None)
                for k, name in zip(chosen, suggested, strict=True)
            ],
            reason=[self._reason(row) for row in some.to_dict("records")],
            expected_cost=cost.round(2),
            expected_gain=gains[rows, chosen].round(2),
            intervention=[offers[k].key for k in chosen],
        )
        return table[list(COLUMNS)].reset_index(drop=True)

    def _reason(self, row: Mapping[Any, Any]) -> str:
        worth = figures.short_money(float(row["clv_if_kept"]), self._currency)
        words = f"{figures.percent(float(row['p_churn']))} likely to leave, worth {worth} a year if kept"
        factor = row["factor_1"]
        if not isinstance(factor, str) or not factor:
            return words
        return f"{words}. {respelled(factor, self._currency)}"

    def _totals(
        self, rows: np.ndarray, chosen: np.ndarray, offers: Sequence[Intervention]
    ) -> tuple[Interval | None, Interval | None, Interval | None, pd.DataFrame]:
        lines, outcomes = [], []
        for k in np.unique(chosen):
            inside = np.zeros(len(self.customers), dtype=bool)
            inside[rows[chosen == k]] = True
            outcome = self._planner.outcome_of(offers[k].assumptions(self._usual), inside)
            outcomes.append(outcome)
            lines.append(
                {
                    "action": offers[k].title,
                    "customers": outcome.contacted,
                    "cost": outcome.cost.value,
                    "saves": outcome.saves.value,
                    "net": outcome.net.value,
                    "net_low": outcome.net.low,
                    "net_high": outcome.net.high,
                }
            )
        columns = ["action", "customers", "cost", "saves", "net", "net_low", "net_high"]
        table = pd.DataFrame(lines, columns=columns)
        if not outcomes:
            return None, None, None, table
        cost, saves, net = (_added([getattr(o, name) for o in outcomes]) for name in ("cost", "saves", "net"))
        return cost, saves, net, table


def _added(ranges: list[Interval]) -> Interval:
    return Interval(*(sum(getattr(one, part) for one in ranges) for part in ("value", "low", "high")))


def _with_suggestions(results: Results) -> pd.DataFrame:
    customers = with_groups(results)
    wanted = {
        "product_1_name": "product",
        "product_1_because": "product_because",
        "product_1_lift": "product_lift",
        "product_1_value": "product_value",
        "due_at": "due_at",
        "due_from": "due_from",
        "due_until": "due_until",
    }
    known = results.actions if results.actions is not None else customers[["customer_id"]]
    there = [name for name in wanted if name in known.columns]
    added = known[["customer_id", *there]].rename(columns=wanted)
    table = customers.merge(added, on="customer_id", how="left", validate="one_to_one")
    for name in wanted.values():
        if name not in table.columns:
            instant = name.startswith("due_")
            table[name] = pd.Series(
                pd.NaT if instant else None, index=table.index, dtype="datetime64[us]" if instant else object
            )
    return table.assign(value_band=value_band(table["clv_if_kept"].to_numpy(dtype=float)))


def _assign(gains: np.ndarray, capacities: list[int | None], limit: int) -> np.ndarray:
    """The intervention of each customer, -1 for none, shape (n,).

    Without a limit on any intervention this is the best one that pays. Otherwise the (customer, intervention) pairs are
    gone through by gain; stopping after ``limit`` customers changes nothing for those before.
    """
    chosen = np.full(len(gains), -1, dtype=np.int64)
    if gains.shape[1] == 0 or not len(gains):
        return chosen
    if all(capacity is None for capacity in capacities):
        best = gains.argmax(axis=1)
        return np.where(gains.max(axis=1) > 0, best, -1)
    left = [len(gains) if capacity is None else capacity for capacity in capacities]
    taken = 0
    for pair in np.argsort(-gains, axis=None, kind="stable"):
        customer, one = divmod(int(pair), gains.shape[1])
        if gains[customer, one] <= 0 or taken == limit:
            break
        if chosen[customer] < 0 and left[one] > 0:
            chosen[customer] = one
            left[one] -= 1
            taken += 1
    return chosen


def offer_words(one: Intervention, product: str | None) -> str:
    """What the customer is offered."""
    percent = f"{figures.percent(one.discount)} off the next order"
    if one.key == "product" and product:
        return f"{product}, {percent}" if one.discount else f"{product}, no discount"
    if one.discount:
        return percent
    return "a conversation, no discount" if one.channel == "phone" else "a message, no discount"
