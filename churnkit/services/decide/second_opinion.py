"""A second opinion on why a customer's probability is what it is: LIME beside SHAP, theme by theme."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from churnkit.explain.catalogue import GROUPS, Group
from churnkit.results.folders import Results
from churnkit.services.decide.customer_themes import (
    HARDLY,
    JUDGED_BY,
    features_by_theme,
    push_words,
    typical_of,
)
from churnkit.text import figures

if TYPE_CHECKING:
    from churnkit.explain.effects import Ask
    from churnkit.explain.surrogate import Surrogate
    from churnkit.services.whatif.changed_customer import Scorer

FAITHFUL = 0.8
"""Fidelity from which the second opinion says as much as the first."""

# Customers whose figures are borrowed, at least and at most.
_FEWEST, _MOST = 16, 32
# They are drawn from the nearest so many to SHAP's starting point.
_NEAREST = 60
_SEED = 42
_ONE_PERCENT = 0.01


@dataclass(frozen=True)
class ThemeOpinion:
    """What both methods make of a theme: log-odds of leaving by SHAP and by LIME."""

    label: str
    shap: float
    lime: float

    @property
    def opposed(self) -> bool:
        """One says that it raises the risk, the other that it lowers it, and neither calls that hardly any change."""
        least = math.log(HARDLY)
        return min(abs(self.shap), abs(self.lime)) >= least and self.shap * self.lime < 0


@dataclass(frozen=True)
class SecondOpinion:
    """LIME beside SHAP for one customer.

    Attributes
    ----------
    themes
        By SHAP's strongest push first.
    fidelity
        See ``explain.surrogate.Surrogate``; NaN where no change of figures moves the forecast.
    p_model, p_lime
        Probability of churn by the champion, and by the sum of LIME's pushes.
    borrowed_from
        How many other customers' figures were put in place of the customer's own.
    """

    themes: tuple[ThemeOpinion, ...]
    fidelity: float
    p_model: float
    p_lime: float
    borrowed_from: int

    @property
    def is_faithful(self) -> bool:
        """Whether LIME's sum follows the champion closely enough to be held against SHAP."""
        return self.fidelity >= FAITHFUL

    @property
    def opposed(self) -> tuple[ThemeOpinion, ...]:
        """Themes on whose direction the methods disagree."""
        return tuple(theme for theme in self.themes if theme.opposed)

    @property
    def agree(self) -> bool:
        """The sum is faithful, no theme is opposed, and both find the same theme the strongest."""
        return self.is_faithful and not self.opposed and _strongest(self.themes) is self.themes[0]

    def words(self) -> tuple[str, ...]:
        """The verdict in sentences, what to make of it last."""
        if math.isnan(self.fidelity):
            return ("Other figures in any theme change nothing in this customer's forecast.",)
        return tuple(_verdict(self))


def _strongest(themes: Sequence[ThemeOpinion]) -> ThemeOpinion:
    return max(themes, key=lambda theme: abs(theme.lime))


def _verdict(opinion: SecondOpinion) -> list[str]:
    share = figures.percent(max(opinion.fidelity, 0.0))
    if not opinion.is_faithful:
        return [
            f"LIME's sum repeats only {share} of the forecast's ups and downs around this customer: themes act together"
            " here more than each for itself, so LIME's bars say little. Read SHAP's."
        ]
    said = [f"LIME's sum repeats {share} of the forecast's ups and downs around this customer."]
    said += [
        f"They disagree on “{theme.label}”: {push_words(theme.shap)} by SHAP, {push_words(theme.lime)} by LIME. Take it"
        " for no reason either way."
        for theme in opinion.opposed
    ]
    first, second = opinion.themes[0], _strongest(opinion.themes)
    if first is not second:
        said.append(
            f"SHAP finds “{first.label}” the strongest, LIME “{second.label}”: both matter, their order is not sure."
        )
    if opinion.agree:
        said.append(
            f"Both find “{first.label}” the strongest and agree on every direction: the reasons do not hang on one method."
        )
    return said


def second_opinion(results: Results, scorer: Scorer, customer_id: str) -> SecondOpinion | None:
    """LIME's pushes of a customer beside SHAP's, by the same themes and from the same starting point.

    Figures are borrowed from customers near SHAP's starting point, so that both sums begin at the same probability.

    Returns
    -------
    SecondOpinion or None
        None where SHAP took nothing apart, or the customer is unknown.
    """
    parts = results.contributions(customer_id).astype(float)
    row = results.scored_row(customer_id)
    if row.empty or not (parts != 0).any():
        return None
    typical = typical_of(results, [name for name in (*parts.index, *JUDGED_BY) if name in row.columns])
    themes = {
        theme: [name for name in names if name in row.columns]
        for theme, names in features_by_theme(parts, row, typical).items()
    }
    ids = borrowed_from(
        results.customers, customer_id, results.evidence.base, len(themes), scorer.asked_at_most
    )
    if not ids:
        return None
    return compared_with_lime(scorer.ask, row, results.scored_rows(ids), themes, parts)


def compared_with_lime(
    ask: Ask,
    row: pd.DataFrame,
    others: pd.DataFrame,
    themes: Mapping[Group, Sequence[str]],
    parts: pd.Series,
) -> SecondOpinion:
    """SHAP's pushes (``parts``, log-odds by feature) of the customer of ``row`` beside LIME's, by theme."""
    from churnkit.explain.surrogate import local_surrogate

    found = local_surrogate(ask, row.reset_index(drop=True), others, themes)
    told = [
        ThemeOpinion(GROUPS[theme], float(parts[list(names)].sum()), found.pushes[theme])
        for theme, names in themes.items()
    ]
    return SecondOpinion(
        themes=tuple(sorted(told, key=lambda theme: -abs(theme.shap))),
        fidelity=found.fidelity,
        p_model=float(ask(row)[0]),
        p_lime=_probability(found),
        borrowed_from=len(others),
    )


def _probability(found: Surrogate[Group]) -> float:
    return 1.0 / (1.0 + math.exp(-found.margin))


def borrowed_from(
    customers: pd.DataFrame, customer_id: str, base: float, theme_count: int, asked_at_most: int
) -> list[str]:
    """Some other customers near the starting point, as many as can be asked about in every combination of themes.

    Parameters
    ----------
    customers
        ``customer_id`` and ``p_churn``.
    base
        Log-odds of SHAP's starting point.
    """
    others = customers.loc[customers["customer_id"] != customer_id, ["customer_id", "p_churn"]]
    start = 1.0 / (1.0 + math.exp(-base))
    # Whole percents: of customers as near as each other, the ids decide and not the last digit.
    away = ((others["p_churn"] - start).abs() / _ONE_PERCENT).round()
    near = others.assign(away=away).sort_values(["away", "customer_id"])["customer_id"].head(_NEAREST)
    count = min(max(asked_at_most // 2**theme_count, _FEWEST), _MOST, len(near))
    chosen = np.random.default_rng(_SEED).choice(near.to_numpy(dtype=object), count, replace=False)
    return [str(one) for one in chosen]
