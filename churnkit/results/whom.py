"""Whom a campaign is about: everybody, or the customers of a tier, a segment, a found group or a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Grouping = Literal["everybody", "tier", "segment", "group", "list"]


@dataclass(frozen=True, kw_only=True)
class Whom:
    """Who comes into question for a campaign; how many of them, best first, is another choice.

    Attributes
    ----------
    kind, name
        What they have in common: a risk tier, an RFM segment, a group that K-Means found or a reader's list, by name;
        the name is empty for everybody.
    lapsed
        Whether those count who have been silent for longer than the threshold; of a list they always do, since
        somebody has put them there.
    """

    kind: Grouping = "everybody"
    name: str = ""
    lapsed: bool = False

    @property
    def takes_lapsed(self) -> bool:
        """Whether lapsed customers can be among them."""
        return self.lapsed or self.kind == "list"


EVERYBODY = Whom()
HIGH_RISK = Whom(kind="tier", name="high")
