"""The profile as one HTML file that needs nothing else: no script, no network, no fonts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from churnkit.reports.code_words import COLUMN_WORDS, OUTCOME_WORDS, RUNG_WORDS
from churnkit.results.profile import Check, Profile, Threshold, WeekOrders
from churnkit.text import figures
from churnkit.text.columns import column

TEMPLATES = Path(__file__).parent / "templates"
MONTHS_SHOWN = 36
CURVE_HEIGHT = 100.0


@dataclass(frozen=True)
class _Curve:
    """A polyline in a box of 100 by 100 that ends at ``last_days``, and the place of the threshold in it."""

    line: str
    last_days: int
    threshold_x: float | None


@dataclass(frozen=True)
class _Weeks:
    """A polyline in a box of 100 by 100, the largest number on it, and the weeks it begins and ends with."""

    line: str
    largest: int
    first: WeekOrders
    last: WeekOrders


def render_profile_html(profile: Profile) -> str:
    """The profile as a page.

    Every name from the shop's data is escaped, and the page's content policy forbids scripts and requests.
    """
    template = _environment().get_template("profile.html.j2")
    return template.render(
        p=profile,
        findings=[check for check in profile.checks if check.outcome in ("fail", "warn")],
        deducted={deduction.code for deduction in profile.score.deductions},
        check_groups=_grouped(profile.checks),
        months=profile.time.per_month[-MONTHS_SHOWN:],
        curve=_curve(profile.threshold),
        weeks=_weeks(profile.time.per_week),
        outcome_words=OUTCOME_WORDS,
        column_words=COLUMN_WORDS,
        rung_words=RUNG_WORDS,
        title=lambda key: column(key).title,
        decimal=figures.decimal,
        amount=partial(figures.money, currency=profile.scope.currency),
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        count=figures.count,
        decimal=figures.decimal,
        lost=figures.lost,
        money=figures.money,
        percent=figures.percent,
        day=figures.day,
        month=figures.month,
        width=width,
    )
    return environment


def width(value: float | None, largest: float | None) -> str:
    """The length of a bar in percent of the largest one."""
    if not value or not largest or value < 0:
        return "0%"
    return f"{min(1.0, value / largest) * 100:.2f}%"


def _grouped(checks: Sequence[Check]) -> list[tuple[str, list[Check]]]:
    """Checks by group; they come ordered by code, and the code's hundreds are the group."""
    return [(group, list(members)) for group, members in groupby(checks, key=lambda check: check.group)]


def _curve(threshold: Threshold) -> _Curve | None:
    """The return curve; None where it is a single point."""
    points = threshold.curve
    if len(points) < 2:
        return None
    last = points[-1].days
    coordinates = [(point.days / last * 100, CURVE_HEIGHT * (1 - point.returned_share)) for point in points]
    line = " ".join(f"{x:.2f},{y:.2f}" for x, y in coordinates)
    place = threshold.days / last * 100
    return _Curve(line, last, place if place <= 100 else None)


def _weeks(per_week: Sequence[WeekOrders]) -> _Weeks | None:
    """Orders a week; None of fewer than two weeks."""
    if len(per_week) < 2:
        return None
    largest = max(week.orders for week in per_week) or 1
    step = 100 / (len(per_week) - 1)
    line = " ".join(
        f"{place * step:.2f},{100 - week.orders / largest * 96:.2f}" for place, week in enumerate(per_week)
    )
    return _Weeks(line, largest, per_week[0], per_week[-1])
