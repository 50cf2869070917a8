"""The profile as one HTML file that needs nothing else: no script, no network, no fonts."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from churnkit.reports.code_words import COLUMN_WORDS, OUTCOME_WORDS, RUNG_WORDS

TEMPLATES = Path(__file__).parent / "templates"
UNKNOWN = "–"
NARROW = "\u202f"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
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
        number=number, money=money, share=share, day=day, month=month, decimal=decimal, width=width
    )
    return environment


def number(value: float | None) -> str:
    """A count: thousands separated, no decimals."""
    return UNKNOWN if value is None else f"{value:,.0f}"


def decimal(value: float | None, digits: int = 1) -> str:
    """A number with a fixed number of decimals, without trailing zeros."""
    if value is None:
        return UNKNOWN
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: float | None, currency: str | None = None) -> str:
    """An amount: two decimals below 1,000, none above; with the currency's code where it is known."""
    if value is None:
        return UNKNOWN
    text = f"{value:,.2f}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{text} {currency}" if currency else text


def share(value: float | None) -> str:
    """A share of 0..1 in percent."""
    if value is None:
        return UNKNOWN
    percent = value * 100
    if 0 < percent < 0.1:
        return f"<{NARROW}0.1{NARROW}%"
    digits = 0 if percent == round(percent) or percent >= 10 else 1
    return f"{percent:.{digits}f}{NARROW}%"


def day(text: str | None) -> str:
    """``9 Dec 2011`` from an ISO date or time."""
    if not text:
        return UNKNOWN
    value = date.fromisoformat(text[:10])
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def month(text: str) -> str:
    """``Dec 2011`` from ``2011-12``."""
    return f"{MONTHS[int(text[5:7]) - 1]} {text[:4]}"


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
