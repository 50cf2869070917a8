"""Recency, frequency and money in fifths of the shop's own customers, and the common names for their combinations."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SCORES = 5
SEGMENTS: dict[str, str] = {
    "Champions": "bought lately, often and for much",
    "Loyal": "buy often and for much, and did so not long ago",
    "Potential loyalists": "bought lately, with a middling number of orders and amount",
    "New": "bought just now, for the first time or for little",
    "Promising": "bought lately, seldom or for little",
    "Need attention": "middling in everything, and cooling off",
    "About to sleep": "bought seldom or for little, a while ago",
    "Can't lose": "used to be among the best, silent for long",
    "At risk": "used to buy well, silent for long",
    "Hibernating": "bought seldom or for little, long ago",
}

# Rows: recency score 1 to 5; columns: score of frequency and money 1 to 5. Every combination stands here once.
_MAP = (
    ("Hibernating", "Hibernating", "At risk", "At risk", "Can't lose"),
    ("Hibernating", "Hibernating", "At risk", "At risk", "Can't lose"),
    ("About to sleep", "About to sleep", "Need attention", "Loyal", "Loyal"),
    ("Promising", "Potential loyalists", "Potential loyalists", "Loyal", "Loyal"),
    ("New", "Potential loyalists", "Potential loyalists", "Champions", "Champions"),
)


def rfm_scores(recency_days: np.ndarray, order_count: np.ndarray, monetary_total: np.ndarray) -> pd.DataFrame:
    """Scores 1 to 5 (5 is best) of customers among each other.

    A score is 1 + floor(5 x the share of the customers who are strictly worse): 4 means better than at least 60 % of them.
    Equal figures get equal scores, whatever the order of rows; where most customers bought once, these all have frequency
    1 and nobody is promoted to fill a fifth.

    Parameters
    ----------
    recency_days, order_count, monetary_total
        Shape (n,); fewer days are better, more orders and money are better.

    Returns
    -------
    pandas.DataFrame
        Whole numbers ``r_score``, ``f_score``, ``m_score``, in the order given.
    """
    return pd.DataFrame(
        {
            "r_score": _fifths(-np.asarray(recency_days, dtype=float)),
            "f_score": _fifths(np.asarray(order_count, dtype=float)),
            "m_score": _fifths(np.asarray(monetary_total, dtype=float)),
        }
    )


def _fifths(values: NDArray[np.float64]) -> NDArray[np.int64]:
    worse = np.searchsorted(np.sort(values), values, side="left")
    return 1 + SCORES * worse // max(1, len(values))


def rfm_segment(scores: pd.DataFrame) -> np.ndarray:
    """Name of the segment, one of ``SEGMENTS``, of each row of :func:`rfm_scores`; shape (n,).

    Frequency and money count by their mean, halves rounded up.
    """
    both = (scores["f_score"].to_numpy() + scores["m_score"].to_numpy() + 1) // 2
    names = np.array(_MAP, dtype=object)
    segments: np.ndarray = names[scores["r_score"].to_numpy() - 1, both - 1]
    return segments
