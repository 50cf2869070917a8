"""Customers of whom only some orders are known, described and scored as if they stood among a shop's own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.btyd import GammaGamma, MbgNbd
from churnkit.clv import ValueModel, YearModel
from churnkit.errors import DataError
from churnkit.explain.contributions import contributions
from churnkit.explain.ranking import Shop
from churnkit.explain.reasons import reasons
from churnkit.features.indicators import as_of_the_shop
from churnkit.features.one_more_order import ranks_among
from churnkit.features.panel import panel
from churnkit.features.purchase_process import describe_with, fit_order_value, fit_process
from churnkit.results.found import Found
from churnkit.segments.standing import is_active, risk_tier, status
from churnkit.services.decide.run_background import Background
from churnkit.services.whatif.stored_model import stored_value_model
from churnkit.text.figures import count, day, instant
from churnkit.tournament.model import ChurnModel

COLUMNS = (
    "customer_id",
    "p_churn",
    "status",
    "risk_tier",
    "expected_spend",
    "clv",
    "factor_1",
    "factor_2",
    "factor_3",
)
# No id of a file holds this character at its start: canonical ids are trimmed text.
_STRANGER = "\u241f"
# What cannot be known of customers whose orders lack the column.
_NEEDS = {
    "product_id": (
        "product_count",
        "products_per_order",
        "repeat_lines",
        "repeat_product_share",
        "product_lines",
        "new_products_last_order",
    ),
    "category": ("category_count", "favourite_category", "favourite_share"),
    "quantity": ("quantity_total", "quantity_per_order"),
    "discount": ("discount_total", "discount_share", "discount_order_share"),
}
_NEEDS_TIME = ("hour_mean", "evening_share")


@dataclass(frozen=True)
class _Learned:
    """What a run learned of its own customers, by which strangers are described and valued."""

    shop: pd.DataFrame
    process: MbgNbd | None
    order_value: GammaGamma | None
    spend: ValueModel


class Strangers:
    """Describes and scores them by a stored model; what it needs of the shop is worked out once. Threads may share it.

    The same features are computed at the run's own cutoff. Parameters of the purchase process, ranks and typical figures
    are the shop's. Whatever the orders do not tell, or only the shop's own customers have, counts as unknown.

    Parameters
    ----------
    shop
        Describes what reasons compare them with, by that model; as the run's champion did, unless given.
    """

    def __init__(
        self, background: Background, model: ChurnModel, shop: Callable[[], Shop] | None = None
    ) -> None:
        self._results = background.results
        self.model = model
        self._shop = shop or (lambda: background.shop)
        self._lock = threading.Lock()

    def scored(self, lines: ir.Table, *, has_time: bool) -> pd.DataFrame:
        """Columns ``COLUMNS``, a row for each customer with a purchase, by id; money as in the run.

        Parameters
        ----------
        lines
            Canonical transactions, all before the cutoff of the run; optional columns may be left out.
        has_time
            Whether they tell the time of the day.

        Raises
        ------
        DataError
            Orders lie at or after the cutoff, or nobody has a purchase.
        """
        rows = self._rows(lines, has_time=has_time)
        results, learned = self._results, self._learned
        p = self.model.p_churn(rows)
        recency_days = rows["recency_days"].to_numpy()
        active = is_active(recency_days, results.horizon_days)
        proven = bool(results.customers["risk_tier"].notna().any())
        settings = results.summary.settings.analysis
        table = pd.DataFrame(
            {
                "customer_id": rows["customer_id"].str.removeprefix(_STRANGER),
                "status": status(recency_days, results.horizon_days),
                "p_churn": p.round(6),
                "risk_tier": pd.array(risk_tier(p, active, settings.tiers, proven=proven), dtype="str"),
                "expected_spend": learned.spend.expected_spend(rows, p).round(2),
                "clv": self._clv(rows, p).round(2),
            }
        )
        parts = contributions(self.model, rows)
        told = reasons(self.model, rows, parts, shop=self._shop(), currency=results.currency)
        return table.join(told)[list(COLUMNS)]

    @property
    def _learned(self) -> _Learned:
        with self._lock:
            return self._learned_once

    @cached_property
    def _learned_once(self) -> _Learned:
        shop = self._results.scored()
        return _Learned(shop, fit_process(shop), fit_order_value(shop), stored_value_model(self._results))

    def _clv(self, rows: pd.DataFrame, p: np.ndarray) -> np.ndarray:
        summary = self._results.summary
        year = summary.value.year
        # A run from before the year was learned has no parameters of it.
        if not isinstance(year, Found):
            return np.full(len(rows), np.nan)
        if_buying = self._learned.spend.spend_if_buying(rows)
        return YearModel(year.value).values(rows, p, if_buying, summary.settings.money).clv

    def _rows(self, lines: ir.Table, *, has_time: bool) -> pd.DataFrame:
        """Panel rows of the customers at the cutoff, with the columns of the shop's own."""
        results, learned = self._results, self._learned
        cutoff, knows_time = datetime.fromisoformat(results.cutoff), results.facts.has_time
        _require_past(lines, cutoff)
        own = lines.get_backend().read_parquet(results.transactions_path, table_name="shop")
        expression = panel(
            _among(own, lines),
            [cutoff],
            results.horizon_days,
            observed_until=cutoff,
            has_time=knows_time,
        )
        described = expression.to_pyarrow().to_pandas()
        rows = described[described["customer_id"].str.startswith(_STRANGER)].sort_values(
            "customer_id", ignore_index=True
        )
        if rows.empty:
            raise DataError(
                "Scoring customers: at least one of them must have a purchase, an order with an amount above 0; none has.",
                "Check which column holds the amount.",
            )
        known = set(lines.columns)
        unknown = [name for column, names in _NEEDS.items() if column not in known for name in names]
        if knows_time and not has_time:
            unknown += _NEEDS_TIME
        rows = ranks_among(
            rows.drop(columns=[name for name in unknown if name in rows.columns]), learned.shop
        )
        process = describe_with(rows, learned.process, learned.order_value, results.horizon_days)
        return as_of_the_shop(rows.join(process).reindex(columns=list(learned.shop.columns)), learned.shop)


def _require_past(strangers: ir.Table, cutoff: datetime) -> None:
    late = strangers.filter(_.ordered_at >= ibis.timestamp(cutoff.isoformat(sep=" ")))
    found = late.aggregate(rows=late.count(), first=late.ordered_at.min(), row=late.source_row.min())
    (summary,) = found.to_pyarrow().to_pylist()
    if summary["rows"]:
        raise DataError(
            f"Scoring customers: all orders must lie before {instant(cutoff)}, the date of the analysis, as if these"
            f" customers stood among the shop's on that day; {count(summary['rows'])} rows do not, the first of"
            f" {day(summary['first'])} (row {count(summary['row'])} is one).",
            "Move their dates, or leave these rows out.",
        )


def _among(own: ir.Table, strangers: ir.Table) -> ir.Table:
    """The strangers' lines with the columns of the shop's, and the shop's first line.

    The panel asks how far back the history goes; the first line alone answers that.
    """
    schema = own.schema()
    named = strangers.mutate(customer_id=ibis.literal(_STRANGER) + strangers.customer_id)
    absent = {name: ibis.null(schema[name]) for name in schema.names if name not in strangers.columns}
    conformed = named.mutate(**absent).select(*schema.names).cast(schema)
    start = own.aggregate(first=_.ordered_at.min())
    first_line = own.inner_join(start, own.ordered_at == start.first).order_by("source_row").limit(1)
    return conformed.union(first_line.select(*schema.names))
