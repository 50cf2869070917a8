"""Who to contact and how many: expected gains, their curve and its optimum, fast enough for a slider.

A contacted customer with churn probability p would have left and is saved (p x save rate), would have stayed and
uses the discount, or is not moved at all. The expected gain of a contact is
``reach x [p x save_rate x (value - discount) - (1 - p) x stayers_redeem x discount] - contact_cost``,
with the save rate of a customer who is probably gone for good lowered by ``Planner.savable``.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.errors import DataError
from churnkit.results.campaign_money import Assumptions, Outcome
from churnkit.roi.draws import FloatArray
from churnkit.roi.outcome import simulate
from churnkit.roi.profit import profit, redeemed
from churnkit.roi.sums import SumTable
from churnkit.roi.uncertainty import Uncertainty
from churnkit.text import figures

COLUMNS = ("p_churn", "clv_if_kept", "mean_order_value")


@dataclass(frozen=True)
class ProfitCurve:
    """Expected net gain (money) of contacting the best k customers, for every k: shape (n + 1,), 0 at k = 0."""

    net: FloatArray

    @classmethod
    def of(cls, gains: FloatArray) -> ProfitCurve:
        """``gains`` of the customers, the highest first, shape (n,)."""
        net = np.zeros(len(gains) + 1)
        np.cumsum(gains, out=net[1:])
        return cls(net)

    @property
    def optimum(self) -> int:
        """The smallest k with the highest expected net gain; 0 when no contact pays."""
        return int(np.argmax(self.net))

    def reaching(self, share: float) -> int:
        """The smallest k that brings ``share`` (0 to 1) of the optimum's net gain."""
        return int(np.argmax(self.net >= share * self.net.max()))

    def points(self, count: int = 300) -> pd.DataFrame:
        """About ``count`` positions for a chart, both ends and the optimum among them: ``customers``, ``net``."""
        spread = np.linspace(0, len(self.net) - 1, min(count, len(self.net))).round().astype(int)
        k = np.unique(np.concatenate([spread, [self.optimum]]))
        return pd.DataFrame({"customers": k, "net": self.net[k]})


class Planner:
    """An analysis' customers, prepared once, so that every campaign afterwards takes a few vector operations.

    Threads may share it. Some 300 bytes a customer.

    Attributes
    ----------
    p_churn, gone_share, value, order_value
        Shape (n,): probability of churn; share of it that is having dropped out already; revenue of the next 365
        days that is lost with the customer (if kept less if lost); revenue of an order.
    success
        Shape (n,): success with each customer as a multiple of a campaign's save rate; 1 unless it was measured by tier.
    uncertainty
        The errors behind the intervals.
    """

    def __init__(
        self,
        p_churn: FloatArray,
        gone_share: FloatArray,
        value: FloatArray,
        order_value: FloatArray,
        uncertainty: Uncertainty,
        success: FloatArray | None = None,
    ) -> None:
        self.success = np.ones_like(p_churn) if success is None else success
        self.p_churn = p_churn
        self.gone_share = gone_share
        self.value = value
        self.order_value = order_value
        self.uncertainty = uncertainty
        # Another success with the gone takes another table; the last two are kept.
        self._tables: dict[tuple[float, float], SumTable] = {}
        # A slider of the number of contacts leaves what is assumed, and so what each of them brings, as it was.
        self._last: tuple[Assumptions, FloatArray, FloatArray] | None = None

    @classmethod
    def of(
        cls,
        customers: pd.DataFrame,
        uncertainty: Uncertainty,
        margin: float = 1.0,
        by_tier: Collection[tuple[str, float]] = (),
    ) -> Planner:
        """From ``COLUMNS`` and, if there, ``clv_if_lost`` and ``p_alive``; the order of the rows decides ties.

        Parameters
        ----------
        customers
            ``p_churn`` in [0, 1]; ``clv_if_kept`` and ``clv_if_lost``, money after margin that the next 365 days
            bring if the customer buys within the horizon, and if not; ``mean_order_value``, money (nothing can be
            given off one below 0); ``p_alive``, missing where it is not known.
        margin
            The share of revenue that both values stand for.
        by_tier
            Success as a multiple of the save rate, by ``risk_tier`` (``config.Money.success_by_tier``).

        Raises
        ------
        DataError
            If a value is missing, infinite or out of range.
        """
        p, kept, order = (customers[c].to_numpy(dtype=float) for c in COLUMNS)
        lost = np.zeros_like(kept)
        if "clv_if_lost" in customers:
            lost = customers["clv_if_lost"].to_numpy(dtype=float)
        _require(customers, "p_churn", (p >= 0) & (p <= 1), "between 0 and 1")
        _require(customers, "clv_if_kept", (kept >= 0) & np.isfinite(kept), "money, 0 or more")
        _require(
            customers, "clv_if_lost", (lost >= 0) & (lost <= kept), "money, 0 or more and at most clv_if_kept"
        )
        _require(customers, "mean_order_value", np.isfinite(order), "a finite amount of money")
        gone = np.zeros_like(p)
        if "p_alive" in customers:
            gone = np.clip(1 - np.nan_to_num(customers["p_alive"].to_numpy(dtype=float), nan=1.0), 0.0, p)
        gone_share = np.divide(gone, p, out=np.zeros_like(p), where=p > 0)
        success = np.ones_like(p)
        for tier, factor in by_tier:
            success[(customers["risk_tier"] == tier).to_numpy(dtype=bool)] = factor
        return cls(p, gone_share, (kept - lost) / margin, np.maximum(order, 0.0), uncertainty, success)

    def alike(self) -> Planner:
        """The same customers with the same success with each: for sums that no campaign has a part in."""
        if (self.success == 1).all():
            return self
        return Planner(self.p_churn, self.gone_share, self.value, self.order_value, self.uncertainty)

    @property
    def count(self) -> int:
        """Number of customers."""
        return len(self.p_churn)

    def savable(self, assumptions: Assumptions) -> FloatArray:
        """The part of the save rate that holds for each customer: 1, less for who is probably gone; shape (n,).

        Where a campaign has measured tiers apart, times the tier's success, up to a certain one.
        """
        part = self.success * (1 - (1 - assumptions.gone_success) * self.gone_share)
        most = self._most(assumptions)
        return part if most == math.inf else np.minimum(part, most)

    def _most(self, assumptions: Assumptions) -> float:
        """The part of the save rate at which success is certain; infinity where nobody comes near it."""
        highest = float(self.success.max(initial=0.0)) * assumptions.save_rate
        return 1 / assumptions.save_rate if highest > 1 else math.inf

    def gains(self, assumptions: Assumptions) -> FloatArray:
        """Expected net gain (money) of contacting each customer, shape (n,).

        Examples
        --------
        >>> table = {"p_churn": [0.5], "clv_if_kept": [110.0], "clv_if_lost": [10.0], "mean_order_value": [20.0]}
        >>> planner = Planner.of(pd.DataFrame(table), Uncertainty())
        >>> planner.gains(Assumptions(contact_cost=2.0, save_rate=0.2, discount=0.0)).tolist()
        [8.0]
        """
        return self._gains_and_sorted(assumptions)[0]

    def _gains_and_sorted(self, a: Assumptions) -> tuple[FloatArray, FloatArray]:
        """The gains, and the same from the lowest to the highest; both are kept, and not to be written to."""
        known = self._last
        if known is None or known[0] != a:
            kept = self._saved(a) * (1 - a.returns_anyway) * self.value
            gains: FloatArray = profit(kept, self.discounts(a), a.margin, a.contact_cost)
            known = (a, gains, np.sort(gains))
            for column in known[1:]:
                column.setflags(write=False)
            # As a whole, as the tables are.
            self._last = known
        return known[1], known[2]

    def discounts(self, assumptions: Assumptions) -> FloatArray:
        """Expected discount (money) that each customer takes if contacted, shape (n,)."""
        a = assumptions
        used = redeemed(self.p_churn, self._saved(a), a.reach * a.stayers_redeem)
        return np.asarray(a.discount * used * self.order_value)

    def costs(self, assumptions: Assumptions) -> FloatArray:
        """Expected cost (money) of contacting each customer, the discount included, shape (n,)."""
        return assumptions.contact_cost + self.discounts(assumptions)

    def _saved(self, a: Assumptions) -> FloatArray:
        """Probability that a contact keeps each customer, shape (n,)."""
        return a.reach * a.save_rate * self.savable(a) * self.p_churn

    def ranking(self, assumptions: Assumptions) -> np.ndarray:
        """Positions of the customers by expected gain, best first; ties in the order of the rows."""
        return np.argsort(-self.gains(assumptions), kind="stable")

    def chosen(self, assumptions: Assumptions, k: int, among: np.ndarray | None = None) -> np.ndarray:
        """Which customers are the first k of the ranking (all, if there are fewer), booleans of shape (n,).

        Parameters
        ----------
        among
            Who comes into question, booleans of shape (n,); None for everybody.
        """
        k = min(max(k, 0), self.count if among is None else int(among.sum()))
        if k == 0:
            return np.zeros(self.count, dtype=bool)
        gains, ascending = self._gains_and_sorted(assumptions)
        if among is not None:
            gains = np.where(among, gains, -np.inf)
            ascending = np.partition(gains, self.count - k)
        last = ascending[self.count - k]
        chosen: np.ndarray = gains > last
        chosen[np.flatnonzero(gains == last)[: k - int(chosen.sum())]] = True
        return chosen

    def curve(self, assumptions: Assumptions, among: np.ndarray | None = None) -> ProfitCurve:
        """Expected gain of contacting the best k of those in question, for every k."""
        gains, ascending = self._gains_and_sorted(assumptions)
        return ProfitCurve.of((ascending if among is None else np.sort(gains[among]))[::-1])

    def _gains_among(self, assumptions: Assumptions, among: np.ndarray | None) -> FloatArray:
        """Expected gain of each customer, minus infinity for whoever does not come into question; shape (n,)."""
        gains = self.gains(assumptions)
        return gains if among is None else np.where(among, gains, -np.inf)

    def best_within(
        self,
        assumptions: Assumptions,
        budget: float,
        at_most: int | None = None,
        among: np.ndarray | None = None,
    ) -> np.ndarray:
        """Whom to contact for an expected cost of ``budget`` (money) at most, booleans of shape (n,).

        Best first, whoever is expected to bring something; who does not fit into what is left is passed over.

        Parameters
        ----------
        at_most
            Customers, 0 or more; None for as many as fit.
        among
            Who comes into question, booleans of shape (n,); None for everybody.
        """
        gains, cost = self._gains_among(assumptions, among), self.costs(assumptions)
        order = np.argsort(-gains, kind="stable")
        chosen = np.zeros(self.count, dtype=bool)
        chosen[_fitting(order[gains[order] > 0], cost, budget)[:at_most]] = True
        return chosen

    def outcome(self, assumptions: Assumptions, k: int) -> Outcome:
        """What comes of contacting the best k customers."""
        return self.outcome_of(assumptions, self.chosen(assumptions, k))

    def outcome_of(self, assumptions: Assumptions, chosen: np.ndarray) -> Outcome:
        """What comes of contacting the customers in ``chosen``, booleans of shape (n,)."""
        return simulate(self._table_for(assumptions), chosen, assumptions, self.uncertainty)

    def _table_for(self, assumptions: Assumptions) -> SumTable:
        known, key = self._tables, (assumptions.gone_success, self._most(assumptions))
        if key not in known:
            savable, level_sd = self.savable(assumptions), self.uncertainty.level_sd
            table = SumTable(self.p_churn, savable, self.value, self.order_value, level_sd)
            # Replaced as a whole, so that a thread that reads meanwhile sees the old or the new.
            known = {**dict(list(known.items())[-1:]), key: table}
            self._tables = known
        return known[key]


def _fitting(order: np.ndarray, cost: FloatArray, budget: float) -> np.ndarray:
    """Those of ``order`` who fit into what their predecessors leave of the budget."""
    taken = []
    while len(order):
        spent = np.cumsum(cost[order])
        fits = int(np.searchsorted(spent, budget, side="right"))
        taken.append(order[:fits])
        budget -= float(spent[fits - 1]) if fits else 0.0
        rest = order[fits:]
        order = rest[cost[rest] <= budget]
    return np.concatenate(taken) if taken else order


def _require(customers: pd.DataFrame, column: str, holds: np.ndarray, rule: str) -> None:
    if holds.all():
        return
    row = int(np.argmin(holds))
    raise DataError(
        f"Planning a campaign: {column} must be {rule}, but {figures.count(int((~holds).sum()))} of"
        f" {figures.count(len(holds))} customers break"
        f" that, first in row {row + 1} ({customers[column].iloc[row]!r}).",
        "Start the analysis again.",
    )
