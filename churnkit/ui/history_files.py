"""The files that a shop's history was made of: add newer ones, see what came of each, take back the last."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from churnkit.accounts import Action
from churnkit.config import MEGABYTE, max_file_bytes
from churnkit.errors import ChurnkitError
from churnkit.services.history.addition_words import addition_title, addition_words
from churnkit.store import Addition
from churnkit.text.figures import escape_markdown, instant
from churnkit.ui import keys
from churnkit.ui.addition_questions import addition_questions
from churnkit.ui.addition_rules import addition_rules
from churnkit.ui.chosen import Chosen
from churnkit.ui.opened import OpenedLook
from churnkit.ui.parts import guarded, note, show_error
from churnkit.ui.rights import needs
from churnkit.ui.run_list import under_way
from churnkit.ui.upload_widget import release

_WORDS = 1500
_SHOWN = 24


def history_files(opened: OpenedLook) -> None:
    """Draw the tab."""
    st.write(
        "Export your orders again whenever you like and add the file here. Where it overlaps with what is known, orders are"
        " matched by their number: what was refunded, cancelled or edited since is taken over, and nothing counts twice."
    )
    if opened.mine:
        _form(opened)
        under_way(Chosen(opened.workspace, opened.store, opened.session, opened.mine))
        addition_questions(opened)
    additions = opened.store.additions.of_shop(opened.session.session_id)
    if not additions:
        note("The history is the file that the analysis began with; nothing was added yet.")
        return
    for number, addition in enumerate(additions[:_SHOWN]):
        _shown(opened, addition, newest=number == 0, base=len(additions) < 2)


def _form(opened: OpenedLook) -> None:
    error = st.session_state.pop(keys.HISTORY_ERROR, None)
    if error is not None:
        show_error(error)
    with st.expander("What holds for every file", icon=":material/rule:"):
        addition_rules(opened.store, opened.session.session_id)
    with st.expander("If the files are special", icon=":material/tune:"):
        st.checkbox(
            "They are right wherever they differ from files that know longer",
            key=keys.HISTORY_CORRECTS,
            help="For an export of earlier months that was corrected since. Unless this is ticked, a newer file wins.",
        )
        st.checkbox(
            "They are of this shop, even if customers and order numbers look foreign", key=keys.HISTORY_INSIST
        )
    version = st.session_state.setdefault(keys.HISTORY_VERSION, 0)
    st.file_uploader(
        "Newer exports of the shop",
        type=["csv", "tsv", "txt", "xlsx", "parquet", "zip", "gz"],
        accept_multiple_files=True,
        key=keys.history_upload(version),
        on_change=_add,
        args=(opened,),
        max_upload_size=max(1, max_file_bytes() // MEGABYTE),
        **needs(
            Action.UPLOAD, help="One or several, in any order; each with the columns of the files before."
        ),
    )


def _add(opened: OpenedLook) -> None:
    """Keep the chosen files and queue them, oldest name first."""
    version = st.session_state.get(keys.HISTORY_VERSION, 0)
    files = sorted(st.session_state.get(keys.history_upload(version)) or [], key=lambda file: file.name)
    platform, store = opened.workspace.platform, opened.store
    for file in files:
        try:
            upload = platform.receive_upload(store, file, file.name, max_file_bytes())
            platform.add_export(
                store,
                opened.session.session_id,
                upload.upload_id,
                corrects=bool(st.session_state.get(keys.HISTORY_CORRECTS)),
                insist=bool(st.session_state.get(keys.HISTORY_INSIST)),
            )
        except ChurnkitError as error:
            st.session_state[keys.HISTORY_ERROR] = error
        release(file)
    st.session_state[keys.HISTORY_VERSION] = version + 1


def _shown(opened: OpenedLook, addition: Addition, *, newest: bool, base: bool) -> None:
    platform, store = opened.workspace.platform, opened.store
    shop_id = opened.session.session_id
    with st.container(border=True):
        st.markdown(f"**{escape_markdown(addition_title(addition))}**")
        st.caption(escape_markdown(_file_words(opened, addition), 300))
        for sentence in addition_words(addition, opened.look.currency):
            st.markdown(escape_markdown(sentence, _WORDS))
        if not opened.mine or base:
            return
        with st.container(horizontal=True):
            figures = addition.addition_figures
            if newest and addition.upload_id and figures.missing.orders and not figures.missing_taken_out:
                _button(
                    "Take the missing orders out",
                    f"take_out_{addition.history_version}",
                    "They no longer exist in the shop. Orders are missing too where an export was filtered: look first.",
                    lambda: platform.add_export(store, shop_id, addition.upload_id or "", missing="take_out"),
                )
            if newest and addition.kind in ("period", "changes"):
                _button(
                    "Take back this file",
                    f"take_back_{addition.history_version}",
                    "The history is again what it was before; runs that were made with the file stay.",
                    lambda: platform.take_back(store, shop_id),
                )
            if not newest:
                _button(
                    "Analyse this state again",
                    f"rerun_{addition.history_version}",
                    "Trains on the orders as they were known then, as a version of its own.",
                    lambda: platform.start_rerun(store, shop_id, addition.history_version),
                    Action.RUN,
                )


def _button(
    label: str, key: str, help_words: str, start: Callable[[], object], action: Action = Action.UPLOAD
) -> None:
    if st.button(label, key=key, **{"help": help_words, **needs(action)}):
        with guarded():
            start()
            st.rerun()


def _file_words(opened: OpenedLook, addition: Addition) -> str:
    added = f"{'begun' if addition.kind == 'first' else 'added'} {instant(addition.added_at)} UTC"
    if addition.upload_id is None:
        return added
    names = {upload.upload_id: upload.filename for upload in opened.store.uploads.all()}
    return f"{names.get(addition.upload_id, 'its file is no longer kept')}; {added}"
