"""What was read out of a campaign: effects with their intervals, who was kept, and the money against the promise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from churnkit.results.codec import Step
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
        Difference of the adjusted means.
    theta
        Slope of the result on the covariate over both arms.
    variance_reduction
        1 minus the squared ratio of the standard errors with and without; the share of customers saved. Below 0
        when the covariate tells nothing.
    """

    effect: MeanDifference
    theta: float
    variance_reduction: float


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What the contact changed of one figure.

    Attributes
    ----------
    treated, held_out
        Means of the arms: share that bought, or money per customer.
    difference
        Treated minus held out, with the 95 % interval for one look at the end: Newcombe's for shares, Welch's for
        money.
    lift
        ``difference`` over ``held_out``, with its interval; None where it has no bounds.
    safe
        The interval that holds at every look, also before the end.
    adjusted
        The difference after CUPED; None without a covariate.
    check
        Bootstrap interval of the difference; None for shares, whose interval needs none.
    """

    treated: float
    held_out: float
    difference: Interval
    lift: Interval | None
    safe: Interval
    adjusted: Cuped | None
    check: Interval | None

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
class Realised:
    """What a campaign brought, beside what it promised.

    Attributes
    ----------
    saves
        Customers who bought in the window because of the contact.
    window_revenue, window_net
        Money of the window: revenue that the contact added, and that times the margin minus the contacts' cost.
        Amounts are as paid, so the discounts taken are in them. None where the results hold no revenue.
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
    window_roi: Interval | None
    year_net: Interval
    year_roi: float | None
    contact_cost: float


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
    notes
        What must be known about the results, one sentence each.
    """

    title: ClassVar[str] = "a readout"
    steps: ClassVar[tuple[Step, ...]] = ()

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
