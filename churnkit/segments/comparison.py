"""Two groups side by side on every figure, and which differences are more than chance."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.errors import DataError
from churnkit.segments.significance import Tested, holm, mann_whitney, welch
from churnkit.text.columns import column
from churnkit.text.figures import count

LEVEL = 0.05
MIN_CUSTOMERS = 8


@dataclass(frozen=True)
class ComparedFigure:
    """A column that groups are compared on.

    ``kind`` is how it is written: share, days, count, money or ratio; ``words`` is what a sentence calls it where the
    column's title would not do.
    """

    name: str
    kind: str
    words: str = ""

    @property
    def label(self) -> str:
        """What it is called in a sentence and beside a bar."""
        return self.words or column(self.name).title

    @property
    def test(self) -> str:
        """Shares lie between 0 and 1, so their means can be trusted; the others have long tails and go by ranks."""
        return "Welch" if self.kind == "share" else "Mann-Whitney"


FIGURES = (
    ComparedFigure("p_churn", "share"),
    ComparedFigure("p_churn_before", "share"),
    ComparedFigure("p_alive", "share", "Still a customer at all"),
    ComparedFigure("recency_days", "days", "Days since the last purchase"),
    ComparedFigure("gap_mean_days", "days", "Usual days between purchases"),
    ComparedFigure("overdue_ratio", "ratio", "Days since the last purchase over the usual gap"),
    ComparedFigure("order_count", "count"),
    ComparedFigure("mean_order_value", "money", "Mean order value"),
    ComparedFigure("monetary_total", "money"),
    ComparedFigure("expected_orders", "count", "Expected orders within the threshold"),
    ComparedFigure("expected_spend", "money", "Expected spend within the threshold"),
    ComparedFigure("clv", "money"),
    ComparedFigure("clv_if_kept", "money"),
    ComparedFigure("value_at_risk", "money"),
)
TOO_FEW = "too few to tell"


def compare(
    customers: pd.DataFrame,
    in_a: np.ndarray,
    in_b: np.ndarray,
    *,
    defining: Collection[str] = (),
    level: float = LEVEL,
) -> pd.DataFrame:
    """Group a against group b on every figure of ``FIGURES`` that ``customers`` has.

    Parameters
    ----------
    in_a, in_b
        Booleans, shape (n,); nobody may be in both.
    defining
        Figures that the groups were made by: they differ by construction, so they are shown and not tested.
    level
        Probability of even one false alarm among all figures, 0 to 1.

    Returns
    -------
    pandas.DataFrame
        One row per figure: ``figure``, ``label``, ``kind``, ``customers_a``, ``customers_b`` (with a value),
        ``mean_a``, ``mean_b``, ``median_a``, ``median_b``, ``difference`` of means with ``low`` and ``high`` (95 %,
        Welch), ``p_above`` (probability that a random customer of a lies above one of b), ``test``, ``p_value``,
        ``p_holm`` and ``verdict``: "more than chance", "could be chance", "by definition" or "too few to tell".

    Raises
    ------
    DataError
        If a customer is in both groups, or a group is empty.
    """
    a, b = np.asarray(in_a, dtype=bool), np.asarray(in_b, dtype=bool)
    if (a & b).any() or not a.any() or not b.any():
        raise DataError(
            f"Comparing two groups: both need customers and nobody may be in both; found {count(int(a.sum()))} and"
            f" {count(int(b.sum()))} customers, {count(int((a & b).sum()))} of them in both.",
            "Choose two different groups that have customers.",
        )
    known = [figure for figure in FIGURES if figure.name in customers.columns]
    rows = [_row(customers, figure, a, b, by_definition=figure.name in defining) for figure in known]
    table = pd.DataFrame(rows)
    tested = table["p_value"].notna().to_numpy()
    table["p_holm"] = np.nan
    table.loc[tested, "p_holm"] = holm(table.loc[tested, "p_value"].to_numpy(dtype=float))
    chance = np.where(table["p_holm"] < level, "more than chance", "could be chance")
    table["verdict"] = np.where(tested, chance, table["test"])
    table.loc[~tested, "test"] = ""
    return table


def _row(
    customers: pd.DataFrame, figure: ComparedFigure, a: np.ndarray, b: np.ndarray, *, by_definition: bool
) -> dict[str, object]:
    values = customers[figure.name].to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(values)
    ours, theirs = values[a & known], values[b & known]
    row: dict[str, object] = {
        "figure": figure.name,
        "label": figure.label,
        "kind": figure.kind,
        "customers_a": len(ours),
        "customers_b": len(theirs),
        "mean_a": _or_nan(np.mean, ours),
        "mean_b": _or_nan(np.mean, theirs),
        "median_a": _or_nan(np.median, ours),
        "median_b": _or_nan(np.median, theirs),
    }
    nothing = dict.fromkeys(("difference", "low", "high", "p_above", "p_value"), np.nan)
    if min(len(ours), len(theirs)) < MIN_CUSTOMERS:
        return row | nothing | {"test": TOO_FEW}
    means, ranks = welch(ours, theirs), mann_whitney(ours, theirs)
    decisive: Tested = means if figure.test == "Welch" else ranks
    return row | {
        "difference": means.effect,
        "low": means.low,
        "high": means.high,
        "p_above": ranks.effect,
        "p_value": np.nan if by_definition else decisive.p_value,
        "test": "by definition" if by_definition else figure.test,
    }


def _or_nan(measure: Callable[[np.ndarray], float], values: np.ndarray) -> float:
    return float(measure(values)) if len(values) else float("nan")
