"""A figure in a stored sentence becomes what the reader's locale would have written, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnkit.results.reading_aloud import in_readers_locale
from churnkit.text import figures
from churnkit.text.locale import using
from churnkit.text.locale_table import LOCALES
from churnkit.text.respelling import respelled

EXAMPLES = settings(deadline=None, derandomize=True, max_examples=120)
NUMBERS = st.floats(-1e9, 1e9).filter(lambda value: value == 0 or abs(value) > 0.05)
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31))
CURRENCIES = st.sampled_from(["GBP", "EUR", "JPY", "KWD", "CHF", "R$", None])
WRITERS: tuple[tuple[Callable[[Any], str], st.SearchStrategy[Any]], ...] = (
    (figures.count, st.integers(-(10**9), 10**9)),
    (figures.decimal, NUMBERS),
    (figures.score, NUMBERS),
    (figures.signed, NUMBERS),
    (figures.percent, st.floats(0, 3)),
    (figures.signed_percent, st.floats(-3, 3)),
    (figures.times, st.floats(0, 1e5)),
    (figures.points, st.floats(-1, 1)),
    (figures.size, st.integers(0, 10**12)),
    (figures.days, st.integers(0, 10**6)),
    (figures.day, DAYS),
    (figures.instant, TIMES),
    (figures.month, DAYS.map(lambda one: one.isoformat()[:7])),
)
FIGURES = st.one_of([st.tuples(st.just(write), values) for write, values in WRITERS])
AROUND = st.sampled_from(["It is {}.", "{} of them, since then", "({}; then less)", "from {} to more", "{}"])


@EXAMPLES
@given(figure=FIGURES, around=AROUND, code=st.sampled_from(sorted(LOCALES)))
def test_figures(figure: tuple[Callable[[Any], str], Any], around: str, code: str) -> None:
    write, value = figure
    stored = around.format(write(value))
    with using(code):
        assert respelled(stored) == around.format(write(value))


@EXAMPLES
@given(value=NUMBERS, currency=CURRENCIES, around=AROUND, code=st.sampled_from(sorted(LOCALES)))
def test_amounts(value: float, currency: str | None, around: str, code: str) -> None:
    stored = around.format(figures.money(value, currency))
    with using(code):
        assert respelled(stored, currency) == around.format(figures.money(value, currency))


@pytest.mark.parametrize(
    "text",
    [
        "version 1.67.0 of 2025-12-03T12:50:01", "article 85099B", "“Tea 1.5 l” is 3rd", "at 10.0.0.1:8501",
        "see https://shop.example/1,234.5", "orders_90d, lag-1.5", "31 Feb 2025",
    ],
)  # fmt: skip
def test_what_is_no_figure_stays(text: str) -> None:
    with using("de-DE"):
        assert respelled(text) == text


def test_a_sign_says_the_currency_where_nobody_does() -> None:
    with using("de-DE"):
        assert respelled("Has spent £7,331; usual 95.50") == "Has spent 7.331\u202f£; usual 95,50"
        assert respelled("about $1.3M", "USD") == "about 1,3\u202fMio.\u202f$"


def test_of_a_document_only_sentences_change() -> None:
    stored = {
        "words": "1,204 orders", "params": "C=0.01", "id": "1,204", "limits": ["0.5 % of 1,000"],
        "inside": [{"missing": "needs 1,500 rows"}], "reason": None, "value": 1204.5,
    }  # fmt: skip
    with using("de-DE"):
        told = in_readers_locale(stored, None)
    assert told == {
        "words": "1.204 orders", "params": "C=0.01", "id": "1,204", "limits": ["0,5\u202f% of 1.000"],
        "inside": [{"missing": "needs 1.500 rows"}], "reason": None, "value": 1204.5,
    }  # fmt: skip
    assert in_readers_locale(stored, None) is stored
