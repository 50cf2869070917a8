"""Is the data fresh, who is about to leave, and what is at stake: answered from the results of a version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from churnkit.config import AssumptionKind, Money
from churnkit.results.customer import Tier
from churnkit.results.evidence import EvidenceDocument
from churnkit.results.evidence.standing_now import FEW_AT_RISK
from churnkit.results.found import Found, Missing
from churnkit.results.quarter import Change, QuarterChange
from churnkit.results.segments import CustomerFilter
from churnkit.results.summary import Summary
from churnkit.segments.standing import ACTIVE, LAPSED
from churnkit.services.decide.freshness import FIRST, SAMPLE, Stale, freshness
from churnkit.services.home.answer import NO_CHANGE, Answer, People, Way
from churnkit.services.home.earlier import Earlier
from churnkit.text import figures

NAMED = 5
"""Customers whom an answer names."""

_KINDS: dict[AssumptionKind, str] = {"assumed": "assumed", "given": "your setting", "measured": "measured"}
# What would be written as a zero with a sign.
_NEXT_TO_NOTHING = 0.0005
_STAND_IN = (
    "The change is that of churn probability times spend at the past pace over the threshold, which is known at both"
    " dates; seasons are in it."
)


def is_fresh(summary: Summary, *, sample: bool, mine: bool, since: date | None, today: date) -> Answer:
    """How old the newest order is, and what that means.

    Parameters
    ----------
    sample
        Whether the shop is made up.
    mine
        Whether who reads may add orders.
    since
        The end of the orders of the version before; None where there is none.
    """
    scored_on = summary.question.cutoff.date()
    age = freshness(scored_on, summary.question.horizon_days, today)
    stale, ended = isinstance(age, Stale), scored_on - timedelta(days=1)
    old = max((today - ended).days, 0)
    words = f"The newest order is {figures.days(old)} old." if old else "They reach to today."
    if stale:
        words = (
            f"The orders end {_long(old)} ago: what stands here is about {figures.day(scored_on)}, and who has"
            f" bought since is not known. {FIRST}"
        )
    if sample:
        words = SAMPLE
    if sample and mine:
        way = Way(label="Use my own orders", page="upload")
    elif since is not None and not (stale and mine):
        way = Way(label="What changed since last time", page="since")
    elif mine:
        way = Way(label="Add newer orders", page="history")
    else:
        way = Way(label="What was read", page="data_quality")
    return Answer(
        question="fresh",
        label="Orders until",
        figure=figures.day(ended),
        words=words,
        kind="measured",
        badge="Sample" if sample else "Too old to act on" if stale else "Fresh",
        mood="unknown" if sample else "bad" if stale else "good",
        way=way,
    )


def _long(age_days: int) -> str:
    """So many days as a person would say them, roughly."""
    if age_days < 2 * 30:
        return figures.days(age_days)
    if age_days < 2 * 365:
        return figures.counted(round(age_days / (365 / 12)), "month")
    return figures.counted(round(age_days / 365.25), "year")


def who_leaves(
    summary: Summary,
    evidence: EvidenceDocument,
    earlier: Earlier | None,
    quarter: QuarterChange | None,
    newly: tuple[str, ...],
) -> Answer:
    """How many of the active are expected to leave, and who of them is new.

    Parameters
    ----------
    earlier
        The version before; ``quarter`` stands in where there is none.
    newly
        Who came to high risk one threshold ago or later, asked where there is no version before.
    """
    totals, question, rate = summary.customers, summary.question, evidence.churn_rate
    active, high = totals.active.customers, totals.tiers.high.customers
    window = f"in the {figures.days(question.horizon_days)} from {figures.day(question.cutoff)}"
    if not active:
        return _nobody_active(summary)
    span = (
        ""
        if rate.low is None
        else f" (in 8 of 10 cases {figures.percent(rate.low)} to {figures.percent(rate.high)})"
    )
    words = (
        f"Of {figures.counted(active, 'active customer')} {figures.percent(rate.value)} are expected to buy nothing"
        f" {window}{span}."
    )
    if not (high + totals.tiers.medium.customers + totals.tiers.low.customers):
        words += " Nothing proves that the forecast tells who they are, so nobody is named."
    answer = Answer(
        question="leaving",
        label="Expected to leave",
        figure=figures.count(totals.active.expected_leavers),
        words=words,
        kind="forecast" if rate.low is None else "tested",
        term="churn_rate",
        rising_is_bad=True,
        people=_newly(evidence, earlier, newly) if high else None,
        way=_to_customers(high, totals.tiers.medium.customers),
    )
    if earlier is not None and earlier.leaver_share is not None:
        note = "" if earlier.same_model else "Another model scored then: some of the change is the model's."
        return replace(
            answer,
            change=in_points(rate.value - earlier.leaver_share),
            since=earlier.cutoff,
            change_note=note,
        )
    return _since_a_quarter(answer, quarter.leaver_share if quarter else None, _points, "")


def _to_customers(high: int, medium: int) -> Way:
    """The list of those at high risk; with those at medium risk where they are few, all active ones where none is."""
    tiers: tuple[Tier, ...] = (
        ("high", "medium") if high < FEW_AT_RISK and medium else ("high",) if high else ()
    )
    number = high + medium if "medium" in tiers else high
    label = {
        (): "See the active customers",
        ("high",): f"See the {figures.count(number)} at high risk",
        ("high", "medium"): f"See the {figures.count(number)} most at risk",
    }[tiers]
    return Way(label=label, page="customers", customers=CustomerFilter(statuses=(ACTIVE,), tiers=tiers))


def _nobody_active(summary: Summary) -> Answer:
    lapsed = summary.customers.lapsed.customers
    return Answer(
        question="leaving",
        label="Expected to leave",
        figure=figures.count(0),
        words=f"Nobody is active: {figures.counted(lapsed, 'customer')} bought nothing for more than"
        f" {figures.days(summary.question.horizon_days)}, which means left already: they can only be won back.",
        kind="measured",
        term="churn_rate",
        way=Way(label="See who has lapsed", page="customers", customers=CustomerFilter(statuses=(LAPSED,))),
    )


def _newly(evidence: EvidenceDocument, earlier: Earlier | None, before: tuple[str, ...]) -> People | None:
    if earlier is not None and earlier.newly_at_risk is not None:
        who, since = earlier.newly_at_risk, earlier.cutoff
    elif earlier is None and isinstance(evidence.warnings, Found):
        who, since = before, evidence.warnings.value.cutoff_before
    else:
        return None
    how_many = figures.count(len(who)) if who else "Nobody"
    return named(f"{how_many} new at high risk since {figures.day(since)}", who)


def named(what: str, customer_ids: Sequence[str]) -> People:
    """The first few customers of a list; ``what`` says who they are."""
    return People(
        words=what,
        customer_ids=tuple(customer_ids[:NAMED]),
        rest=max(len(customer_ids) - NAMED, 0),
    )


def at_stake(
    summary: Summary,
    evidence: EvidenceDocument,
    held: Money,
    currency: str | None,
    earlier: Earlier | None,
    quarter: QuarterChange | None,
) -> Answer:
    """What leaves with those who leave, beside what the shop took last year.

    Parameters
    ----------
    held
        The assumptions in force.
    """

    def cash(value: float | None) -> str:
        return figures.short_money(value, currency)

    strip, found = summary.money, evidence.revenue_at_risk
    last_year = _last_year(summary, held, cash)
    if isinstance(found, Missing):
        return Answer(
            question="stake",
            label="Revenue at risk",
            figure="not known",
            words=f"{found.reason} {last_year}".strip(),
            term="value_at_risk",
            way=Way(label="How far to trust this", page="monitoring"),
        )
    risk = found.value
    span = "" if risk.low is None else f", in 8 of 10 cases {cash(risk.low)} to {cash(risk.high)}"
    what = "What" if strip.margin == 1 else "The profit that"
    answer = Answer(
        question="stake",
        label="Revenue at risk",
        figure=cash(risk.value),
        words=f"{what} would leave with them within a year{span}. {last_year}".strip(),
        kind="forecast",
        term="value_at_risk",
        rising_is_bad=True,
        way=Way(label="Try a plan against it", page="whatif"),
    )
    if earlier is not None and earlier.at_risk:
        change = in_percent(risk.value / earlier.at_risk - 1)
        return replace(answer, change=change, since=earlier.cutoff)
    return _since_a_quarter(answer, quarter.at_risk if quarter else None, _share, _STAND_IN)


def _last_year(summary: Summary, held: Money, cash: Callable[[float | None], str]) -> str:
    strip = summary.money
    if strip.revenue.value != strip.revenue.value:  # Not known to an older version of the results.
        return ""
    took = f"The last {figures.days(strip.days)} brought {cash(strip.revenue.value)}"
    if strip.margin == 1:
        unset = " No margin is set, so revenue counts as profit." if held.kind("margin") == "assumed" else ""
        return f"{took}, {cash(strip.revenue_active.value)} of it from customers active today.{unset}"
    profit = cash(strip.revenue.value * strip.margin)
    kind = _KINDS[held.kind("margin")]
    return f"{took}, {profit} of it profit at a margin of {figures.percent(strip.margin)} ({kind})."


def _since_a_quarter(
    answer: Answer, found: Found[Change] | Missing | None, write: Callable[[Change], str], note: str
) -> Answer:
    """The answer with its change against a quarter ago, where that is known."""
    if not isinstance(found, Found):
        return answer
    change = write(found.value)
    if not change:
        return answer
    return replace(answer, change=change, since=found.value.since, change_note=note)


def _share(change: Change) -> str:
    return "" if change.share is None else in_percent(change.share)


def _points(change: Change) -> str:
    return in_points(change.now - change.before)


def in_percent(share: float) -> str:
    return NO_CHANGE if abs(share) < _NEXT_TO_NOTHING else figures.signed_percent(share)


def in_points(difference: float) -> str:
    return NO_CHANGE if abs(difference) < _NEXT_TO_NOTHING else f"{figures.points(difference)} points"
