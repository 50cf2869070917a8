"""A run's own customers asked about with one of its models: as they are, or with some figures at other values."""

# ruff: noqa: PD011 - ``values`` is a frame of contributions, not pandas' attribute

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from churnkit.errors import DataError
from churnkit.explain.catalogue import feature
from churnkit.explain.contributions import Contributions, contributions
from churnkit.explain.effects import asking, sample_positions
from churnkit.explain.process_parts import with_process
from churnkit.explain.ranking import Shop, centred, describe_shop
from churnkit.explain.reasons import reasons
from churnkit.features.purchase_process import fit_process
from churnkit.segments.standing import is_active, risk_tier, status
from churnkit.services.decide.run_background import Background, RiskFactor
from churnkit.services.decide.top_factors import MOST
from churnkit.tournament.baselines import PURCHASE_PROCESS
from churnkit.tournament.model import ChurnModel

if TYPE_CHECKING:
    from churnkit.btyd import MbgNbd
    from churnkit.explain.effects import Ask

CHUNK_ROWS = 2_000
"""Customers that are described and scored at once."""
DESCRIBED_BY = 500
"""Customers who stand for the shop where a model has not explained all of them."""
_SEED = 42


@dataclass(frozen=True)
class Changed:
    """What a model says of a customer with some figures at other values.

    Attributes
    ----------
    before, after
        Probabilities of churn as the customer is, and with the other values.
    status, tier
        With the other values; the tier is None for the lapsed and where nothing is proven.
    unread
        Changed figures that the model does not look at: they change nothing.
    row
        The panel row with the other values, shape (1, columns).
    """

    before: float
    after: float
    status: str
    tier: str | None
    unread: tuple[str, ...]
    row: pd.DataFrame


@dataclass(frozen=True)
class Explained:
    """Why: reasons in words, and the features that raise the risk most."""

    reasons: tuple[str, ...]
    factors: tuple[RiskFactor, ...]


class KnownCustomers:
    """One of a run's models beside its customers; threads may share it.

    Only what is changed changes: features that follow from it elsewhere in the panel (a rank, say) stand as they are.
    The purchase process as a champion is asked anew with the changed days and orders.

    Parameters
    ----------
    compared
        Whether ``model`` is the run's champion, which has explained all customers.
    """

    def __init__(self, background: Background, model: ChurnModel, *, compared: bool = True) -> None:
        self.background = background
        self.model = model
        self._compared = compared
        self._lock = threading.Lock()

    def p_churn(self, customer_ids: Sequence[str]) -> Mapping[str, float]:
        """Probability of churn by customer as they are, without the unknown; in chunks, so that any number fits."""
        found: dict[str, float] = {}
        for start in range(0, len(customer_ids), CHUNK_ROWS):
            rows = self.background.rows(customer_ids[start : start + CHUNK_ROWS])
            if len(rows):
                found |= zip(rows["customer_id"].tolist(), self._asked[0](rows).tolist(), strict=True)
        return found

    def changed(self, customer_id: str, changes: Mapping[str, float]) -> Changed:
        """One customer with some figures at other values.

        Raises
        ------
        DataError
            The customer is unknown, or a change names no figure of the analysis or is no number.
        """
        row = self.background.row(customer_id)
        if row.empty:
            raise DataError(
                "Asking about a customer: the analysis knows nobody with that id.", "Choose one of the list."
            )
        for name, value in changes.items():
            if name not in row.columns or feature(name).kind == "category" or not math.isfinite(value):
                raise DataError(
                    f"Asking about a customer with {name} at {value!r}: it must be a number, and a figure of the analysis"
                    f" that is one ({len(row.columns)} columns, e.g. recency_days).",
                    "See the data dictionary for their names.",
                )
        ask, names = self._asked
        both = row.iloc[[0, 0]].reset_index(drop=True)
        for name, value in changes.items():
            both[name] = [float(row[name].iloc[0]), float(value)]
        before, after = ask(both).tolist()
        results = self.background.results
        active = is_active(both["recency_days"].to_numpy()[1:], results.horizon_days)
        tiers, proven = results.summary.settings.analysis.tiers, self._proven
        tier = risk_tier(np.array([after]), active, tiers, proven=proven)[0]
        said = status(both["recency_days"].to_numpy()[1:], results.horizon_days)[0]
        unread = tuple(sorted(set(changes) - set(names)))
        return Changed(before, after, said, tier, unread, both.iloc[[1]].reset_index(drop=True))

    def explained(self, row: pd.DataFrame) -> Explained:
        """Why the model says what it says of a panel row, shape (1, columns)."""
        completed = self._completed(row)
        parts = contributions(self.model, completed)
        told = reasons(
            self.model, completed, parts, shop=self.shop, currency=self.background.results.currency
        )
        texts = tuple(str(text) for text in told.iloc[0] if isinstance(text, str))
        return Explained(texts, self._factors(parts))

    def _factors(self, parts: Contributions) -> tuple[RiskFactor, ...]:
        pushes = centred(parts, self.shop)[0]
        names = list(parts.values.columns)
        first = np.argsort(-pushes, kind="stable")[:MOST]
        return tuple(
            RiskFactor(feature(names[k]).label, names[k], round(float(pushes[k]), 4))
            for k in first
            if pushes[k] > 0
        )

    @property
    def shop(self) -> Shop:
        """What reasons compare a customer with: for the run's champion the shop as the run described it, for another
        model some of its customers, explained by that model."""
        if self._compared:
            return self.background.shop
        with self._lock:
            return self._shop_once

    @cached_property
    def _shop_once(self) -> Shop:
        rows = self.background.results.scored()
        some = rows.iloc[sample_positions(len(rows), DESCRIBED_BY, _SEED)].reset_index(drop=True)
        return describe_shop(some, contributions(self.model, some), self.model.horizon_days)

    @cached_property
    def _proven(self) -> bool:
        return bool(self.background.results.customers["risk_tier"].notna().any())

    @property
    def _asked(self) -> tuple[Ask, list[str]]:
        with self._lock:
            return self._asked_once

    @cached_property
    def _asked_once(self) -> tuple[Ask, list[str]]:
        # Only a simple rule may have to be fitted on the customers once more.
        rows = self.background.results.scored() if self.model.baseline is not None else pd.DataFrame()
        return asking(self.model, rows)

    def _completed(self, row: pd.DataFrame) -> pd.DataFrame:
        process = self._process
        return row if process is None else with_process(row, process, self.model.horizon_days)

    @property
    def _process(self) -> MbgNbd | None:
        """The shop's purchase process where it is the champion itself: what follows from other days and orders."""
        with self._lock:
            return self._process_once

    @cached_property
    def _process_once(self) -> MbgNbd | None:
        baseline = self.model.baseline
        if baseline is None or baseline.name != PURCHASE_PROCESS:
            return None
        return fit_process(self.background.results.scored())
