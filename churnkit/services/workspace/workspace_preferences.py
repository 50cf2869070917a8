"""What a workspace has settled on, and the settings that its next analysis begins with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from churnkit.config import AnalysisSettings, Money, ScoreWeights, Tiers, TournamentSettings
from churnkit.errors import SettingsError
from churnkit.results.codec import JsonObject, Step, from_json, part_to_json, to_json
from churnkit.services.decide.reach import Channel
from churnkit.store import RETENTION_DAYS, Store
from churnkit.text.locale_table import LOCALES

_KEY = "analysis"
MAX_RETENTION_DAYS = 3650
MAX_OWNER_LETTERS = 120
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
    channels
        How the owner reaches his customers with addresses that are in no file of orders.
    asked
        Whether the owner was asked for all this before an analysis.
    retention_days
        Analyses on which nothing has happened for longer are deleted; None keeps them.
    weights
        Of the score by which the champion of an analysis to come is chosen.
    model_owner
        Who answers for the models and their use, as the model card names them; empty where nobody is named.
    locale
        How numbers and dates are written, a code of `churnkit.text.locale_table`; None where nobody chose.
    """

    tiers: Tiers = field(default_factory=Tiers)
    money: Money = field(default_factory=Money)
    currency: str | None = None
    retention_days: int | None = None
    channels: tuple[Channel, ...] = ()
    asked: bool = False
    weights: ScoreWeights = field(default_factory=ScoreWeights)
    model_owner: str = ""
    locale: str | None = None

    def __post_init__(self) -> None:
        code = self.currency
        if code is not None and not (len(code) == _CURRENCY_LENGTH and code.isascii() and code.isupper()):
            raise SettingsError(
                f"Setting currency = {code!r}: it must be a code of three letters.", "For example EUR or USD."
            )
        days = self.retention_days
        if days is not None and not 1 <= days <= MAX_RETENTION_DAYS:
            raise SettingsError(
                f"Setting retention_days = {days}: it must be between 1 and {MAX_RETENTION_DAYS}."
            )
        if len(self.model_owner) > MAX_OWNER_LETTERS:
            raise SettingsError(
                f"Setting model_owner: it must have at most {MAX_OWNER_LETTERS} letters, found {len(self.model_owner)}."
            )
        if self.locale is not None and self.locale not in LOCALES:
            raise SettingsError(
                f"Setting locale = {self.locale!r}: it is not one of those that are known.",
                f"Known are {', '.join(LOCALES)}.",
            )


def _with_channels(content: JsonObject) -> JsonObject:
    """Version 1 knew neither channels nor which values were given: those that are no default were."""
    return {**content, "channels": [], "asked": False}


def _with_weights(content: JsonObject) -> JsonObject:
    """Version 2 knew neither weights of the score nor who answers for the models."""
    return {**content, "weights": part_to_json(ScoreWeights()), "model_owner": ""}


def _with_locale(content: JsonObject) -> JsonObject:
    """Version 3 knew one way of writing figures."""
    return {**content, "locale": None}


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """What the store keeps under one name; the days have a name of their own, for whoever removes what is old."""

    title: ClassVar[str] = "the settings of a workspace"
    steps: ClassVar[tuple[Step, ...]] = (_with_channels, _with_weights, _with_locale)
    tiers: Tiers = field(default_factory=Tiers)
    money: Money = field(default_factory=Money)
    currency: str | None = None
    channels: tuple[Channel, ...] = ()
    asked: bool = False
    weights: ScoreWeights = field(default_factory=ScoreWeights)
    model_owner: str = ""
    locale: str | None = None


def load_preferences(store: Store) -> Preferences:
    """What the workspace has settled on; defaults for the rest.

    Raises
    ------
    DataError
        What was kept cannot be read.
    """
    kept = from_json(_Kept, store.preferences.get(_KEY) or {})
    return Preferences(
        tiers=kept.tiers,
        money=kept.money,
        currency=kept.currency,
        channels=kept.channels,
        asked=kept.asked,
        weights=kept.weights,
        model_owner=kept.model_owner,
        locale=kept.locale,
        retention_days=store.preferences.get(RETENTION_DAYS),
    )


def save_preferences(store: Store, preferences: Preferences) -> None:
    """Keep choices for the analyses to come; those that are there stay as they are.

    Raises
    ------
    AccessError
        The store's actor may not change settings, or not after how many days analyses are deleted; nothing was kept.
    """
    days = preferences.retention_days
    if days != store.preferences.get(RETENTION_DAYS):
        # First: it takes more than the rest.
        store.preferences.delete(RETENTION_DAYS) if days is None else store.preferences.set(
            RETENTION_DAYS, days
        )
    kept = _Kept(
        tiers=preferences.tiers,
        money=preferences.money,
        currency=preferences.currency,
        channels=preferences.channels,
        asked=preferences.asked,
        weights=preferences.weights,
        model_owner=preferences.model_owner,
        locale=preferences.locale,
    )
    store.preferences.set(_KEY, to_json(kept))


def default_settings(store: Store) -> AnalysisSettings:
    """The settings that an analysis begins with in this workspace."""
    preferences = load_preferences(store)
    return AnalysisSettings(
        tiers=preferences.tiers,
        money=preferences.money,
        tournament=TournamentSettings(weights=preferences.weights),
    )
