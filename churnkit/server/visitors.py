"""Who is behind a request, by its cookies."""

from __future__ import annotations

import functools
import ipaddress
from typing import TYPE_CHECKING

import anyio
from starlette.types import Scope

from churnkit.accounts import SYSTEM
from churnkit.config import AuthSettings, data_dir, models_dir
from churnkit.server.cookies import cookie_headers, sign_in_token

if TYPE_CHECKING:
    from churnkit.store import SignedIn, Store

# The store is asked in threads of these: Streamlit's own serve its files.
_ASKING = anyio.CapacityLimiter(4)


def root_store() -> Store:
    """The store as the program sees it.

    Raises
    ------
    StoreError
        It cannot be opened.
    """
    # Imported late: it brings what the first page need not wait for.
    from churnkit.jobs import open_platform
    from churnkit.store import LOCAL_TENANT

    return open_platform(data_dir(), models_dir()).store_for(LOCAL_TENANT, SYSTEM)


async def visitor(scope: Scope) -> SignedIn | None:
    """Who is signed in with the browser of a request.

    Raises
    ------
    StoreError
        The store cannot be opened.
    """
    return await anyio.to_thread.run_sync(functools.partial(_visitor, scope), limiter=_ASKING)


def _visitor(scope: Scope) -> SignedIn | None:
    token = sign_in_token(cookie_headers(scope))
    found = signed_in_by(token)
    if found is None or AuthSettings.from_environment().mode != "proxy":
        return found
    # Imported late, and only where a proxy signs people in.
    from churnkit.server.proxied import is_still_named

    # What the proxy says may just have changed their role.
    return signed_in_by(token) if is_still_named(root_store(), scope, found) else None


def signed_in_by(token: str | None) -> SignedIn | None:
    """Who holds a token, None if it opens nothing (any more)."""
    if token is None:
        return None
    from churnkit.services.access.sign_in import signed_in

    return signed_in(root_store(), token)


def address_of(scope: Scope) -> str | None:
    """Where a request came from, as the server sees it; a proxy's word counts where uvicorn was told to trust it."""
    client = scope.get("client")
    return plain_address(str(client[0])) if client else None


def plain_address(address: str | None) -> str | None:
    """An address as people know it: of IPv4 without what a socket for both kinds puts before it."""
    return address.removeprefix("::ffff:") if address else None


def network_of(address: str | None) -> str:
    """By what an address is slowed down: itself, or of IPv6 the network of 64 bits that one household has."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    return str(ipaddress.ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)
