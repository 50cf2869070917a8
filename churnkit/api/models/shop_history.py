"""A shop's history, as the API tells of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from churnkit.results.shop import OrdersOfKind
from churnkit.services.history.addition_words import addition_title, addition_words
from churnkit.store import Addition

ADDITION_EXAMPLE: JsonDict = {
    "addition_id": "0b7f6c1e8f9d4c3fae40cf2a6c6c2a11",
    "history_version": 2,
    "kind": "period",
    "title": "Version 2: Export, orders from 1 Mar 2026 to 31 Mar 2026",
    "sentences": ["New: 214 orders of 12,044.10."],
    "upload_id": "3f2a9c64f3ad4b0c9b7c84c6a8f4c3de",
    "covers_from": "2026-03-01T08:02:00",
    "covers_to": "2026-03-31T19:40:00",
    "new": {"orders": 214, "lines": 390, "amount": 12044.1},
    "changed": {"orders": 0, "lines": 0, "amount": 0.0},
    "unchanged": {"orders": 0, "lines": 0, "amount": 0.0},
    "cancelled": {"orders": 0, "lines": 0, "amount": 0.0},
    "missing": {"orders": 0, "lines": 0, "amount": 0.0},
    "missing_taken_out": False,
    "added_at": "2026-04-01T08:14:02Z",
}


class AddingBody(BaseModel):
    """A file that was uploaded before, and what is special about it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"upload_id": "3f2a9c64f3ad4b0c9b7c84c6a8f4c3de"}]}
    )

    upload_id: str = Field(max_length=64)
    missing: Literal["keep", "take_out"] | None = Field(
        None, description="Known orders of its time that it lacks; as the shop has settled unless given."
    )
    corrects: bool = Field(False, description="It is right wherever it differs from files that know longer.")
    insist: bool = Field(False, description="It is of this shop, whatever speaks against that.")
    then: Literal["refresh", "retrain", "nothing"] | None = Field(
        None, description="What follows if it changes the history; as the shop has settled unless given."
    )


class OrdersAnswer(BaseModel):
    """Some orders, their lines and their money, returns taken off."""

    orders: int
    lines: int
    amount: float

    @classmethod
    def of(cls, kind: OrdersOfKind) -> OrdersAnswer:
        """The answer about some orders of an addition."""
        return cls(orders=kind.orders, lines=kind.lines, amount=kind.amount)


class AdditionAnswer(BaseModel):
    """A file that joined a shop's history, and what it changed."""

    model_config = ConfigDict(json_schema_extra={"examples": [ADDITION_EXAMPLE]})

    addition_id: str
    history_version: int
    kind: Literal["first", "period", "changes", "taken_back", "erased"]
    title: str
    sentences: list[str]
    upload_id: str | None
    covers_from: datetime | None = Field(description="In the shop's own time.")
    covers_to: datetime | None
    new: OrdersAnswer
    changed: OrdersAnswer
    unchanged: OrdersAnswer
    cancelled: OrdersAnswer
    missing: OrdersAnswer
    missing_taken_out: bool
    added_at: datetime

    @classmethod
    def of(cls, addition: Addition, currency: str | None) -> AdditionAnswer:
        """The answer about an addition of the store."""
        figures = addition.addition_figures
        return cls(
            addition_id=addition.addition_id,
            history_version=addition.history_version,
            kind=addition.kind,
            title=addition_title(addition),
            sentences=list(addition_words(addition, currency)),
            upload_id=addition.upload_id,
            covers_from=addition.covers_from,
            covers_to=addition.covers_to,
            new=OrdersAnswer.of(figures.new),
            changed=OrdersAnswer.of(figures.changed),
            unchanged=OrdersAnswer.of(figures.unchanged),
            cancelled=OrdersAnswer.of(figures.cancelled),
            missing=OrdersAnswer.of(figures.missing),
            missing_taken_out=figures.missing_taken_out,
            added_at=addition.added_at,
        )
