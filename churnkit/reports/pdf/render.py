"""A document on A4 pages: cover block, sections with bookmarks, page numbers."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepInFrame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus.flowables import _listWrapOn

from churnkit.reports.document import ReportDocument, Section
from churnkit.reports.pdf import styles
from churnkit.reports.pdf.flowables import Layout
from churnkit.reports.pdf.fonts import REGULAR, register
from churnkit.reports.pdf.letters import Undrawn, cut, markup

AUTHOR = "churnkit"
# A section begins on a new page rather than with less than this below its title.
_ROOM_FOR_A_SECTION = 230.0
_LOGO_WIDTH, _LOGO_HEIGHT = 150.0, 42.0


def render_pdf(document: ReportDocument) -> bytes:
    """The document as a PDF file; the same document gives the same bytes."""
    register()
    layout = Layout()
    story = list(_story(document, layout))
    buffer = BytesIO()
    template = _Template(buffer, document, layout.undrawn)
    template.build(story, canvasmaker=template.canvas)
    return buffer.getvalue()


def _story(document: ReportDocument, layout: Layout) -> Iterable[Flowable]:
    yield layout.paragraph(document.title, styles.TITLE, 200)
    yield layout.paragraph(document.about, styles.SUBTITLE, 200)
    for fact in document.facts:
        yield layout.paragraph(fact, styles.FACT, 400)
    for place, section in enumerate(document.sections):
        if place and section.new_page:
            yield PageBreak()
        elif place:
            yield CondPageBreak(_ROOM_FOR_A_SECTION)
        yield from _section(section, layout)
    words = layout.undrawn.words()
    if words:
        yield Spacer(1, 10)
        yield layout.paragraph(words, styles.SOFT)


def _section(section: Section, layout: Layout) -> Iterable[Flowable]:
    title = layout.paragraph(section.title, styles.SECTION, 200)
    title.bookmark = section.title
    yield title
    parts = list(layout.blocks(section.blocks))
    yield from [_OnePage(parts)] if section.one_page else parts


class _OnePage(KeepInFrame):
    """Parts that stay on the page on which they begin, all of them smaller where they would not fit."""

    def __init__(self, parts: Iterable[Flowable]) -> None:
        super().__init__(0, 0, list(_unbound(parts)), mode="shrink", hAlign="LEFT")

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:
        """As wide as the page, so that what is made smaller keeps its proportions."""
        height = _listWrapOn(self._content, availWidth, self.canv)[1]
        self._scale = max(1.0, height / availHeight)
        self.width, self.height = availWidth / self._scale, height / self._scale
        return self.width, self.height


def _unbound(parts: Iterable[Flowable]) -> Iterable[Flowable]:
    """Without what says where a page may end."""
    for part in parts:
        if isinstance(part, KeepTogether):
            yield from _unbound(part._content)
        elif not isinstance(part, CondPageBreak):
            yield part


class _Template(BaseDocTemplate):
    """Pages with a running title and a footer; keeps where sections begin for the bookmarks."""

    def __init__(self, buffer: BytesIO, document: ReportDocument, undrawn: Undrawn) -> None:
        super().__init__(
            buffer,
            pagesize=(styles.PAGE_WIDTH, styles.PAGE_HEIGHT),
            title=cut(f"{document.title}: {document.about}", 200),
            author=AUTHOR,
            subject=cut(document.running_title, 200),
            creator=AUTHOR,
            lang="en",
            invariant=1,
            initialFontName=REGULAR,
        )
        self.running_title = markup(document.running_title, undrawn, limit=110)
        self.logo = document.logo
        self.marks: list[tuple[int, float, str]] = []
        frame = Frame(
            styles.MARGIN_X,
            styles.MARGIN_BOTTOM,
            styles.PAGE_WIDTH - 2 * styles.MARGIN_X,
            styles.FRAME_HEIGHT,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )
        self.addPageTemplates([PageTemplate("page", [frame], onPage=self._furnish)])

    def afterFlowable(self, flowable: Flowable) -> None:
        """Note where a section begins."""
        if hasattr(flowable, "bookmark"):
            top = self.frame._y + styles.SECTION.leading
            self.marks.append((self.page, top, flowable.bookmark))

    def _furnish(self, canvas: Canvas, template: BaseDocTemplate) -> None:
        if self.page == 1:
            self._draw_logo(canvas)
            return
        title = Paragraph(self.running_title, styles.SOFT)
        title.wrapOn(canvas, styles.PAGE_WIDTH - 2 * styles.MARGIN_X, 20)
        title.drawOn(canvas, styles.MARGIN_X, styles.PAGE_HEIGHT - 40)

    def _draw_logo(self, canvas: Canvas) -> None:
        """At the right of the title."""
        if self.logo is None:
            return
        picture = ImageReader(BytesIO(self.logo))
        width, height = picture.getSize()
        scale = min(_LOGO_WIDTH / width, _LOGO_HEIGHT / height)
        canvas.drawImage(
            picture,
            styles.PAGE_WIDTH - styles.MARGIN_X - scale * width,
            styles.PAGE_HEIGHT - styles.MARGIN_TOP - scale * height,
            scale * width,
            scale * height,
            mask="auto",
        )

    def canvas(self, *arguments: Any, **options: Any) -> Canvas:
        """A canvas that knows these marks."""
        return _NumberedCanvas(self.marks, *arguments, **options)


class _NumberedCanvas(Canvas):
    """Holds pages back until their number is known; then writes footers and bookmarks."""

    def __init__(self, marks: list[tuple[int, float, str]], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._marks = marks
        self._pages: list[dict[str, object]] = []

    def showPage(self) -> None:
        """Keep the page instead of writing it."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write all pages."""
        pages = self._pages
        for number, page in enumerate(pages, start=1):
            self.__dict__.update(page)
            self._finish(number, len(pages))
            super().showPage()
        super().save()

    def _finish(self, number: int, total: int) -> None:
        for place, (page, top, title) in enumerate(self._marks):
            if page == number:
                key = f"section-{place}"
                self.bookmarkHorizontal(key, 0, top)
                self.addOutlineEntry(cut(title, 200), key, level=0)
        self.setFont(REGULAR, 7.8)
        self.setFillColor(styles.colour("soft"))
        self.drawString(styles.MARGIN_X, 30, AUTHOR)
        self.drawRightString(styles.PAGE_WIDTH - styles.MARGIN_X, 30, f"{number} of {total}")
