"""Numbers as a reader expects them in a sentence."""

from __future__ import annotations

from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """``1,204 orders``, ``1 order``; the plural is the noun with an s unless given."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def percent(share: float) -> str:
    """``12 %``, ``1.2 %``; ``under 0.1 %`` and ``over 99.9 %`` where rounding would say none or all."""
    value = share * 100
    if 0 < value < 0.1:
        return "under 0.1 %"
    if 99.9 < value < 100:
        return "over 99.9 %"
    if value < 9.95 or value > 99:
        text = f"{value:.1f}".removesuffix(".0")
        return f"{text} %"
    return f"{value:.0f} %"


def in_words(day: date | str) -> str:
    """``9 Dec 2011`` from a date or its ISO text."""
    value = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def amount(value: float) -> str:
    """Money or another quantity: two decimals below 100, none above, thousands separated."""
    return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"
