"""Figures as vector drawings."""

from __future__ import annotations

from reportlab.graphics.shapes import Circle, Drawing, Polygon, PolyLine, Rect, String
from reportlab.pdfbase.pdfmetrics import stringWidth

from churnkit.reports.drawing_marks import Box, Dot, Figure, Label, Mark, Path
from churnkit.reports.pdf.fonts import BOLD, REGULAR
from churnkit.reports.pdf.letters import Undrawn, runs
from churnkit.reports.pdf.styles import colour

# A point is its own smallest visible size.
_MIN_LENGTH = 0.01


def to_drawing(figure: Figure, undrawn: Undrawn) -> Drawing:
    """The figure as a flowable; reportlab's y runs up, the figure's down."""
    drawing = Drawing(figure.width, figure.height)
    for mark in figure.marks:
        for shape in _shapes(mark, figure.height, undrawn):
            drawing.add(shape)
    return drawing


def _shapes(mark: Mark, height: float, undrawn: Undrawn) -> list[object]:
    if isinstance(mark, Label):
        return _text(mark, height, undrawn)
    if isinstance(mark, Dot):
        return [Circle(mark.x, height - mark.y, mark.radius, fillColor=colour(mark.ink), strokeColor=None)]
    if isinstance(mark, Box):
        if mark.width < _MIN_LENGTH or mark.height < _MIN_LENGTH:
            return []
        radius = min(mark.radius, mark.width / 2, mark.height / 2)
        return [
            Rect(
                mark.x,
                height - mark.y - mark.height,
                mark.width,
                mark.height,
                rx=radius,
                ry=radius,
                fillColor=colour(mark.ink),
                strokeColor=None,
            )
        ]
    return [_path(mark, height)]


def _path(mark: Path, height: float) -> object:
    flat = [value for x, y in mark.points for value in (x, height - y)]
    if mark.fill:
        return Polygon(flat, fillColor=colour(mark.ink, mark.opacity), strokeColor=None)
    return PolyLine(
        flat,
        strokeColor=colour(mark.ink, mark.opacity),
        strokeWidth=mark.width,
        strokeDashArray=[4, 3] if mark.dashed else None,
        strokeLineJoin=1,
    )


def _text(mark: Label, height: float, undrawn: Undrawn) -> list[object]:
    parts = list(runs(mark.text, BOLD if mark.bold else REGULAR, undrawn))
    widths = [stringWidth(letters, name, mark.size) for name, letters in parts]
    x = mark.x - sum(widths) * {"start": 0.0, "middle": 0.5, "end": 1.0}[mark.anchor]
    shapes: list[object] = []
    for (name, letters), width in zip(parts, widths, strict=True):
        shapes.append(
            String(
                x,
                height - mark.y,
                letters,
                fontName=name,
                fontSize=mark.size,
                fillColor=colour(mark.ink),
            )
        )
        x += width
    return shapes
