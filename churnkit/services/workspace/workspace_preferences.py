"""What a workspace has settled on, and the settings that its next analysis begins with."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from churnkit.config import AnalysisSettings, Money, Tiers
from churnkit.errors import SettingsError
from churnkit.services.workspace.stored_settings import build
from churnkit.store import Store

RETENTION_DAYS = "retention_days"
_KEY = "analysis"
_MAX_DAYS = 3650
_CURRENCY_LENGTH = 3


@dataclass(frozen=True)
class Preferences:
    """Choices of one workspace.

    Attributes
    ----------
    tiers, money
        As in :class:`AnalysisSettings`, for analyses to come.
    currency
        Shown where a file names none, an ISO code; None for bare numbers.
    retention_days
        Analyses on which nothing has happened for longer are deleted; None keeps them.
    """

    tiers: Tiers = field(default_factory=Tiers)
    money: Money = field(default_factory=Money)
    currency: str | None = None
    retention_days: int | None = None

    def __post_init__(self) -> None:
        code = self.currency
        if code is not None and not (len(code) == _CURRENCY_LENGTH and code.isascii() and code.isupper()):
            raise SettingsError(
                f"Setting currency = {code!r}: it must be a code of three letters.", "For example EUR or USD."
            )
        days = self.retention_days
        if days is not None and not 1 <= days <= _MAX_DAYS:
            raise SettingsError(f"Setting retention_days = {days}: it must be between 1 and {_MAX_DAYS}.")


def load_preferences(store: Store) -> Preferences:
    """What the workspace has settled on; defaults for the rest."""
    kept: dict[str, Any] = store.preferences.get(_KEY) or {}
    return Preferences(
        tiers=build(Tiers, kept.get("tiers") or {}),
        money=build(Money, kept.get("money") or {}),
        currency=kept.get("currency"),
        retention_days=store.preferences.get(RETENTION_DAYS),
    )


def save_preferences(store: Store, preferences: Preferences) -> None:
    """Keep choices for the analyses to come; those that are there stay as they are."""
    store.preferences.set(
        _KEY,
        {
            "tiers": asdict(preferences.tiers),
            "money": asdict(preferences.money),
            "currency": preferences.currency,
        },
    )
    if preferences.retention_days is None:
        store.preferences.delete(RETENTION_DAYS)
    else:
        store.preferences.set(RETENTION_DAYS, preferences.retention_days)


def default_settings(store: Store) -> AnalysisSettings:
    """The settings that an analysis begins with in this workspace."""
    preferences = load_preferences(store)
    return AnalysisSettings(tiers=preferences.tiers, money=preferences.money)
