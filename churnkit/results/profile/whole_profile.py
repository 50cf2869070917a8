"""``profile.json``: how good a shop's data are, and what they say before any model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from churnkit.results.codec import JsonObject, Step
from churnkit.results.found import Found, Missing
from churnkit.results.profile.buying import (
    CustomerStatistics,
    LargeOrder,
    OrderStatistics,
    Outliers,
    ProductStatistics,
)
from churnkit.results.profile.churn_days import ClassBalance, Threshold
from churnkit.results.profile.data_findings import (
    Check,
    Duplicates,
    IdentityFacts,
    LedgerLine,
    MissingValues,
    QualityScore,
    RowCounts,
    Rung,
)
from churnkit.results.profile.over_time import TimeStatistics


@dataclass(frozen=True, kw_only=True)
class ProfileScope:
    """What was profiled: rows before the cutoff; ``currency`` is None if unknown or mixed."""

    cutoff: datetime
    first_order: date
    last_order: date
    history_days: int
    currency: str | None
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What a figure's name means."""

    term: str
    meaning: str


def _second(content: JsonObject) -> JsonObject:
    """The first version had its number under another name, and nothing in place of outliers among few orders."""
    skipped = next((check["words"] for check in content["checks"] if check["code"] == "DQ-401"), "")
    outliers = content["outliers"] or {"missing": skipped or "There are too few orders."}
    return {k: v for k, v in content.items() if k != "schema_version"} | {"outliers": outliers}


def _third(content: JsonObject) -> JsonObject:
    """The threshold was where the return curve bends; who comes back after it was not asked."""
    threshold = {name: value for name, value in content["threshold"].items() if name != "elbow_days"}
    threshold |= {
        "method": "found" if threshold["method"] == "elbow" else threshold["method"],
        "curve": [{**point, "late_return_share": None} for point in threshold["curve"]],
        **dict.fromkeys(("returned_after_share", "max_return_share", "separates", "pauses")),
    }
    return {**content, "threshold": threshold}


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One summary that page, report and API all render.

    Money is in the currency of the data; shares lie in 0..1; floats have 12 significant digits.

    Attributes
    ----------
    checks
        Ordered by code.
    outliers
        Missing with fewer than 50 orders.
    products
        None where the export names neither products nor categories.
    definitions
        Of every figure whose name does not explain it.
    """

    title: ClassVar[str] = "the profile"
    steps: ClassVar[tuple[Step, ...]] = (_second, _third)
    scope: ProfileScope
    rows: RowCounts
    ledger: tuple[LedgerLine, ...]
    rung: Rung
    score: QualityScore
    checks: tuple[Check, ...]
    missing: tuple[MissingValues, ...]
    duplicates: Duplicates
    outliers: Found[Outliers] | Missing
    identity: IdentityFacts
    customers: CustomerStatistics
    orders: OrderStatistics
    time: TimeStatistics
    products: ProductStatistics | None
    threshold: Threshold
    class_balance: ClassBalance
    definitions: tuple[Definition, ...]

    @property
    def largest_orders(self) -> tuple[LargeOrder, ...]:
        """Largest first; none where there are too few orders to call one large."""
        return self.outliers.value.largest_orders if isinstance(self.outliers, Found) else ()
