"""The locale in which figures are written now.

Set at the edges: where a page runs, a request of the API is answered, a job begins or a message is written. In between
nobody passes it on, since hundreds of sentences would have to. What is kept of a text (a cache, a file) is of the locale
it was written in, so that the locale is part of the cache's key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from churnkit.text.locale_style import Locale
from churnkit.text.locale_table import DEFAULT, LOCALES

_NOW: ContextVar[Locale | None] = ContextVar("churnkit_locale", default=None)
_asked: list[Callable[[], str | None]] = []


def current() -> Locale:
    """The locale of whoever the figures are written for; British English where nobody said."""
    now = _NOW.get()
    if now is not None:
        return now
    for ask in _asked:
        code = ask()
        if code is not None:
            return by_code(code)
    return DEFAULT


def by_code(code: str | None) -> Locale:
    """The locale called so; the default for none and for one that is not known."""
    return LOCALES.get(code or "", DEFAULT)


def use(code: str | None) -> None:
    """Write figures in this locale from here on, in this thread or task alone."""
    _NOW.set(by_code(code))


@contextmanager
def using(code: str | None) -> Iterator[None]:
    """Write figures in this locale inside."""
    token = _NOW.set(by_code(code))
    try:
        yield
    finally:
        _NOW.reset(token)


def ask_where_unset(ask: Callable[[], str | None]) -> None:
    """Whom to ask for the locale's code in threads where nobody set it; once for a process."""
    if ask not in _asked:
        _asked.append(ask)
