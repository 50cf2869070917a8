"""A demo's first visitor starts the analysis of a sample; everybody without an own one looks at it."""

from __future__ import annotations

import os
import threading

from churnkit.accounts import SYSTEM, Action, Actor
from churnkit.config import IngestSettings
from churnkit.errors import NotFoundError
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from churnkit.services.look.sample_shops import SAMPLE_SHOPS
from churnkit.services.workspace.workspace_preferences import default_settings
from churnkit.store import Session, Store

DEMO_TENANT = "demo"

# What everybody may do with the demo.
_SHOWN = frozenset({Action.READ, Action.EXPORT})

# Attempts at the demo's analysis: work that ends the machine must not be started for ever.
_MOST_JOBS = 5

# Two visitors at once must not start two analyses.
_STARTING = threading.Lock()


def is_demo() -> bool:
    """Whether this server shows a sample to those who have no analysis (``CHURNKIT_DEMO=1``)."""
    return os.environ.get("CHURNKIT_DEMO", "") not in ("", "0")


def demo_session(platform: Platform) -> tuple[Store, Session]:
    """The demo's analysis, begun if there is none yet, and the store as its visitors see it."""
    store = platform.store_for(DEMO_TENANT, SYSTEM)
    with _STARTING:
        known = store.sessions.all()
        if known:
            _begin_again(platform, store, known[-1])
            return _visited(store, store.sessions.get(known[-1].session_id))
        shop = SAMPLE_SHOPS[0]
        with shop.path.open("rb") as stream:
            upload = platform.receive_upload(store, stream, shop.file_name, IngestSettings().max_bytes)
        settings = default_settings(store)
        session = platform.start_look(store, upload.upload_id, Reading(), settings)
        platform.start_analysis(store, session.session_id, settings)
        return _visited(store, store.sessions.get(session.session_id))


def open_demo(platform: Platform, session_id: str) -> tuple[Store, Session] | None:
    """The demo's analysis as its visitors see it, if it is the one with this id."""
    if not is_demo():
        return None
    store = platform.store_for(DEMO_TENANT, SYSTEM)
    try:
        return _visited(store, store.sessions.get(session_id))
    except NotFoundError:
        return None


def _visited(store: Store, session: Session) -> tuple[Store, Session]:
    visitor = Actor("link", name="demo", rights=_SHOWN, only=session.session_id)
    return store.for_tenant(DEMO_TENANT, visitor), session


def _begin_again(platform: Platform, store: Store, session: Session) -> None:
    """Start what the end of a server or of a worker has interrupted: nobody owns the demo and could press the button."""
    if session.run_id is not None:
        return
    jobs = store.jobs.of_session(session.session_id)
    if jobs and jobs[0].ended_by == "interrupted" and len(jobs) < _MOST_JOBS:
        platform.retry(store, jobs[0].job_id)
