"""A frozen campaign without its customers: what was set, what was assumed, and what was promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from churnkit.errors import SettingsError
from churnkit.results.campaign_money import Assumptions, Outcome
from churnkit.results.codec import JsonObject, Step

DEFAULT_HOLDOUT_SHARE = 0.15
DEFAULT_SEED = 42
MAX_HOLDOUT_SHARE = 0.9
MAX_NAME = 80


@dataclass(frozen=True, kw_only=True)
class CampaignSettings:
    """What makes a campaign besides its customers.

    Attributes
    ----------
    name
        1 to ``MAX_NAME`` characters.
    scored_at
        The instant that the scores stand for.
    horizon_days
        Without a purchase in so many days a customer counts as lost; the readout waits as long.
    holdout_share, seed
        Share of the customers who are not contacted, 0 to ``MAX_HOLDOUT_SHARE``, and the seed of the draw.
    """

    name: str
    scored_at: datetime
    horizon_days: int
    holdout_share: float = DEFAULT_HOLDOUT_SHARE
    seed: int = DEFAULT_SEED

    def __post_init__(self) -> None:
        if not 1 <= len(self.name.strip()) <= MAX_NAME:
            raise SettingsError(
                f"Naming a campaign: 1 to {MAX_NAME} characters are needed, found {len(self.name.strip())}."
            )
        if self.horizon_days < 1:
            raise SettingsError(
                f"Planning a campaign: horizon_days must be 1 or more, found {self.horizon_days}."
            )
        if not 0 <= self.holdout_share <= MAX_HOLDOUT_SHARE:
            raise SettingsError(
                f"Planning a campaign: the share held out must be between 0 and {MAX_HOLDOUT_SHARE},"
                f" found {self.holdout_share!r}."
            )
        if self.seed < 0:
            raise SettingsError(f"Planning a campaign: the seed must be 0 or more, found {self.seed}.")


@dataclass(frozen=True, kw_only=True)
class DeclaredReadout:
    """How a campaign will be read out, said before anybody knows a result.

    Attributes
    ----------
    early_error, final_error
        Chance of a false verdict on the share that bought, where there is no effect: at all looks before the end
        together, and at the end. Together they are the 5 % that a campaign has: most of it for the end, which decides.
    cap_quantile
        A customer's spend counts up to this quantile of the spend of those who bought, both arms together.
    """

    early_error: float = 0.005
    final_error: float = 0.045
    cap_quantile: float = 0.99

    def __post_init__(self) -> None:
        for name in ("early_error", "final_error", "cap_quantile"):
            if not 0 < getattr(self, name) < 1:
                raise SettingsError(
                    f"Declaring a readout: {name} must be between 0 and 1, found {getattr(self, name)!r}."
                )


def _with_declared(content: JsonObject) -> JsonObject:
    return {**content, "declared": None}


@dataclass(frozen=True, kw_only=True)
class CampaignFacts:
    """What the store keeps of a campaign beside its customers and those left out.

    Attributes
    ----------
    promise
        What contacting the treated is expected to bring under ``assumptions``.
    treated, held_out
        Customers who are contacted, and who are not for comparison.
    excluded
        Customers left out by reason, a key of ``campaigns.REASONS``.
    expected_base_rate
        Share of the customers forecast to buy within the horizon without a contact, in [0, 1].
    notes
        What a reader must know before sending, one sentence each.
    declared
        How it will be read out; None in campaigns frozen before plans said so.
    """

    title: ClassVar[str] = "a campaign"
    steps: ClassVar[tuple[Step, ...]] = (_with_declared,)

    settings: CampaignSettings
    assumptions: Assumptions
    promise: Outcome
    treated: int
    held_out: int
    excluded: dict[str, int]
    expected_base_rate: float
    notes: tuple[str, ...]
    declared: DeclaredReadout | None
