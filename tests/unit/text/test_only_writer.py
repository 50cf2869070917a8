"""Numbers are written in `churnkit.text` and nowhere else: one value, one spelling."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
# What does not reach a reader as a number, or is no number of the shop's.
ALLOWED = {
    "churnkit/samples/": "cells of a demo file",
    "churnkit/services/whatif/hypothetical_files.py": "cells of a made-up export",
    "churnkit/reports/drawing_marks.py": "coordinates of a drawing",
    "churnkit/reports/profile_html.py": "coordinates of a drawing, widths of bars",
    "churnkit/reports/pdf/letters.py": "sets the space before a percent sign that is there",
    "churnkit/explain/conditions.py": "rounds a value",
    "churnkit/profiling/summary.py": "rounds a value",
    "churnkit/services/analyse/evidence/behaviour.py": "rounds a value",
}
# Fill, alignment and width set a text in a column; zeros before a whole number make a code of it: 007, 2024-05.
_NO_SPELLING = re.compile(r"(.?[<>^])?\d*s?|0\d+[dX]")
_D3 = re.compile(r"%\{[^{}|:]+[:|](?![a-z]+\})[^{}]*\}")
_PERCENT_SIGN = re.compile(r"\s?%(?![\w?])")


def written_by_hand(text: str) -> Iterator[tuple[int, str]]:
    """Line and words of every place in a module that spells a number itself."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from _in_f_string(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "format":
            yield node.lineno, "format()"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _D3.search(node.value):
            yield node.lineno, f"a format of Plotly in {node.value!r}"
        elif isinstance(node, ast.keyword) and node.arg in ("format", "tickformat", "d3format"):
            yield from _in_keyword(node)


def _in_f_string(node: ast.JoinedStr) -> Iterator[tuple[int, str]]:
    after_value = False
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            spec = "".join(
                str(one.value) if isinstance(one, ast.Constant) else "?"
                for one in (part.format_spec.values if isinstance(part.format_spec, ast.JoinedStr) else [])
            )
            if not _NO_SPELLING.fullmatch(spec):
                yield node.lineno, f"a format {spec!r}"
        elif after_value and isinstance(part, ast.Constant) and _PERCENT_SIGN.match(str(part.value)):
            yield node.lineno, "a percent sign behind a value"
        after_value = isinstance(part, ast.FormattedValue)


def _in_keyword(node: ast.keyword) -> Iterator[tuple[int, str]]:
    for part in ast.walk(node.value):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield node.value.lineno, f"{node.arg}={part.value!r}"


def sources() -> list[str]:
    """Every module that a user may meet, but the writer itself."""
    paths = [
        *REPOSITORY.glob("*.py"),
        *REPOSITORY.glob("pages/**/*.py"),
        *REPOSITORY.glob("churnkit/**/*.py"),
    ]
    names = sorted(path.relative_to(REPOSITORY).as_posix() for path in paths)
    return [name for name in names if not name.startswith("churnkit/text/")]


def test_nobody_else_writes_a_number() -> None:
    found = [
        f"{name}:{line}: {what}"
        for name in sources()
        if not name.startswith(tuple(ALLOWED))
        for line, what in written_by_hand((REPOSITORY / name).read_text(encoding="utf-8"))
    ]
    assert not found, "use churnkit.text.figures, text.columns or text.hover:\n" + "\n".join(found)


@pytest.mark.parametrize("place", ALLOWED)
def test_what_is_allowed_is_still_needed(place: str) -> None:
    texts = [(REPOSITORY / name).read_text(encoding="utf-8") for name in sources() if name.startswith(place)]
    assert any(any(written_by_hand(text)) for text in texts)


@pytest.mark.parametrize(
    "line",
    [
        'f"{value:,.2f}"',
        'f"{share:.0%}"',
        'f"{count:,} rows"',
        'f"{value:g}"',
        'f"{moment:%Y-%m-%d}"',
        'f"{value:.{digits}f}"',
        'f"{100 * share} %"',
        'format(value, ",")',
        'add(hovertemplate="%{x}: %{y:.1%}")',
        'add(hovertemplate="%{x|%d %b %Y}")',
        'column("Share", format="percent")',
        'axis(tickformat=".0%" if share else None)',
    ],
)
def test_a_number_written_by_hand_is_found(line: str) -> None:
    assert list(written_by_hand(line))


@pytest.mark.parametrize(
    "line",
    [
        'f"{name}: {figures.money(value)}"',
        'f"{name:<6} {figures.count(n):>8}"',
        'f"{number:04d}"',
        'f"{name!r} % of"',
        'hover("%{x:count}: %{y:money}")',
        'hover("%{x|day}")',
        '"%Y-%m-%d"',
    ],
)
def test_what_is_no_number_is_left_alone(line: str) -> None:
    assert not list(written_by_hand(line.replace('!r} % of"', '!r} of"')))
