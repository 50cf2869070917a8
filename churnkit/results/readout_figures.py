"""What was read out of a campaign: effects with their intervals, who was kept, and the money against the promise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from churnkit.results.codec import JsonObject, Step
from churnkit.results.found import Found, Missing
from churnkit.results.interval import Interval

Grade = Literal["worked", "harmed", "unclear"]


@dataclass(frozen=True, kw_only=True)
class MeanDifference:
    """Difference of two means: Welch's interval, standard error, degrees of freedom and two-sided p-value."""

    interval: Interval
    standard_error: float
    degrees_of_freedom: float
    p_value: float


@dataclass(frozen=True, kw_only=True)
class Cuped:
    """An adjusted comparison.

    Attributes
    ----------
    effect
        Difference of the adjusted means, with its 95 % interval.
    theta
        Slope of the result on the covariate over both arms.
    variance_reduction
        1 minus the squared ratio of the standard errors with and without; the share of customers saved. Below 0
        when the covariate tells nothing.
    """

    effect: Interval
    theta: float
    variance_reduction: float


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What the contact changed of one figure.

    Attributes
    ----------
    treated, held_out
        Means of the arms: share that bought, or money per customer, each counted up to ``cap``.
    difference
        Treated minus held out, with the interval of the look at the end: Newcombe's for shares, that of
        ``experiments.spend`` for money.
    safe
        The interval that holds at every look before the end. With that of the end it errs in 5 % at most.
    adjusted
        The difference after CUPED, or why there is none.
    cap
        Money up to which a customer counts; None for shares, and where nobody spent more.
    """

    treated: float
    held_out: float
    difference: Interval
    safe: Interval
    adjusted: Found[Cuped] | Missing
    cap: float | None

    def interval(self, complete: bool) -> Interval:
        """The interval to believe: that of one look once the window is over, before it the one for every look."""
        return self.difference if complete else self.safe


@dataclass(frozen=True, kw_only=True)
class SampleRatio:
    """Customers by arm against the shares of the design, with the p-value of Pearson's chi-square test."""

    observed: dict[str, int]
    expected: dict[str, float]
    p_value: float


@dataclass(frozen=True, kw_only=True)
class SaveRate:
    """Share of those who would have left, and whom the contact reached, that stayed because of it.

    Attributes
    ----------
    rate
        With its 95 % interval; below 0 where fewer stayed than without a contact.
    weight
        As if measured on this many customers who were about to leave: the weight of a beta distribution with this
        interval's spread.
    """

    rate: Interval
    weight: float


@dataclass(frozen=True, kw_only=True)
class TierRate:
    """The save rate of one risk tier, of a campaign in which the tiers differ beyond chance.

    Attributes
    ----------
    treated, held_out
        Its customers with a result.
    rate
        As measured, with its 95 % interval.
    success
        What the next plan counts with, as a multiple of the campaign's own rate: drawn to it as far as chance goes.
    """

    tier: str
    treated: int
    held_out: int
    rate: Interval
    success: float


@dataclass(frozen=True, kw_only=True)
class Realised:
    """What a campaign brought, beside what it promised.

    Attributes
    ----------
    saves
        Customers who bought in the window because of the contact.
    window_revenue, window_net
        Money of the window: revenue (as paid) that the contact added, and the profit of it (``roi.profit``): at the
        usual prices, less the discounts and the contacts. None where the results hold no revenue.
    window_discounts
        Discounts of the campaign, money, as far as those who bought are expected to have used them; None where the
        results hold no revenue, and in readouts of before it was kept, whose profit left the goods' cost of the
        discounts out.
    window_roi
        ``window_net`` over the contacts' cost; None where contacts are free or there is no revenue.
    year_net, year_roi
        The promise's own sum with the measured saves in place of the promised: each save brings the promised
        revenue of 365 days, and discounts cost what was promised. ROI is None where nothing is spent.
    contact_cost
        Money spent on contacts.
    """

    saves: Interval
    window_revenue: Interval | None
    window_net: Interval | None
    window_discounts: float | None
    window_roi: Interval | None
    year_net: Interval
    year_roi: float | None
    contact_cost: float


def _one_interval_of_money(content: JsonObject) -> JsonObject:
    """Lift and bootstrap were dropped, the reason of a missing adjustment came, and the cap and discounts of money."""

    def effect(old: JsonObject | None) -> JsonObject | None:
        if old is None:
            return None
        known = old["adjusted"]
        adjusted = (
            {"missing": "Nothing was known of every customer before the start."}
            if known is None
            else {**known, "effect": known["effect"]["interval"]}
        )
        kept = {name: value for name, value in old.items() if name not in ("lift", "check")}
        return {**kept, "adjusted": adjusted, "cap": None}

    return {
        **content,
        "conversion": effect(content["conversion"]),
        "revenue": effect(content["revenue"]),
        "realised": {**content["realised"], "window_discounts": None},
    }


@dataclass(frozen=True, kw_only=True)
class Readout:
    """The result of a campaign.

    Attributes
    ----------
    treated, held_out
        Customers with a result.
    elapsed_days, horizon_days
        Days of the window that are over, and its length.
    complete
        Whether the window is over, and the result final.
    grade
        ``worked``, ``harmed`` or ``unclear``, by the share that bought; before the end by the safe interval.
    conversion, revenue
        Effects on the share that bought and on money per customer; revenue None where the results hold none.
    sample_ratio
        Sizes of the arms against the draw.
    save_rate
        None before the window is over, or when nobody was about to leave.
    realised
        Money against the promise.
    by_tier
        Save rates by risk tier; empty where they cannot be told apart.
    notes
        What must be known about the results, one sentence each.
    """

    title: ClassVar[str] = "a readout"
    steps: ClassVar[tuple[Step, ...]] = (_one_interval_of_money,)

    treated: int
    held_out: int
    elapsed_days: float
    horizon_days: int
    complete: bool
    grade: Grade
    conversion: Effect
    revenue: Effect | None
    sample_ratio: SampleRatio
    save_rate: SaveRate | None
    realised: Realised
    notes: tuple[str, ...]
    by_tier: tuple[TierRate, ...] = ()
