"""What begins with the server and ends with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from streamlit import runtime

from churnkit.config import ServerSettings
from churnkit.server.uploads import watch_uploads


@asynccontextmanager
async def server_life(app: Any) -> AsyncIterator[dict[str, Any]]:
    """Check the settings, then watch over uploads for as long as the server runs.

    Raises
    ------
    SettingsError
        A setting holds what it must not, or Streamlit is not the version we know.
    """
    ServerSettings.from_environment()
    watch = asyncio.create_task(watch_uploads(runtime.get_instance().uploaded_file_mgr))
    await asyncio.sleep(0)
    if watch.done():
        watch.result()
    try:
        yield {}
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch
