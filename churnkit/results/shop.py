"""What a shop has settled on, and what a file changed in its history, as the store keeps both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from churnkit.results.codec import Step

MissingOrders = Literal["ask", "keep", "take_out"]
AfterAdding = Literal["refresh", "retrain", "nothing"]
Retraining = Literal["propose", "start", "never"]
ROLLOUTS = (0, 10, 50, 100)
"""Percent of the customers whom another model may score in exported scores, step by step."""


@dataclass(frozen=True, kw_only=True)
class ShopSettings:
    """What a shop has settled on; margin, channels and threshold are the analysis' own settings.

    Attributes
    ----------
    time_zone
        IANA name of the zone that schedules and dates are told in.
    currency
        ISO code, None for whatever the first file says.
    missing_orders
        What becomes of orders that a newer file of their time does not hold.
    after_adding
        What follows when a file has changed the history.
    retention_months
        Orders older than this leave the history, and uploads, at the next addition or run; None keeps them.
    quiet_days
        Whoever was spoken to so few days ago, by the work list, is proposed nowhere.
    retraining
        What follows where there are reasons to train again: somebody is told; a model is trained and takes over by
        itself if it is better; nothing.
    challenger_run
        The run whose model is compared with the one on screen, and scores what is new beside it; None without any.
    rollout_percent
        Share of the customers, in percent, whose scores in exported scores are the challenger's; one of ``ROLLOUTS``.
    """

    title: ClassVar[str] = "a shop's settings"
    steps: ClassVar[tuple[Step, ...]] = ()

    time_zone: str = "UTC"
    currency: str | None = None
    missing_orders: MissingOrders = "ask"
    after_adding: AfterAdding = "refresh"
    retention_months: int | None = None
    quiet_days: int = 30
    retraining: Retraining = "propose"
    challenger_run: str | None = None
    rollout_percent: int = 0


@dataclass(frozen=True, kw_only=True)
class OrdersOfKind:
    """Some orders of an addition, their lines, and what they come to in the shop's currency, returns taken off."""

    orders: int = 0
    lines: int = 0
    amount: float = 0.0


@dataclass(frozen=True, kw_only=True)
class AdditionFigures:
    """What a file changed in a shop's history.

    Attributes
    ----------
    rows_in, rows_kept
        Of the file, as its ledger counts them.
    new, changed, unchanged
        Orders of the file that were not known, known otherwise, and known as they are; ``changed`` as they are now.
    changed_before
        What the changed orders came to before.
    cancelled
        Known orders that the file holds as cancelled, refunded in full or not counting: they left the history.
    missing
        Known orders of the file's own time that it does not hold, and whether they left the history.
    older
        Orders that the file tells otherwise than a later file: they stayed as the later one tells them.
    notes
        What else somebody should know, in plain sentences.
    """

    title: ClassVar[str] = "the account of an addition"
    steps: ClassVar[tuple[Step, ...]] = ()

    rows_in: int = 0
    rows_kept: int = 0
    new: OrdersOfKind = field(default_factory=OrdersOfKind)
    changed: OrdersOfKind = field(default_factory=OrdersOfKind)
    changed_before: OrdersOfKind = field(default_factory=OrdersOfKind)
    unchanged: OrdersOfKind = field(default_factory=OrdersOfKind)
    cancelled: OrdersOfKind = field(default_factory=OrdersOfKind)
    missing: OrdersOfKind = field(default_factory=OrdersOfKind)
    missing_taken_out: bool = False
    older: OrdersOfKind = field(default_factory=OrdersOfKind)
    notes: tuple[str, ...] = ()

    @property
    def changes_anything(self) -> bool:
        """Whether the history is another one afterwards."""
        left = self.cancelled.orders + (self.missing.orders if self.missing_taken_out else 0)
        return bool(self.new.orders + self.changed.orders + left)
