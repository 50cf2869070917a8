"""The way in: a file is dropped, a sample tried, or an earlier upload taken up again."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from churnkit.accounts import Action
from churnkit.config import MEGABYTE, max_file_bytes
from churnkit.errors import ChurnkitError
from churnkit.ingest import Reading
from churnkit.services.look.sample_shops import SAMPLE_SHOPS, SampleShop
from churnkit.services.workspace.workspace_preferences import default_settings
from churnkit.store import Upload
from churnkit.text.figures import day, size
from churnkit.ui import keys
from churnkit.ui.chosen import UPLOAD, remember
from churnkit.ui.example_note import example_button
from churnkit.ui.export_help import export_help
from churnkit.ui.parts import show_error, title
from churnkit.ui.rights import needs
from churnkit.ui.upload_widget import release
from churnkit.ui.way import way
from churnkit.ui.workspace import workspace

_EARLIER_SHOWN = 20


def choose_file() -> None:
    """The empty state: drop a file, or try a sample. The address says what was chosen."""
    way(1)
    title("Your order export", "Drop the file, or several at once. Nothing leaves this server.")
    error = st.session_state.pop(keys.UPLOAD_ERROR, None)
    if error is not None:
        show_error(error)
    version, limit = st.session_state.setdefault(keys.UPLOADER_VERSION, 0), max_file_bytes()
    st.file_uploader(
        f"Order export: CSV, TSV, Excel, Parquet, or zipped; one file or several, up to {size(limit)}",
        accept_multiple_files=True,
        type=["csv", "tsv", "txt", "xlsx", "parquet", "zip", "gz"],
        key=keys.uploader(version),
        on_change=_receive,
        max_upload_size=max(1, limit // MEGABYTE),
        **needs(Action.UPLOAD),
    )
    st.caption(
        "One row per order or per order line, with a customer, a date and an amount. Several files of one shop – months,"
        " years, tills – are read as one: choose them together."
    )
    export_help()
    st.header("Or try a sample")
    example_button()
    for column, shop in zip(st.columns(len(SAMPLE_SHOPS)), SAMPLE_SHOPS, strict=True):
        with column, st.container(border=True, height="stretch"):
            _sample(shop)
    earlier = workspace().store.uploads.all()
    if earlier:
        with st.expander(f"Earlier uploads ({len(earlier)})", icon=":material/history:"):
            for upload in earlier[:_EARLIER_SHOWN]:
                _earlier(upload)


def _receive() -> None:
    """Move the uploaded bytes to disk and let go of them; several files are one upload."""
    here = workspace()
    version = st.session_state.get(keys.UPLOADER_VERSION, 0)
    files = st.session_state.get(keys.uploader(version))
    if not files:
        return
    try:
        named = [(file, file.name) for file in files]
        upload = here.platform.receive_uploads(here.store, named, max_file_bytes())
    except ChurnkitError as error:
        st.session_state[keys.UPLOAD_ERROR] = error
    else:
        st.query_params[UPLOAD] = upload.upload_id
    for file in files:
        release(file)
    st.session_state[keys.UPLOADER_VERSION] = version + 1


def _sample(shop: SampleShop) -> None:
    st.markdown(f"**{shop.title}**")
    st.caption(shop.words)
    st.button(
        "Try a sample",
        key=f"sample_{shop.file_name.removesuffix('_demo.csv')}",
        on_click=_take_sample,
        args=(shop.path,),
        width="stretch",
        **needs(Action.UPLOAD),
    )


def _take_sample(path: Path) -> None:
    """Use a bundled file as if it had been uploaded; it is read at once, since it leaves nothing to ask."""
    here = workspace()
    with path.open("rb") as stream:
        upload = here.platform.receive_upload(here.store, stream, path.name, max_file_bytes())
    session = here.platform.start_look(here.store, upload.upload_id, Reading(), default_settings(here.store))
    st.query_params.pop(UPLOAD, None)
    remember(session.session_id)


def _earlier(upload: Upload) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"{upload.filename} · {size(upload.file_size_bytes)} · {day(upload.uploaded_at)}")
        if st.button("Use again", key=f"again_{upload.upload_id}", type="tertiary", **needs(Action.UPLOAD)):
            st.query_params[UPLOAD] = upload.upload_id
            st.rerun()
