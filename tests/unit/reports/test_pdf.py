"""The PDF as a reader of it finds it: text, pages, bookmarks, letters of any language, nothing that breaks it."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import Destination

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
from churnkit.reports.drawing_marks import Figure, Label
from churnkit.reports.html import render_html
from churnkit.reports.pdf import render_pdf
from churnkit.reports.sections.profile_section import profile_document
from churnkit.reports.sections.report import SECTIONS, report_document
from churnkit.results.found import Missing
from churnkit.results.summary import Method
from tests.made_report import bare_content, made_content, made_profile

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

HOSTILE = "<b>Ltd & Co</b> <font size=99>x</font> &lt; *bold* =1+1"
LONG = "endless" * 1500
WORLD = {
    "russian": "Кофе зерновой",
    "greek": "Καφές",
    "polish": "Żółta łódź",
    "turkish": "İstanbul ₺",
    "vietnamese": "Cà phê sữa đặc biệt",
    "chinese": "咖啡豆",
    "japanese": "コーヒー豆",
    "korean": "커피 원두",
    "thai": "กาแฟคั่วบด",
    "money": "₹ ₺ ₽ € £ ¥ ₩ ₿",
}


def made(document: ReportDocument) -> PdfReader:
    return PdfReader(io.BytesIO(render_pdf(document)))


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def squeezed(text: str) -> str:
    """Without blanks: where a line breaks is the layout's business."""
    return re.sub(r"\s", "", text)


def of(*blocks: Block, title: str = "T") -> ReportDocument:
    return ReportDocument(title, "file.csv", (), (Section("s", "Part", blocks),), "running")


@pytest.fixture(scope="module")
def report() -> PdfReader:
    return made(report_document(made_content()))


def test_every_section_and_its_figures_are_there(report: PdfReader) -> None:
    text = squeezed(text_of(report))
    for title in SECTIONS.values():
        assert squeezed(title) in text
    for figure in ("41%", "€4,711", "Blend", "Contactthebest12customers", "0.801", "30Apr2025", "€610.00"):
        assert figure in text
    assert "80%interval35%to47%" in text
    assert "78%ofhigh-riskcustomershavenotboughtfor60+days" in text


def test_the_first_page_is_the_executive_summary(report: PdfReader) -> None:
    first = squeezed(report.pages[0].extract_text())
    for words in ("Executivesummary", "Recommendedaction", "Howfartotrustthis", "Whatsetsthoseatriskapart"):
        assert words in first
    assert "Leaderboard" not in first
    assert "Leaderboard" in squeezed(text_of(report))


def test_pages_are_numbered(report: PdfReader) -> None:
    total = len(report.pages)
    assert total >= 5
    for number, page in enumerate(report.pages, start=1):
        assert f"{number} of {total}" in page.extract_text()


def test_bookmarks_lead_to_the_sections(report: PdfReader) -> None:
    marks = [mark for mark in report.outline if isinstance(mark, Destination)]
    assert [str(mark["/Title"]) for mark in marks] == list(SECTIONS.values())
    assert len(marks) == len(report.outline)
    for mark in marks:
        title, page = str(mark["/Title"]), report.get_destination_page_number(mark)
        assert page is not None
        assert squeezed(title) in squeezed(report.pages[page].extract_text())


def test_metadata(report: PdfReader) -> None:
    assert report.metadata is not None
    assert report.metadata.title == "Churn report: orders.csv"
    assert report.metadata.author == "churnkit"
    assert report.root_object["/Lang"] == "en"


def test_the_same_document_gives_the_same_bytes() -> None:
    document = report_document(made_content("Кофе"))
    assert render_pdf(document) == render_pdf(document)


def test_fonts_are_embedded(report: PdfReader) -> None:
    fonts: dict[str, Any] = {}
    for page in report.pages:
        resources: Any = page["/Resources"]
        fonts |= {font.get_object()["/BaseFont"]: font.get_object() for font in resources["/Font"].values()}
    drawn = {name for name in fonts if "+" in name}
    assert any("NotoSans-Bold" in name for name in drawn)
    for name in drawn:
        assert "/FontFile2" in fonts[name]["/FontDescriptor"].get_object()


@pytest.mark.parametrize("method", ["rules", "btyd"])
def test_a_shop_without_models_says_so(method: Method) -> None:
    text = squeezed(text_of(made(report_document(bare_content(method)))))
    assert "Nomodelcompeted" in text
    assert "nomodelcouldbetrained" in text
    assert text.count("Thisanalysisholdsnofiguresforit.") == 1
    assert text.count("Only12daysofhistory.") >= 6
    assert "Customerstocontactfirst" not in text


@pytest.mark.parametrize("name", ["backtest", "warnings", "drivers", "window", "rules"])
def test_one_missing_part_says_why_and_leaves_the_others(name: str) -> None:
    content = made_content()
    missing: Any = {name: Missing(f"No {name} today.")}
    page = render_html(report_document(replace(content, evidence=replace(content.evidence, **missing))))
    assert f"No {name} today." in page
    assert "Leaderboard" in page
    assert "Customers to contact first" in page


def test_hostile_text_is_drawn_as_it_is() -> None:
    content = made_content(HOSTILE, customer=HOSTILE + "{}", name=HOSTILE)
    text = squeezed(text_of(made(report_document(content))))
    assert squeezed("<b>Ltd & Co</b> <font size=99>x</font> &lt; *bold* =1+1") in text


def test_endless_names_are_cut_and_break_nothing() -> None:
    content = made_content(LONG, customer=LONG + "{}", name=LONG)
    reader = made(report_document(content))
    assert len(reader.pages) < 60
    assert "…" in text_of(reader)
    assert made(profile_document(made_profile((LONG,), LONG + "{}"), LONG)).pages


@pytest.mark.parametrize("words", WORLD.values(), ids=WORLD)
def test_letters_of_the_world_can_be_read_back(words: str) -> None:
    reader = made(of(Text(words), Table((TableColumn("a"),), ((words,),)), title=words))
    text = unicodedata.normalize("NFC", squeezed(text_of(reader)))
    assert text.count(squeezed(words)) == 3
    assert "\ufffd" not in text


@pytest.mark.parametrize(("words", "word"), [("قهوة عربية 250", "قهوة"), ("קפה שחור", "שחור")])
def test_words_from_right_to_left_can_be_read_back(words: str, word: str) -> None:
    # The reader turns what stands reversed on the page; joined letters are forms of the plain ones.
    text = unicodedata.normalize("NFKC", text_of(made(of(Text(words)))))
    assert word in text
    assert "\ufffd" not in text


def test_letters_that_nobody_has_are_marked_and_named() -> None:
    reader = made(of(Text("A gift \U0001f381 for you"), KeyFigures((KeyFigure("x", "\U0001f381", "y"),))))
    text = text_of(reader)
    assert text.count("\ufffd") == 3
    assert "U+1F381 wrapped present" in " ".join(text.split())


def test_invisible_and_control_characters_leave_no_trace() -> None:
    text = text_of(made(of(Text("a\x00b\u202ec\u200bd\ufe0fe\x1bf"))))
    assert "abcdef" in text


def test_every_block_survives_endless_and_empty_text() -> None:
    figure = Figure(236, 20, (Label(0, 10, LONG),), "x")
    for words in ("", " ", LONG, "x " * 5000):
        table = Table((TableColumn(words), TableColumn(words, "right", 0.2)), ((words, words),) * 40, words)
        document = of(
            Heading(words),
            Text(words),
            Bullets((words,) * 3),
            KeyFigures(tuple(KeyFigure(words, words, words) for _ in range(5))),
            Callout(words, (words,) * 3),
            Letter(words, (words[:2000] + "\n") * 200),
            table,
            Chart(words, figure, words),
            Row(Chart(words, figure, words), Table((TableColumn(words),), ((words,),) * 3)),
            Definitions(((words, words),)),
        )
        assert made(document).pages


def test_a_chosen_section_alone() -> None:
    text = squeezed(text_of(made(report_document(made_content()).only(["quality"]))))
    assert "Dataquality" in text
    assert "Leaderboard" not in text


def test_the_profile_holds_all_its_parts() -> None:
    profile = made_profile()
    text = squeezed(text_of(made(profile_document(profile, "orders.csv"))))
    for check in profile.checks:
        assert check.code in text
    for words in (
        "Churnthreshold",
        "Ordersaweek",
        "Weekdays",
        "Gapsbetweenpurchasedays",
        "Beans",
        "Largestorders",
    ):
        assert words in text


def test_a_summary_longer_than_its_page_is_made_smaller_and_not_cut() -> None:
    lines = tuple(
        f"Sentence {number} of the summary, which is of no use but to fill the page." for number in range(52)
    )
    summary = Section(
        "summary", "Summary", (Callout("All of it", lines[:30]), Bullets(lines[30:])), one_page=True
    )
    document = ReportDocument(
        "T", "file.csv", (), (summary, Section("s", "Next", (), new_page=True)), "running"
    )
    pages = made(document).pages
    assert len(pages) == 2
    assert all(squeezed(line) in squeezed(pages[0].extract_text()) for line in lines)


def test_name_and_logo_stand_at_its_head() -> None:
    picture = io.BytesIO()
    Image.new("RGBA", (60, 20), (200, 30, 30, 255)).save(picture, "PNG")
    document = of(Text("words")).of_shop("Tea & Cups", picture.getvalue())
    reader = made(document)
    assert "Tea & Cups · file.csv" in text_of(reader)
    assert [image.image.size for image in reader.pages[0].images if image.image] == [(60, 20)]
    assert render_pdf(document) == render_pdf(document)
    assert not made(of(Text("words"))).pages[0].images
