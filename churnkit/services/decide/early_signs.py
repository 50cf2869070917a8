"""Early warnings: who moved up a risk tier, and new customers who show early that they may not come back."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.panel_files import panel_rows
from churnkit.results.segments import CustomerFilter, FigureBound
from churnkit.segments.standing import ACTIVE
from churnkit.services.analyse.evidence.standing import moved_up
from churnkit.text import figures

NEW_DAYS = 91
"""Whose first purchase is no longer ago is new: a quarter."""
MIN_CUSTOMERS = 20
"""New customers with and without the sign on the test date, at least, to compare them."""

_SPANS = (7, 14, 21, 30, 45, 60)
_FIGURES = ["cutoff", "tenure_days", "order_count", "recency_days", "churned"]
# Standard errors between two shares that chance exceeds once in 40 times.
_BEYOND_CHANCE = 1.96


@dataclass(frozen=True)
class NewCustomerSign:
    """New customers with one order who have been silent for ``silent_days`` or more.

    Attributes
    ----------
    new_now, showing_now
        New active customers, and those of them with the sign.
    value_at_risk
        Money at risk with the latter; None where nothing is proven.
    test_cutoff
        The date of the four figures that follow.
    showing_then, left_showing
        New customers with the sign then, and the share of them that left, 0..1.
    others_then, left_others
        The same of the new ones without it.
    """

    silent_days: int
    new_now: int
    showing_now: int
    value_at_risk: float | None
    test_cutoff: datetime
    showing_then: int
    left_showing: float
    others_then: int
    left_others: float

    @property
    def filter(self) -> CustomerFilter:
        """Finds the customers with the sign."""
        return CustomerFilter(
            statuses=(ACTIVE,),
            bounds=(
                FigureBound(feature="tenure_days", operator="<=", value=float(NEW_DAYS)),
                FigureBound(feature="order_count", operator="<=", value=1.0),
                FigureBound(feature="recency_days", operator=">=", value=float(self.silent_days)),
            ),
        )

    def words(self) -> str:
        """What the sign is, and what became of those who showed it."""
        return (
            f"Of {figures.counted(self.new_now, 'new customer')} (first order in the last {NEW_DAYS} days)"
            f" {figures.count(self.showing_now)} have ordered once and been silent for {figures.days(self.silent_days)} or"
            f" more. Of {figures.count(self.showing_then)} like them on {figures.day(self.test_cutoff)}"
            f" {figures.percent(self.left_showing)} left; of the {figures.count(self.others_then)} other new ones"
            f" {figures.percent(self.left_others)}."
        )


def tier_moves(results: Results) -> list[tuple[str, str, int]]:
    """Tier one threshold ago, tier now, and how many active customers moved up so; the largest group first."""
    customers = results.customers[["risk_tier_before", "risk_tier"]].dropna()
    moved = customers[moved_up(customers["risk_tier_before"], customers["risk_tier"])]
    counts = Counter(zip(moved["risk_tier_before"], moved["risk_tier"], strict=True))
    return [(before, now, number) for (before, now), number in counts.most_common()]


def new_customer_sign(results: Results) -> Found[NewCustomerSign] | Missing:
    """The sign of this shop, measured on the last past date; missing where it tells nothing there."""
    panel = _new_customers(results)
    dates = sorted(panel["cutoff"].unique())
    if len(dates) < 2:
        return Missing(
            "There are not two past dates with new customers to find early signs at and to test them on."
        )
    earlier, then = panel[panel["cutoff"] < dates[-1]], panel[panel["cutoff"] == dates[-1]]
    silent_days = _usual_silence(earlier)
    showing = _shows(then, silent_days)
    left, stayed = then.loc[showing, "churned"], then.loc[~showing, "churned"]
    if min(len(left), len(stayed)) < MIN_CUSTOMERS:
        return Missing(
            f"On {figures.day(dates[-1])} there were too few new customers to measure an early sign:"
            f" {figures.count(len(left))} with it and {figures.count(len(stayed))} without, {MIN_CUSTOMERS} of each are"
            " needed."
        )
    if not _more_than_chance(left, stayed):
        return Missing(
            f"New customers with one order and {figures.days(silent_days)} of silence left no more often than the other"
            f" new ones ({figures.percent(float(left.mean()))} against {figures.percent(float(stayed.mean()))}): silence is"
            " no early sign here."
        )
    return Found(_now(results, silent_days, pd.Timestamp(dates[-1]).to_pydatetime(), left, stayed))


def _new_customers(results: Results) -> pd.DataFrame:
    """Panel rows of past dates whose outcome is known, of customers who were new and active then."""
    rows = panel_rows(results, _FIGURES, [("tenure_days", "<=", NEW_DAYS)])
    return rows[rows["churned"].notna() & (rows["recency_days"] <= results.horizon_days)]


def _usual_silence(earlier: pd.DataFrame) -> int:
    """The round number of days nearest to the median silence of new customers with one order."""
    once = earlier.loc[earlier["order_count"] <= 1, "recency_days"]
    usual = float(once.median()) if len(once) else float(_SPANS[0])
    return min(_SPANS, key=lambda days: abs(days - usual))


def _shows(rows: pd.DataFrame, silent_days: int) -> pd.Series:
    return (rows["order_count"] <= 1) & (rows["recency_days"] >= silent_days)


def _more_than_chance(left: pd.Series, stayed: pd.Series) -> bool:
    """Whether the first share is higher by more than chance (two proportions, pooled)."""
    n, m = len(left), len(stayed)
    pooled = float((left.sum() + stayed.sum()) / (n + m))
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return error > 0 and float(left.mean() - stayed.mean()) > _BEYOND_CHANCE * error


def _now(
    results: Results, silent_days: int, test_cutoff: datetime, left: pd.Series, stayed: pd.Series
) -> NewCustomerSign:
    scored = results.scored("customer_id", "tenure_days", "order_count", "recency_days")
    new = scored[(scored["tenure_days"] <= NEW_DAYS) & (scored["recency_days"] <= results.horizon_days)]
    showing = new[_shows(new, silent_days)]
    at_risk = results.customers.set_index("customer_id")["value_at_risk"].loc[showing["customer_id"]]
    return NewCustomerSign(
        silent_days=silent_days,
        new_now=len(new),
        showing_now=len(showing),
        value_at_risk=float(at_risk.sum()) if at_risk.notna().any() else None,
        test_cutoff=test_cutoff,
        showing_then=len(left),
        left_showing=float(left.mean()),
        others_then=len(stayed),
        left_others=float(stayed.mean()),
    )
