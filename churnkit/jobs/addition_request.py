"""What is asked of a file that joins a shop's history, and the places that the work needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from churnkit.results.codec import JsonObject
from churnkit.results.shop import AfterAdding

MissingAnswer = Literal["keep", "take_out"]


@dataclass(frozen=True, kw_only=True)
class AdditionAsked:
    """A file to add, or the last one to take back.

    Attributes
    ----------
    upload_id
        The file; None takes the last one back.
    source_id
        Where it came from; None where somebody handed it over.
    kind
        ``period`` is an export of some time, ``changes`` are orders that changed.
    knows_until
        Up to when it knows, in the shop's own time; None is the end of its orders.
    takes_out_missing
        Whether known orders of its time that it does not hold leave the history.
    asks_about_missing
        Such orders are asked about instead.
    corrects
        It is right where it differs from files that know longer.
    insists
        It is of this shop, whatever speaks against that.
    again
        The same bytes are in the history already.
    then
        What follows if it changes the history.
    """

    upload_id: str | None = None
    source_id: str | None = None
    kind: Literal["period", "changes"] = "period"
    knows_until: datetime | None = None
    takes_out_missing: bool = False
    asks_about_missing: bool = False
    corrects: bool = False
    insists: bool = False
    again: bool = False
    then: AfterAdding = "nothing"


@dataclass(frozen=True)
class AdditionPlaces:
    """Where an addition's worker finds what it needs.

    Attributes
    ----------
    look
        The look at the shop's first file, from which version 1 is made.
    before
        For taking back: the version before the last; None is version 1.
    name, sha256
        Of the file, as its owner calls it; ``first_name`` and ``first_sha256`` of the shop's first.
    """

    look: Path
    before: Path | None
    name: str
    sha256: str | None
    first_name: str
    first_sha256: str | None

    def to_json(self) -> JsonObject:
        """As the order keeps it."""
        return {
            "look": str(self.look),
            "before": self.before and str(self.before),
            "name": self.name,
            "sha256": self.sha256,
            "first_name": self.first_name,
            "first_sha256": self.first_sha256,
        }

    @classmethod
    def from_json(cls, values: JsonObject) -> AdditionPlaces:
        """What :meth:`to_json` gave."""
        before = values["before"]
        return cls(**{**values, "look": Path(values["look"]), "before": Path(before) if before else None})
