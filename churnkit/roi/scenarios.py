"""Ready-made campaigns to compare: how many to contact, and with what offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from churnkit.errors import SettingsError
from churnkit.roi.assumptions import Assumptions
from churnkit.roi.outcome import Outcome
from churnkit.roi.planner import Planner


@dataclass(frozen=True)
class Scenario:
    """A campaign as planned.

    Attributes
    ----------
    name, words
        What it is called, and what it is.
    customers
        How many to contact, best first; None means everybody in the high risk tier.
    """

    name: str
    words: str
    customers: int | None
    assumptions: Assumptions

    def __post_init__(self) -> None:
        if self.customers is not None and self.customers < 0:
            raise SettingsError(
                f"Planning a campaign: it must contact 0 customers or more, found {self.customers}.",
                "Correct the number.",
            )

    def outcome(self, planner: Planner, high_risk: np.ndarray) -> Outcome:
        """What comes of it; ``high_risk``: booleans of shape (n,)."""
        if self.customers is None:
            return planner.outcome_of(self.assumptions, high_risk)
        return planner.outcome(self.assumptions, self.customers)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, to be stored."""
        return {
            "words": self.words,
            "customers": self.customers,
            "assumptions": self.assumptions.as_dict(),
        }

    @classmethod
    def from_dict(cls, name: str, values: Mapping[str, Any]) -> Self:
        """The reverse of ``as_dict``."""
        customers = values.get("customers")
        return cls(
            name=name,
            words=str(values.get("words", "")),
            customers=None if customers is None else int(customers),
            assumptions=Assumptions.from_dict(values["assumptions"]),
        )


def by_size(assumptions: Assumptions) -> tuple[Scenario, ...]:
    """The same offer to more and more customers: A to D."""
    return (
        Scenario("A: top 50", "The best 50 customers.", 50, assumptions),
        Scenario("B: top 100", "The best 100 customers.", 100, assumptions),
        Scenario("C: top 200", "The best 200 customers.", 200, assumptions),
        Scenario("D: all high risk", "Everybody in the high risk tier.", None, assumptions),
    )


def presets(assumptions: Assumptions) -> tuple[Scenario, ...]:
    """Moods: less or more success, discount and reach than ``assumptions``, which the balanced one takes as they are."""
    return (
        Scenario(
            "Conservative",
            "A small test: 50 customers, a small discount, half the success, and more who take the discount anyway.",
            50,
            replace(
                assumptions,
                save_rate=round(assumptions.save_rate / 2, 2),
                discount=min(assumptions.discount, 0.10),
                stayers_redeem=max(assumptions.stayers_redeem, 0.8),
            ),
        ),
        Scenario("Balanced", "100 customers on the assumptions of the settings.", 100, assumptions),
        Scenario(
            "Aggressive",
            "500 customers, a discount of 25 % or more, and the higher success that it is meant to buy.",
            500,
            replace(
                assumptions,
                save_rate=min(round(1.3 * assumptions.save_rate, 2), 1.0),
                discount=max(assumptions.discount, 0.25),
            ),
        ),
        Scenario("All high risk", "Everybody in the high risk tier.", None, assumptions),
    )
