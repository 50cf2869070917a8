"""Limits between the five scores: the shop's own fifths, or what somebody has set instead."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Self

import numpy as np
import pandas as pd

from churnkit.errors import SettingsError
from churnkit.segments.rfm import SCORES, rfm_scores

Limits = tuple[float, ...]
FIGURES = ("recency_days", "order_count", "monetary_total")
_NOBODY_RECENT = -1.0


@dataclass(frozen=True)
class RfmBands:
    """Four limits for each of the three figures, none below the one before it.

    Attributes
    ----------
    recency_days
        Score 5 up to the first limit, included, 4 up to the second, and so on; 1 above the fourth. -1: nobody.
    order_count, monetary_total
        Score 1 below the first limit, 2 from it on, and so on; 5 from the fourth. Infinity: nobody.
    """

    recency_days: Limits
    order_count: Limits
    monetary_total: Limits

    def __post_init__(self) -> None:
        for name in FIGURES:
            limits = getattr(self, name)
            object.__setattr__(self, name, tuple(float(limit) for limit in limits))
            if len(limits) != SCORES - 1 or any(math.isnan(limit) for limit in limits):
                raise SettingsError(
                    f"Bands of {name}: {SCORES - 1} numbers are needed, found {list(limits)}.",
                    "Give one limit between each two scores.",
                )
            if any(later < earlier for earlier, later in pairwise(limits)):
                raise SettingsError(
                    f"Bands of {name}: no limit may be below the one before it, found {list(limits)}.",
                    "Put the limits in ascending order.",
                )

    @classmethod
    def of_shop(cls, recency_days: np.ndarray, order_count: np.ndarray, monetary_total: np.ndarray) -> Self:
        """The limits that :func:`rfm_scores` draws between these customers, shape (n,) each; n must be 1 or more."""
        scores = rfm_scores(recency_days, order_count, monetary_total)
        recency = np.asarray(recency_days, dtype=float)
        r_score = scores["r_score"].to_numpy()
        return cls(
            recency_days=tuple(
                float(recency[r_score >= score].max(initial=_NOBODY_RECENT)) for score in range(SCORES, 1, -1)
            ),
            order_count=_from_below(order_count, scores["f_score"]),
            monetary_total=_from_below(monetary_total, scores["m_score"]),
        )

    def scores(
        self, recency_days: np.ndarray, order_count: np.ndarray, monetary_total: np.ndarray
    ) -> pd.DataFrame:
        """``r_score``, ``f_score`` and ``m_score`` by these limits, as :func:`rfm_scores` returns them."""
        figures = (np.asarray(values, dtype=float) for values in (recency_days, order_count, monetary_total))
        recency, orders, money = figures
        return pd.DataFrame(
            {
                "r_score": SCORES - np.searchsorted(self.recency_days, recency, side="left"),
                "f_score": 1 + np.searchsorted(self.order_count, orders, side="right"),
                "m_score": 1 + np.searchsorted(self.monetary_total, money, side="right"),
            }
        )

    def as_dict(self) -> dict[str, list[float | None]]:
        """Plain lists for JSON; None stands for infinity."""
        return {
            name: [limit if math.isfinite(limit) else None for limit in limits]
            for name, limits in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Sequence[float | None]]) -> Self:
        """The reverse of :meth:`as_dict`.

        Raises
        ------
        SettingsError
            If a figure is missing or its limits are not four ascending numbers.
        """
        missing = [name for name in FIGURES if name not in values]
        if missing:
            raise SettingsError(f"Bands: {', '.join(missing)} is missing.", "Set the bands again.")
        return cls(*(tuple(math.inf if v is None else v for v in values[name]) for name in FIGURES))


def _from_below(values: np.ndarray, scores: pd.Series) -> Limits:
    """Where the scores 2 to 5 begin; infinity for a score that nobody has, nor a higher one."""
    figures, reached = np.asarray(values, dtype=float), scores.to_numpy()
    return tuple(float(figures[reached >= score].min(initial=math.inf)) for score in range(2, SCORES + 1))
