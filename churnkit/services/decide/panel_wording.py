"""A group's panel in a language model's words: it is told the group's figures and of no customer, and may use no other."""

from __future__ import annotations

import re

from churnkit.errors import ChurnkitError
from churnkit.results.group_panels import GroupPanel
from churnkit.services.campaign.language_model import LanguageModel

MAX_LETTERS = 1500
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*")
_LINK = re.compile(r"https?:|www\.", re.IGNORECASE)
_SYSTEM = (
    "You explain a shop's figures to its owner in plain English: three short paragraphs, no headings, no lists, no links."
    " Use the figures exactly as they are written in what you are told, and no other figure: do not add up, round, convert"
    " or estimate, and write no number in words. What the text calls an assumption stays one. Claim no cause."
)


class WordingRefused(ChurnkitError):
    """The language model's answer does not keep to the figures it was told."""

    code = "wording"


def word_panel(model: LanguageModel, panel: GroupPanel) -> str:
    """The panel as a language model words it; the sentences of the panel are all that it is told.

    Raises
    ------
    WordingRefused
        If the answer holds a figure that the panel does not, a link, nothing, or too much.
    ModelUnreachable
        If the model does not answer.
    """
    told = "\n".join((panel.about, *panel.words))
    return checked_wording(model.complete(_SYSTEM, told), told)


def checked_wording(answer: str, told: str) -> str:
    """The answer, if every figure in it stands in what was told; errors as for :func:`word_panel`."""
    text = answer.strip()
    strange = sorted(set(_NUMBER.findall(text)) - set(_NUMBER.findall(told)))
    for rule, broken in (
        ("it is empty", not text),
        (
            f"it holds the figure {strange[0] if strange else ''}, which is none of this group's",
            bool(strange),
        ),
        ("it holds a link", bool(_LINK.search(text))),
        ("it is too long", len(text) > MAX_LETTERS),
    ):
        if broken:
            raise WordingRefused(
                f"Wording a group: the language model's answer cannot be used, {rule}.",
                "Ask again; what is said above needs no language model.",
            )
    return text
