"""What the profile says of the file itself: rows, checks, the score, missing and repeated values, ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from churnkit.results.codec import keyed

CheckOutcome = Literal["pass", "warn", "fail", "not_applicable", "skipped"]
RungName = Literal["rules", "btyd", "models"]


@dataclass(frozen=True, kw_only=True)
class RowCounts:
    """Rows of the file, kept by ingest, dropped by it, at or after the cutoff, and used."""

    in_: int = field(metadata=keyed("in"))
    kept: int
    dropped: int
    after_cutoff: int
    used: int


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """One reason of ingest's ledger; ``share`` is of the rows in, ``examples`` empty where there are none."""

    reason: str
    action: str
    rows: int
    share: float
    explanation: str
    examples: str


@dataclass(frozen=True, kw_only=True)
class Rung:
    """How far up the ladder the data reach.

    Attributes
    ----------
    name
        ``rules``, ``btyd`` or ``models``.
    missing
        One sentence for each gate that blocks the next rung; empty on the top one.
    words
        What runs, and what is missing for more.
    """

    name: RungName
    missing: tuple[str, ...]
    words: str


@dataclass(frozen=True, kw_only=True)
class Deduction:
    """What one finding costs: ``points`` is a multiple of 0.25, ``figure`` the number behind it."""

    code: str
    points: float
    why: str
    figure: int | float | None
    remedy: str


@dataclass(frozen=True, kw_only=True)
class QualityScore:
    """Score from 0 to ``out_of``, a multiple of 0.25; the points of ``deductions`` add up to exactly what it lacks."""

    value: float
    out_of: float
    verdict: str
    words: str
    deductions: tuple[Deduction, ...]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One finding about the data.

    Attributes
    ----------
    code
        Stable name such as ``DQ-101``; the hundreds are the group.
    figure, unit
        The number that decided, or ``None`` where there is none, and what it counts. Shares lie in 0..1.
    words
        The finding in one or two sentences.
    remedy
        What to do about it; empty where nothing needs doing.
    points
        What it costs in the quality score, a multiple of 0.25.
    """

    code: str
    title: str
    group: str
    outcome: CheckOutcome
    figure: int | float | None
    unit: str
    words: str
    remedy: str
    points: float

    @property
    def cost_words(self) -> str:
        """What stands beside the points that it costs."""
        return f"{self.title}: {self.words}"


@dataclass(frozen=True, kw_only=True)
class MissingValues:
    """Rows without a value in one column, and their share; ``flagged``: more than a fifth.

    For a ``critical`` column, one that every row needs, the rows dropped for lack of it are counted too.
    """

    column: str
    critical: bool
    missing: int
    share: float
    flagged: bool


@dataclass(frozen=True, kw_only=True)
class Duplicates:
    """Rows and orders that repeat another one.

    Attributes
    ----------
    exact_dropped, exact_kept
        Rows equal to an earlier one in every cell: left out by ingest, and still in the table.
    near, near_share
        Orders (``near_unit``; rows where order ids were made up) of the same customer, day and amount as another one,
        and their share.
    """

    exact_dropped: int
    exact_kept: int
    near: int
    near_unit: Literal["orders", "rows"]
    near_share: float


@dataclass(frozen=True, kw_only=True)
class IdKind:
    """Customers whose ids are of one kind, such as digits, and their share."""

    kind: str
    customers: int
    example: str
    share: float


@dataclass(frozen=True, kw_only=True)
class CurrencyUse:
    """Rows and gross revenue in one currency."""

    currency: str
    rows: int
    gross: float


@dataclass(frozen=True, kw_only=True)
class IdentityFacts:
    """Whether ids and currencies mean one thing each.

    Attributes
    ----------
    customer_id_kinds
        Most frequent first.
    respelled_customers
        Ids that another differs from by case, blanks or leading zeros only.
    shared_order_ids, long_order_ids
        Of the ``order_ids``: those of several customers, and those of one that go over more than a week.
    currencies
        Most used first; None where the export has no such column.
    """

    customer_id_kinds: tuple[IdKind, ...]
    respelled_customers: int
    order_ids: int
    shared_order_ids: int
    long_order_ids: int
    currencies: tuple[CurrencyUse, ...] | None
