"""The profile page: complete in itself, escaped, and honest about what is absent."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pytest

from churnkit.config import Gates, ThresholdSettings
from churnkit.profiling import profile
from churnkit.reports import profile_html
from churnkit.reports.profile_html import render_profile_html
from churnkit.results.profile import Profile

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

HOSTILE = '<script>alert("x")</script>'
BROKEN_OUT = "\"'></td></table><img src=x onerror=alert(1)>"
VOID = {"meta", "br", "img", "link", "hr", "input"}


def summary(extra: dict[str, Any] | None = None, orders: int = 60) -> Profile:
    frame = pd.DataFrame(
        {
            "order_id": [f"{HOSTILE}{i}" for i in range(orders)],
            "customer_id": [f"{BROKEN_OUT}{i % 20}" for i in range(orders)],
            "ordered_at": pd.date_range("2024-01-01 09:00", periods=orders, freq="D").astype(
                "datetime64[us]"
            ),
            "amount": [10.0 + i for i in range(orders)],
            "is_return": False,
            "source_row": range(1, orders + 1),
            **(extra or {}),
        }
    )
    ledger = pd.DataFrame(
        [("no_customer", "dropped", 5, 5 / (orders + 5), HOSTILE, BROKEN_OUT)],
        columns=["reason", "action", "rows", "share", "explanation", "example_rows"],
    )
    return profile(
        ibis.memtable(pa.Table.from_pandas(frame, preserve_index=False)),
        cutoff=datetime(2024, 1, 1) + pd.Timedelta(days=orders),
        ledger=ledger,
        rows_in=orders + 5,
        gates=Gates(),
        threshold=ThresholdSettings(),
    )


@pytest.fixture(scope="module")
def hostile() -> Profile:
    return summary(
        {"product_id": BROKEN_OUT, "product_name": HOSTILE, "category": HOSTILE, "currency": HOSTILE}
    )


class Balanced(HTMLParser):
    """Collects tags, and fails on one that is closed out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _value in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"


def parsed(page: str) -> Balanced:
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    return parser


def test_hostile_names_stay_text(hostile):
    page = render_profile_html(hostile)
    seen = parsed(page)
    assert not seen.seen & {"script", "img", "iframe", "link", "a", "form", "object"}
    assert not {name for name in seen.attributes if name.startswith("on")}
    assert "&lt;script&gt;alert" in page
    assert HOSTILE not in page
    assert BROKEN_OUT not in page


def test_the_file_needs_no_network_and_forbids_it(hostile):
    page = render_profile_html(hostile)
    seen = parsed(page)
    assert not seen.attributes & {"src", "srcset", "href", "action", "formaction", "background", "data"}
    styles = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in styles
    assert "@import" not in styles
    assert "default-src 'none'" in page
    assert not re.search(r"https?://", page)


def test_score_deductions_and_threshold_are_shown(hostile):
    page = render_profile_html(hostile)
    assert f">{hostile.score.value:g}<" in page
    for deduction in hostile.score.deductions:
        assert deduction.code in page
    assert f"Churn threshold: {hostile.threshold.days} days" in page
    assert page.count('class="chosen') == 1
    for check in hostile.checks:
        assert check.code in page
    for line in hostile.definitions:
        assert line.term in page


def test_a_file_of_one_order_renders_too():
    page = render_profile_html(summary(orders=1))
    parsed(page)
    assert "Nobody has bought on two days" in page
    assert "neither products nor categories" in page
    assert not re.search(r">\s*(?:None|nan|NaN|True|False)\s*<", page)


def test_dates_without_times_and_an_empty_ledger(hostile):
    changed = replace(hostile, ledger=(), time=replace(hostile.time, per_hour=None))
    page = render_profile_html(changed)
    assert "every row was kept as it is" in page
    assert "dates without times of day" in page


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (profile_html.width(1, 3), "33.33%"),
        (profile_html.width(5, 3), "100.00%"),
        (profile_html.width(-1, 3), "0%"),
        (profile_html.width(1, 0), "0%"),
    ],
)
def test_formats(text, expected):
    assert text == expected
