"""Sources are added and changed: what they are told is checked before it is kept, credentials are sealed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from churnkit.errors import ConflictError, SettingsError
from churnkit.outgoing.sealing import seal
from churnkit.results.shop import ShopSettings
from churnkit.sources.kinds import KINDS, checked_credentials
from churnkit.sources.settings import settings_json, settings_of
from churnkit.store import Gives, Shop, Source, SourceKind, Store, new_id

MOST_SOURCES = 20
_MOST_NAME = 80


def owner_of(source_id: str) -> str:
    """Whom the credentials of a source are sealed for."""
    return f"source {source_id}"


def add_source(
    store: Store,
    shop_id: str,
    kind: SourceKind,
    *,
    name: str,
    settings: Mapping[str, object],
    credentials: Mapping[str, str],
    gives: Gives = "period",
) -> Source:
    """Record a source of a shop.

    Raises
    ------
    SettingsError, AddressRefused
        Something of it is missing or none.
    SealingRefused
        It has credentials, and the server no key to seal them with.
    ConflictError
        The shop has enough sources.
    """
    kept = settings_json(settings_of(kind, settings))
    secrets = checked_credentials(kind, credentials)
    if len(store.sources.of_shop(shop_id)) >= MOST_SOURCES:
        raise ConflictError(
            f"Adding a source: a shop has {MOST_SOURCES} at most.", "Delete one that is not needed."
        )
    source_id = new_id()
    return store.sources.add(
        shop_id,
        source_id=source_id,
        kind=kind,
        name=_name(name, kind),
        settings=kept,
        sealed=seal(secrets, owner_of(source_id)) if secrets else None,
        gives=_gives(kind, gives),
        at=datetime.now(UTC),
    )


def change_source(
    store: Store,
    source_id: str,
    *,
    name: str | None = None,
    settings: Mapping[str, object] | None = None,
    credentials: Mapping[str, str] | None = None,
    gives: Gives | None = None,
) -> Source:
    """Change what is given; credentials stay as they are unless others are given.

    Credentials never follow to another place: where the settings change, they are to be entered again.

    Raises
    ------
    SettingsError, AddressRefused, SealingRefused
        As :func:`add_source`.
    """
    source = store.sources.get(source_id)
    kept = source.source_settings if settings is None else settings_json(settings_of(source.kind, settings))
    secrets = checked_credentials(source.kind, credentials) if credentials else {}
    if source.has_credentials and not secrets and kept != source.source_settings:
        raise SettingsError(
            "Changing a source: it would take its credentials to another place.", "Enter them again."
        )
    return store.sources.change(
        source_id,
        name=_name(source.name if name is None else name, source.kind),
        settings=kept,
        gives=_gives(source.kind, gives or source.gives),
        sealed=seal(secrets, owner_of(source_id)) if secrets else None,
    )


def begin_shop(store: Store, name: str) -> Shop:
    """A shop that has no file yet: its first orders come from a source.

    Raises
    ------
    SettingsError
        It has no name.
    """
    if not name.strip():
        raise SettingsError("Beginning a shop: it must have a name.")
    return store.shops.create(name.strip()[:_MOST_NAME], ShopSettings(), created_at=datetime.now(UTC))


def waiting_shops(store: Store) -> list[Shop]:
    """Shops that have no file yet, newest first."""
    known = {session.session_id for session in store.sessions.all()}
    return [shop for shop in store.shops.all() if shop.shop_id not in known]


def _name(text: str, kind: SourceKind) -> str:
    plain = "".join(letter for letter in text if letter.isprintable()).strip()[:_MOST_NAME]
    return plain or KINDS[kind].title


def _gives(kind: SourceKind, gives: Gives) -> Gives:
    return "changes" if KINDS[kind].tells_changes else gives
