"""Findings in sentences of four kinds: what is, what will be, what to do, and how groups differ.

Every sentence carries the definition of its figure and a filter that leads to its customers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.segments import CustomerFilter, Insight, InsightKind
from churnkit.roi import Planner, uncertainty_from_backtest
from churnkit.segments import SEGMENTS, compare, value_band
from churnkit.segments.bands import FIGURES
from churnkit.segments.grid import ADVICE
from churnkit.segments.standing import ACTIVE
from churnkit.services.decide.recommendation import default_assumptions
from churnkit.services.decide.segment_views import Rfm
from churnkit.text import figures

KINDS: Mapping[InsightKind, str] = {
    "diagnostic": "What is",
    "predictive": "What will be",
    "prescriptive": "What to do",
    "comparative": "How groups differ",
}
GOOD = ("Champions", "Loyal")
SLIPPING = "At risk"
_DRIVERS = 3
_MIN_GROUP = 20
_WRITTEN = ("p_churn", "mean_order_value", "clv", "gap_mean_days", "recency_days", "order_count")
UNPROVEN = "Tested on earlier dates, the order of risk was not told from chance."


def insights(results: Results, segments: Rfm) -> list[Insight]:
    """The sentences of a finished run, in the order of ``KINDS``.

    Parameters
    ----------
    segments
        The run's RFM segments by the shop's own fifths.
    """
    writer = _Writer(results, segments)
    return [*writer.diagnostic(), *writer.predictive(), *writer.prescriptive(), *writer.comparative()]


class _Writer:
    def __init__(self, results: Results, segments: Rfm) -> None:
        self.results = results
        self.evidence = results.evidence
        self.customers = results.customers
        self.segments = segments
        self.segment = segments.segment
        self.there = self.customers[self.customers["status"] == ACTIVE]
        self.high = self.customers[self.customers["risk_tier"] == "high"]
        self.horizon = figures.days(results.horizon_days)

    def cash(self, value: float) -> str:
        return figures.short_money(float(value), self.results.currency)

    def diagnostic(self) -> Iterator[Insight]:
        drivers = self.evidence.drivers
        for driver in drivers.value[:_DRIVERS] if isinstance(drivers, Found) else ():
            until: date | None = None
            if driver.feature == "recency_days" and driver.operator == ">=":
                cutoff = datetime.fromisoformat(self.results.cutoff)
                until = (cutoff - timedelta(days=int(driver.value))).date()
            tiers = ("high",) if len(self.high) else ()
            yield Insight(
                kind="diagnostic",
                words=f"{driver.words}.",
                definition=driver.figure_definition,
                filter=CustomerFilter(tiers=tiers, bought_until=until) if tiers or until else None,
            )
        top = self.segments.groups.sort_values("value_at_risk", ascending=False, kind="stable").head(2)
        names = top["group"].tolist()
        if len(names) == 2 and top["value_at_risk"].sum() > 0:
            yield Insight(
                kind="diagnostic",
                words=(
                    f"{names[0]} and {names[1]} are {figures.percent(top['share'].sum())} of the customers and hold"
                    f" {figures.percent(top['value_at_risk_share'].sum())} of the value at risk"
                    f" ({self.cash(top['value_at_risk'].sum())})."
                ),
                definition=(
                    "Value at risk: churn probability times what is lost over 365 days with a customer who leaves, summed"
                    " over the active customers of the segments; share of the sum over all active customers."
                ),
                filter=CustomerFilter(segments=tuple(names)),
                customers=int(top["customers"].sum()),
            )

    def predictive(self) -> Iterator[Insight]:
        count, rate = len(self.there), self.evidence.churn_rate
        within = ""
        if rate.low is not None and rate.high is not None:
            low, high = (figures.count(share * count) for share in (rate.low, rate.high))
            within = f" (likely {low} to {high})"
        yield Insight(
            kind="predictive",
            words=(
                f"{figures.count(self.there['p_churn'].sum())} of {figures.count(count)} active customers are expected to"
                f" buy nothing in the {self.horizon} from {figures.day(self.results.cutoff)}{within}."
            ),
            definition=f"Sum of the calibrated churn probabilities of the customers who bought in the {self.horizon} before"
            " that day.",
            filter=CustomerFilter(statuses=(ACTIVE,)),
            customers=count,
        )
        yield from self._lapsed()
        if len(self.high):
            yield self._high_risk()
        moves = self.evidence.warnings
        if isinstance(moves, Found) and moves.value.moved_up:
            warned = moves.value
            yield Insight(
                kind="predictive",
                words=(
                    f"{figures.count(warned.moved_up)} customers moved up a risk tier since"
                    f" {figures.day(warned.cutoff_before)}; {self.cash(warned.value_at_risk)} of value is at risk with"
                    " them."
                ),
                definition=(
                    "Risk tier now against the tier that the same method gave them then, without knowing what"
                    " followed."
                ),
                filter=CustomerFilter(moved_up=True),
                customers=warned.moved_up,
            )
        found = self.evidence.revenue_at_risk
        risk = found.value if isinstance(found, Found) else None
        if risk is not None and risk.low is not None and risk.high is not None:
            yield Insight(
                kind="predictive",
                words=(
                    f"Without action {self.cash(risk.value)} of the next year's value is expected to be lost (likely"
                    f" {self.cash(risk.low)} to {self.cash(risk.high)})."
                ),
                definition=(
                    "Sum of churn probability times what is lost over 365 days with a customer who leaves, over the active"
                    " customers."
                ),
            )

    def _lapsed(self) -> Iterator[Insight]:
        """Who has left already, and comes back by himself."""
        lapsed = self.customers[self.customers["status"] != ACTIVE]
        if len(lapsed):
            back = len(lapsed) - lapsed["p_churn"].sum()
            yield Insight(
                kind="predictive",
                words=(
                    f"{figures.count(len(lapsed))} customers have lapsed; {figures.count(back)} of them are expected to buy"
                    f" within {self.horizon} by themselves."
                ),
                definition=(
                    f"Customers silent for more than {self.horizon}; sum of 1 - churn probability. They are in no figure of"
                    " risk."
                ),
                filter=CustomerFilter(statuses=("lapsed",)),
                customers=len(lapsed),
            )

    def _high_risk(self) -> Insight:
        total, at_stake = self.there["value_at_risk"].sum(), self.high["value_at_risk"].sum()
        money = ""
        if at_stake > 0:
            share = figures.percent(at_stake / total)
            money = f", and {self.cash(at_stake)} with them ({share} of all value at risk)"
        return Insight(
            kind="predictive",
            words=(
                f"{figures.count(len(self.high))} customers are at high risk:"
                f" {figures.count(self.high['p_churn'].sum())} of them should leave within {self.horizon}{money}."
            ),
            definition=(
                "Active customers of the tier high; sums of churn probability, and of churn probability times what is lost"
                " with a customer who leaves."
            ),
            filter=CustomerFilter(tiers=("high",)),
            customers=len(self.high),
        )

    def prescriptive(self) -> Iterator[Insight]:
        settings = self.results.summary.settings
        uncertainty = uncertainty_from_backtest(self.results.summary.backtest)
        if isinstance(self.evidence.recommended, Missing):
            yield Insight(kind="prescriptive", words=self.evidence.recommended.reason, definition=UNPROVEN)
            return
        assumptions = default_assumptions(self.customers, settings.money, self.results.currency)
        planner = Planner.of(self.there, uncertainty, settings.money.margin, settings.money.success_by_tier)
        segment = self.segment[(self.customers["status"] == ACTIVE).to_numpy()]
        gains = planner.gains(assumptions)
        cost = figures.money(assumptions.contact_cost, self.results.currency)
        terms = (
            f"Expected over 365 days: value kept, minus {cost} a contact and {figures.percent(assumptions.discount)} off the"
            " next order, also for those who would have bought anyway. Of those who would leave,"
            f" {figures.percent(assumptions.save_rate)} are assumed to stay: an assumption until a campaign with customers"
            " left out for comparison has measured it."
        )
        promising = pd.Series(gains).clip(lower=0).groupby(segment).sum()
        best = promising[promising > 0].sort_values(ascending=False, kind="stable").index[:2]
        for name in map(str, best):
            inside = segment == name
            outcome = planner.outcome_of(assumptions, inside & (gains > 0))
            everybody, some = int(inside.sum()), outcome.contacted
            who = (
                f"all {figures.count(everybody)}" if some == everybody else f"the best {figures.count(some)}"
            )
            saves = outcome.saves.value
            kept = figures.decimal(saves, 1) if saves < 10 else figures.count(saves)
            yield Insight(
                kind="prescriptive",
                words=(
                    f"Contact {who} active customers in {name} ({SEGMENTS[name]}): about {kept} should stay because of it,"
                    f" which brings {self.cash(outcome.net.value)} net (likely {self.cash(outcome.net.low)} to"
                    f" {self.cash(outcome.net.high)})."
                ),
                definition=terms,
                filter=CustomerFilter(segments=(name,), statuses=(ACTIVE,)),
                customers=everybody,
            )
        if not len(best):
            words = "Contact nobody: no contact is expected to bring more than it costs."
            yield Insight(kind="prescriptive", words=words, definition=terms)
        yield from self._best_at_high_risk()

    def _best_at_high_risk(self) -> Iterator[Insight]:
        """The field of high risk and high value, as on the page of segments."""
        if not len(self.high):
            return
        band = value_band(self.there["clv_if_kept"].to_numpy(dtype=float))
        low = float(self.there["clv_if_kept"][band == "high"].min())
        some = self.high[self.high["clv_if_kept"] >= low]
        if len(some) and low > 0:
            yield Insight(
                kind="prescriptive",
                words=(
                    f"{figures.count(len(some))} customers at high risk are among the fifth of the active with the highest"
                    " value if kept. " + ADVICE["high", "high"]
                ),
                definition=(
                    f"Risk tier high, and a value if kept of {figures.money(low, self.results.currency)} or more, which a"
                    " fifth of the active customers reach."
                ),
                filter=CustomerFilter(tiers=("high",), kept_from=low),
                customers=len(some),
            )

    def comparative(self) -> Iterator[Insight]:
        yield from self._slipped()
        counts = pd.Series(self.segment).value_counts()
        large = [name for name in SEGMENTS if counts.get(name, 0) >= _MIN_GROUP]
        pairs = [pair for pair in (GOOD, (GOOD[0], SLIPPING)) if set(pair) <= set(large)]
        if not pairs and len(large) >= 2:
            pairs = [(large[0], large[-1])]
        for first, second in pairs:
            groups = self.segment == first, self.segment == second
            table = compare(self.customers, *groups, defining=FIGURES)
            sure = {
                row["figure"]: row for row in table.to_dict("records") if row["verdict"] == "more than chance"
            }
            said = [text for name in _WRITTEN if name in sure for text in self._difference(sure[name])]
            yield Insight(
                kind="comparative",
                words=f"{first} against {second}: {'; '.join(said[:2]) or 'no difference beyond chance'}.",
                definition=(
                    f"Means, and what is more than chance among {int(table['p_value'].notna().sum())} figures that do not"
                    " define the segments: Welch's test for shares, Mann and Whitney's for the others, corrected by Holm"
                    " (5 %)."
                ),
                filter=CustomerFilter(segments=(first, second)),
                customers=int(counts[first] + counts[second]),
            )

    def _difference(self, row: Mapping[Any, Any]) -> Iterator[str]:
        """Both means, unless they are written alike."""
        write: dict[str, Callable[[float], str]] = {
            "share": figures.percent,
            "days": figures.days,
            "money": self._money,
        }
        label = str(row["label"])
        first, second = (write.get(row["kind"], figures.decimal)(row[mean]) for mean in ("mean_a", "mean_b"))
        if first != second:
            yield f"{label[:1].lower()}{label[1:]} {first} against {second}"

    def _money(self, value: float) -> str:
        return figures.money(value, self.results.currency)

    def _slipped(self) -> Iterator[Insight]:
        flows = self.segments.flows
        if flows is None:
            return
        were_good = flows[flows["from_segment"].isin(GOOD)]
        fell = were_good[~were_good["to_segment"].isin(GOOD)]
        total, gone = were_good["customers"].sum(), fell["customers"].sum()
        if total <= 0:
            return
        to = [name for name in SEGMENTS if name in set(fell["to_segment"])]
        yield Insight(
            kind="comparative",
            words=(
                f"Of {figures.count(total)} Champions and Loyal on {figures.day(self.segments.cutoff_before)},"
                f" {figures.count(gone)} ({figures.percent(gone / total)}) are neither any more;"
                f" {self.cash(fell['value_at_risk'].sum())} of value is at risk with them."
            ),
            definition=(
                "RFM segments by the shop's own fifths at both dates. The link shows everybody in the segments where"
                " they are"
                " now."
            ),
            filter=CustomerFilter(segments=tuple(to or GOOD)),
            customers=int(np.isin(self.segment, to or GOOD).sum()),
        )
