"""What a destination takes, and how it answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from churnkit.errors import ChurnkitError

Values = dict[str, str | float | None]

# Name, what it holds, and whether it is text, a number or a day.
PROPERTIES = (
    ("churnkit_score", "Probability to leave", "number"),
    ("churnkit_tier", "Risk tier", "text"),
    ("churnkit_status", "Active or lapsed", "text"),
    ("churnkit_next_order", "Expected next order", "day"),
)
NOTHING: Values = {name: None for name, _, _ in PROPERTIES}


class PushFailed(ChurnkitError):
    """A destination took nothing more for now.

    Parameters
    ----------
    wait_seconds
        How long it asked to be left alone.
    is_final
        Whether trying again would not help.
    """

    code = "destination"

    def __init__(
        self, message: str, remedy: str = "", *, wait_seconds: int = 0, is_final: bool = False
    ) -> None:
        super().__init__(message, remedy)
        self.wait_seconds = wait_seconds
        self.is_final = is_final


@dataclass(frozen=True)
class PushRow:
    """A customer's values.

    Attributes
    ----------
    known_as
        What the other tool knows them by: an e-mail address or the shop's id.
    properties
        By property; None takes the value away.
    """

    customer_id: str
    known_as: str
    properties: Values

    @property
    def mark(self) -> str:
        """Of what is sent: another text for other values."""
        said = json.dumps([self.known_as, self.properties], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class PushReport:
    """What became of some rows: the ids of those that arrived, and of those that did not by reason."""

    sent: list[str]
    refused: dict[str, list[str]] = field(default_factory=dict)


class Place(Protocol):
    """A tool or place that takes rows.

    Attributes
    ----------
    most_rows
        How many it takes at once.
    is_whole
        Whether it takes everything each time, as files do, rather than what has changed.
    """

    most_rows: int
    is_whole: bool

    def prepare(self) -> None:
        """See that it takes what will be sent.

        Raises
        ------
        PushFailed
            It does not.
        """
        ...

    def push(self, rows: Sequence[PushRow]) -> PushReport:
        """Send rows; the same ones again change nothing.

        Raises
        ------
        PushFailed
            None, or not all, of them arrived, for a reason that is not theirs.
        """
        ...
