"""The few things that set a customer apart, in sentences that agree with the probability shown."""

# ruff: noqa: PD011 - ``values`` is a frame of contributions, not pandas' attribute

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.explain.catalogue import Group, feature, feature_label
from churnkit.explain.contributions import Contributions
from churnkit.explain.contributions import contributions as contributions_of
from churnkit.explain.facts import Facts
from churnkit.explain.ranking import RANKED_GROUPS, Shop, centred, describe_shop, drivers
from churnkit.explain.sentences import ENDINGS, LOYALTY, RISK, STATEMENTS, Rank
from churnkit.tournament.model import ChurnModel

# Larger than any sum of log-odds: ranks are never mixed.
_BELOW = {Rank.TELLING: 0.0, Rank.CONTRADICTING: 1e6, Rank.UNKNOWN: 2e6}


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
    facts = Facts(rows, shop.typical, currency)
    names = list(parts.values.columns)
    values = centred(parts, shop)
    ranked = drivers(rows, parts, shop, count)
    texts = np.full(ranked.groups.shape, None, dtype=object)
    for position, group in enumerate(RANKED_GROUPS):
        for side in (RISK, LOYALTY):
            where, column = np.nonzero((ranked.groups == position) & (ranked.side == side)[:, None])
            if len(where):
                own = np.where(ranked.owners[where] == position, side * values[where], 0.0)
                push = pd.DataFrame(own, columns=names)
                texts[where, column] = _sentences(group, side, facts.take(where), push)
    return pd.DataFrame(
        texts, index=rows.index, columns=[f"factor_{k + 1}" for k in range(count)], dtype=object
    )


def _sentences(group: Group, side: int, facts: Facts, push: pd.DataFrame) -> np.ndarray:
    """One sentence per customer on a group.

    ``push`` (n, features) holds the group's contributions, positive towards ``side``. A sentence must be backed by
    contributions of the features that it speaks of; of several, the best backed is said.
    """
    usable = [s for s in STATEMENTS.get(group, ()) if s.side in (side, 0)]
    if not usable:
        return _spelt_out(group, side, facts, push)
    score = np.full((len(facts), len(usable)), -np.inf)
    for column, statement in enumerate(usable):
        spoken_of = [name for name in push.columns if statement.features.fullmatch(name)]
        support = push[spoken_of].to_numpy().sum(axis=1)
        may_be_said = statement.applies(facts) & ((support > 0) | (statement.rank is Rank.UNKNOWN))
        score[:, column] = np.where(may_be_said, support - _BELOW[statement.rank], -np.inf)
    choice = score.argmax(axis=1)
    texts = np.empty(len(facts), dtype=object)
    for column, statement in enumerate(usable):
        chosen = np.flatnonzero(choice == column)
        if len(chosen):
            texts[chosen] = statement.write(facts.take(chosen), side)
    return texts


def _spelt_out(group: Group, side: int, facts: Facts, push: pd.DataFrame) -> np.ndarray:
    """For features without sentences of their own: label and value of the one that pushes most."""
    names = [name for name in push.columns if feature(name).group == group]
    strongest = push[names].to_numpy().argmax(axis=1)
    texts = np.empty(len(facts), dtype=object)
    for column, name in enumerate(names):
        chosen = np.flatnonzero(strongest == column)
        texts[chosen] = facts.take(chosen).fill(f"{feature_label(name)}: {{{name}}}{ENDINGS[side]}")
    return texts
