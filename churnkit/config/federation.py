"""Where another system vouches for people: who it is, and which of its groups has which role here."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from churnkit.accounts import Role
from churnkit.config.checks import require

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
EVERYBODY = "*"
GROUPS = "CHURNKIT_GROUPS"
_RULE = re.compile(r"(.+)=(viewer\+export|viewer|analyst|administrator)(?:@([^;=@]+))?", re.DOTALL)
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_RANKS: tuple[Role, ...] = ("viewer", "analyst", "administrator")


@dataclass(frozen=True)
class GroupRule:
    """What the members of a group are.

    Attributes
    ----------
    group
        As the other system names it; ``*`` is everybody whom it lets in.
    workspace
        Name of the workspace, which is made when the first of them comes; None is the first one.
    """

    group: str
    role: Role
    may_export: bool
    workspace: str | None = None

    @property
    def rank(self) -> tuple[int, bool]:
        """The higher, the more rights."""
        return _RANKS.index(self.role), self.may_export


def group_rules(text: str) -> tuple[GroupRule, ...]:
    """Rules as ``CHURNKIT_GROUPS`` writes them.

    >>> group_rules("staff=viewer; cn=data,ou=shop=analyst@Berlin")[1]
    GroupRule(group='cn=data,ou=shop', role='analyst', may_export=True, workspace='Berlin')

    Raises
    ------
    SettingsError
        There is none, or one cannot be read.
    """
    rules = []
    for part in filter(None, (each.strip() for each in text.split(";"))):
        read = _RULE.fullmatch(part)
        require(
            read is not None,
            GROUPS,
            part,
            "GROUP=ROLE or GROUP=ROLE@WORKSPACE, several with ';' between; roles are viewer, viewer+export, analyst"
            " and administrator, and * is everybody",
        )
        assert read is not None
        group, word, workspace = read.groups()
        role: Role = "viewer" if word.startswith("viewer") else word  # type: ignore[assignment]  # read by _RULE
        rules.append(
            GroupRule(group.strip(), role, word != "viewer", workspace.strip() if workspace else None)
        )
    require(bool(rules), GROUPS, text, "at least one GROUP=ROLE: nobody could come in")
    return tuple(rules)


def roles_of(groups: Iterable[str], rules: Iterable[GroupRule]) -> dict[str | None, GroupRule]:
    """By workspace (None is the first one) the rule with the most rights that fits somebody in these groups."""
    mine = {*groups, EVERYBODY}
    found: dict[str | None, GroupRule] = {}
    for rule in rules:
        known = found.get(rule.workspace)
        if rule.group in mine and (known is None or rule.rank > known.rank):
            found[rule.workspace] = rule
    return found


@dataclass(frozen=True)
class OidcSettings:
    """A provider of OpenID Connect that vouches for people (``CHURNKIT_AUTH=oidc``).

    Attributes
    ----------
    issuer
        Its address, under which ``/.well-known/openid-configuration`` says the rest (``CHURNKIT_OIDC_ISSUER``).
    client_id, client_secret
        What it calls this server, and the password of it; None for a public client, whom PKCE alone protects
        (``CHURNKIT_OIDC_CLIENT_ID``, ``CHURNKIT_OIDC_CLIENT_SECRET``).
    url
        Under which browsers reach this server, without a path (``CHURNKIT_URL``); the provider sends them back to
        ``/account/oidc/callback`` there.
    groups_claim
        Where the provider writes groups, with dots into objects: ``realm_access.roles`` (``CHURNKIT_OIDC_GROUPS_CLAIM``).
    scopes
        What is asked for (``CHURNKIT_OIDC_SCOPES``).
    name
        What the sign-in form calls it (``CHURNKIT_OIDC_NAME``).
    """

    issuer: str
    client_id: str
    url: str
    rules: tuple[GroupRule, ...]
    client_secret: str | None = None
    groups_claim: str = "groups"
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    name: str = "your company's account"

    def __post_init__(self) -> None:
        _require_address("CHURNKIT_OIDC_ISSUER", self.issuer, may_have_path=True)
        _require_address("CHURNKIT_URL", self.url, may_have_path=False)
        require(
            bool(self.client_id),
            "CHURNKIT_OIDC_CLIENT_ID",
            self.client_id,
            "what the provider calls this server",
        )
        require(
            "openid" in self.scopes, "CHURNKIT_OIDC_SCOPES", " ".join(self.scopes), "with openid among them"
        )

    def __repr__(self) -> str:
        return f"OidcSettings(issuer={self.issuer!r}, client_id={self.client_id!r})"

    @property
    def callback(self) -> str:
        """Where the provider sends browsers back to; it must know this address."""
        return f"{self.url.rstrip('/')}/account/oidc/callback"

    @classmethod
    def from_environment(cls) -> OidcSettings:
        """The settings of this process.

        Raises
        ------
        SettingsError
            A variable is missing or holds what it must not.
        """
        return cls(
            issuer=_text("CHURNKIT_OIDC_ISSUER"),
            client_id=_text("CHURNKIT_OIDC_CLIENT_ID"),
            url=_text("CHURNKIT_URL"),
            rules=group_rules(_text(GROUPS)),
            client_secret=_text("CHURNKIT_OIDC_CLIENT_SECRET") or None,
            groups_claim=_text("CHURNKIT_OIDC_GROUPS_CLAIM") or cls.groups_claim,
            scopes=tuple(_text("CHURNKIT_OIDC_SCOPES").split()) or cls.scopes,
            name=_text("CHURNKIT_OIDC_NAME") or cls.name,
        )


@dataclass(frozen=True)
class ProxySettings:
    """A proxy in front that signs people in and names them in headers (``CHURNKIT_AUTH=proxy``).

    Attributes
    ----------
    addresses
        Where it connects from; a header from anywhere else is nobody's word (``CHURNKIT_PROXY_ADDRESSES``, addresses
        or networks with commas between).
    user, email, name, groups
        Names of the headers (``CHURNKIT_PROXY_USER_HEADER`` and so on). The first two may be one; groups stand with
        ``,`` or ``|`` between.
    sign_out
        Where the proxy ends its own sign-in: a path of this host or an address; None where it has no such page
        (``CHURNKIT_PROXY_SIGN_OUT``).
    """

    addresses: tuple[Network, ...]
    rules: tuple[GroupRule, ...]
    user: str = "Remote-User"
    email: str = "Remote-Email"
    name: str = "Remote-Name"
    groups: str = "Remote-Groups"
    sign_out: str | None = None

    def __post_init__(self) -> None:
        require(bool(self.addresses), "CHURNKIT_PROXY_ADDRESSES", "", "at least one address of the proxy")
        for what in ("user", "email", "name", "groups"):
            header = getattr(self, what)
            variable = f"CHURNKIT_PROXY_{what.upper()}_HEADER"
            require(_HEADER.fullmatch(header) is not None, variable, header, "the name of a header")
        require(
            self.sign_out is None or re.fullmatch(r"(https://|/(?!/))[!-~]*", self.sign_out) is not None,
            "CHURNKIT_PROXY_SIGN_OUT",
            self.sign_out,
            "a path such as /oauth2/sign_out, or an address with https",
        )

    def is_named(self, address: str | None) -> bool:
        """Whether somebody who connected from an address is the proxy."""
        try:
            found = ipaddress.ip_address(address or "")
        except ValueError:
            return False
        mapped = getattr(found, "ipv4_mapped", None)
        return any((mapped or found) in network for network in self.addresses)

    @classmethod
    def from_environment(cls) -> ProxySettings:
        """The settings of this process.

        Raises
        ------
        SettingsError
            A variable is missing or holds what it must not.
        """
        addresses = _text("CHURNKIT_PROXY_ADDRESSES").replace(",", " ").split()
        return cls(
            addresses=tuple(_network(each) for each in addresses),
            rules=group_rules(_text(GROUPS)),
            user=_text("CHURNKIT_PROXY_USER_HEADER") or cls.user,
            email=_text("CHURNKIT_PROXY_EMAIL_HEADER") or cls.email,
            name=_text("CHURNKIT_PROXY_NAME_HEADER") or cls.name,
            groups=_text("CHURNKIT_PROXY_GROUPS_HEADER") or cls.groups,
            sign_out=_text("CHURNKIT_PROXY_SIGN_OUT") or None,
        )


def _text(variable: str) -> str:
    return os.environ.get(variable, "").strip()


def _network(text: str) -> Network:
    try:
        found: Network | None = ipaddress.ip_network(text)
    except ValueError:
        found = None
    require(found is not None, "CHURNKIT_PROXY_ADDRESSES", text, "addresses such as 10.0.0.2 or 10.0.0.0/24")
    assert found is not None
    require(found.prefixlen > 0, "CHURNKIT_PROXY_ADDRESSES", text, "not everybody's address")
    return found


def require_own_address(variable: str, text: str) -> None:
    """See that a text is an address under which browsers reach a server: https, or one of this machine, without a path.

    Raises
    ------
    SettingsError
        It is not.
    """
    _require_address(variable, text, may_have_path=False)


def _require_address(variable: str, text: str, *, may_have_path: bool) -> None:
    """Secrets and people travel there, so only this machine's own addresses may do without TLS."""
    try:
        parts = urlsplit(text)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        port_is_good, parts = False, urlsplit("")
    own = parts.hostname in ("localhost", "127.0.0.1", "::1")
    good = parts.scheme == "https" or (parts.scheme == "http" and own)
    plain = not parts.query and not parts.fragment and parts.username is None
    has_good_path = may_have_path or parts.path in ("", "/")
    require(
        good and plain and has_good_path and port_is_good and bool(parts.hostname),
        variable,
        text,
        "an address such as https://id.shop.example" + ("" if may_have_path else ", without a path"),
    )
