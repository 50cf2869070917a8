"""The few things that set a customer apart, in sentences that agree with the probability shown."""

# ruff: noqa: PD011 - ``values`` is a frame of contributions, not pandas' attribute

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.explain.catalogue import GROUPS, Group, feature, feature_label
from churnkit.explain.contributions import Contributions
from churnkit.explain.contributions import contributions as contributions_of
from churnkit.explain.facts import Facts, typical_figures
from churnkit.explain.sentences import LOYALTY, RISK, STATEMENTS, Rank, Statement
from churnkit.explain.sentences.statement import ENDINGS
from churnkit.tournament.margins import to_probability
from churnkit.tournament.model import ChurnModel

# Nobody differs in the season, so it explains a window and no customer.
RANKED_GROUPS: tuple[Group, ...] = tuple(group for group in GROUPS if group != "season")
MIN_SHOP_CUSTOMERS = 30
# Less than this moves the odds by 5 %, or makes up less than a twelfth of all that pushes the same way.
MIN_LOG_ODDS = 0.05
MIN_SHARE = 1 / 12
_RECENT_DAYS = 90


@dataclass(frozen=True)
class Shop:
    """What customers are compared with.

    Attributes
    ----------
    p_churn
        The shop's average probability of churn.
    contributions
        Mean contribution by feature, in log-odds.
    typical
        Median by figure.
    """

    p_churn: float
    contributions: Mapping[str, float]
    typical: Mapping[str, float]


def describe_shop(rows: pd.DataFrame, parts: Contributions) -> Shop:
    """The comparison for :func:`reasons`, from all customers of a cutoff and their contributions."""
    if len(rows) < MIN_SHOP_CUSTOMERS:
        average = float(to_probability(np.array(parts.base)))
        return Shop(average, dict.fromkeys(parts.values.columns, 0.0), {})
    means = {str(name): float(value) for name, value in parts.values.mean().items()}
    return Shop(float(parts.p_churn.mean()), means, typical_figures(rows))


@dataclass(frozen=True)
class Drivers:
    """The groups of features that push a customer's probability away from the shop's average, strongest first.

    Attributes
    ----------
    side
        ``RISK`` above the average probability, ``LOYALTY`` below it, 0 on it; shape (n,).
    groups
        Positions in ``RANKED_GROUPS``, -1 where there is no further driver; shape (n, count).
    push
        Log-odds against the shop's average customer, all on ``side``, 0 where there is none; shape (n, count).
    """

    side: np.ndarray
    groups: np.ndarray
    push: np.ndarray


def drivers(rows: pd.DataFrame, parts: Contributions, shop: Shop, count: int = 3) -> Drivers:
    """Rank the groups of features by what sets a customer apart.

    Contributions are taken against the shop's average customer, so that what everybody shares explains
    nobody. Groups that come to the same for a customer are added up (see :func:`_merged`). A group counts only if it
    pushes to the customer's side of the shop's average probability, by at least ``MIN_LOG_ODDS`` and ``MIN_SHARE`` of
    all that pushes there.
    """
    names = list(parts.values.columns)
    centred = parts.values.to_numpy() - np.array([shop.contributions[name] for name in names])
    groups = _merged(centred @ _membership(names), Facts(rows, {}, None))
    side = np.sign(parts.p_churn - shop.p_churn).astype(int)
    pushing = np.clip(groups * side[:, None], 0.0, None)
    floor = np.maximum(MIN_LOG_ODDS, MIN_SHARE * pushing.sum(axis=1))
    pushing = np.where(pushing >= floor[:, None], pushing, 0.0)
    order = np.argsort(-pushing, axis=1, kind="stable")[:, :count]
    strongest = np.take_along_axis(pushing, order, axis=1)
    return Drivers(side, np.where(strongest > 0, order, -1), strongest * side[:, None])


def _membership(names: list[str]) -> np.ndarray:
    """1 where a feature (row) belongs to a ranked group (column)."""
    owner = np.array([feature(name).group for name in names], dtype=object)
    return (owner[:, None] == np.array(RANKED_GROUPS, dtype=object)).astype(float)


def _merged(groups: np.ndarray, facts: Facts) -> np.ndarray:
    """Group contributions (n, groups), with groups that say the same of a customer added up under one.

    Without a second purchase day the missing rhythm says "one order", and the time as a customer and every
    change of late say how long ago it was. Without a purchase in the last 90 days the change says no more than that.
    With the first purchase in these days there is no "before" to compare with.
    """
    merged = groups.copy()
    once = ~facts.known("gap_mean_days")
    away = facts["recency_days"] > _RECENT_DAYS
    new = facts["tenure_days"] <= _RECENT_DAYS
    _move(merged, once, "rhythm", "frequency")
    _move(merged, once, "lifetime", "recency")
    _move(merged, once | away, "trend", "recency")
    _move(merged, new, "trend", "lifetime")
    return merged


def _move(groups: np.ndarray, where: np.ndarray, source: Group, target: Group) -> None:
    origin, goal = RANKED_GROUPS.index(source), RANKED_GROUPS.index(target)
    groups[where, goal] += groups[where, origin]
    groups[where, origin] = 0.0


def reasons(
    model: ChurnModel,
    rows: pd.DataFrame,
    contributions: Contributions | None = None,
    *,
    shop: Shop | None = None,
    count: int = 3,
    currency: str | None = None,
) -> pd.DataFrame:
    """Up to ``count`` reasons per customer, strongest first: what raises the risk of those above the shop's average,
    what lowers it for those below.

    Parameters
    ----------
    model
        Fitted champion.
    rows
        Panel rows of the scoring cutoff.
    contributions
        Contributions of the rows, if they are known already.
    shop
        What to compare with; by default the rows themselves. With fewer than 30 rows and no shop, customers are
        compared with the model's reference, and nothing is said of a typical customer.
    count
        Number of columns.
    currency
        Written beside money.

    Returns
    -------
    pandas.DataFrame
        Columns ``factor_1`` .. ``factor_<count>``, index of ``rows``; None where no further driver is worth naming.
        Names out of the shop's file are plain text of at most 60 characters: escape them where they are shown.

    Raises
    ------
    ModelError
        See :func:`churnkit.explain.contributions.contributions`.
    """
    parts = contributions_of(model, rows) if contributions is None else contributions
    shop = describe_shop(rows, parts) if shop is None else shop
    ranked = drivers(rows, parts, shop, count)
    facts = Facts(rows, shop.typical, currency)
    texts = np.full(ranked.groups.shape, None, dtype=object)
    for position, group in enumerate(RANKED_GROUPS):
        for side in (RISK, LOYALTY):
            where, column = np.nonzero((ranked.groups == position) & (ranked.side == side)[:, None])
            if len(where):
                texts[where, column] = _sentences(group, side, facts.take(where), _subset(parts, shop, where))
    return pd.DataFrame(
        texts, index=rows.index, columns=[f"factor_{k + 1}" for k in range(count)], dtype=object
    )


def _subset(parts: Contributions, shop: Shop, where: np.ndarray) -> pd.DataFrame:
    """Contributions of some customers against the average one."""
    return parts.values.iloc[where] - pd.Series(shop.contributions)


def _sentences(group: Group, side: int, facts: Facts, centred: pd.DataFrame) -> list[str]:
    """One sentence per customer on one group that pushes to one side."""
    if group not in STATEMENTS:
        return _spelt_out(group, side, facts, centred)
    usable = [s for s in STATEMENTS[group] if s.side in (side, 0)]
    score = np.full((len(facts), len(usable)), -np.inf)
    for column, statement in enumerate(usable):
        holds = statement.holds(facts)
        score[holds, column] = _support(statement, centred, side)[holds] - _BELOW[statement.rank]
    choice = score.argmax(axis=1)
    return [usable[k].write(facts, i, side) for i, k in enumerate(choice)]


# Larger than any sum of log-odds: ranks are never mixed.
_BELOW = {Rank.TELLING: 0.0, Rank.CONTRADICTING: 1e6, Rank.UNKNOWN: 2e6}


def _support(statement: Statement, centred: pd.DataFrame, side: int) -> np.ndarray:
    """What the features of a statement push to the side, shape (n,)."""
    spoken_of = [name for name in centred.columns if statement.features.fullmatch(name)]
    return side * centred[spoken_of].to_numpy().sum(axis=1)


def _spelt_out(group: Group, side: int, facts: Facts, centred: pd.DataFrame) -> list[str]:
    """For features without sentences of their own: label and value of the one that pushes most."""
    names = [name for name in centred.columns if feature(name).group == group]
    strongest = (side * centred[names].to_numpy()).argmax(axis=1)
    return [
        f"{feature_label(names[k])}: {facts.figure(names[k], i)}{ENDINGS[side]}"
        for i, k in enumerate(strongest)
    ]
