"""Charts as shapes in a box, drawn as SVG and as PDF from one description.

Units are points (PDF) or user units (SVG); y runs down from the top, as in SVG. A colour is a name of ``INKS``.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Literal

Anchor = Literal["start", "middle", "end"]

INKS = {
    "ink": "#16262B",
    "soft": "#5F6E75",
    "line": "#D9E2E5",
    "track": "#EEF3F4",
    "first": "#2B7A8C",
    "second": "#E0A030",
    "third": "#C8553D",
    "fourth": "#6B6FB3",
    "quiet": "#8C989E",
    "paper": "#FFFFFF",
}
"""Names of colours and what they are on paper; the app's own palette."""

LABEL_SIZE = 7.5


@dataclass(frozen=True)
class Path:
    """A line through points; ``fill`` closes it to an area without an outline."""

    points: tuple[tuple[float, float], ...]
    ink: str = "first"
    width: float = 1.4
    dashed: bool = False
    fill: bool = False
    opacity: float = 1.0


@dataclass(frozen=True)
class Box:
    """A filled rectangle by its top left corner."""

    x: float
    y: float
    width: float
    height: float
    ink: str = "first"
    radius: float = 0.0


@dataclass(frozen=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    radius: float
    ink: str = "first"


@dataclass(frozen=True)
class Label:
    """One line of text on its baseline."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    ink: str = "soft"
    size: float = LABEL_SIZE
    bold: bool = False


Mark = Path | Box | Dot | Label


@dataclass(frozen=True)
class Figure:
    """Marks in a box of ``width`` by ``height``, drawn in order; ``alt`` says in words what they show."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    alt: str


def to_svg(figure: Figure) -> str:
    """The figure as an ``<svg>`` element; colours are classes ``i-<ink>`` (stroke and fill), for light and dark."""
    body = "".join(_svg_mark(mark) for mark in figure.marks)
    return (
        f'<svg viewBox="0 0 {figure.width:g} {figure.height:g}" role="img" aria-label="{escape(figure.alt)}">'
        f"{body}</svg>"
    )


def _svg_mark(mark: Mark) -> str:
    if isinstance(mark, Path):
        points = " ".join(f"{x:.2f},{y:.2f}" for x, y in mark.points)
        opacity = f' opacity="{mark.opacity:g}"' if mark.opacity < 1 else ""
        if mark.fill:
            return f'<polygon class="f-{mark.ink}" points="{points}"{opacity}/>'
        dash = ' stroke-dasharray="4 3"' if mark.dashed else ""
        return (
            f'<polyline class="s-{mark.ink}" stroke-width="{mark.width:g}"{dash}{opacity} points="{points}"/>'
        )
    if isinstance(mark, Box):
        radius = f' rx="{mark.radius:g}"' if mark.radius else ""
        return (
            f'<rect class="f-{mark.ink}" x="{mark.x:.2f}" y="{mark.y:.2f}" width="{max(0.0, mark.width):.2f}"'
            f' height="{max(0.0, mark.height):.2f}"{radius}/>'
        )
    if isinstance(mark, Dot):
        return f'<circle class="f-{mark.ink}" cx="{mark.x:.2f}" cy="{mark.y:.2f}" r="{mark.radius:g}"/>'
    anchor = "" if mark.anchor == "start" else f' text-anchor="{mark.anchor}"'
    weight = ' font-weight="600"' if mark.bold else ""
    return (
        f'<text class="f-{mark.ink}" x="{mark.x:.2f}" y="{mark.y:.2f}" font-size="{mark.size:g}"{anchor}{weight}>'
        f"{escape(mark.text)}</text>"
    )
