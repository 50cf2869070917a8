"""``account.json``: the files that a shop's history was made of, beside its lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from churnkit.config import ReturnsTreatment
from churnkit.results.codec import Step

ACCOUNT = "account.json"
ADDITION = "addition.json"
"""Beside the account: what the last addition changed, as ``AdditionFigures``."""

LedgerAction = Literal["dropped", "mended"]
TellerKind = Literal["first", "period", "changes"]


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """One reason of a file's ledger, with its examples as text."""

    reason: str
    action: LedgerAction
    rows: int
    explanation: str
    example_rows: str = ""


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """How a file was read, see ``LookFacts``; ``name`` is what its owner calls it.

    ``orders`` and ``amount``, in its currency, are those of the rows kept, returns taken off.
    """

    name: str
    format_words: str
    preset: str | None
    mapping: dict[str, str]
    day_first: bool | None
    currency: str | None
    rows_in: int
    rows_kept: int
    has_time: bool
    has_order_id: bool
    returns: ReturnsTreatment
    orders: int = 0
    amount: float = 0.0
    notes: tuple[str, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Teller:
    """A file that tells of some orders.

    Attributes
    ----------
    version
        The history has it from this version on.
    covers_from, covers_to
        Extent of its orders in the shop's own time; None for a file of changes, which speaks of the orders that it holds
        whenever they were made.
    knows_until
        Up to when it knows, in the same time.
    takes_out_missing
        Whether known orders of its time that it does not hold left the history.
    taken_back_by
        The version that undid it.
    """

    version: int
    kind: TellerKind
    covers_from: datetime | None
    covers_to: datetime | None
    knows_until: datetime
    takes_out_missing: bool
    sha256: str | None
    file: FileFacts
    taken_back_by: int | None = None

    @property
    def rank(self) -> tuple[datetime, int]:
        """Of two files that tell an order differently, the one with the higher rank is right."""
        return self.knows_until, self.version

    def stands_at(self, version: int) -> bool:
        """Whether the history of a version has it."""
        undone = self.taken_back_by is not None and self.taken_back_by <= version
        return self.version <= version and not undone


@dataclass(frozen=True, kw_only=True)
class HistoryAccount:
    """A shop's history up to the version ``newest``, by its files in the order in which they came.

    ``lines_given`` is the highest number that a line had which has left for good; none after it has that number again.
    """

    title: ClassVar[str] = "the account of a shop's history"
    steps: ClassVar[tuple[Step, ...]] = ()

    newest: int
    tellers: tuple[Teller, ...]
    lines_given: int = 0

    def standing(self, version: int | None = None) -> tuple[Teller, ...]:
        """The files that the history of a version, the newest unless given, was made of."""
        wanted = self.newest if version is None else version
        return tuple(one for one in self.tellers if one.stands_at(wanted))

    @property
    def currency(self) -> str | None:
        """What the amounts are in, None where no file said so."""
        return next((one.file.currency for one in self.standing() if one.file.currency), None)
