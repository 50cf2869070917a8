"""What each kind of source asks its owner for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from churnkit.config import SECRET_KEY, SOURCES_FOLDER, secret_key, sources_folder
from churnkit.sources.kinds import KINDS
from churnkit.store import Gives, SourceKind

_GIVES: Mapping[Gives, str] = {
    "period": "All orders of the time that it covers",
    "changes": "Only orders that are new or have changed",
}


def settings_fields(kind: SourceKind, key: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """Where a source of a kind looks, as somebody types it; ``known`` is what it is now."""

    def text(name: str, label: str, example: str = "", help: str | None = None) -> str:
        value = str(known.get(name) or "")
        return st.text_input(
            label, value, placeholder=example, help=help, key=f"{key}_{name}", max_chars=2000
        ).strip()

    if kind == "shopify":
        return {"shop": text("shop", "Shop", "my-shop.myshopify.com")}
    if kind == "woocommerce":
        return {"address": text("address", "Address of the site", "https://my-shop.example")}
    if kind == "link":
        return {"url": text("url", "Link", "https://…")}
    pattern = "Only files called like this; * stands for anything."
    if kind == "folder":
        return {
            "folder": text("folder", "Folder", "shop/exports", "Below the server's folder for sources."),
            "pattern": text("pattern", "Files", "*.csv", pattern) or "*",
        }
    if kind == "storage":
        return {
            "bucket": text("bucket", "Bucket"),
            "prefix": text("prefix", "Folder in the bucket"),
            "region": text("region", "Region", "eu-central-1") or "us-east-1",
            "endpoint": text(
                "endpoint", "Endpoint", "https://…", "Empty for Amazon; the service's address for others."
            )
            or None,
            "pattern": text("pattern", "Files", "*.csv", pattern) or "*",
        }
    return _sql_fields(key, known, text)


def _sql_fields(key: str, known: Mapping[str, Any], text: Any) -> dict[str, Any]:
    systems = ("postgresql", "sqlite")
    system = st.segmented_control(
        "Database",
        systems,
        default=known.get("system", "postgresql"),
        format_func={"postgresql": "PostgreSQL", "sqlite": "SQLite"}.__getitem__,
        key=f"{key}_system",
        required=True,
    )
    values: dict[str, Any] = {"system": system}
    if system == "sqlite":
        values["file"] = text("file", "File", "shop.db", "Below the server's folder for sources.")
    else:
        values |= {
            "host": text("host", "Host"),
            "port": int(st.number_input("Port", 1, 65535, int(known.get("port", 5432)), key=f"{key}_port")),
            "database": text("database", "Name of the database"),
            "user": text("user", "User"),
        }
    values["query"] = st.text_area(
        "Query",
        str(known.get("query", "")),
        placeholder="SELECT order_id, customer_email, created_at, total FROM orders",
        key=f"{key}_query",
        max_chars=20_000,
    )
    return values


def credential_fields(kind: SourceKind, key: str, *, is_known: bool = False) -> dict[str, str]:
    """The secrets that a kind takes; they are never shown again."""
    given = {}
    for one in KINDS[kind].credentials:
        given[one.name] = st.text_input(
            one.label,
            type="password",
            key=f"{key}_secret_{one.name}",
            placeholder="kept as it is" if is_known else "",
            max_chars=4000,
            autocomplete="off",
        )
    return {name: value for name, value in given.items() if value.strip()}


def gives_field(kind: SourceKind, key: str, known: Gives = "period") -> Gives:
    """What a file of the source holds; shop systems tell changes."""
    if KINDS[kind].tells_changes:
        return "changes"
    chosen: Gives = st.radio(
        "Each file holds",
        tuple(_GIVES),
        index=tuple(_GIVES).index(known),
        format_func=_GIVES.__getitem__,
        key=f"{key}_gives",
        horizontal=True,
    )
    return chosen


def why_not(kind: SourceKind) -> str | None:
    """Why this server can have no source of a kind, None where it can."""
    if kind == "folder" and sources_folder() is None:
        return (
            f"This server has no folder for sources: whoever runs it names one in `{SOURCES_FOLDER}` of its"
            " environment."
        )
    if KINDS[kind].needs_credentials and KINDS[kind].credentials and secret_key() is None:
        return (
            f"This server keeps no credentials yet: whoever runs it sets `{SECRET_KEY}` in its environment to 32"
            " random characters or more, for example what `openssl rand -hex 32` prints."
        )
    return None
