"""What is told of one group of customers: worked out when a page or a report asks, from a run's files."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from churnkit.results.campaign_money import Outcome
from churnkit.results.found import Found, Missing
from churnkit.results.segments import GroupFigures
from churnkit.text import figures

Population = Literal["active", "lapsed"]
RateSource = Literal["typical", "your setting", "measured"]


@dataclass(frozen=True, kw_only=True)
class GroupDriver:
    """A theme that pushes a group's probability of leaving away from that of the others.

    Attributes
    ----------
    push
        Mean log-odds of leaving that the theme adds in the group, less that of the others.
    fact
        The figure that tells most of it; ``own`` and ``others`` are its usual values as they are read. All three are empty
        where no figure that a shopkeeper knows differs that way.
    """

    theme: str
    push: float
    fact: str
    own: str
    others: str

    @property
    def odds(self) -> str:
        """What it does to the odds: ``× 1.9``."""
        times = math.exp(abs(self.push))
        # The sign and the figure stay on one line.
        return f"{'×' if self.push > 0 else '÷'}\u00a0{figures.decimal(times, 1 if times < 10 else 0)}"

    @property
    def typical(self) -> str:
        """The figure behind it, in the group against the others; empty where none says it."""
        return f"{self.fact} {self.own} against {self.others}" if self.own else ""


@dataclass(frozen=True, kw_only=True)
class Distinction:
    """A figure by which a group's members stand apart from the others, beyond chance.

    Attributes
    ----------
    own, others
        Usual values in the group and among the others, as they are read.
    p_above
        Probability (0 to 1) that a random member lies above a random other customer; 0.5 is no difference.
    """

    label: str
    own: str
    others: str
    p_above: float


@dataclass(frozen=True, kw_only=True)
class Recoverable:
    """How much of a group's value at risk a campaign could keep, money of a year before its costs.

    Attributes
    ----------
    rate_low, rate_high
        Shares of the value at risk, 0 to 1.
    source
        "typical" is the range that is usual in the field, until the owner has set a rate or a campaign measured one.
    """

    low: float
    high: float
    rate_low: float
    rate_high: float
    source: RateSource


@dataclass(frozen=True, kw_only=True)
class GroupPanel:
    """One group: who they are, what drives them, what sets them apart, what could be kept and what to do.

    Attributes
    ----------
    population
        Whom the drivers compare: the active of the group with the other active, or the lapsed where hardly anybody of
        the group is active.
    action
        What to do, in words; ``outcome`` is what the usual contact of those whom it pays to contact would bring.
    words
        All of it in sentences, one a paragraph: who, drivers, distinctions, money, action.
    """

    figures: GroupFigures
    about: str
    population: Population
    drivers: Found[tuple[GroupDriver, ...]] | Missing
    distinctions: tuple[Distinction, ...]
    recoverable: Found[Recoverable] | Missing
    action: str
    outcome: Found[Outcome] | Missing
    words: tuple[str, ...]

    @property
    def group(self) -> str:
        """Its name."""
        return self.figures.group
