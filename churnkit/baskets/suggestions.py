"""The item that a customer lacks: by rules from what he has, or simply what most others have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from churnkit.baskets.association_rules import FloatArray, PairRules, Unit

Ranking = Literal["value", "probability"]

POPULAR = -1
NOTHING = -1
_CHUNK = 4000


@dataclass(frozen=True)
class Method:
    """How suggestions are made; ``unit`` None means the most popular item that the customer lacks."""

    unit: Unit | None
    ranking: Ranking = "value"

    @property
    def words(self) -> str:
        """The method in words."""
        if self.unit is None:
            return "what most customers have and this one has not"
        within = "in one order" if self.unit == "orders" else "by the same customers"
        order = "expected extra money" if self.ranking == "value" else "probability"
        return f"what is bought together {within}, by {order}"


METHODS = (
    Method("orders", "value"),
    Method("orders", "probability"),
    Method("customers", "value"),
    Method("customers", "probability"),
)
MOST_POPULAR = Method(None)


@dataclass(frozen=True)
class Suggestions:
    """The best items for each customer, best first, shape (customers, n); ``NOTHING`` where no more are left.

    Attributes
    ----------
    item
        Positions of the items.
    because
        The item the customer has that led to it; ``POPULAR`` where popularity did.
    """

    item: NDArray[np.int64]
    because: NDArray[np.int64]


def rule_scores(rules: PairRules, ranking: Ranking, price: FloatArray) -> FloatArray:
    """Score of suggesting the column's item to who has the row's, -inf without a rule; shape (m, m).

    "value" is (confidence - base) x price: what lift and price say together, in money. "probability" is the confidence.
    """
    if ranking == "value":
        score = (rules.confidence - rules.base[None, :]) * price[None, :]
    else:
        score = rules.confidence
    return np.where(rules.holds, score, -np.inf)


def suggest(has: sp.csr_matrix, scores: FloatArray | None, popularity: FloatArray, count: int) -> Suggestions:
    """For each customer the ``count`` best items not bought yet, by the best rule that leads to each.

    Where rules say nothing, or are None, the most popular items follow.

    Parameters
    ----------
    has
        1 where the customer has bought the item, shape (customers, m).
    scores
        From :func:`rule_scores`, above 0 or -inf.
    popularity
        Customers by item, shape (m,).
    """
    parts = [
        _suggest_some(has[start : start + _CHUNK], scores, popularity, count)
        for start in range(0, has.shape[0], _CHUNK)
    ]
    nobody = np.empty((0, min(count, len(popularity))), dtype=np.int64)
    return Suggestions(
        np.concatenate([nobody, *(item for item, _ in parts)]),
        np.concatenate([nobody, *(because for _, because in parts)]),
    )


def _suggest_some(
    has: sp.csr_matrix, scores: FloatArray | None, popularity: FloatArray, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    by_popularity = np.argsort(-popularity, kind="stable")
    place = np.empty(len(popularity))
    place[by_popularity] = np.arange(len(popularity))
    # Below every rule's score, so that popularity fills what rules leave.
    best = np.tile((-1.0 - place).astype(np.float32), (has.shape[0], 1))
    because = np.full(best.shape, POPULAR, dtype=np.int32)
    owners = has.tocsc()
    rules = np.empty((0, len(popularity))) if scores is None else scores
    for item, from_item in enumerate(rules):
        led_to = np.flatnonzero(np.isfinite(from_item))
        rows = owners.indices[owners.indptr[item] : owners.indptr[item + 1]]
        if len(led_to) == 0 or len(rows) == 0:
            continue
        # Places counted from the beginning of the table: rows and columns apart take a third longer.
        where = rows[:, None].astype(np.intp) * best.shape[1] + led_to
        score = from_item[led_to].astype(np.float32)
        better = score > best.take(where)
        changed = where[better]
        best.put(changed, np.broadcast_to(score, better.shape)[better])
        because.put(changed, item)
    best[has.nonzero()] = -np.inf
    top, height = _highest(best, min(count, best.shape[1]))
    left = np.isfinite(height)
    reason = np.take_along_axis(because, top, axis=1)
    return np.where(left, top, NOTHING), np.where(left, reason, POPULAR).astype(np.int64)


def _highest(scores: NDArray[np.float32], count: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Positions of the ``count`` highest scores of each row, highest first and of equal ones the first, and these scores.

    ``scores`` is used up: a few looks for the highest that is left cost a tenth of a partition of each row.
    """
    rows = np.arange(len(scores))
    positions = np.empty((len(scores), count), dtype=np.int64)
    height = np.empty((len(scores), count), dtype=scores.dtype)
    for place in range(count):
        found = np.argmax(scores, axis=1)
        positions[:, place] = found
        height[:, place] = scores[rows, found]
        scores[rows, found] = -np.inf
    return positions, height
