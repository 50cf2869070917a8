"""The topics of the help: Markdown files in ``churnkit/guide``, with parts that are made of the code.

A file is a topic; its stem names it. The first line is its title, a heading of the second level begins a section. A line
``<!-- made: exports -->`` stands for sections of :mod:`churnkit.services.guide.made`, so that what the code knows is not
written a second time. A last line ``See also: stem, stem`` names topics that go on from there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from churnkit.services.guide.made import MADE, Section

FOLDER = Path(__file__).resolve().parents[2] / "guide"

SUBJECTS = {
    "Begin": ("begin", "exporting", "from_plan_to_result", "many_machines"),
    "What to say to customers": ("sales", "service"),
    "How far to trust it": ("limits", "model_card", "privacy"),
    "Look something up": ("words", "glossary", "dictionary"),
}
"""Topics that are about no page, in their order; every other file is about the page of the same name."""

_MARKER = re.compile(r"<!-- made: (\w+) -->")
_SEE_ALSO = "See also:"


@dataclass(frozen=True)
class Topic:
    """A file of the guide.

    Attributes
    ----------
    key
        The stem of its file; of a page also the page's.
    intro
        What stands before its first section.
    related
        Keys of topics that go on from here.
    """

    key: str
    title: str
    intro: str
    sections: tuple[Section, ...]
    related: tuple[str, ...]


@cache
def topics() -> dict[str, Topic]:
    """All topics by key."""
    return {path.stem: _topic(path.stem) for path in sorted(FOLDER.glob("*.md"))}


def _topic(key: str) -> Topic:
    text = (FOLDER / f"{key}.md").read_text(encoding="utf-8").strip()
    heading, _, rest = text.partition("\n")
    rest, _, related = rest.partition(_SEE_ALSO)
    intro, *parts = re.split(r"^## ", rest, flags=re.MULTILINE)
    before, *made = _sections_of("", intro)
    found = [*made, *(one for part in parts for one in _sections_of(*_head_and_body(part)))]
    return Topic(
        key,
        heading.removeprefix("# ").strip(),
        before.body,
        tuple(found),
        tuple(one.strip() for one in related.split(",") if one.strip()),
    )


def _head_and_body(part: str) -> tuple[str, str]:
    head, _, body = part.partition("\n")
    return head.strip(), body


def _sections_of(title: str, body: str) -> list[Section]:
    """A section as it is written, and those that its marker stands for."""
    marker = _MARKER.search(body)
    written = Section(title, _MARKER.sub("", body).strip())
    return [written, *(MADE[marker[1]]() if marker else ())]
