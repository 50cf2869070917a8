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
ENDINGS = {RISK: ", which in this shop goes with leaving", LOYALTY: ", which in this shop goes with staying"}

Condition = Callable[[Facts], np.ndarray]


class Rank(IntEnum):
    """Order of trial: telling figures, then figures that seem to say the opposite, then "not known"."""

    TELLING = 0
    CONTRADICTING = 1
    UNKNOWN = 2


@dataclass(frozen=True)
class Statement:
    """A sentence and when it may be said.

    Attributes
    ----------
    side
        ``RISK`` or ``LOYALTY`` where the figure speaks for itself: said only of contributions that push that
        way. ``EITHER`` where it says nothing by itself, or the opposite of what it does here: the sentence then
        ends with what the figure goes with in this shop.
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

    def write(self, facts: Facts, push: int) -> list[str]:
        """The sentence for customers whose contribution pushes towards ``push`` (``RISK`` or ``LOYALTY``)."""
        return facts.fill(self.template if self.side else self.template + ENDINGS[push])


def said(side: int, features: str, holds: Condition, template: str) -> Statement:
    """A statement with a condition of its own."""
    return Statement(side, re.compile(features), holds, template)


def higher(side: int, features: str, figure: str, template: str) -> Statement:
    """Said where the figure reads higher than the typical customer's."""
    return said(side, features, lambda facts: facts.above(figure), template)


def lower(side: int, features: str, figure: str, template: str) -> Statement:
    """Said where it reads lower."""
    return said(side, features, lambda facts: facts.below(figure), template)


def contradicting(features: str, template: str) -> Statement:
    """The bare figure, for contributions that no telling statement fits."""
    return Statement(EITHER, re.compile(features), _always, template, Rank.CONTRADICTING)


def unknown(template: str) -> Statement:
    """The last resort of a group, where its figures are missing: it needs neither figures nor backing."""
    return Statement(EITHER, re.compile("(?!)"), _always, template, Rank.UNKNOWN)


def _always(facts: Facts) -> np.ndarray:
    return np.ones(len(facts), dtype=bool)
