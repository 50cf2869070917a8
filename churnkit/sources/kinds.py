"""The kinds of sources, as a person chooses among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from churnkit.errors import SettingsError
from churnkit.store import SourceKind


@dataclass(frozen=True)
class Credential:
    """One secret that a source takes; several with the same ``choice`` go together, and one choice is enough."""

    name: str
    label: str
    choice: int = 1


@dataclass(frozen=True)
class Kind:
    """A kind of source.

    Attributes
    ----------
    tells_changes
        It tells single orders as they change, with the time of the pull.
    needs_credentials
        Whether it goes without.
    steps
        How its owner gets what it takes.
    """

    title: str
    about: str
    credentials: tuple[Credential, ...] = ()
    needs_credentials: bool = True
    tells_changes: bool = False
    steps: str = ""


KINDS: Mapping[SourceKind, Kind] = {
    "shopify": Kind(
        "Shopify",
        "Orders, refunds and edits, straight from the shop.",
        (
            Credential("client_id", "Client ID"),
            Credential("client_secret", "Client secret"),
            Credential("token", "Access token (begins with shpat_)", 2),
        ),
        tells_changes=True,
        steps="In Shopify's Dev Dashboard make an app with the scopes `read_orders`, `read_all_orders`, `read_customers`"
        " and `read_products`, install it in your shop, and copy its client ID and secret. An access token of an older"
        " custom app goes on working.",
    ),
    "woocommerce": Kind(
        "WooCommerce",
        "Orders, refunds and edits, straight from the shop.",
        (Credential("consumer_key", "Consumer key"), Credential("consumer_secret", "Consumer secret")),
        tells_changes=True,
        steps="In WordPress open *WooCommerce > Settings > Advanced > REST API*, add a key with the permission *Read*,"
        " and copy both parts.",
    ),
    "link": Kind(
        "Link to a file",
        "A CSV or Excel file behind an https link, such as a published Google sheet.",
        (Credential("authorization", "Authorization header, if the link takes one"),),
        needs_credentials=False,
        steps="A Google sheet must be open to anyone with the link: paste its address as the browser shows it.",
    ),
    "folder": Kind(
        "Folder on the server",
        "Files that another program puts into a folder of the server.",
        needs_credentials=False,
    ),
    "storage": Kind(
        "Object storage (S3)",
        "Files in Amazon S3, Backblaze B2, Cloudflare R2, MinIO and their like.",
        (Credential("access_key", "Access key"), Credential("secret_key", "Secret key")),
        steps="A key that may list and read this bucket is enough.",
    ),
    "sql": Kind(
        "Database (SQL)",
        "The rows of a query on PostgreSQL or SQLite.",
        (Credential("password", "Password"),),
        needs_credentials=False,
        steps="Use a database user that may only read. Money columns may be of any number type.",
    ),
}


def checked_credentials(kind: SourceKind, given: Mapping[str, str]) -> dict[str, str]:
    """The credentials of a source without blanks.

    Raises
    ------
    SettingsError
        They are not enough, or not of this kind.
    """
    known = KINDS[kind].credentials
    unknown = sorted(set(given) - {one.name for one in known})
    if unknown:
        raise SettingsError(f"Adding a source: {KINDS[kind].title} takes no {unknown[0]}.")
    found = {name: value.strip() for name, value in given.items() if value.strip()}
    if any(not value.isprintable() for value in found.values()):
        raise SettingsError("Adding a source: credentials are one line each.")
    choices = {one.choice for one in known}
    complete = [n for n in choices if {one.name for one in known if one.choice == n} <= set(found)]
    if not complete and (KINDS[kind].needs_credentials or found):
        names = " or ".join(
            " and ".join(one.label for one in known if one.choice == number) for number in sorted(choices)
        )
        raise SettingsError(f"Adding a source: {KINDS[kind].title} needs {names}.")
    return found
