"""Names and profiles of found groups, in words, from where their members stand among all customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.results.segments import GroupFigures
from churnkit.text import figures

LOW, HIGH = 0.4, 0.65
_HALF = 0.5


@dataclass(frozen=True)
class _Words:
    """How a group is called whose members rank low, in the middle or high in a figure."""

    figure: str
    low: str
    middle: str
    high: str

    def of(self, standing: float) -> str:
        return self.low if standing < LOW else self.high if standing > HIGH else self.middle


_RECENCY = _Words("recency_days", "Active", "Cooling", "Lapsed")
_ORDERS = _Words("order_count", "occasional buyers", "repeat buyers", "regulars")
_MONEY = _Words("monetary_total", "low spend", "middling spend", "high spend")
_APART = (
    _Words("tenure_days", "customers for a short time", "", "customers for long"),
    _Words("product_count", "few products", "", "many products"),
    _Words("active_month_share", "irregular", "", "regular"),
    _Words("orders_decay_90d", "quiet lately", "", "busy lately"),
)
_NEW_TENURE = 0.25


def standings(rows: pd.DataFrame, labels: np.ndarray, count: int) -> pd.DataFrame:
    """Mean rank of each group's members among all customers, 0 (lowest) to 1, by figure; shape (count, figures).

    Equal values share their mean rank, so a figure that is the same for everybody puts every group at 0.5.
    """
    names = [words.figure for words in (_RECENCY, _ORDERS, _MONEY, *_APART)]
    known = [name for name in dict.fromkeys(names) if name in rows.columns]
    ranks = (rows[known].rank(method="average").fillna((len(rows) + 1) / 2) - _HALF) / max(1, len(rows))
    return ranks.groupby(labels).mean().reindex(range(count)).fillna(_HALF)


def group_names(rows: pd.DataFrame, labels: np.ndarray, count: int) -> list[str]:
    """One name per group, no two alike, such as "Active regulars, high spend".

    Parameters
    ----------
    rows
        Panel rows of one cutoff: ``recency_days``, ``order_count``, ``monetary_total`` and, if there, the other
        figures that groups are told apart by.
    labels
        Group of each row, 0 to ``count`` - 1.
    """
    records = standings(rows, labels, count).to_dict("records")
    stand: list[dict[str, float]] = [{str(name): value for name, value in row.items()} for row in records]
    orders = rows["order_count"].groupby(labels).median().reindex(range(count)).to_numpy(dtype=float)
    names = [_name(group, half_once) for group, half_once in zip(stand, orders <= 1, strict=True)]
    for words in _APART:
        if words.figure not in stand[0]:
            continue
        added = [words.of(group[words.figure]) for group in stand]
        alike = [{added[j] for j in range(count) if names[j] == name} for name in names]
        names = [
            f"{name}, {added[i]}" if added[i] and len(alike[i]) > 1 else name for i, name in enumerate(names)
        ]
    return [
        f"{name} ({names[: group + 1].count(name)})" if names.count(name) > 1 else name
        for group, name in enumerate(names)
    ]


def _name(stand: dict[str, float], half_ordered_once: bool) -> str:
    money = _MONEY.of(stand["monetary_total"])
    recency = _RECENCY.of(stand["recency_days"])
    if stand.get("tenure_days", 1.0) < _NEW_TENURE and recency != _RECENCY.high:
        return f"Newer customers, {money}"
    buyers = "one-time buyers" if half_ordered_once else _ORDERS.of(stand["order_count"])
    return f"{recency} {buyers}, {money}"


def profile_words(group: GroupFigures, currency: str | None) -> str:
    """What a group is, in sentences."""
    orders = figures.count(group.median_order_count)
    return (
        f"Half of them bought within the last {figures.days(group.median_recency_days)}, placed {orders}"
        f" {'order' if orders == '1' else 'orders'} or more and spent"
        f" {figures.money(group.median_monetary_total, currency)} or more. They are {figures.percent(group.share)} of"
        f" the customers and {figures.percent(group.clv_share)} of the expected value of a year."
    )
