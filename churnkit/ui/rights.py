"""What a role, a key or a link may not do here: a button that says so, instead of one that fails.

The store refuses by itself; this is so that nobody has to find out by pressing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from churnkit.accounts import SYSTEM, Action, Actor
from churnkit.errors import AccessError
from churnkit.services.access.shares import open_share
from churnkit.services.access.sign_in import is_valid
from churnkit.services.access.taking_out import take_out
from churnkit.store import LOCAL_TENANT, Store
from churnkit.text.locale import current, using
from churnkit.ui import keys
from churnkit.ui.chosen import link_token, store_here
from churnkit.ui.workspace import workspace

# Tables bring a download of their own, which no setting of Streamlit's takes away.
_NO_CSV_OF_TABLES = (
    '<style>[data-testid="stElementToolbarButton"]:has(button[aria-label^="Download as CSV"])'
    "{display:none}</style>"
)


def note_readers(reader: Actor, by_link: Actor | None) -> None:
    """Note who looks at this run's page, and with which rights where the open analysis is another's."""
    st.session_state[keys.READER] = reader
    st.session_state[keys.EXPORTER] = by_link or reader
    if refusal(by_link or reader, Action.EXPORT):
        st.html(_NO_CSV_OF_TABLES)


def may(action: Action) -> bool:
    """Whether whoever looks at the page may do something in the open workspace."""
    return _reader().may(action)


def require(action: Action) -> None:
    """See that whoever pressed a button may: for what no store or service asks about.

    Raises
    ------
    AccessError
        They may not.
    """
    workspace().store.actor.require(action)


def needs(action: Action, *, disabled: bool = False, help: str | None = None) -> dict[str, Any]:
    """Options of a button that takes a right: ``st.button("Save", **needs(Action.PLAN))``.

    Where the right is missing, the button is disabled and says why; else ``disabled`` and ``help`` are the button's own.
    """
    why = refusal(_reader(), action)
    return {"disabled": disabled or why is not None, "help": why or help}


def no_export() -> str | None:
    """Why nothing of the open analysis may be taken out as a file, None where it may.

    Of another's analysis it is the link that allows it or not.
    """
    actor: Actor | None = st.session_state.get(keys.EXPORTER)
    return refusal(actor or _reader(), Action.EXPORT)


def taken_out(make: Callable[[], bytes], file_name: str) -> Callable[[], bytes]:
    """Makes a file of the open analysis for whoever looks at the page, and enters that they took it."""
    store = store_here()
    session_id = st.session_state.get(keys.FOREIGN) or st.session_state.get(keys.OPENED)
    still, locale = _still_here(store), current().code

    def made() -> bytes:
        # Made in a thread of the server's, which knows nothing of the page.
        with using(locale):
            return take_out(still(), file_name, make, session_id)

    return made


def _still_here(store: Store) -> Callable[[], Store]:
    """Asks once more when the file is fetched, which may be long after the page was drawn: with the rights of then."""
    here, actor = workspace(), store.actor
    root, me = here.platform.store_for(LOCAL_TENANT, SYSTEM), here.signed_in
    token = link_token(actor.only) if actor.only else None

    def still() -> Store:
        if token is not None:
            opened = open_share(root, token, actor.address)
            if opened is None:
                raise _over("This link has ended or was taken back.")
            return opened.store
        if me is None or store.tenant_id != me.tenant:
            return store
        now = root.sign_ins.find(me.sign_in_id)
        if now is None or now.tenant != me.tenant or not is_valid(now, datetime.now(UTC)):
            raise _over("This sign-in has ended.")
        return root.for_tenant(store.tenant_id, now.actor(actor.address))

    return still


def _over(words: str) -> AccessError:
    return AccessError(f"Taking out a file: {words}", "Load the page again.", Action.EXPORT)


def refusal(actor: Actor, action: Action) -> str | None:
    """Why somebody may not do something, None if they may."""
    try:
        actor.require(action)
    except AccessError as error:
        return f"{error.message} {error.remedy}".strip()
    return None


def _reader() -> Actor:
    """Who looks at the page; asked once a run, since a page has many buttons."""
    actor: Actor | None = st.session_state.get(keys.READER)
    return actor or workspace().store.actor
