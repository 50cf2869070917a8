"""What single customers of a run are read from and compared with: worked out once, and kept by whoever asks again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from churnkit.explain.catalogue import feature
from churnkit.explain.contributions import Contributions
from churnkit.explain.facts import compared, typical_figures
from churnkit.explain.ranking import Shop, describe_shop
from churnkit.results.customer import Customer
from churnkit.results.folders import Results
from churnkit.services.decide.customer_themes import Theme, themes_among
from churnkit.services.decide.top_factors import MOST

if TYPE_CHECKING:
    from collections.abc import Mapping

# A table that would take more stays on disk: its rows are then looked up there, some ten times slower.
KEPT_BYTES = 96_000_000
_BYTES_OF_A_CELL = 8

Made = TypeVar("Made")


@dataclass(frozen=True)
class RiskFactor:
    """A feature that raises a customer's risk; ``impact`` in log-odds against the shop's mean customer."""

    factor: str
    feature: str
    impact: float


class Background:
    """A run in memory as far as questions about single customers go; threads may share it.

    Parameters
    ----------
    results
        The run, under the assumptions about money that hold.
    kept_bytes
        The most that one of its tables may take.
    """

    def __init__(self, results: Results, kept_bytes: int = KEPT_BYTES) -> None:
        self.results = results
        self._kept_bytes = kept_bytes
        self._made: dict[str, object] = {}
        self._lock = threading.RLock()
        self._row_of = lru_cache(maxsize=256)(results.scored_row)
        self._parts_of = lru_cache(maxsize=256)(results.contributions)

    @property
    def places(self) -> Mapping[str, int]:
        """Position of each customer among ``results.customers``."""
        return self._once(
            "places",
            lambda: {
                str(name): place for place, name in enumerate(self.results.customers["customer_id"].tolist())
            },
        )

    def customer(self, customer_id: str) -> Customer | None:
        """Everything that is known of one customer, None for an unknown one."""
        place = self.places.get(customer_id)
        if place is None:
            return None
        customers = self.results.customers
        return Customer.of_row({str(name): customers[name].iat[place] for name in customers.columns})

    def row(self, customer_id: str) -> pd.DataFrame:
        """The panel row at the scoring cutoff; empty for an unknown customer."""
        scored = self._once("scored", lambda: self._table("scored.parquet"))
        if scored is None:
            return self._row_of(customer_id)
        place = self._once("scored places", lambda: _places(scored)).get(customer_id)
        return scored.iloc[[place] if place is not None else []].reset_index(drop=True)

    def rows(self, customer_ids: Sequence[str]) -> pd.DataFrame:
        """The panel rows of some customers in the order of their ids, without the unknown."""
        scored = self._once("scored", lambda: self._table("scored.parquet"))
        if scored is None:
            found = self.results.scored_rows(customer_ids).set_index("customer_id", drop=False)
            return found.loc[[one for one in customer_ids if one in found.index]].reset_index(drop=True)
        places = self._once("scored places", lambda: _places(scored))
        return scored.iloc[[places[one] for one in customer_ids if one in places]].reset_index(drop=True)

    def parts(self, customer_id: str) -> pd.Series:
        """Log-odds by feature; empty for an unknown customer."""
        table = self._once("contributions", lambda: self._table("contributions.parquet"))
        if table is None:
            return self._parts_of(customer_id)
        place = self._once("contribution places", lambda: _places(table)).get(customer_id)
        return pd.Series(dtype=float) if place is None else table.drop(columns="customer_id").iloc[place]

    @property
    def shop(self) -> Shop:
        """What reasons compare a customer with."""
        return self._once("shop", self._shop)

    @property
    def typical(self) -> Mapping[str, float]:
        """Medians of the customers whom everybody is compared with, by figure."""

        def medians() -> Mapping[str, float]:
            rows = self.results.scored()
            return typical_figures(rows[compared(rows, self.results.horizon_days)])

        return self._once("typical", medians)

    def themes(self, customer_id: str) -> tuple[Theme, ...]:
        """As ``customer_themes.themes_of``."""
        parts = self.parts(customer_id)
        return themes_among(parts, self.row(customer_id), self.typical, self.results.currency)

    def risk_factors(self, customer_id: str) -> tuple[RiskFactor, ...]:
        """Up to ``top_factors.MOST`` features that raise the risk most, the strongest first."""
        parts = self.parts(customer_id)
        if parts.empty:
            return ()
        means = self._once("means", self._mean_parts)
        above = parts.astype(float) - means.loc[parts.index]
        first = above.sort_values(ascending=False, kind="stable").head(MOST)
        return tuple(
            RiskFactor(feature(str(name)).label, str(name), round(float(push), 4))
            for name, push in first.items()
            if push > 0
        )

    def _mean_parts(self) -> pd.Series:
        return self.results.all_contributions().drop(columns="customer_id").astype(float).mean()

    def _shop(self) -> Shop:
        stored = self.results.all_contributions().drop(columns="customer_id")
        # The comparison needs what the features push, not what they are.
        parts = Contributions(
            stored.astype("float64"), self.results.evidence.base, pd.DataFrame(index=stored.index)
        )
        return describe_shop(self.results.scored(), parts, self.results.horizon_days)

    def _table(self, name: str) -> pd.DataFrame | None:
        with self.results.reading(name) as path:
            about = pq.read_metadata(path)
            if about.num_rows * about.num_columns * _BYTES_OF_A_CELL > self._kept_bytes:
                return None
            frame: pd.DataFrame = pq.read_table(path).to_pandas()
            return frame

    def _once(self, name: str, make: Callable[[], Made]) -> Made:
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            made: Made = self._made[name]  # type: ignore[assignment]
            return made


def _places(table: pd.DataFrame) -> Mapping[str, int]:
    return dict(zip(table["customer_id"].astype(str).tolist(), np.arange(len(table)).tolist(), strict=True))
