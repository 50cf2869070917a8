"""A demo's first visitor starts the analysis of a sample; everybody without an own one looks at it."""

from __future__ import annotations

import os
import threading

from churnkit.config import IngestSettings
from churnkit.jobs import Platform
from churnkit.services.preferences import default_settings
from churnkit.services.uploading import SAMPLE_SHOPS
from churnkit.store import Session, Store

DEMO_TENANT = "demo"

# Two visitors at once must not start two analyses.
_STARTING = threading.Lock()


def is_demo() -> bool:
    """Whether this server shows a sample to those who have no analysis (``CHURNKIT_DEMO=1``)."""
    return os.environ.get("CHURNKIT_DEMO", "") not in ("", "0")


def demo_session(platform: Platform) -> tuple[Store, Session]:
    """The demo's analysis, begun if there is none yet."""
    store = platform.store_for(DEMO_TENANT)
    with _STARTING:
        known = store.sessions()
        if known:
            return store, known[-1]
        shop = SAMPLE_SHOPS[0]
        with shop.path.open("rb") as stream:
            upload = platform.receive_upload(store, stream, shop.file_name, IngestSettings().max_bytes)
        settings = default_settings(store)
        session = platform.start_look(store, upload.upload_id, settings, mapping=None, preset=None)
        platform.start_analysis(store, session.session_id, settings)
        return store, store.session(session.session_id)
