"""Names from a stranger's file are text in every place that reads markup: Markdown, HTML, PDF, CSV, Excel."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from churnkit.accounts import OWNER
from churnkit.errors import DataError
from churnkit.jobs import open_platform
from churnkit.reports.csv_files import to_csv
from churnkit.reports.document import ReportDocument, Section, Table, TableColumn, Text
from churnkit.reports.html import render_html
from churnkit.reports.pdf import render_pdf
from churnkit.reports.sections.report import report_document
from churnkit.reports.xlsx import Sheet, write_xlsx
from churnkit.store import LOCAL_TENANT
from churnkit.text import columns
from churnkit.text.figures import escape_markdown
from churnkit.ui import keys, show_error
from tests.made_report import made_content

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

# File names, sheets, columns, customers, products and messages all pass through the same few functions.
CORPUS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>.csv",
    "<svg/onload=alert(1)>",
    "</td></table></style></title><iframe src=//evil.example>",
    "\"' onmouseover=alert(1) x='",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "<https://evil.example>",
    "https://evil.example www.evil.example a@evil.example",
    "[a]: https://evil.example",
    ":red[no] :material/delete: :smile: :blue-badge[x]",
    "$\\href{javascript:alert(1)}{x}$",
    "`code` **bold** ~~gone~~ # head | a | b |",
    "&lt;script&gt; &#60;b&#62;",
    "{{ 7*7 }} {% raw %} ${7*7} #{7*7} %(x)s {0.__class__}",
    "=HYPERLINK(0)",
    "+cmd|' /C calc'!A0",
    "@SUM(1)",
    "-2+3",
    "\t=1+1",
    "../../etc/passwd",
    "\x00\x07\x1b[31m\u202ecsv.exe",
    "\ud800 lone half",
    "<para><font size=99>&broken <Ltd>",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "x" * 5000,
]
ESCAPED = re.compile(r"\\[\W_]")
ACTIVE = "\\`*_{}[]()<>#|~$:&@!."


class Skeleton(HTMLParser):
    """The elements and attributes of a page, without its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[tuple[str, set[str]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((tag, {name for name, _value in attrs}))

    def tags(self) -> list[str]:
        """The elements in their order; long names may be given a class that breaks them."""
        assert not [
            name for _, names in self.parts for name in names if name.startswith("on") or name == "src"
        ]
        return [tag for tag, _ in self.parts]


@pytest.mark.parametrize("name", CORPUS)
def test_markdown_shows_it_as_it_is(name: str) -> None:
    escaped = escape_markdown(name)
    assert not set(ESCAPED.sub("", escaped)) & set(ACTIVE)
    assert "\n" not in escaped


@pytest.mark.parametrize("name", CORPUS)
def test_a_page_has_the_same_elements_with_any_name(name: str) -> None:
    assert Skeleton(render_html(document(name))).tags() == Skeleton(render_html(document("plain"))).tags()


def document(name: str) -> ReportDocument:
    table = Table((TableColumn("c"), TableColumn(name)), (("a", name),), note=name)
    return ReportDocument(name, name, (name,), (Section("s", "t", (Text(name), table)),), name)


def test_the_pdf_of_all_of_them_is_made() -> None:
    sections = tuple(section for name in CORPUS for section in document(name).sections)
    pdf = render_pdf(ReportDocument(CORPUS[0], CORPUS[3], tuple(CORPUS), sections, CORPUS[1]))
    assert pdf.startswith(b"%PDF")
    for word in (b"/JavaScript", b"/JS", b"/URI", b"/Launch", b"/EmbeddedFile"):
        assert word not in pdf


def test_a_whole_report_keeps_a_hostile_customer_and_file_as_text() -> None:
    hostile = CORPUS[3]
    page = render_html(report_document(made_content(hostile, name=hostile)))
    assert not set(Skeleton(page).tags()) & {"script", "iframe", "img", "a", "object", "form"}


def test_a_spreadsheet_runs_none_of_them() -> None:
    # A table holds text that can be written: halves of letters are gone when a file has been read.
    names = [name for name in CORPUS if name.isprintable() or name.startswith("\t")]
    cells = [row[0] for row in csv.reader(io.StringIO(to_csv(pd.DataFrame({"name": names}))))][1:]
    numbers = re.compile(r"[+-]?[\d\s().,/-]+\Z")
    assert len(cells) == len(names) > 20
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r") and not numbers.match(cell)]


def test_an_excel_file_holds_them_as_text() -> None:
    sheets = [Sheet(name, (columns.Column(key=name, heading=name),), [(name,)]) for name in CORPUS]
    with zipfile.ZipFile(io.BytesIO(write_xlsx(sheets, title=CORPUS[0]))) as archive:
        for path in archive.namelist():
            text = archive.read(path).decode()
            ElementTree.fromstring(text)
            assert "<f>" not in text
            assert "<script" not in text


def test_pages_show_file_names_and_messages_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("CHURNKIT_WORKSPACES", "shared")
    platform = open_platform(tmp_path / "data", tmp_path / "models")
    store = platform.store_for(LOCAL_TENANT, OWNER)
    for name in CORPUS[:12]:
        store.uploads.add(
            filename=name, file_path=tmp_path / "gone", file_size_bytes=1, uploaded_at=datetime.now(UTC)
        )
    for page in ("pages/upload.py", "pages/settings.py"):
        app = AppTest.from_file(str(Path(__file__).resolve().parents[2] / "main.py"), default_timeout=60)
        app.run()
        app.session_state[keys.SETTINGS_TAB] = "What is kept"
        app.switch_page(page).run()
        assert not app.exception
        drawn = [*app.markdown, *app.caption, *app.error, *app.warning, *app.info, *app.title, *app.header]
        assert not [name for name in CORPUS[:12] for part in drawn if name in str(part.value)]
        assert CORPUS[0] in "\n".join(str(part.value) for part in app.text)
    platform.close()


def test_a_failure_is_shown_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("churnkit.ui.parts.st.error", lambda words, icon: shown.append(words))
    for name in CORPUS:
        show_error(DataError(f"Reading {name}: it must be a table.", f"Mend {name}."))
    assert len(shown) == len(CORPUS)
    for words in shown:
        assert not set(ESCAPED.sub("", words)) & set(ACTIVE)
