"""Destinations are added, and sent to by hand and after each new run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from churnkit.errors import ConflictError, JobError, SettingsError
from churnkit.outgoing.sealing import seal
from churnkit.results.destination import DestinationKind, DestinationSettings
from churnkit.services.destinations.file_places import folder_of
from churnkit.services.destinations.opening import owner_of, storage_place
from churnkit.store import Destination, Push, Store, new_id

MOST_DESTINATIONS = 10
KINDS: dict[DestinationKind, str] = {
    "hubspot": "HubSpot (properties of contacts)",
    "klaviyo": "Klaviyo (properties of profiles)",
    "s3": "CSV file in S3-compatible storage",
    "folder": "CSV file in a folder of the server",
}
CREDENTIALS: dict[DestinationKind, tuple[str, ...]] = {
    "hubspot": ("token",),
    "klaviyo": ("token",),
    "s3": ("access_key", "secret_key"),
    "folder": (),
}
_PROPERTY = re.compile(r"[a-z][a-z0-9_]{0,99}")


def add_destination(
    store: Store,
    shop_id: str,
    kind: DestinationKind,
    name: str,
    settings: DestinationSettings,
    credentials: Mapping[str, str],
    *,
    after_runs: bool = True,
) -> Destination:
    """Let a tool or place get a shop's scores from the next run on.

    Raises
    ------
    SettingsError
        A credential or setting is missing or leads nowhere, or the server has no key to seal with.
    ConflictError
        The shop has 10 destinations already, or one of this name.
    """
    _check(kind, name, settings, credentials)
    known = store.destinations.of_shop(shop_id)
    if len(known) >= MOST_DESTINATIONS:
        raise ConflictError(
            f"Adding a destination: the shop has {MOST_DESTINATIONS}, which is the most.", "Delete one first."
        )
    if any(one.name == name for one in known):
        raise ConflictError("Adding a destination: the shop has one of this name.", "Take another name.")
    destination_id = new_id()
    sealed = seal(credentials, owner_of(destination_id)) if CREDENTIALS[kind] else None
    return store.destinations.add(
        shop_id,
        kind,
        name,
        settings,
        destination_id=destination_id,
        sealed=sealed,
        after_runs=after_runs,
        at=datetime.now(UTC),
    )


def send_now(store: Store, destination_id: str) -> Push:
    """Queue a sending of the scores on screen.

    Raises
    ------
    JobError
        The shop has no finished analysis.
    """
    destination = store.destinations.get(destination_id)
    return store.destinations.queue(
        destination_id, run_on_screen(store, destination.shop_id), push_id=new_id(), at=datetime.now(UTC)
    )


def run_on_screen(store: Store, shop_id: str) -> str:
    """The run whose scores are sent.

    Raises
    ------
    JobError
        There is none.
    """
    run_id = next((one.run_id for one in store.sessions.all() if one.session_id == shop_id), None)
    if run_id is None:
        raise JobError(
            "Sending scores: the shop has no finished analysis yet.", "Start the analysis, and send then."
        )
    return run_id


def push_after_run(store: Store, shop_id: str, run_id: str) -> int:
    """Queue a run's scores for every destination that wants each new one; once, however often it is called."""
    wanting = [one for one in store.destinations.of_shop(shop_id) if one.after_runs]
    for one in wanting:
        push_id = f"{one.destination_id[:16]}-{run_id}"
        store.destinations.queue(one.destination_id, run_id, push_id=push_id, at=datetime.now(UTC))
    return len(wanting)


def _check(
    kind: DestinationKind, name: str, settings: DestinationSettings, credentials: Mapping[str, str]
) -> None:
    doing = "Adding a destination"
    if not name.strip() or len(name) > 100:
        raise SettingsError(f"{doing}: it must have a name of up to 100 characters.")
    lacking = [one for one in CREDENTIALS[kind] if not credentials.get(one, "").strip()]
    if lacking or set(credentials) - set(CREDENTIALS[kind]):
        raise SettingsError(
            f"{doing}: for {KINDS[kind]} the credentials must be {', '.join(CREDENTIALS[kind]) or 'none'}."
        )
    if any(not one.isascii() or not one.isprintable() for one in credentials.values()):
        raise SettingsError(f"{doing}: keys and tokens must be plain characters on one line.")
    if kind == "s3":
        storage_place(settings)
    elif kind == "folder":
        folder_of(settings.folder)
    elif (
        kind == "hubspot"
        and settings.known_by == "customer_id"
        and not _PROPERTY.fullmatch(settings.id_property)
    ):
        raise SettingsError(
            f"{doing}: name the HubSpot property with unique values that holds the shop's customer id, in its internal"
            " spelling, e.g. shop_customer_id."
        )
