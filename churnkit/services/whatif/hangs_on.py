"""What a campaign's net hangs on, in words: the widest swing first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd

from churnkit.results.campaign_money import Scenario
from churnkit.roi import LEVEL, VALUE, Swing, tornado
from churnkit.services.whatif.simulate import NO_LISTS, Desk, Lists
from churnkit.text import figures

_LABELS: Mapping[str, str] = {
    LEVEL: "Would leave without a contact",
    VALUE: "Value of a customer, of the forecast",
    "save_rate": "Success rate",
    "contact_cost": "Cost of a contact",
    "gone_success": "Success with the long gone, of that",
    "stayers_redeem": "Would buy anyway, use the discount",
    "reach": "See the message",
    "returns_anyway": "Would have come back anyway",
    "margin": "Share of revenue that is profit",
}
_TESTED = (LEVEL, VALUE)
RANGES = (
    "Each bar moves one thing and leaves the rest: how many would leave and what they are worth by the errors of this"
    " shop's own past forecasts, the success rate over its likely range, what nobody has measured by a quarter down"
    " and up. The longest bar is what a test would pay for first."
)


def swings_of(desk: Desk, scenario: Scenario, lists: Lists = NO_LISTS) -> tuple[Swing, ...]:
    """The swings of a scenario's net, the widest first."""
    planner = desk.taking(scenario.whom).planner
    return tornado(planner, scenario.assumptions, desk.chosen(scenario, lists))


def swing_table(swings: Sequence[Swing], currency: str | None) -> pd.DataFrame:
    """One row per swing: ``what``, ``low`` and ``high`` in words, ``net_low``, ``net_high`` (money), ``kind``."""
    rows = [
        {
            "what": _LABELS[swing.name],
            "low": _writer(swing.name, currency)(swing.low),
            "high": _writer(swing.name, currency)(swing.high),
            "net_low": swing.net_low,
            "net_high": swing.net_high,
            "kind": "tested" if swing.name in _TESTED else "assumed",
        }
        for swing in swings
    ]
    return pd.DataFrame(rows, columns=["what", "low", "high", "net_low", "net_high", "kind"])


def widest_words(swings: Sequence[Swing], net: float, currency: str | None) -> str:
    """What matters most, and whether anything alone takes the net below 0."""
    if not swings:
        return "Nobody is contacted, so the net hangs on nothing."
    first, cash = swings[0], partial(figures.short_money, currency=currency)
    write = _writer(first.name, currency)
    ends = sorted(((first.net_low, first.low), (first.net_high, first.high)))
    (worst, at_worst), (best, at_best) = ends
    text = (
        f"The net of {cash(net)} hangs most on “{_LABELS[first.name].lower()}”: {cash(worst)} at {write(at_worst)},"
        f" {cash(best)} at {write(at_best)}."
    )
    losing = [_LABELS[one.name].lower() for one in swings if min(one.net_low, one.net_high) < 0 < net]
    if losing:
        return f"{text} Alone it would take the net below 0: {', '.join(losing)}."
    return f"{text} No single one of these takes it below 0." if net > 0 else text


def _writer(name: str, currency: str | None) -> Callable[[float], str]:
    if name == "contact_cost":
        return partial(figures.money, currency=currency)
    return figures.percent
