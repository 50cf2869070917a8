"""The few things that set a customer apart, in sentences that agree with the probability shown."""

# ruff: noqa: PD011 - ``values`` is a frame of contributions, not pandas' attribute

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from churnkit.explain.catalogue import Group
from churnkit.explain.contributions import Contributions
from churnkit.explain.contributions import contributions as contributions_of
from churnkit.explain.facts import Facts
from churnkit.explain.owners import RANKED_GROUPS
from churnkit.explain.ranking import Drivers, Shop, centred, describe_shop, drivers
from churnkit.explain.sentences import LOYALTY, RISK, Rank, Statement, statements
from churnkit.tournament.model import ChurnModel

# Larger than any sum of log-odds: ranks are never mixed, and what its own features back comes before what they do not.
_RANK, _UNBACKED = 1e6, 1e3
# Customers whose reasons are found at once: each takes some 5 kB until they are.
CHUNK_ROWS = 20_000


def reasons(
    model: ChurnModel,
    rows: pd.DataFrame,
    contributions: Contributions | None = None,
    *,
    shop: Shop | None = None,
    count: int = 3,
    currency: str | None = None,
) -> pd.DataFrame:
    """Up to ``count`` reasons per customer, one a theme: what raises the risk of those above the active customers'
    average, what lowers it for those below.

    Each gives the customer's figure and, beside it, the customer's own habit or the typical active customer's. Themes
    with a figure that a shopkeeper takes for such a sign come first, the strongest push before the others; a figure that
    says nothing by itself stands behind them, and one that says the opposite is not a reason.

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
        Columns ``factor_1`` .. ``factor_<count>``, index of ``rows``; None where nothing further is worth naming.
        "Days ago" count from the cutoff. Names out of the shop's file are plain text of at most 60 characters: escape
        them where they are shown.

    Raises
    ------
    ModelError
        See :func:`churnkit.explain.contributions.contributions`.
    """
    parts = contributions_of(model, rows) if contributions is None else contributions
    shop = describe_shop(rows, parts, model.horizon_days) if shop is None else shop
    texts = np.full((len(rows), count), None, dtype=object)
    for start in range(0, len(rows), CHUNK_ROWS):
        some = slice(start, start + CHUNK_ROWS)
        those = Contributions(parts.values.iloc[some], parts.base, parts.matrix.iloc[some])
        _tell(texts[some], rows.iloc[some], those, shop, currency)
    return pd.DataFrame(
        texts, index=rows.index, columns=[f"factor_{k + 1}" for k in range(count)], dtype=object
    )


def _tell(
    texts: np.ndarray, rows: pd.DataFrame, parts: Contributions, shop: Shop, currency: str | None
) -> None:
    """Write the reasons of some customers into ``texts``, shape (n, count)."""
    facts = Facts(rows, shop.typical, currency)
    names = tuple(parts.values.columns)
    ranked = drivers(rows, parts, shop, facts)
    chosen, rank = _chosen(facts, ranked, centred(parts, shop), names)
    better = rank.min(axis=1, keepdims=True) < Rank.UNREMARKABLE
    rank = np.where(better & (rank == Rank.UNREMARKABLE), np.inf, rank)
    order = np.argsort(rank * _RANK - ranked.push, axis=1, kind="stable")[:, : texts.shape[1]]
    is_said = np.isfinite(np.take_along_axis(rank, order, 1))
    for position, group in enumerate(RANKED_GROUPS):
        where, column = np.nonzero((order == position) & is_said)
        for number, statement in enumerate(statements(group, names)):
            said = chosen[where, position] == number
            if said.any():
                texts[where[said], column[said]] = facts.take(where[said]).fill(statement.template)


def _chosen(
    facts: Facts, ranked: Drivers, values: np.ndarray, names: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """By customer and theme the number of the sentence to say, and its rank, infinite where there is none."""
    chosen = np.zeros(ranked.push.shape, dtype=int)
    rank = np.full(ranked.push.shape, np.inf)
    for position, group in enumerate(RANKED_GROUPS):
        for side in (RISK, LOYALTY):
            where = np.flatnonzero((ranked.push[:, position] > 0) & (ranked.side == side))
            if len(where):
                push = np.where(ranked.owners[where] == position, side * values[where], 0.0)
                chosen[where, position], rank[where, position] = _best(
                    group, side, facts.take(where), push, names
                )
    return chosen, rank


def _best(
    group: Group, side: int, facts: Facts, push: np.ndarray, names: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """The sentence to say on a theme for each customer, and its rank.

    ``push`` (n, features) holds the theme's contributions, positive towards ``side``. Of the sentences of a rank the one
    whose features push most is said. One that tells needs no push of its own: the theme's is enough.
    """
    all_of_them = statements(group, names)
    score = np.full((len(facts), len(all_of_them) + 1), -np.inf)
    score[:, -1] = np.finfo(float).min
    for column, statement in enumerate(all_of_them):
        if statement.side in (side, 0):
            support = push[:, _spoken_of(statement, names)].sum(axis=1)
            may_be_said = statement.applies(facts) & ((support > 0) | (statement.rank is Rank.TELLING))
            points = np.where(support > 0, support, support - _UNBACKED) - statement.rank * _RANK
            score[:, column] = np.where(may_be_said, points, -np.inf)
    choice = score.argmax(axis=1)
    ranks = np.array([*(float(statement.rank) for statement in all_of_them), np.inf])
    return choice, ranks[choice]


@lru_cache(maxsize=1024)
def _spoken_of(statement: Statement, names: Sequence[str]) -> list[int]:
    """Positions of the features that a sentence speaks of."""
    return [k for k, name in enumerate(names) if statement.features.fullmatch(name)]
