"""Whom the proxy in front has signed in, by its headers (``CHURNKIT_AUTH=proxy``)."""

from __future__ import annotations

import re
import threading

from starlette.types import Scope

from churnkit.config import ProxySettings
from churnkit.errors import ChurnkitError
from churnkit.server.peers import peer_of
from churnkit.services.access.vouched import Vouched, admit
from churnkit.store import SignedIn, Store

SOURCE = "proxy"
MOST_REMEMBERED = 5_000
_BETWEEN = re.compile(r"[,|]")


def comes_from_proxy(scope: Scope, settings: ProxySettings) -> bool:
    """Whether the proxy itself holds the other end of the connection."""
    return settings.is_named(peer_of(scope))


def named_by_proxy(scope: Scope, settings: ProxySettings) -> Vouched | None:
    """Whom the headers name; None where somebody else than the proxy sent them, or they name nobody clearly.

    A header that stands there twice may have come from the browser and passed through: then it is nobody's word.
    """
    if not comes_from_proxy(scope, settings):
        return None
    try:
        told = {name: _values(scope, getattr(settings, name)) for name in ("user", "email", "name", "groups")}
    except UnicodeDecodeError:
        return None
    if any(len(values) > 1 for values in told.values()):
        return None
    user, email, name, groups = ("".join(told[each]).strip() for each in ("user", "email", "name", "groups"))
    if not user:
        return None
    return Vouched(
        source=SOURCE,
        subject=user,
        email=email or user,
        name=name,
        groups=frozenset(filter(None, (each.strip() for each in _BETWEEN.split(groups)))),
        email_is_proven=True,
    )


def _values(scope: Scope, header: str) -> list[str]:
    wanted = header.lower().encode("ascii")
    found = [value for name, value in scope["headers"] if name.lower() == wanted]
    return [value.decode("utf-8") for value in found]


class _Followed:
    """The groups that the proxy named last for each person: only a change of them is worth a look at the store."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], Vouched] = {}
        self._lock = threading.Lock()

    def is_news(self, root: Store, vouched: Vouched) -> bool:
        with self._lock:
            return self._known.get((root.instance, vouched.subject)) != vouched

    def note(self, root: Store, vouched: Vouched) -> None:
        with self._lock:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[root.instance, vouched.subject] = vouched


_FOLLOWED = _Followed()


def is_still_named(root: Store, scope: Scope, found: SignedIn) -> bool:
    """Whether the proxy names the person of a sign-in with this request too.

    What it says of their groups is followed at once.
    """
    settings = ProxySettings.from_environment()
    vouched = named_by_proxy(scope, settings)
    if vouched is None:
        return False
    person = root.people.by_subject(SOURCE, vouched.subject)
    if person is None or person.person_id != found.person_id:
        return False
    if _FOLLOWED.is_news(root, vouched):
        try:
            admit(root, vouched, settings.rules)
        except ChurnkitError:
            return False
        _FOLLOWED.note(root, vouched)
    return True
