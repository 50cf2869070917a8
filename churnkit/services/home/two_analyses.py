"""Two analyses side by side: the figures that Home shows of each, and what keeps them from being compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.results.summary import StatusTotal
from churnkit.services.decide.proof_words import looks_at
from churnkit.services.home.questions import in_percent, in_points
from churnkit.text.figures import count, day, days, percent, short_money


@dataclass(frozen=True, kw_only=True)
class Line:
    """One figure of both; ``change`` from the first to the second is empty where there is none to tell."""

    label: str
    first: str
    second: str
    change: str = ""


def side_by_side(first: Results, second: Results) -> list[Line]:
    """The figures of both, in Home's words and digits; a change only where both mean the same."""
    same_question = first.horizon_days == second.horizon_days
    same_money = same_question and first.currency == second.currency and _margin(first) == _margin(second)
    return [
        _plain("Orders until", first, second, lambda one: day(_last_day(one))),
        _plain("Lost after so many days of silence", first, second, lambda one: days(one.horizon_days)),
        _counted("Customers", first, second, lambda one: one.summary.customers.count, comparable=True),
        _counted("Active", first, second, lambda one: _active(one).customers, comparable=same_question),
        _counted(
            "Lapsed",
            first,
            second,
            lambda one: one.summary.customers.lapsed.customers,
            comparable=same_question,
        ),
        _counted(
            "Expected to leave",
            first,
            second,
            lambda one: _active(one).expected_leavers,
            comparable=same_question,
        ),
        _share_leaving(first, second, comparable=same_question),
        _money("Value of the active, next year", first, second, lambda one: _active(one).clv, same_money),
        _money("Revenue at risk", first, second, _at_risk, same_money),
        _plain("What scores them", first, second, lambda one: one.evidence.champion_title),
        _plain("How far to trust it", first, second, lambda one: one.evidence.trust.headline),
        _plain("What it looks at", first, second, lambda one: looks_at(one) or "everybody alike"),
    ]


def caveats(first: Results, second: Results) -> list[str]:
    """What differs between the two so that some figures cannot be held against each other."""
    told = []
    if first.horizon_days != second.horizon_days:
        told.append(
            f"Leaving means {days(first.horizon_days)} without a purchase in the first and {days(second.horizon_days)}"
            " in the second: who is active, who is expected to leave and what is at risk are not the same question."
        )
    if first.currency != second.currency:
        told.append(
            f"Money is in {first.currency or 'no named currency'} in the first and in"
            f" {second.currency or 'no named currency'} in the second: amounts are not held against each other."
        )
    elif _margin(first) != _margin(second):
        told.append(
            f"Value counts {percent(_margin(first))} of revenue as profit in the first and {percent(_margin(second))} in"
            " the second: amounts are not held against each other."
        )
    if first.champion != second.champion:
        told.append("Another model scored the second: some of a change is the model's.")
    return told


def _last_day(one: Results) -> datetime:
    return one.summary.question.cutoff - timedelta(days=1)


def _active(one: Results) -> StatusTotal:
    return one.summary.customers.active


def _margin(one: Results) -> float:
    return one.summary.money.margin


def _at_risk(one: Results) -> float | None:
    found = one.evidence.revenue_at_risk
    return found.value.value if isinstance(found, Found) else None


def _plain(label: str, first: Results, second: Results, write: Callable[[Results], str]) -> Line:
    return Line(label=label, first=write(first), second=write(second))


def _counted(
    label: str, first: Results, second: Results, value: Callable[[Results], float], *, comparable: bool
) -> Line:
    change = _relative(value(first), value(second)) if comparable else ""
    return Line(label=label, first=count(value(first)), second=count(value(second)), change=change)


def _share_leaving(first: Results, second: Results, *, comparable: bool) -> Line:
    one, other = first.evidence.churn_rate.value, second.evidence.churn_rate.value
    change = in_points(other - one) if comparable else ""
    return Line(
        label="Of the active expected to leave", first=percent(one), second=percent(other), change=change
    )


def _money(
    label: str, first: Results, second: Results, value: Callable[[Results], float | None], comparable: bool
) -> Line:
    one, other = value(first), value(second)
    write = [
        "not known" if amount is None else short_money(amount, results.currency)
        for amount, results in ((one, first), (other, second))
    ]
    change = _relative(one, other) if comparable and one is not None and other is not None else ""
    return Line(label=label, first=write[0], second=write[1], change=change)


def _relative(before: float, after: float) -> str:
    """The change as a share of what was before; empty where there was nothing."""
    return in_percent(after / before - 1) if before else ""
