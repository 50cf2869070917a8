"""Charts as shapes: inside their box, in proportion, cut where text would run out."""

from __future__ import annotations

import pytest

from churnkit.reports.drawing_marks import Box, Dot, Figure, Label, Path, to_svg
from churnkit.reports.plots import (
    Axis,
    Bar,
    Columns,
    Line,
    bar_list,
    column_chart,
    fitted,
    line_chart,
    round_ticks,
    share_bar,
    text_width,
)


def boxes(figure: Figure, ink: str) -> list[Box]:
    return [mark for mark in figure.marks if isinstance(mark, Box) and mark.ink == ink]


def inside(figure: Figure) -> bool:
    for mark in figure.marks:
        if isinstance(mark, Box):
            corners = [(mark.x, mark.y), (mark.x + mark.width, mark.y + mark.height)]
        elif isinstance(mark, Path):
            corners = list(mark.points)
        else:
            corners = [(mark.x, mark.y)]
        if any(not (-1 <= x <= figure.width + 1 and -1 <= y <= figure.height + 1) for x, y in corners):
            return False
    return True


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 100, (0, 25, 50, 75, 100)),
        (0, 7, (0, 2, 4, 6, 8)),
        (-50, 150, (-50, 0, 50, 100, 150)),
        (0, 0, (0, 0.25, 0.5, 0.75, 1.0)),
        (0, 0.013, (0, 0.005, 0.01, 0.015)),
    ],
)
def test_round_ticks_cover_the_range(low: float, high: float, ticks: tuple[float, ...]) -> None:
    assert round_ticks(low, high) == pytest.approx(ticks)


def test_bars_are_in_proportion() -> None:
    figure = bar_list([Bar("a", 10, "10"), Bar("b", 5, "5"), Bar("c", -3, "-3")], "x")
    first, second, third = boxes(figure, "first")
    assert second.width == pytest.approx(first.width / 2)
    assert third.width == 0
    assert inside(figure)


def test_nothing_to_show_is_no_failure() -> None:
    assert bar_list([], "x").marks == ()
    assert inside(bar_list([Bar("a", 0, "0")], "x"))
    assert inside(share_bar([Bar("a", 0, "0"), Bar("b", 0, "0")], "x"))
    assert inside(column_chart([], (Columns("a", ()),), str, "x"))
    assert inside(column_chart(["a"], (Columns("a", (0.0,)),), str, "x"))
    assert inside(line_chart([Line("a", ((0, 0),))], Axis(0, 0, str), Axis(0, 0, str), "x"))


def test_parts_of_a_share_fill_the_bar() -> None:
    figure = share_bar([Bar("a", 3, "", "first"), Bar("b", 1, "", "third")], "x", width=400)
    assert boxes(figure, "first")[0].width == pytest.approx(298.5)
    assert boxes(figure, "third")[0].x == 300


def test_columns_stand_on_each_other() -> None:
    series = (Columns("old", (3.0, 1.0)), Columns("new", (1.0, 0.0), "second"))
    figure = column_chart(["Jan", "Feb"], series, str, "x")
    old, new = boxes(figure, "first")[-2], boxes(figure, "second")[-2]
    assert new.y + new.height == pytest.approx(old.y)
    assert old.height == pytest.approx(3 * new.height)
    assert inside(figure)


def test_many_labels_are_thinned() -> None:
    figure = column_chart([f"Month {k}" for k in range(60)], (Columns("a", (1.0,) * 60),), str, "x")
    labels = [mark for mark in figure.marks if isinstance(mark, Label) and mark.text.startswith("Month")]
    assert 2 <= len(labels) <= 15


def test_lines_lie_where_their_numbers_say() -> None:
    line = Line("a", ((0, 0), (1, 1)), dots=True, band=((0, 0, 0.2), (1, 0.8, 1)))
    figure = line_chart([line], Axis(0, 1, str, "x"), Axis(0, 1, str, "y"), "x", mark_x=0.5)
    (path,) = [m for m in figure.marks if isinstance(m, Path) and m.ink == "first" and not m.fill]
    (left, bottom), (right, top) = path.points
    assert left < right
    assert top < bottom
    (upright,) = [m for m in figure.marks if isinstance(m, Path) and m.dashed]
    assert upright.points[0][0] == pytest.approx((left + right) / 2)
    assert len([m for m in figure.marks if isinstance(m, Dot)]) == 2
    assert inside(figure)


def test_text_is_cut_to_its_room() -> None:
    assert fitted("short", 100) == "short"
    cut = fitted("a very long name of a product " * 100, 80)
    assert cut.endswith("…")
    assert text_width(cut) <= 80
    assert text_width("豆豆") > text_width("ab")


def test_svg_escapes_what_it_writes() -> None:
    figure = Figure(10, 10, (Label(0, 5, "<b>&\"'"),), '"><script>')
    svg = to_svg(figure)
    assert "<script>" not in svg
    assert "&lt;b&gt;&amp;" in svg
