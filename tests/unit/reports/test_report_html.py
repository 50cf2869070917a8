"""The report as a web page: complete in itself, escaped, the same content as the PDF."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import get_args

import pytest

from churnkit.reports.document import (
    Block,
    Bullets,
    Callout,
    Chart,
    Definitions,
    Heading,
    KeyFigure,
    KeyFigures,
    Letter,
    ReportDocument,
    Row,
    Section,
    Table,
    TableColumn,
    Text,
)
from churnkit.reports.drawing_marks import Figure
from churnkit.reports.html import _is_block, render_html
from churnkit.reports.sections.report import SECTIONS, report_document
from churnkit.results.summary import Method
from tests.made_report import bare_content, made_content

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

SCRIPT = '<script>alert("x")</script>'
BROKEN_OUT = "\"'></td></table></svg><img src=x onerror=alert(1)>"
VOID = {"meta", "br", "img", "link", "hr", "input"}


class Balanced(HTMLParser):
    """Collects tags and attributes, and fails on a tag that is closed out of turn."""

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
        self.attributes |= {name for name, _value in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"


def parsed(page: str) -> Balanced:
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    return parser


@pytest.mark.parametrize("text", [SCRIPT, BROKEN_OUT])
def test_hostile_text_stays_text(text: str) -> None:
    page = render_html(report_document(made_content(text, customer=text + "{}", name=text)))
    seen = parsed(page)
    assert not seen.seen & {"script", "img", "iframe", "link", "a", "form", "object"}
    assert not {name for name in seen.attributes if name.startswith("on")}
    assert text not in page


def test_the_file_needs_no_network_and_forbids_it() -> None:
    page = render_html(report_document(made_content()))
    seen = parsed(page)
    assert not seen.attributes & {"src", "srcset", "href", "action", "background", "data"}
    assert "default-src 'none'" in page
    assert "url(" not in page
    assert "@import" not in page
    assert not re.search(r"https?://", page)


def test_sections_and_charts_are_there() -> None:
    page = render_html(report_document(made_content()))
    for key, title in SECTIONS.items():
        assert f'<section id="{key}">' in page
        assert f"<h2>{title}</h2>" in page
    assert page.count("<svg") >= 7
    assert page.count('role="img" aria-label="') == page.count("<svg")
    for figure in ("41\u202f%", "€4,711", "0.801", "Contact the best 12 customers"):
        assert figure in page


def test_light_dark_and_print() -> None:
    page = render_html(report_document(made_content()))
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


@pytest.mark.parametrize("method", ["rules", "btyd"])
def test_a_shop_without_models(method: Method) -> None:
    page = render_html(report_document(bare_content(method, "Only 12 days of history.")))
    parsed(page)
    assert page.count("Only 12 days of history.") >= 6


def test_endless_words_are_cut_and_may_break() -> None:
    table = Table((TableColumn("a"),), (("x" * 10_000,), ("short",)))
    page = render_html(ReportDocument("T", "y" * 10_000, (), (Section("s", "P", (table,)),), "r"))
    assert "x" * 599 + "…" in page
    assert "x" * 601 not in page
    assert "y" * 201 not in page
    assert '<td class=" long">' in page
    assert '<td class="">short</td>' in page


def test_every_kind_of_block_is_drawn() -> None:
    table = Table((TableColumn("t1"),), (("t2",),), note="t3")
    blocks: dict[type, Block] = {
        Text: Text("words of a text"),
        Heading: Heading("words of a heading"),
        Bullets: Bullets(("words of bullets",)),
        KeyFigures: KeyFigures((KeyFigure("k1", "k2", "words of a figure"),)),
        Callout: Callout("c1", ("words of a callout",)),
        Letter: Letter("l1", "words of a letter"),
        Table: table,
        Chart: Chart("words of a chart", Figure(236, 20, (), "x")),
        Row: Row(Chart("words of a row", Figure(236, 20, (), "x")), table),
        Definitions: Definitions((("d1", "words of a definition"),)),
    }
    assert set(blocks) == set(get_args(Block))
    section = Section("s", "S", tuple(blocks.values()))
    page = render_html(ReportDocument("T", "", (), (section,), "r"))
    parsed(page)
    for kind in ("text", "heading", "figure", "callout", "letter", "chart", "row", "definition"):
        assert f"words of a {kind}" in page
    for words in ("words of bullets", "k1", "k2", "c1", "l1", "t1", "t2", "t3", "d1"):
        assert words in page


def test_a_kind_of_block_that_is_not_there_is_no_blank() -> None:
    with pytest.raises(KeyError, match="Cards"):
        _is_block(Text("x"), "Cards")


def test_name_and_logo_stand_at_its_head() -> None:
    document = report_document(made_content())
    plain, branded = render_html(document), render_html(document.of_shop('Tea "& Cups', b"PNG"))
    assert "<img" not in plain and "img-src" not in plain
    assert '<img class="logo" src="data:image/png;base64,UE5H" alt="Tea &#34;&amp; Cups">' in branded
    assert "style-src &#39;unsafe-inline&#39;; img-src data:" in branded.replace("'", "&#39;")
    assert "Tea &#34;&amp; Cups · orders.csv" in branded
