"""What a message says -> plain text and HTML that mail programs draw: tables and styles of their own, no picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from churnkit.reports.html import TEMPLATES


@dataclass(frozen=True)
class MailItem:
    """A heading, sentences below it, and the colour of its mark."""

    title: str
    lines: tuple[str, ...]
    tone: str = "news"


@dataclass(frozen=True)
class MailPart:
    """A piece of a mail under a heading, with an address that leads on."""

    title: str
    items: tuple[MailItem, ...]
    link: str
    link_words: str


@dataclass(frozen=True)
class Mail:
    """A mail.

    Attributes
    ----------
    heading
        What stands at the top; the subject repeats it.
    parts
        What it says.
    closing
        Sentences below.
    stop
        An address by which no more of these come; empty where there is none.
    settings
        An address where they are changed.
    """

    heading: str
    parts: tuple[MailPart, ...]
    closing: tuple[str, ...]
    stop: str
    settings: str


def render_mail(mail: Mail) -> tuple[str, str]:
    """The mail as plain text and as HTML; every text is escaped."""
    return _plain(mail), _environment().get_template("mail.html.j2").render(m=mail)


def _plain(mail: Mail) -> str:
    lines = [mail.heading, ""]
    for part in mail.parts:
        lines += [part.title, "=" * min(len(part.title), 70)]
        for item in part.items:
            lines += ["", f"* {item.title}", *(f"  {line}" for line in item.lines)]
        lines += ["", f"{part.link_words}: {part.link}", ""]
    lines += [*mail.closing, "", f"Change what you are told: {mail.settings}"]
    if mail.stop:
        lines.append(f"No more of these: {mail.stop}")
    return "\n".join(lines) + "\n"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
