"""The campaign that the shop's own figures recommend: whom, how many, at what cost and for what."""

from __future__ import annotations

from functools import partial

import pandas as pd

from churnkit.config import AnalysisSettings, AssumptionKind, Money
from churnkit.results.campaign_money import Assumptions, Outcome
from churnkit.results.recommended import Recommendation
from churnkit.roi import (
    Planner,
    ProfitCurve,
    Uncertainty,
    assumptions_from_money,
    with_contact_cost,
)
from churnkit.segments.standing import ACTIVE
from churnkit.services.campaign.readable_size import readout_words
from churnkit.text import figures

FIRST = 100
# The last customers before the optimum bring next to nothing each and lean most on the assumed success rate.
RECOMMENDED_SHARE = 0.8
_KINDS: dict[AssumptionKind, str] = {"assumed": "assumed", "given": "your setting", "measured": "measured"}


def still_there(customers: pd.DataFrame) -> pd.DataFrame:
    """The active customers, best first."""
    return customers[customers["status"] == ACTIVE].sort_values("rank", ignore_index=True)


def default_assumptions(customers: pd.DataFrame, money: Money, currency: str | None) -> Assumptions:
    """The shop's settings as a campaign's assumptions.

    ``customers`` has ``mean_order_value`` and ``order_count``, as the shop's mean order value prices a contact where
    the settings name no cost.
    """
    priced = with_contact_cost(money, customers["mean_order_value"], customers["order_count"], currency)
    return assumptions_from_money(priced)


def recommended_targets(
    customers: pd.DataFrame, settings: AnalysisSettings, currency: str | None, uncertainty: Uncertainty
) -> list[str]:
    """Ids of the customers whom :func:`recommend` would contact, best first; empty when no contact pays."""
    there = still_there(customers)
    planner = Planner.of(there, uncertainty, settings.money.margin, settings.money.success_by_tier)
    assumptions = default_assumptions(customers, settings.money, currency)
    best = planner.ranking(assumptions)[: recommended_count(planner.curve(assumptions))]
    return [str(name) for name in there["customer_id"].to_numpy()[best]]


def recommended_count(curve: ProfitCurve) -> int:
    """The fewest contacts that bring ``RECOMMENDED_SHARE`` of the highest expected net; 0 when no contact pays."""
    return curve.reaching(RECOMMENDED_SHARE) if curve.optimum else 0


def recommend(
    customers: pd.DataFrame,
    settings: AnalysisSettings,
    horizon_days: int,
    currency: str | None,
    uncertainty: Uncertainty,
) -> Recommendation:
    """As many active customers as bring most of the highest expected net gain.

    Parameters
    ----------
    customers
        One row per customer with the columns of ``Planner.of``, ``customer_id``, ``status``, ``rank``,
        ``order_count``; only the active are contacted.
    horizon_days
        Without a purchase in so many days a customer counts as lost.
    """
    planner = Planner.of(
        still_there(customers), uncertainty, settings.money.margin, settings.money.success_by_tier
    )
    assumptions = default_assumptions(customers, settings.money, currency)
    curve = planner.curve(assumptions)
    k = recommended_count(curve)
    outcome = planner.outcome(assumptions, k)
    first = planner.outcome(assumptions, FIRST) if k > FIRST else None
    kind = settings.money.kind("save_rate")
    if k:
        told = _words(outcome, first, curve, assumptions, kind, currency)
        words = f"{told} {readout_words(planner, assumptions, k, currency)}"
    else:
        words = _nothing_pays(planner, assumptions, kind, currency)
    return Recommendation(
        outcome=outcome,
        first=first,
        words=words,
        assumptions=assumptions,
        interval_words=uncertainty.words(),
        horizon_days=horizon_days,
    )


def _words(
    outcome: Outcome,
    first: Outcome | None,
    curve: ProfitCurve,
    assumptions: Assumptions,
    kind: AssumptionKind,
    currency: str | None,
) -> str:
    offer = (
        f" with {figures.percent(assumptions.discount)} off the next order" if assumptions.discount else ""
    )
    net, cash = outcome.net, partial(figures.money, currency=currency)
    needed = outcome.break_even_save_rate
    pays = (
        "" if needed is None else f" It pays if {figures.percent(needed)} of those who would leave are kept."
    )
    text = (
        f"Contact {_customers(outcome.contacted)}{offer}.{pays} If it is {figures.percent(assumptions.save_rate)}"
        f" ({_KINDS[kind]}), that costs about {cash(outcome.cost.value)}, keeps {figures.people(outcome.saves.value)}"
        f" customers, and brings {cash(net.value)} net over the next 365 days (in 8 of 10 cases {cash(net.low)} to"
        f" {cash(net.high)})."
    )
    if first is not None:
        text += f" The best {FIRST} alone bring {cash(first.net.value)}."
    if curve.optimum > outcome.contacted:
        text += (
            f" The most that can be expected, {cash(float(curve.net.max()))}, would take"
            f" {figures.count(curve.optimum)} contacts."
        )
    return text


def _nothing_pays(
    planner: Planner, assumptions: Assumptions, kind: AssumptionKind, currency: str | None
) -> str:
    if planner.count == 0:
        return "There is no customer to contact."
    best = planner.outcome(assumptions, 1)
    needed = (
        f"The best candidate would need a success rate of {figures.percent(best.break_even_save_rate)}"
        if best.break_even_save_rate is not None
        else "Even the best candidate would not pay at a success rate of 100 %"
    )
    return (
        f"Contact nobody: at {figures.money(assumptions.contact_cost, currency)} a contact and"
        f" {figures.percent(assumptions.discount)} discount, no contact is expected to bring more than it costs."
        f" {needed}; here it is {figures.percent(assumptions.save_rate)} ({_KINDS[kind]}). A cheaper contact changes that."
    )


def _customers(count: int) -> str:
    return "1 customer" if count == 1 else f"the best {figures.count(count)} customers"
