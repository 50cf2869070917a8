"""Documents -> one HTML file that needs nothing else: no script, no network, no fonts; light and dark."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from churnkit.reports.document import Block, ReportDocument
from churnkit.reports.drawing_marks import INKS, Figure, to_svg

TEMPLATES = Path(__file__).parent / "templates"
TEXT_LIMIT = 3000
"""Letters of one piece of text; what is longer ends with an ellipsis."""

_LONG_WORD = 36
_BLOCKS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Block)}


def render_html(document: ReportDocument) -> str:
    """The document as a page; text is escaped, and the page's content policy forbids scripts and requests."""
    return _environment().get_template("report.html.j2").render(d=document, inks=list(INKS))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(svg=_svg, picture=_picture, short=shortened, unbroken=_is_unbroken)
    environment.tests["block"] = _is_block
    return environment


def _svg(figure: Figure) -> Markup:
    # ``to_svg`` escapes every text that it writes.
    return Markup(to_svg(figure))


def _picture(png: bytes) -> str:
    return f"data:image/png;base64,{b64encode(png).decode('ascii')}"


def shortened(text: str, limit: int = TEXT_LIMIT) -> str:
    """At most ``limit`` letters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _is_unbroken(text: str) -> bool:
    """Whether a word is so long that it must be broken, or it would stretch its table."""
    return max(map(len, text.split()), default=0) > _LONG_WORD


def _is_block(block: Block, name: str) -> bool:
    """Whether a block is of the kind; a KeyError for a kind that there is not, as the template would leave it out."""
    return isinstance(block, _BLOCKS[name])
