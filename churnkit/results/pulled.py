"""What a pull of a source brought, as its worker leaves it for the server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from churnkit.results.codec import Step

PULLED = "pulled.json"


@dataclass(frozen=True, kw_only=True)
class PulledFile:
    """One file of orders.

    Attributes
    ----------
    name
        In the job's folder of results.
    label
        What it is called where somebody sees it.
    sha256
        Of its bytes, in hexadecimal digits.
    knows_until
        Up to when it knows, in the shop's own time without a zone; None where its orders say so themselves.
    """

    name: str
    label: str
    sha256: str
    size_bytes: int
    knows_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """What a pull brought.

    Attributes
    ----------
    cursor
        Where the next pull goes on, as JSON.
    words
        What came, in a sentence.
    notes
        What else somebody should know, in plain sentences.
    """

    title: ClassVar[str] = "what a source brought"
    steps: ClassVar[tuple[Step, ...]] = ()

    files: tuple[PulledFile, ...] = ()
    cursor: str = "{}"
    words: str = ""
    notes: tuple[str, ...] = ()
