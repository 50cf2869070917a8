"""One customer's log-odds by theme, each theme open to its facts with the customer's own figures and the shop's."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from churnkit.explain.catalogue import CALENDAR, GROUPS, Group, feature, feature_value
from churnkit.explain.facts import Facts, compared, typical_figures
from churnkit.explain.owners import RANKED_GROUPS, owning_groups
from churnkit.results.folders import Results
from churnkit.text import figures

# Odds multiplied by less read as 1.
_HARDLY = 1.05
_TASTE = "product_factor_"
# What decides to which theme a push counts.
_JUDGED_BY = ("recency_days", "gap_mean_days", "purchase_days", "order_count", "tenure_days")


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
        times = math.exp(abs(self.push))
        if times < _HARDLY:
            return "hardly any change"
        return f"odds of leaving {'×' if self.push > 0 else '÷'} {figures.decimal(times, 1 if times < 10 else 0)}"


def themes_of(results: Results, customer_id: str) -> tuple[Theme, ...]:
    """What pushes a customer's probability, strongest theme first.

    A fact counts to the theme that it does for the reasons: many orders that have stopped speak of the time since the last
    one. With the evidence's ``base`` the pushes add up to
    the log-odds of the customer's probability. Empty where there is nothing to take apart."""
    parts = results.contributions(customer_id)
    parts = parts[parts != 0].astype(float)
    if parts.empty:
        return ()
    row = results.scored_row(customer_id)
    names = [str(name) for name in parts.index]
    typical = _typical(results, [name for name in (*names, *_JUDGED_BY) if name in row.columns])
    owners = owning_groups(parts.to_numpy()[None, :], names, Facts(row, typical, None))[0]
    by_group: dict[Group, list[ThemeFact]] = {}
    for name, push, owner in zip(names, parts.tolist(), owners.tolist(), strict=True):
        # What all customers of a date share has no owner among reasons.
        group = RANKED_GROUPS[owner] if owner >= 0 else feature(name).group
        by_group.setdefault(group, []).append(_fact(name, push, row, typical, results.currency))
    themes = [_theme(group, facts) for group, facts in by_group.items()]
    return tuple(sorted(themes, key=lambda theme: -abs(theme.push)))


def _theme(group: Group, facts: Sequence[ThemeFact]) -> Theme:
    strongest = tuple(sorted(facts, key=lambda fact: -abs(fact.push)))
    return Theme(GROUPS[group], math.fsum(fact.push for fact in facts), strongest)


def _fact(
    name: str, push: float, row: pd.DataFrame, typical: Mapping[str, float], currency: str | None
) -> ThemeFact:
    # A point on a circle and a place along a mix of products are no figures that anybody knows.
    wordless = name in CALENDAR or name.startswith(_TASTE) or name not in row.columns
    own = figures.UNKNOWN if wordless else feature_value(name, row[name].iloc[0], currency)
    known = not wordless and name in typical
    shop = feature_value(name, typical[name], currency) if known else figures.UNKNOWN
    return ThemeFact(feature(name).label, own, shop, push)


def _typical(results: Results, names: Sequence[str]) -> dict[str, float]:
    """Medians of the customers whom everybody is compared with."""
    with results.reading("scored.parquet") as path:
        rows = pd.read_parquet(path, columns=list(dict.fromkeys(names)))
    return typical_figures(rows[compared(rows, results.horizon_days)])
