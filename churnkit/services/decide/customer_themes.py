"""One customer's log-odds by theme, each theme open to its facts with the customer's own figures and the shop's."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from churnkit.explain.catalogue import GROUPS, Group, feature, feature_value, same_for_everybody
from churnkit.explain.facts import Facts, compared, typical_figures
from churnkit.explain.owners import RANKED_GROUPS, owning_groups
from churnkit.results.folders import Results
from churnkit.text import figures

HARDLY = 1.05
"""Odds multiplied by less read as 1."""

_TASTE = "product_factor_"
JUDGED_BY = ("recency_days", "gap_mean_days", "purchase_days", "order_count", "tenure_days")
"""What decides to which theme a push counts."""


@dataclass(frozen=True)
class ThemeFact:
    """What one fact adds to a customer's log-odds of leaving (``push``), with the customer's figure and the median of
    the active customers as they are read."""

    fact: str
    own: str
    typical: str
    push: float


@dataclass(frozen=True)
class Theme:
    """Some facts of a customer that a shopkeeper would name together.

    Attributes
    ----------
    label
        Its name on screen.
    push
        Log-odds of leaving: the sum of the pushes of ``facts``.
    facts
        Those that push at all, strongest first.
    """

    label: str
    push: float
    facts: tuple[ThemeFact, ...]

    @property
    def words(self) -> str:
        """What it does to the odds of leaving: ``odds of leaving × 1.9``."""
        return push_words(self.push)


def push_words(push: float) -> str:
    """What a push (log-odds) does to the odds of leaving: ``odds of leaving × 1.9``."""
    times = math.exp(abs(push))
    if times < HARDLY:
        return "hardly any change"
    return f"odds of leaving {'×' if push > 0 else '÷'} {figures.decimal(times, 1 if times < 10 else 0)}"


def themes_of(results: Results, customer_id: str) -> tuple[Theme, ...]:
    """What pushes a customer's probability, strongest theme first.

    A fact counts to the theme that it does for the reasons: many orders that have stopped speak of the time since the last
    one. With the evidence's ``base`` the pushes add up to
    the log-odds of the customer's probability. Empty where there is nothing to take apart."""
    parts = results.contributions(customer_id)
    if parts.empty:
        return ()
    row = results.scored_row(customer_id)
    names = [str(name) for name in parts[parts != 0].index]
    typical = typical_of(results, [name for name in (*names, *JUDGED_BY) if name in row.columns])
    return themes_among(parts, row, typical, results.currency)


def themes_among(
    parts: pd.Series, row: pd.DataFrame, typical: Mapping[str, float], currency: str | None
) -> tuple[Theme, ...]:
    """As :func:`themes_of`, of log-odds by feature that have been read already.

    Parameters
    ----------
    row, typical
        As for :func:`features_by_theme`.
    """
    parts = parts[parts != 0].astype(float)
    if parts.empty:
        return ()
    themes = [
        _theme(group, [_fact(name, float(parts[name]), row, typical, currency) for name in inside])
        for group, inside in features_by_theme(parts, row, typical).items()
    ]
    return tuple(sorted(themes, key=lambda theme: -abs(theme.push)))


def features_by_theme(
    parts: pd.Series, row: pd.DataFrame, typical: Mapping[str, float]
) -> dict[Group, list[str]]:
    """The features of a customer's pushes (log-odds by feature) by the theme that each counts to.

    Parameters
    ----------
    row
        The customer's panel row, shape (1, columns).
    typical
        Medians of the customers whom everybody is compared with.
    """
    names = [str(name) for name in parts.index]
    owners = owning_groups(parts.to_numpy(dtype=float)[None, :], names, Facts(row, typical, None))[0]
    found: dict[Group, list[str]] = {}
    for name, owner in zip(names, owners.tolist(), strict=True):
        # What all customers of a date share has no owner among reasons.
        found.setdefault(RANKED_GROUPS[owner] if owner >= 0 else feature(name).group, []).append(name)
    return found


def _theme(group: Group, facts: Sequence[ThemeFact]) -> Theme:
    strongest = tuple(sorted(facts, key=lambda fact: -abs(fact.push)))
    return Theme(GROUPS[group], math.fsum(fact.push for fact in facts), strongest)


def _fact(
    name: str, push: float, row: pd.DataFrame, typical: Mapping[str, float], currency: str | None
) -> ThemeFact:
    # A point on a circle and a place along a mix of products are no figures that anybody knows.
    wordless = same_for_everybody(name) or name.startswith(_TASTE) or name not in row.columns
    own = figures.UNKNOWN if wordless else feature_value(name, row[name].iloc[0], currency)
    known = not wordless and name in typical
    shop = feature_value(name, typical[name], currency) if known else figures.UNKNOWN
    return ThemeFact(feature(name).label, own, shop, push)


def typical_of(results: Results, names: Sequence[str]) -> dict[str, float]:
    """Medians of the customers whom everybody is compared with."""
    with results.reading("scored.parquet") as path:
        rows = pd.read_parquet(path, columns=list(dict.fromkeys(names)))
    return typical_figures(rows[compared(rows, results.horizon_days)])
