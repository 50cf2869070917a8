"""The place that a destination's settings and credentials lead to."""

from __future__ import annotations

from churnkit.outgoing.object_storage import StorageKeys, StoragePlace
from churnkit.outgoing.sealing import unseal
from churnkit.results.destination import DestinationSettings
from churnkit.services.destinations.file_places import FolderFile, StorageFile, folder_of
from churnkit.services.destinations.hubspot import HubSpot
from churnkit.services.destinations.klaviyo import Klaviyo
from churnkit.services.destinations.places import Place
from churnkit.store import Destination, DuePush


def owner_of(destination_id: str) -> str:
    """What credentials of a destination are sealed for."""
    return f"destination {destination_id}"


def open_place(due: DuePush) -> Place:
    """Where a sending goes.

    Raises
    ------
    SettingsError
        The credentials cannot be opened, or the settings lead nowhere.
    """
    destination = due.destination
    secrets = unseal(due.sealed, owner_of(destination.destination_id)) if due.sealed else {}
    day = due.push.created_at.date().isoformat()
    return place_of(destination, secrets, f"churnkit-{day}-{due.push.push_id[-8:]}.csv")


def place_of(destination: Destination, secrets: dict[str, str], file_name: str) -> Place:
    """The place with its credentials in the open.

    Raises
    ------
    SettingsError
        The settings lead nowhere.
    """
    settings = destination.destination_settings
    if destination.kind == "hubspot":
        name = "email" if settings.known_by == "email" else settings.id_property
        return HubSpot(secrets["token"], id_property=name)
    if destination.kind == "klaviyo":
        return Klaviyo(secrets["token"], by_email=settings.known_by == "email")
    if destination.kind == "s3":
        keys = StorageKeys(secrets["access_key"], secrets["secret_key"])
        return StorageFile(storage_place(settings), keys, file_name)
    return FolderFile(folder_of(settings.folder), file_name)


def storage_place(settings: DestinationSettings) -> StoragePlace:
    """The place in object storage that settings name.

    Raises
    ------
    SettingsError
        They name none.
    """
    return StoragePlace(settings.bucket, settings.prefix, settings.region, settings.endpoint or None)
