"""The profile as one HTML file that needs nothing else: no script, no network, no fonts."""

from __future__ import annotations

from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from churnkit.reports.code_words import COLUMN_WORDS, OUTCOME_WORDS, RUNG_WORDS
from churnkit.text import figures
from churnkit.text.columns import column

TEMPLATES = Path(__file__).parent / "templates"
MONTHS_SHOWN = 36
CURVE_HEIGHT = 100.0


def render_profile_html(summary: dict[str, Any]) -> str:
    """Render what ``churnkit.profiling.profile`` returned.

    Every name from the shop's data is escaped, and the page's content policy forbids scripts and requests.
    """
    template = _environment().get_template("profile.html.j2")
    return template.render(
        p=summary,
        findings=[check for check in summary["checks"] if check["outcome"] in ("fail", "warn")],
        deducted={deduction["code"] for deduction in summary["score"]["deductions"]},
        check_groups=_grouped(summary["checks"]),
        months=summary["time"]["per_month"][-MONTHS_SHOWN:],
        curve=_curve(summary["threshold"]),
        weeks=_weeks(summary["time"]["per_week"]),
        outcome_words=OUTCOME_WORDS,
        column_words=COLUMN_WORDS,
        rung_words=RUNG_WORDS,
        title=lambda key: column(key).title,
        decimal=figures.decimal,
        amount=partial(figures.money, currency=summary["scope"]["currency"]),
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


def _grouped(checks: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Checks by group; they come ordered by code, and the code's hundreds are the group."""
    return [(group, list(members)) for group, members in groupby(checks, key=lambda check: check["group"])]


def _curve(threshold: dict[str, Any]) -> dict[str, Any] | None:
    """The return curve as a polyline in a box of 100 by 100, with the place of the threshold in it."""
    points = threshold["curve"]
    if len(points) < 2:
        return None
    last = points[-1]["days"]
    coordinates = [
        (point["days"] / last * 100, CURVE_HEIGHT * (1 - point["returned_share"])) for point in points
    ]
    line = " ".join(f"{x:.2f},{y:.2f}" for x, y in coordinates)
    place = threshold["days"] / last * 100
    return {"line": line, "last_days": last, "threshold_x": place if place <= 100 else None}


def _weeks(per_week: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Orders a week as a polyline in a box of 100 by 100."""
    if len(per_week) < 2:
        return None
    largest = max(week["orders"] for week in per_week) or 1
    step = 100 / (len(per_week) - 1)
    line = " ".join(
        f"{place * step:.2f},{100 - week['orders'] / largest * 96:.2f}" for place, week in enumerate(per_week)
    )
    return {"line": line, "largest": largest, "first": per_week[0], "last": per_week[-1]}
