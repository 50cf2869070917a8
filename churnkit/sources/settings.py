"""What each kind of source is told: where it looks, and whose credentials it takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Literal

from churnkit.config.checks import require
from churnkit.errors import DataError, SettingsError
from churnkit.outgoing import Address
from churnkit.outgoing.object_storage import StoragePlace
from churnkit.results.codec import JsonObject, part_from_json, part_to_json
from churnkit.store import SourceKind

SqlSystem = Literal["postgresql", "sqlite"]
_SHOPIFY = ".myshopify.com"
_SHEET = re.compile(
    r"https://docs\.google\.com/spreadsheets/d/([\w-]{20,})/(?:edit|view)[^#]*(?:#gid=(\d+))?.*"
)
_PATTERN = re.compile(r"[^/\\\x00-\x1f]{1,100}")


@dataclass(frozen=True, kw_only=True)
class FolderSettings:
    """Files in a folder of the server.

    Attributes
    ----------
    folder
        Below the folder that the server's environment names; empty for that itself.
    pattern
        Which files, with ``*`` and ``?``.
    """

    folder: str = ""
    pattern: str = "*"

    def __post_init__(self) -> None:
        _require_below("folder", self.folder)
        _require_pattern(self.pattern)


@dataclass(frozen=True, kw_only=True)
class LinkSettings:
    """A file behind a link; the address of a Google sheet stands for its first or named table."""

    url: str

    def __post_init__(self) -> None:
        Address.parse(self.url)

    @property
    def download_url(self) -> str:
        """Where the file itself is.

        >>> LinkSettings(url="https://docs.google.com/spreadsheets/d/1aBcDeFgHiJkLmNoPqRsTu/edit#gid=7").download_url
        'https://docs.google.com/spreadsheets/d/1aBcDeFgHiJkLmNoPqRsTu/export?format=csv&gid=7'
        """
        sheet = _SHEET.fullmatch(self.url)
        if sheet is None:
            return self.url
        return f"https://docs.google.com/spreadsheets/d/{sheet[1]}/export?format=csv&gid={sheet[2] or '0'}"


@dataclass(frozen=True, kw_only=True)
class StorageSettings:
    """Files in object storage."""

    bucket: str
    prefix: str = ""
    region: str = "us-east-1"
    endpoint: str | None = None
    pattern: str = "*"

    def __post_init__(self) -> None:
        _require_pattern(self.pattern)
        _ = self.place

    @property
    def place(self) -> StoragePlace:
        """Where they lie."""
        return StoragePlace(self.bucket, self.prefix, self.region, self.endpoint)


@dataclass(frozen=True, kw_only=True)
class SqlSettings:
    """The rows of a query.

    Attributes
    ----------
    file
        For ``sqlite``: below the folder that the server's environment names.
    query
        One SELECT.
    """

    system: SqlSystem
    query: str
    file: str = ""
    host: str = ""
    port: int = 5432
    database: str = ""
    user: str = ""

    def __post_init__(self) -> None:
        query = self.query.strip().rstrip(";").strip()
        plain = query.lower().startswith(("select", "with")) and ";" not in query
        require(plain, "query", self.query[:60], "one SELECT, without a semicolon")
        object.__setattr__(self, "query", query)
        if self.system == "sqlite":
            require(bool(self.file), "file", self.file, "the name of a file")
            _require_below("file", self.file)
            return
        require(1 <= self.port <= 65535, "port", self.port, "1 to 65535")
        for name, value in (("host", self.host), ("database", self.database), ("user", self.user)):
            require(bool(value.strip()), name, value, "given")


@dataclass(frozen=True, kw_only=True)
class ShopifySettings:
    """The orders of a Shopify shop; ``shop`` is ``NAME.myshopify.com``."""

    shop: str

    def __post_init__(self) -> None:
        address = Address.parse(self.base)
        known = address.host.endswith(_SHOPIFY) or address.may_be_private
        require(known, "shop", self.shop, f"the shop's own address at Shopify, e.g. my-shop{_SHOPIFY}")

    @property
    def base(self) -> str:
        """The address that everything begins with."""
        return _base(self.shop if "." in self.shop or ":" in self.shop else f"{self.shop}{_SHOPIFY}")


@dataclass(frozen=True, kw_only=True)
class WooSettings:
    """The orders of a WooCommerce shop; ``address`` is that of the WordPress site."""

    address: str

    def __post_init__(self) -> None:
        Address.parse(self.base)

    @property
    def base(self) -> str:
        """The address that everything begins with."""
        return _base(self.address)


SourceSettings = FolderSettings | LinkSettings | StorageSettings | SqlSettings | ShopifySettings | WooSettings
_TYPES: Mapping[SourceKind, type[SourceSettings]] = {
    "folder": FolderSettings,
    "link": LinkSettings,
    "storage": StorageSettings,
    "sql": SqlSettings,
    "shopify": ShopifySettings,
    "woocommerce": WooSettings,
}


def settings_of(kind: SourceKind, values: Mapping[str, object]) -> SourceSettings:
    """The settings of a kind from JSON values.

    Raises
    ------
    SettingsError
        One is missing, unknown or none.
    AddressRefused
        The server does not call the address.
    """
    wanted = fields(_TYPES[kind])
    unknown = sorted(set(values) - {one.name for one in wanted})
    missing = [one.name for one in wanted if one.default is MISSING and one.name not in values]
    if unknown or missing:
        what = f"it takes no {unknown[0]}" if unknown else f"it needs {missing[0]}"
        raise SettingsError(f"Setting a source up: {what}.")
    try:
        found: SourceSettings = part_from_json(_TYPES[kind], dict(values), "the settings of a source")
    except DataError as error:
        raise SettingsError(f"Setting a source up: {error.message}") from error
    return found


def settings_json(settings: SourceSettings) -> JsonObject:
    """Settings as JSON values."""
    values: JsonObject = part_to_json(settings)
    return values


def where(settings: SourceSettings) -> str:
    """The place that a source looks at, as a person says it."""
    match settings:
        case FolderSettings():
            return f"{settings.folder or 'the folder'}/{settings.pattern}"
        case LinkSettings():
            return Address.parse(settings.url).host
        case StorageSettings():
            return settings.place.words
        case SqlSettings(system="sqlite"):
            return settings.file
        case SqlSettings():
            return f"{settings.database} at {settings.host}"
        case ShopifySettings() | WooSettings():
            return Address.parse(settings.base).host


def _base(text: str) -> str:
    address = text.strip().rstrip("/")
    return address if "://" in address else f"https://{address}"


def _require_below(name: str, path: str) -> None:
    parts = path.strip("/").split("/") if path.strip("/") else []
    inside = not path.startswith(("/", "~")) and "\\" not in path and "\x00" not in path
    require(inside and ".." not in parts, name, path, "a path below the server's folder for sources")


def _require_pattern(pattern: str) -> None:
    if not _PATTERN.fullmatch(pattern):
        raise SettingsError(f"Setting pattern = {pattern!r}: it must be the name of files, with * and ?.")
