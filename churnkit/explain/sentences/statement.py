"""One way to put a reason, and short forms to write many."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from string import Formatter

import numpy as np

from churnkit.explain.facts import Facts

RISK, EITHER, LOYALTY = 1, 0, -1
ANY = r".*"

Condition = Callable[[Facts], np.ndarray]


class Rank(IntEnum):
    """Order of trial: figures that a shopkeeper takes for a sign of leaving or staying, figures beside the shop's that
    say nothing by themselves, figures that are much like the shop's (said where there is nothing better), and, where
    there is no shop to compare with, the bare figure."""

    TELLING = 0
    NEUTRAL = 1
    UNREMARKABLE = 2
    BARE = 3


@dataclass(frozen=True)
class Statement:
    """A sentence and when it may be said.

    Attributes
    ----------
    side
        ``RISK`` or ``LOYALTY`` where the figure speaks for itself: said only of a theme that pushes that way. ``EITHER``
        where it does not.
    features
        The features that the sentence speaks of. Among statements of one rank that hold, the one whose features push
        most is said.
    holds
        Where the sentence is true and its comparison reads right, shape (n,); missing figures need no care.
    template
        Sentence with figures in braces, see ``facts.Facts.fill``.
    rank
        See :class:`Rank`.
    """

    side: int
    features: re.Pattern[str]
    holds: Condition
    template: str
    rank: Rank = Rank.TELLING

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """Figures that the template asks for."""
        return tuple(name for _before, name, _form, _conversion in Formatter().parse(self.template) if name)

    def applies(self, facts: Facts) -> np.ndarray:
        """Where the sentence is true and all its figures are known, shape (n,)."""
        applies = self.holds(facts)
        for name in self.figures:
            applies = applies & facts.can_write(name)
        return applies


def said(side: int, features: str, holds: Condition, template: str) -> Statement:
    """A statement with a condition of its own."""
    return Statement(side, re.compile(features), holds, template)


def higher(side: int, features: str, figure: str, template: str) -> Statement:
    """Said where the figure is well above the typical customer's."""
    return said(side, features, lambda facts: facts.well_above(figure), template)


def lower(side: int, features: str, figure: str, template: str) -> Statement:
    """Said where it is well below."""
    return said(side, features, lambda facts: facts.well_below(figure), template)


def neutral(features: str, template: str) -> Statement:
    """A figure beside the shop's that nobody takes for a sign of anything."""
    return Statement(EITHER, re.compile(features), _always, template, Rank.NEUTRAL)


def unremarkable(features: str, figure: str, high: int, template: str) -> tuple[Statement, Statement]:
    """A figure beside the shop's, without a judgement; not said where it clearly speaks for the other side, nor where
    both would be written alike, which tells nothing.

    ``high`` is the side that a high figure speaks for.
    """
    as_span = f"{{{figure}:span}}" in template

    def differs(facts: Facts) -> np.ndarray:
        return ~facts.reads_as_typical(figure, as_span=as_span)

    return (
        Statement(
            high,
            re.compile(features),
            lambda facts: ~facts.well_below(figure) & differs(facts),
            template,
            Rank.UNREMARKABLE,
        ),
        Statement(
            -high,
            re.compile(features),
            lambda facts: ~facts.well_above(figure) & differs(facts),
            template,
            Rank.UNREMARKABLE,
        ),
    )


def bare(features: str, template: str) -> Statement:
    """The figure alone, where there is no shop to compare with."""
    return Statement(EITHER, re.compile(features), _without_shop, template, Rank.BARE)


def _without_shop(facts: Facts) -> np.ndarray:
    return np.full(len(facts), not facts.has_shop)


def _always(facts: Facts) -> np.ndarray:
    return np.ones(len(facts), dtype=bool)
