"""What begins with the server and ends with it."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from streamlit import runtime

from churnkit.config import (
    ApiSettings,
    MailSettings,
    ServerSettings,
    data_dir,
    models_dir,
    private_hosts,
    secret_key,
)
from churnkit.jobs.layout import Folders
from churnkit.server.beginning import say_who_may_come_in
from churnkit.server.uploads import take_large_uploads, watch_uploads

# A browser that opens a page at once is answered first: what is loaded beside would hold up its many scripts.
NOBODY_CAME_SECONDS = 1.5


@asynccontextmanager
async def server_life(
    app: Any, *, once_listening: Callable[[], object] | None = None
) -> AsyncIterator[dict[str, object]]:
    """Check the settings, then watch over uploads for as long as the server runs.

    Parameters
    ----------
    once_listening
        Called some time after browsers are answered.

    Raises
    ------
    SettingsError
        A setting holds what it must not, or Streamlit is not the version we know.
    """
    ServerSettings.from_environment()
    ApiSettings.from_environment()
    private_hosts()
    secret_key()
    MailSettings.from_environment()
    take_large_uploads()
    keep_temporary_files_together()
    say_who_may_come_in()
    watch = asyncio.create_task(watch_uploads(runtime.get_instance().uploaded_file_mgr))
    await asyncio.sleep(0)
    if watch.done():
        watch.result()
    if once_listening is not None:
        asyncio.get_running_loop().call_later(NOBODY_CAME_SECONDS, once_listening)
    try:
        yield {}
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch


def keep_temporary_files_together() -> None:
    """Put this process' temporary files where the next server finds what a killed one leaves: they hold customers."""
    folder = Folders(data_dir().resolve(), models_dir().resolve()).temporary
    # Where no folder can be made the store cannot be opened either, and every page says so.
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.tempdir = str(folder)
