"""Which analysis a request is about: by its id, or the workspace's default one."""

from __future__ import annotations

from churnkit.errors import NotFoundError
from churnkit.store import Session, Store

DEFAULT = "default"
_KEY = "default_analysis"


def find_analysis(store: Store, analysis_id: str) -> Session:
    """An analysis by its id; ``default`` is the one that was chosen as such, else the newest that has results.

    Raises
    ------
    NotFoundError
        There is none.
    """
    return default_analysis(store) if analysis_id == DEFAULT else store.sessions.get(analysis_id)


def default_analysis(store: Store) -> Session:
    """The analysis that ``default`` means.

    Raises
    ------
    NotFoundError
        No analysis has results yet.
    """
    finished = [one for one in store.sessions.all() if one.run_id is not None]
    chosen = store.preferences.get(_KEY)
    found = next((one for one in finished if one.session_id == chosen), next(iter(finished), None))
    if found is None:
        raise NotFoundError(
            "Looking for the default analysis: no analysis of this workspace has results.",
            "Hand over a file and start an analysis.",
        )
    return found


def choose_default(store: Store, analysis_id: str) -> Session:
    """Let ``default`` mean this analysis from now on.

    Raises
    ------
    NotFoundError
        There is none with this id, or it has no results.
    """
    session = store.sessions.get(analysis_id)
    if session.run_id is None:
        raise NotFoundError(
            f"Choosing {analysis_id!r} as default analysis: it has no results.", "Start its analysis first."
        )
    store.preferences.set(_KEY, analysis_id)
    return session
