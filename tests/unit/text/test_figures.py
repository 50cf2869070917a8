"""How figures are written."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from churnkit.text import figures


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.187, "18.7"), (0.78, "78"), (0.0, "0"), (1.0, "100"), (0.5, "50"), (0.996, "99.6"), (-0.05, "-5")],
)
def test_percent(share: float, text: str) -> None:
    assert figures.percent(share) == f"{text}\u202f%"


def test_percent_does_not_round_to_none_or_all() -> None:
    assert figures.percent(0.0004).startswith("<")
    assert figures.percent(0.9999).startswith(">")


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (5775.0, "USD", "$5,775"),
        (12.5, "GBP", "£12.50"),
        (-12.5, "GBP", "-£12.50"),
        (999.996, None, "1,000"),
        (47000, "CHF", "47,000\u202fCHF"),
        (344_800, "$", "$344,800"),
        (0.0, None, "0.00"),
        (2.63, "$", "$2.63"),
        (150.5, "JPY", "¥150"),
        (150.5, "KWD", "150.500\u202fKWD"),
        (-0.001, "GBP", "£0.00"),
    ],
)
def test_money(value: float, currency: str | None, text: str) -> None:
    assert figures.money(value, currency) == text


@pytest.mark.parametrize(
    ("value", "text"), [(47_250, "$47.2K"), (1_300_000, "$1.3M"), (9_999, "$9,999"), (-12_000, "-$12K")]
)
def test_short_money(value: float, text: str) -> None:
    assert figures.short_money(value, "USD") == text


@pytest.mark.parametrize(
    ("value", "text"), [(3.44, "3.4"), (9.9, "9.9"), (10.0, "10"), (86.2, "86"), (0.0, "0"), (-2.5, "-2.5")]
)
def test_people_come_in_parts_only_while_there_are_few(value: float, text: str) -> None:
    assert figures.people(value) == text


@pytest.mark.parametrize(
    "write",
    [
        figures.people,
        figures.count,
        figures.percent,
        figures.money,
        figures.short_money,
        figures.days,
        figures.day,
    ],
)
def test_what_is_unknown_reads_the_same_everywhere(write: Callable[[None], str]) -> None:
    assert write(None) == figures.UNKNOWN


def test_not_a_number_is_unknown() -> None:
    assert figures.money(float("nan")) == figures.UNKNOWN
    assert figures.percent(float("inf")) == figures.UNKNOWN


def test_days_and_dates() -> None:
    assert figures.days(1) == "1 day"
    assert figures.days(1204) == "1,204 days"
    assert figures.day(date(2011, 12, 9)) == "9 Dec 2011"
    assert figures.day("2011-12-09T10:00:00") == "9 Dec 2011"
    assert figures.month("2011-12") == "Dec 2011"


def test_durations_and_sizes() -> None:
    assert figures.duration(0.2) == "1 second"
    assert figures.duration(40) == "40 seconds"
    assert figures.duration(130) == "2 minutes"
    assert figures.size(47_100_000) == "47.1 MB"


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "[x](javascript:1)", "**bold**", "# head", "$a$", ":red[x]", "`c`"],
)
def test_markdown_of_a_shop_shows_as_text(hostile: str) -> None:
    escaped = figures.escape_markdown(hostile)
    assert escaped.replace("\\", "") == hostile
    for sign in "<[*#$:`":
        assert escaped.count(sign) == escaped.count("\\" + sign)


def test_long_text_is_cut_and_put_on_one_line() -> None:
    assert figures.escape_markdown("a\n\nb") == "a b"
    assert figures.escape_markdown(f" of {figures.percent(0.48)} ") == f"of {figures.percent(0.48)}"
    assert len(figures.escape_markdown("x" * 10_000)) == 200


def test_what_a_profile_or_a_reason_counts() -> None:
    assert figures.counted(1, "order") == "1 order"
    assert figures.counted(1204, "order") == "1,204 orders"
    assert figures.counted(2, "category", "categories") == "2 categories"
    assert (figures.times(4.04), figures.times(2.46), figures.times(12.4)) == (
        "4 times",
        "2.5 times",
        "12 times",
    )


def test_differences_have_their_sign() -> None:
    assert (figures.signed(0.414), figures.signed(-1.0)) == ("+0.41", "-1.00")
    assert (figures.points(0.0131), figures.points(None)) == ("+1.3", figures.UNKNOWN)
    assert figures.signed_percent(-0.5) == "-50\u202f%"
    assert figures.signed_percent(0.12) == "+12\u202f%"
    assert figures.lost(0.5) == "-0.5"


def test_scores_keep_their_decimals_and_decimals_do_not() -> None:
    assert (figures.score(0.8), figures.score(0.25, 4)) == ("0.800", "0.2500")
    assert (figures.decimal(0.5), figures.decimal(3.0, 1)) == ("0.5", "3")
    assert (figures.significant(0.00213456), figures.significant(float("nan"))) == ("0.00213", "nan")


def test_instants() -> None:
    assert figures.instant("2011-12-09T12:50:00") == "9 Dec 2011, 12:50"


@pytest.mark.parametrize(
    ("share", "number"), [(0.154, 15.4), (0.7834, 78.0), (0.0004, 0.1), (0.9999, 99.9), (0.0, 0.0)]
)
def test_a_bars_number_is_rounded_as_it_is_written(share: float, number: float) -> None:
    assert figures.percent_number(share) == number


@pytest.mark.parametrize("parts", [[0.1] * 15, [1158026.4, *[0.01] * 10], [0.7, 0.1, 0.1, 0.1, 0.5]])
def test_the_order_of_a_sum_does_not_change_what_is_written(parts: list[float]) -> None:
    exact = float(sum(map(Decimal, map(str, parts))))
    assert {figures.money(sum(order), "GBP") for order in (parts, parts[::-1])} == {
        figures.money(exact, "GBP")
    }
    assert figures.money(math.nextafter(exact, math.inf), "GBP") == figures.money(exact, "GBP")
