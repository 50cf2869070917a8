"""The reference stack's own columns: many simple ones, from purchase days alone, each known at the cutoff."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

WINDOWS_DAYS = (14, 30, 60, 90, 180, 365)
HALF_LIVES_DAYS = (20, 45, 90, 180, 365)
PROCESS_COLUMNS = (
    "p_alive",
    "btyd_p_no_purchase",
    "btyd_expected_orders",
    "btyd_order_value",
    "btyd_expected_spend",
)
FAMILIES: dict[str, tuple[str, ...]] = {
    "counts in windows": ("orders_in_", "spend_in_", "orders_change_", "spend_change_"),
    "decayed counts": ("orders_fading_", "spend_fading_"),
    "gaps": ("gap_", "late_", "share_of_gaps"),
    "order size": ("order_", "trend_"),
    "breadth": ("products_", "lines_", "pieces_", "new_products"),
    "returns": ("returned_",),
    "time": ("weekday_", "hour_"),
    "place": ("rank_",),
    "a year ago": ("year_ago_",),
}
"""Family -> how its columns begin."""


class PurchaseDays:
    """Purchase days of every customer, in order; the columns at any cutoff come from them."""

    def __init__(self, transactions: pd.DataFrame) -> None:
        rows = transactions[["customer_id", "ordered_at", "amount"]].copy()
        rows["day"] = rows["ordered_at"].dt.normalize()
        for name in ("product_id", "quantity"):
            rows[name] = transactions.get(name)
        bought = rows[rows["amount"] > 0].sort_values(["customer_id", "ordered_at"], kind="stable")
        groups = bought.groupby(["customer_id", "day"], sort=True)
        days = groups.agg(amount=("amount", "sum"), lines=("amount", "size")).reset_index()
        days["hour"] = groups["ordered_at"].first().dt.hour.to_numpy()
        if rows["product_id"].notna().any():
            first = (
                bought.drop_duplicates(["customer_id", "product_id"]).groupby(["customer_id", "day"]).size()
            )
            days["products"] = groups["product_id"].nunique().to_numpy()
            days["new"] = (
                first.reindex(pd.MultiIndex.from_frame(days[["customer_id", "day"]])).fillna(0).to_numpy()
            )
        if rows["quantity"].notna().any():
            days["pieces"] = groups["quantity"].sum().to_numpy()
        self._days = days
        self._returns = rows[rows["amount"] < 0][["customer_id", "day", "amount"]]

    def at(self, cutoff: datetime, customers: pd.Series, horizon_days: int) -> pd.DataFrame:
        """Columns of ``customers`` (n,), in their order; missing where a customer had not bought by then."""
        known = self._days[self._days["day"] < pd.Timestamp(cutoff)]
        index, code = pd.Index(customers), None
        code = index.get_indexer(known["customer_id"])
        known, code = known[code >= 0], code[code >= 0]
        table = _Table(known, code, len(index), pd.Timestamp(cutoff))
        found = {
            **table.windows(),
            **table.fading(),
            **table.gaps(horizon_days),
            **table.sizes(),
            **table.breadth(),
        }
        found |= table.times() | table.year_ago(horizon_days)
        returns = self._returns[self._returns["day"] < pd.Timestamp(cutoff)]
        place = index.get_indexer(returns["customer_id"])
        back = -np.bincount(place[place >= 0], returns["amount"].to_numpy()[place >= 0], len(index))
        found["returned_value"], found["returned_share"] = back, back / (table.spend + 1)
        frame = pd.DataFrame(found, index=customers.index)
        for name, values in (("recency", table.recency), ("orders", table.count), ("spend", table.spend)):
            frame[f"rank_{name}"] = pd.Series(values).rank(pct=True).to_numpy()
        return frame


class _Table:
    """Purchase days ``known`` of ``size`` customers numbered by ``code``, sorted by customer and day."""

    def __init__(self, known: pd.DataFrame, code: np.ndarray, size: int, cutoff: pd.Timestamp) -> None:
        order = np.lexsort((known["day"].to_numpy(), code))
        self.known, self.code, self.size, self.cutoff = known.iloc[order], code[order], size, cutoff
        self.age = (cutoff - self.known["day"]).dt.days.to_numpy(dtype=float)
        self.amount = self.known["amount"].to_numpy(dtype=float)
        self.count, self.spend = self.sum(np.ones(len(self.age))), self.sum(self.amount)
        self.first = np.r_[True, self.code[1:] != self.code[:-1]] if len(code) else np.zeros(0, dtype=bool)
        self.last = np.r_[self.first[1:], True] if len(code) else self.first
        self.recency, self.tenure = self._of(self.last, self.age), self._of(self.first, self.age)
        self.history = self.age.max() if len(code) else 0.0

    def sum(self, values: np.ndarray, where: np.ndarray | None = None) -> np.ndarray:
        if where is not None:
            return np.bincount(self.code[where], values[where], self.size)
        return np.bincount(self.code, values, self.size)

    def _of(self, where: np.ndarray, values: np.ndarray) -> np.ndarray:
        found = np.full(self.size, np.nan)
        found[self.code[where]] = values[where]
        return found

    def _mean(self, values: np.ndarray) -> np.ndarray:
        return self.sum(values) / np.maximum(self.count, 1)

    def windows(self) -> dict[str, np.ndarray]:
        found = {"recency": self.recency, "tenure": self.tenure, "orders": self.count, "spend": self.spend}
        found["orders_per_day"] = self.count / (self.tenure + 30)
        found["spend_per_day"] = self.spend / (self.tenure + 30)
        one = np.ones(len(self.age))
        for days in WINDOWS_DAYS:
            if self.history < 0.6 * days:
                continue
            now, before = self.age <= days, (self.age > days) & (self.age <= 2 * days)
            found[f"orders_in_{days}"], found[f"spend_in_{days}"] = (
                self.sum(one, now),
                self.sum(self.amount, now),
            )
            found[f"orders_change_{days}"] = found[f"orders_in_{days}"] - self.sum(one, before)
            found[f"spend_change_{days}"] = found[f"spend_in_{days}"] - self.sum(self.amount, before)
        return found

    def fading(self) -> dict[str, np.ndarray]:
        found = {}
        for days in HALF_LIVES_DAYS:
            weight = 0.5 ** (self.age / days)
            found[f"orders_fading_{days}"] = self.sum(weight)
            found[f"spend_fading_{days}"] = self.sum(weight * self.amount)
        return found

    def gaps(self, horizon_days: int) -> dict[str, np.ndarray]:
        gap = np.r_[0.0, -np.diff(self.age)] if len(self.age) else self.age
        is_gap = ~self.first
        number = np.bincount(self.code[is_gap], minlength=self.size)
        none = np.where(number > 0, 0.0, np.nan)
        series = pd.Series(gap[is_gap]).groupby(self.code[is_gap])
        at = np.arange(self.size)
        found = {
            f"gap_q{int(q * 100)}": series.quantile(q).reindex(at).to_numpy()
            for q in (0.1, 0.25, 0.5, 0.75, 0.9)
        }
        found["gap_mean"], found["gap_max"] = (
            series.mean().reindex(at).to_numpy(),
            series.max().reindex(at).to_numpy(),
        )
        found["gap_deviation"] = series.std(ddof=0).reindex(at).to_numpy()
        found["gap_last"] = self._of(self.last & is_gap, gap)
        found["gap_trend"] = found["gap_last"] / found["gap_mean"]
        for name in ("mean", "max", "last", "q50", "q90"):
            found[f"late_{name}"] = self.recency / (found[f"gap_{name}"] + 1)
        found["late_deviations"] = (self.recency - found["gap_mean"]) / (found["gap_deviation"] + 3)
        silent = self.recency[self.code]
        longer = self.sum((gap > silent).astype(float), is_gap)
        soon = self.sum(((gap > silent) & (gap <= silent + horizon_days)).astype(float), is_gap)
        found["share_of_gaps_longer"] = (longer + 0.5) / (np.maximum(number, 1) + 1) + none
        found["share_of_gaps_ending"] = soon / np.maximum(longer, 0.5)
        return found

    def sizes(self) -> dict[str, np.ndarray]:
        mean = self._mean(self.amount)
        last, first = self._of(self.last, self.amount), self._of(self.first, self.amount)
        deviation = np.sqrt(np.maximum(self._mean(self.amount**2) - mean**2, 0))
        largest = pd.Series(self.amount).groupby(self.code).max().reindex(np.arange(self.size)).to_numpy()
        # Slope of the amounts over time, in means of the customer's own orders a year.
        centred = self.age - self._mean(self.age)[self.code]
        square = self.sum(centred**2)
        slope = -self.sum(centred * self.amount) / np.where(square > 0, square, np.nan)
        return {
            "order_mean": mean,
            "order_last": last,
            "order_first": first,
            "order_max": largest,
            "order_deviation": deviation,
            "order_last_to_mean": last / mean,
            "trend_of_order": np.clip(365 * slope / mean, -10, 10),
        }

    def breadth(self) -> dict[str, np.ndarray]:
        found = {"lines_mean": self._mean(self.known["lines"].to_numpy(dtype=float))}
        if "products" in self.known:
            new = self.known["new"].to_numpy(dtype=float)
            found["products_mean"] = self._mean(self.known["products"].to_numpy(dtype=float))
            found["products_seen"] = self.sum(new)
            for days in (30, 90, 180):
                found[f"new_products_in_{days}"] = self.sum(new, self.age <= days)
            found["new_products_share"] = found["products_seen"] / (found["products_mean"] * self.count)
        if "pieces" in self.known:
            found["pieces_mean"] = self._mean(self.known["pieces"].fillna(0).to_numpy(dtype=float))
        return found

    def times(self) -> dict[str, np.ndarray]:
        weekday = self.known["day"].dt.day_of_week.to_numpy()
        found = {f"weekday_{k}": self._mean((weekday == k).astype(float)) for k in range(7)}
        hour = self.known["hour"].to_numpy(dtype=float)
        return found | ({"hour_mean": self._mean(hour)} if hour.any() else {})

    def year_ago(self, horizon_days: int) -> dict[str, np.ndarray]:
        if self.history < 365:
            return {}
        then = (self.age <= 365) & (self.age > 365 - horizon_days)
        return {
            "year_ago_orders": self.sum(np.ones(len(self.age)), then),
            "year_ago_spend": self.sum(self.amount, then),
        }
