"""Letting go of an uploaded file's bytes once they are on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile


def release(file: UploadedFile) -> None:
    """Drop the bytes that Streamlit keeps in memory for ``file``.

    Its uploader has no public way to do so; where a version moves these names, the bytes stay until the visitor
    leaves, and nothing else changes.
    """
    context = get_script_run_ctx()
    manager = getattr(context, "uploaded_file_mgr", None)
    file_id = getattr(file, "file_id", None)
    if context is not None and manager is not None and file_id is not None:
        manager.remove_file(context.session_id, file_id)
