"""Files that leave a workspace."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from churnkit.accounts import Action
from churnkit.store import Store

File = TypeVar("File")


def take_out(store: Store, what: str, make: Callable[[], File], subject_id: str | None = None) -> File:
    """Make a file for somebody who takes it away, and enter in the audit log that they did.

    Parameters
    ----------
    store
        As who takes it sees it.
    what
        The file in words, e.g. its name.
    subject_id
        Of the analysis that it is about, where it is about one.

    Raises
    ------
    AccessError
        They may take no files out; nothing was made.
    """
    store.actor.require(Action.EXPORT)
    made = make()
    store.audit.note(f"taking out {what}", Action.EXPORT, subject_id)
    return made
