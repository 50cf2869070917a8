"""The kinds of charts in reports: numbers already computed -> figures. Only scaling happens here."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from churnkit.reports.drawing_marks import LABEL_SIZE, Box, Dot, Figure, Label, Mark, Path

FULL_WIDTH, HALF_WIDTH = 490.0, 236.0
ROW_HEIGHT = 15.0
Write = Callable[[float], str]

# Mean width of a letter of the report's font, in units of its size; scripts of wide letters take a whole one.
_LETTER, _WIDE_LETTER = 0.56, 1.0
_LEGEND_HEIGHT = 15.0
_WIDEST_COLUMN = 56.0


@dataclass(frozen=True)
class Bar:
    """One bar of a list: its name, length and the figure written at its end."""

    label: str
    value: float
    words: str
    ink: str = "first"


@dataclass(frozen=True)
class Columns:
    """One series of columns: a value for every label of the axis."""

    name: str
    values: tuple[float, ...]
    ink: str = "first"


@dataclass(frozen=True)
class Line:
    """One line; ``band`` holds (x, low, high) of a shaded range around it, ``dots`` marks its points."""

    name: str
    points: tuple[tuple[float, float], ...]
    ink: str = "first"
    dashed: bool = False
    dots: bool = False
    band: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True)
class Axis:
    """Range and writing of one axis; ``ticks`` None chooses round ones."""

    low: float
    high: float
    write: Write
    title: str = ""
    ticks: tuple[float, ...] | None = None


def text_width(text: str, size: float = LABEL_SIZE) -> float:
    """Roughly how wide a line of text is, in the units of ``size``."""
    return size * sum(
        _WIDE_LETTER if unicodedata.east_asian_width(letter) in "WF" else _LETTER for letter in text
    )


def fitted(text: str, width: float, size: float = LABEL_SIZE) -> str:
    """``text`` on one line, cut with an ellipsis where it is wider than ``width``."""
    line = " ".join(text[:400].split())
    if text_width(line, size) <= width:
        return line
    while line and text_width(line + "…", size) > width:
        line = line[:-1]
    return line.rstrip() + "…"


def round_ticks(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """About ``count`` round numbers from at most ``low`` to at least ``high``."""
    high = high if high > low else low + max(1.0, abs(low))
    raw = (high - low) / max(1, count - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(step * k, 10) for k in range(first, max(first + 1, last) + 1))


def bar_list(
    bars: Sequence[Bar], alt: str, *, width: float = FULL_WIDTH, label_width: float | None = None
) -> Figure:
    """Horizontal bars from a common zero, one a row; negative values count as nought."""
    largest = max((bar.value for bar in bars), default=0.0)
    names = label_width or min(width * 0.5, max((text_width(bar.label) for bar in bars), default=0.0) + 8)
    room = max(20.0, width - names - max((text_width(bar.words) for bar in bars), default=0.0) - 12)
    marks: list[Mark] = []
    for place, bar in enumerate(bars):
        top = place * ROW_HEIGHT
        length = room * max(0.0, bar.value) / largest if largest > 0 else 0.0
        marks += [
            Label(0, top + 10.4, fitted(bar.label, names - 6), ink="ink"),
            Box(names, top + 3.5, room, 8, "track", 1.5),
            Box(names, top + 3.5, length, 8, bar.ink, 1.5),
            Label(names + room + 6, top + 10.4, bar.words),
        ]
    return Figure(width, max(1, len(bars)) * ROW_HEIGHT, tuple(marks), alt)


def share_bar(parts: Sequence[Bar], alt: str, *, width: float = FULL_WIDTH) -> Figure:
    """One bar cut into parts by their values, each named below with its figure."""
    total = sum(part.value for part in parts) or 1.0
    marks: list[Mark] = []
    x = 0.0
    legend_x = 0.0
    for part in parts:
        length = width * part.value / total
        marks.append(Box(x, 0, max(0.0, length - 1.5), 13, part.ink, 1.5))
        x += length
        words = f"{part.label}  {part.words}"
        marks += [Box(legend_x, 21, 7, 7, part.ink, 1.5), Label(legend_x + 11, 27.5, words, ink="ink")]
        legend_x += text_width(words) + 26
    return Figure(width, 32, tuple(marks), alt)


def column_chart(
    labels: Sequence[str],
    series: Sequence[Columns],
    write: Write,
    alt: str,
    *,
    width: float = FULL_WIDTH,
    height: float = 130.0,
) -> Figure:
    """Columns on a common axis from nought, series on top of each other; labels are thinned to what fits."""
    totals = [sum(one.values[k] for one in series) for k in range(len(labels))]
    ticks = round_ticks(0.0, max(totals, default=0.0) or 1.0, 4)
    named = [(one.name, one.ink) for one in series if len(series) > 1]
    frame = _Frame(
        width,
        height,
        Axis(0, max(1, len(labels)), str, ticks=()),
        Axis(0, ticks[-1], write, "", ticks),
        named,
    )
    marks = frame.marks()
    slot = (frame.right - frame.left) / max(1, len(labels))
    thickness = min(slot * 0.72, _WIDEST_COLUMN)
    for place in range(len(labels)):
        base = 0.0
        for one in series:
            top, bottom = frame.y(base + one.values[place]), frame.y(base)
            marks.append(
                Box(frame.left + slot * (place + 0.5) - thickness / 2, top, thickness, bottom - top, one.ink)
            )
            base += one.values[place]
    widest = max((text_width(label) for label in labels), default=0.0) + 6
    every = max(1, math.ceil(widest / slot))
    marks += [
        Label(frame.left + slot * (place + 0.5), frame.bottom + 10, label, "middle")
        for place, label in enumerate(labels)
        if place % every == 0
    ]
    return Figure(width, height, tuple(marks), alt)


def line_chart(
    lines: Sequence[Line],
    x_axis: Axis,
    y_axis: Axis,
    alt: str,
    *,
    width: float = HALF_WIDTH,
    height: float = 170.0,
    mark_x: float | None = None,
) -> Figure:
    """Lines over numbers; ``mark_x`` draws a dashed upright there. Lines without a name stay out of the legend."""
    named = [(line.name, line.ink) for line in lines if line.name]
    frame = _Frame(width, height, x_axis, y_axis, named)
    marks = frame.marks()
    if mark_x is not None and x_axis.low <= mark_x <= x_axis.high:
        x = frame.x(mark_x)
        marks.append(Path(((x, frame.top), (x, frame.bottom)), "third", 1.0, dashed=True))
    for line in lines:
        if line.band:
            upper = [(frame.x(x), frame.y(high)) for x, _low, high in line.band]
            lower = [(frame.x(x), frame.y(low)) for x, low, _high in reversed(line.band)]
            marks.append(Path((*upper, *lower), line.ink, fill=True, opacity=0.16))
    for line in lines:
        placed = tuple((frame.x(x), frame.y(y)) for x, y in line.points)
        if len(placed) > 1:
            marks.append(Path(placed, line.ink, dashed=line.dashed))
        if line.dots or len(placed) == 1:
            marks += [Dot(x, y, 2.2, line.ink) for x, y in placed]
    return Figure(width, height, tuple(marks), alt)


class _Frame:
    """Axes, grid and legend of a chart, and where a value lies in it."""

    def __init__(
        self, width: float, height: float, x_axis: Axis, y_axis: Axis, named: Sequence[tuple[str, str]]
    ) -> None:
        self.width, self.x_axis, self.y_axis, self.named = width, x_axis, y_axis, named
        self.x_ticks = round_ticks(x_axis.low, x_axis.high, 5) if x_axis.ticks is None else x_axis.ticks
        self.y_ticks = round_ticks(y_axis.low, y_axis.high, 5) if y_axis.ticks is None else y_axis.ticks
        self.left = max((text_width(y_axis.write(tick)) for tick in self.y_ticks), default=0.0) + 6
        self.right = width - 8
        self.legend_rows = self._legend_rows(width)
        self.title_height = 12.0 if y_axis.title else 0.0
        self.top = 5 + _LEGEND_HEIGHT * len(self.legend_rows) + self.title_height
        self.bottom = height - (26 if x_axis.title else 15)

    def x(self, value: float) -> float:
        span = self.x_axis.high - self.x_axis.low or 1.0
        return self.left + (self.right - self.left) * (value - self.x_axis.low) / span

    def y(self, value: float) -> float:
        span = self.y_axis.high - self.y_axis.low or 1.0
        return self.bottom - (self.bottom - self.top) * (value - self.y_axis.low) / span

    def marks(self) -> list[Mark]:
        marks = self._legend()
        y_axis, x_axis = self.y_axis, self.x_axis
        for tick in self.y_ticks:
            if y_axis.low <= tick <= y_axis.high:
                height = self.y(tick)
                marks += [
                    Path(((self.left, height), (self.right, height)), "line", 0.6),
                    Label(self.left - 4, height + 2.6, y_axis.write(tick), "end"),
                ]
        for tick in self.x_ticks:
            if x_axis.low <= tick <= x_axis.high:
                marks.append(self._under_axis(tick))
        if x_axis.title:
            middle = (self.left + self.right) / 2
            marks.append(Label(middle, self.bottom + 21, fitted(x_axis.title, self.right), "middle"))
        if y_axis.title:
            marks.append(Label(0, self.top - 7, fitted(y_axis.title, self.right)))
        return marks

    def _under_axis(self, tick: float) -> Label:
        text = self.x_axis.write(tick)
        half = text_width(text) / 2
        return Label(min(self.x(tick), self.width - half), self.bottom + 10, text, "middle")

    def _legend_rows(self, width: float) -> list[list[tuple[str, str]]]:
        rows: list[list[tuple[str, str]]] = []
        used = width
        for name, ink in self.named:
            needed = text_width(name) + 24
            if used + needed > width:
                rows.append([])
                used = 0.0
            rows[-1].append((name, ink))
            used += needed
        return rows

    def _legend(self) -> list[Mark]:
        marks: list[Mark] = []
        for number, row in enumerate(self.legend_rows):
            x, y = 0.0, _LEGEND_HEIGHT * number
            for name, ink in row:
                marks += [Box(x, y + 2, 7, 7, ink, 1.5), Label(x + 11, y + 8.5, fitted(name, 200), ink="ink")]
                x += text_width(name) + 24
        return marks
