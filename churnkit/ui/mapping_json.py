"""The mapping of columns as JSON: shown, changed, loaded from a file, saved as one."""

from __future__ import annotations

import streamlit as st

from churnkit.accounts import Action
from churnkit.ingest import Inspection
from churnkit.services.look.mapping_json import MAPPING_FILE, MAX_BYTES, mapping_answer, mapping_text
from churnkit.store import Upload
from churnkit.ui.answering import answer
from churnkit.ui.parts import download, guarded
from churnkit.ui.rights import needs

_LINES_HEIGHT = 220


def mapping_json(upload: Upload, inspection: Inspection, version: int) -> None:
    """A field with the mapping, and the ways in and out; after another ``version`` of the answers it begins anew."""
    now = mapping_text(inspection.mapping)
    st.caption(
        "For an export whose columns you know already: paste the mapping that you saved last time, or load its file. Saved"
        " here it is also what the command line takes as --map."
    )
    stamp = f"{upload.upload_id}_{version}"
    written = st.text_area(
        "Field: column, as JSON", now, height=_LINES_HEIGHT, key=f"mapping_json_{stamp}", max_chars=MAX_BYTES
    )
    file = st.file_uploader(
        "Or a saved mapping", ["json"], key=f"mapping_file_{stamp}", max_upload_size=1, **needs(Action.UPLOAD)
    )
    with st.container(horizontal=True):
        if st.button(
            "Use this mapping", key=f"mapping_use_{stamp}", icon=":material/check:", **needs(Action.UPLOAD)
        ):
            with guarded():
                said = mapping_answer(
                    written if file is None else file.read(MAX_BYTES + 1),
                    [info.name for info in inspection.columns],
                )
                answer(upload, said)
                st.rerun()
        download(
            "Save as a file",
            lambda: now.encode("utf-8", "replace"),
            MAPPING_FILE,
            "application/json",
            key=f"mapping_save_{stamp}",
        )
