"""What pushes a group's probability of leaving away from that of other customers: mean contributions against theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.explain.catalogue import GROUPS, Group, feature, same_for_everybody
from churnkit.explain.ranking import MIN_LOG_ODDS

MOST_ROWS = 20_000
_FROM_A_MODEL = re.compile(r"btyd_.*|p_alive|.*_decay_\d+d|.*_rank|product_factor_\d+")


@dataclass(frozen=True)
class ThemePush:
    """One theme: what it adds on average in a group over what it adds among the others.

    Attributes
    ----------
    push
        Log-odds of leaving.
    each_own, each_other
        The theme's log-odds by customer, shape (members,) and (others,): for a test of the difference.
    fact
        The figure that tells most of it; None where none of those that a shopkeeper knows differs that way.
    """

    theme: Group
    push: float
    each_own: np.ndarray
    each_other: np.ndarray
    fact: str | None


class GroupPushes:
    """Customers of one status whose groups are compared: made once, asked for every group.

    Above 20,000 customers evenly spaced ones decide which figure is named; pushes are of all.

    Parameters
    ----------
    contributions
        Log-odds of leaving, one column a feature, shape (n, features).
    rows
        Their panel rows, in the same order.
    """

    def __init__(self, contributions: pd.DataFrame, rows: pd.DataFrame) -> None:
        self._themes: dict[Group, np.ndarray] = {}
        self._step = -(-len(rows) // MOST_ROWS) or 1
        self._facts: dict[Group, tuple[list[str], np.ndarray, np.ndarray]] = {}
        for theme in GROUPS:
            names = [
                n for n in contributions.columns if feature(n).group == theme and not same_for_everybody(n)
            ]
            if names:
                pushes = contributions[names].to_numpy(dtype=float).sum(axis=1)
                self._themes[theme] = pushes
                self._facts[theme] = _facts(rows.iloc[:: self._step], theme, pushes[:: self._step])

    def of(self, own: np.ndarray) -> list[ThemePush]:
        """By theme, strongest first, those that move the odds of a group against all others by 5 % or more.

        The mean of contributions (SHAP values) over a group less their mean over the others: the parts add up to the
        difference of the two mean log-odds, so what all customers share drops out.

        Parameters
        ----------
        own
            Booleans of shape (n,): the group. It and the others need somebody.
        """
        found = []
        for theme, pushes in self._themes.items():
            push = float(pushes[own].mean() - pushes[~own].mean())
            if abs(push) >= MIN_LOG_ODDS:
                fact = self._fact(theme, own, push)
                found.append(ThemePush(theme, push, pushes[own], pushes[~own], fact))
        return sorted(found, key=lambda one: -abs(one.push))

    def _fact(self, theme: Group, own: np.ndarray, push: float) -> str | None:
        """The figure that goes with the theme's push over all customers and differs most in that sense in the group."""
        names, ranks, with_push = self._facts[theme]
        some = own[:: self._step]
        if not names or some.all() or not some.any():
            return None
        apart = ranks[some].mean(axis=0) - ranks[~some].mean(axis=0)
        told = np.sign(push) * with_push * apart
        best = int(np.argmax(told))
        return names[best] if told[best] > 0 else None


def _facts(rows: pd.DataFrame, theme: Group, pushes: np.ndarray) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Figures of a theme that a shopkeeper knows, their ranks (n, figures) with mean 0 and standard deviation 1 (0 where
    unknown), and their correlation with the theme's push."""
    names = [
        str(n)
        for n in rows.columns
        if feature(str(n)).group == theme
        and feature(str(n)).kind != "category"
        and not same_for_everybody(str(n))
        and not _FROM_A_MODEL.fullmatch(str(n))
        and rows[n].nunique() > 1
    ]
    if not names or np.ptp(pushes) == 0:
        return [], np.empty((len(rows), 0)), np.empty(0)
    ranked = rows[names].rank()
    ranks = ((ranked - ranked.mean()) / ranked.std(ddof=0)).fillna(0.0).to_numpy()
    by_push = pd.Series(pushes).rank().to_numpy()
    scaled = (by_push - by_push.mean()) / by_push.std()
    return names, ranks, ranks.T @ scaled / len(rows)
