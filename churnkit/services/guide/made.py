"""Sections of the help that are made of the code: exports, terms, data dictionary, ways to act, situations."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from churnkit.ingest import export_guides
from churnkit.services.decide.playbook import AUDIENCES
from churnkit.services.decide.situation_words import SITUATIONS, USUAL
from churnkit.services.deliver.dictionary.data_dictionary import PARTS, data_dictionary
from churnkit.text.figures import escape_markdown
from churnkit.text.terms import TERMS

_LIMIT = 2_000


@dataclass(frozen=True)
class Section:
    """A part of a topic under a heading; ``body`` is Markdown."""

    title: str
    body: str

    @property
    def key(self) -> str:
        """What names it in an address."""
        return re.sub(r"\W+", "-", self.title.lower()).strip("-")


def _exports() -> Sequence[Section]:
    """How the orders come out of each shop system."""
    found = []
    for one in export_guides():
        steps = [f"{place}. {escape_markdown(step, _LIMIT)}" for place, step in enumerate(one.steps, start=1)]
        proven = "" if one.proven else "\n\nWritten from the system's documentation: no real file was tried."
        found.append(
            Section(
                one.title,
                "\n".join(steps) + f"\n\n**What comes out:** {escape_markdown(one.file, _LIMIT)}{proven}",
            )
        )
    return found


def _glossary() -> Sequence[Section]:
    """Every term of the screens, by title."""
    return [
        Section(term.title, escape_markdown(term.meaning, _LIMIT))
        for term in sorted(TERMS.values(), key=lambda term: term.title.lower())
    ]


def _dictionary() -> Sequence[Section]:
    """The parts of the data dictionary that a reader of the files needs."""
    entries = data_dictionary(tables=False)
    found = []
    for part, title in PARTS.items():
        rows = entries[entries["part"] == part]
        if rows.empty:
            continue
        lines = ["| name | unit | meaning |", "|---|---|---|"]
        lines += [
            f"| `{row.name}` | {escape_markdown(row.unit)} | {escape_markdown(row.meaning, _LIMIT)} |"
            for row in rows.itertuples(index=False)
        ]
        found.append(Section(title.capitalize(), "\n".join(lines)))
    return found


def _situations(speaker: str) -> Callable[[], Sequence[Section]]:
    """The words of one desk by situation, as they come with the program."""

    def made() -> Sequence[Section]:
        return [
            Section(
                title,
                f"**Who:** {escape_markdown(who, _LIMIT)}.\n\n> {escape_markdown(getattr(USUAL[key], speaker), _LIMIT)}",
            )
            for key, (title, who) in SITUATIONS.items()
        ]

    return made


def _audiences() -> Sequence[Section]:
    """For whom the entries of the playbook are meant."""
    lines = [f"- **{name}**: {escape_markdown(words, _LIMIT)}" for name, words in AUDIENCES.items()]
    return [Section("Whom an entry of the playbook is for", "\n".join(lines))]


MADE: Mapping[str, Callable[[], Sequence[Section]]] = {
    "exports": _exports,
    "glossary": _glossary,
    "dictionary": _dictionary,
    "sales_words": _situations("sales"),
    "service_words": _situations("service"),
    "audiences": _audiences,
}
"""What a marker in a file of the guide stands for."""
