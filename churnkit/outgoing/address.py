"""Which addresses the server may call.

An address that somebody typed must not lead into the server's own network, where other services trust whoever reaches
them (server-side request forgery: https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html).
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from churnkit.config import PRIVATE_HOSTS, private_hosts
from churnkit.errors import SettingsError

HTTPS_PORT = 443
# Printable ASCII without the space: urlsplit drops tabs and line breaks in silence.
_PLAIN = re.compile(r"[!-~]{1,2000}")
# Ways to write an IPv4 address in IPv6 that Python takes for global ones: NAT64, and "IPv4-compatible".
_WRAPPED_IPV4 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))


class AddressRefused(SettingsError):
    """The server does not call this address."""

    code = "address"


@dataclass(frozen=True)
class Address:
    """Where a request goes.

    Attributes
    ----------
    host
        Name or IP address, in lower case.
    target
        Path and query, as the request line has them.
    may_be_private
        Whether the host was named in ``CHURNKIT_ALLOW_PRIVATE_HOSTS``.
    """

    host: str
    port: int
    target: str
    is_tls: bool
    may_be_private: bool

    @classmethod
    def parse(cls, text: str) -> Address:
        """The address that a text writes down, without asking the network.

        Raises
        ------
        AddressRefused
            It is none that the server calls: no https, with a user's name or a port of its own, and its host is not
            one of ``CHURNKIT_ALLOW_PRIVATE_HOSTS``.
        """
        host, port, scheme, target = _split(text)
        is_allowed = host in private_hosts()
        if scheme != "https" and not is_allowed:
            raise _refused(host, "it must begin with https://", _ALLOW)
        port = port or (HTTPS_PORT if scheme == "https" else 80)
        if port != HTTPS_PORT and not is_allowed:
            raise _refused(host, f"its port must be 443, found {port}", _ALLOW)
        return cls(host, port, target, scheme == "https", is_allowed)

    def resolve(self) -> list[str]:
        """The IP addresses of the host now, in the order to try them.

        Raises
        ------
        AddressRefused
            Not every one lies in the open internet.
        OSError
            The name is not known.
        """
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise AddressRefused("Calling an address: its host is no name that can be looked up.") from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        private = [one for one in addresses if not is_public(one)]
        if not addresses or (private and not self.may_be_private):
            raise _refused(self.host, "it does not lie in the open internet", _ALLOW)
        return addresses


_ALLOW = f"If it is a service of yours, name its host in {PRIVATE_HOSTS} of the server's environment."


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, however it is written.

    >>> is_public("93.184.215.14"), is_public("169.254.169.254"), is_public("64:ff9b::7f00:1")
    (True, False, False)
    """
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found.sixtofour or found.teredo or any(found in network for network in _WRAPPED_IPV4):
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


def _split(text: str) -> tuple[str, int | None, str, str]:
    rule = "write it as https://host/path, in plain characters"
    if not _PLAIN.fullmatch(text):
        raise _refused("", rule)
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise _refused("", rule) from error
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise _refused(host, rule)
    if parts.username is not None or parts.password is not None:
        raise _refused(host, "it must have no user name or password before the host")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return host, port, parts.scheme, target


def _refused(host: str, why: str, remedy: str = "") -> AddressRefused:
    where = f"the address at {host}" if host else "this address"
    return AddressRefused(f"Calling {where}: {why}.", remedy)
