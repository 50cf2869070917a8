"""What the server says of its doors when it starts: the code for the first person, or that there is no lock."""

from __future__ import annotations

import ipaddress
import logging
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

from streamlit import config

from churnkit.config import AuthSettings, OidcSettings, ProxySettings
from churnkit.errors import StoreError
from churnkit.services.access.openid_provider import require_authlib

_log = logging.getLogger(__name__)

NO_SIGN_IN = (
    "anybody who reaches this address can work here: it is open to other machines, and nobody signs in. Set"
    " CHURNKIT_AUTH=local, or listen on 127.0.0.1 alone (--server.address 127.0.0.1)."
)


def say_who_may_come_in() -> None:
    """Write the set-up code to the log where there is nobody yet, or a warning where everybody may come.

    Raises
    ------
    SettingsError
        A setting of the accounts holds what it must not, or a package is missing that it takes.
    """
    settings = AuthSettings.from_environment()
    if settings.mode == "oidc":
        OidcSettings.from_environment()
        require_authlib()
    elif settings.mode == "proxy":
        ProxySettings.from_environment()
    elif settings.mode == "local":
        # In the background, like all that brings the packages of the pages.
        threading.Thread(target=_say_setup_code, name="churnkit-setup-code", daemon=True).start()
    elif not settings.has_accounts and listens_to_others():
        _log.warning(NO_SIGN_IN)


def listens_to_others() -> bool:
    """Whether other machines can reach this server, as far as Streamlit's settings tell; uvicorn has its own."""
    if Path(sys.argv[0]).stem == "uvicorn":
        return False
    return not is_own_machine(config.get_option("server.address") or "0.0.0.0")


def is_own_machine(host: str) -> bool:
    """Whether a name or an address is this machine's own; a port may stand behind it."""
    try:
        name = urlsplit(f"//{host.strip()}").hostname or ""
        return name == "localhost" or name.endswith(".localhost") or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _say_setup_code() -> None:
    from churnkit.server.visitors import root_store
    from churnkit.services.access.setup_code import setup_code

    try:
        nobody = root_store().people.is_empty()
    except StoreError as error:
        _log.error("the store cannot be opened: %s", error)
        return
    if nobody:
        _log.warning(
            "nobody can sign in yet: open /account/setup in a browser, with the code %s", setup_code()
        )
