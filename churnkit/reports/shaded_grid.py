"""A grid of figures, the larger the darker: a cohort triangle, the RFM map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from churnkit.reports.drawing_marks import Figure, Label, Mark, Path
from churnkit.reports.plots import FULL_WIDTH, fitted, text_width

_ROW, _GAP, _HEAD = 15.0, 1.5, 13.0
_LIGHTEST, _DARKEST = 0.06, 0.6


@dataclass(frozen=True)
class Shaded:
    """One field: what stands in it, and how dark it is, 0 to 1."""

    text: str
    shade: float


def shaded_grid(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[Shaded | None]],
    alt: str,
    *,
    axis: str = "",
    width: float = FULL_WIDTH,
) -> Figure:
    """Fields in rows and columns, None for an empty one; ``axis`` says below what the columns are."""
    left = max((text_width(name) for name in rows), default=0.0) + 8
    slot = (width - left) / max(1, len(columns))
    marks: list[Mark] = [
        Label(left + slot * (place + 0.5), 9, name, "middle") for place, name in enumerate(columns)
    ]
    for line, (name, row) in enumerate(zip(rows, cells, strict=True)):
        top = _HEAD + line * _ROW
        marks.append(Label(0, top + 10.2, fitted(name, left), ink="ink"))
        for place, cell in enumerate(row):
            if cell is None:
                continue
            x, end = left + slot * place, left + slot * (place + 1) - _GAP
            corners = ((x, top), (end, top), (end, top + _ROW - _GAP), (x, top + _ROW - _GAP))
            dark = _LIGHTEST + (_DARKEST - _LIGHTEST) * min(max(cell.shade, 0.0), 1.0)
            marks += [
                Path(corners, "first", fill=True, opacity=round(dark, 3)),
                Label((x + end) / 2, top + 9.8, fitted(cell.text, slot), "middle", "ink"),
            ]
    height = _HEAD + len(rows) * _ROW
    if axis:
        marks.append(Label(left + (width - left) / 2, height + 9, axis, "middle"))
    return Figure(width, height + (13 if axis else 0), tuple(marks), alt)
