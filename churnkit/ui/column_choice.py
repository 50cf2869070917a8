"""Which column of a file is what: a list for each field, with what was suggested and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from churnkit.ingest import ColumnInfo, Inspection
from churnkit.services.look.given_answers import BY_HAND, GivenAnswer
from churnkit.services.look.upload_preview import (
    MAIN_FIELDS,
    MORE_FIELDS,
    FieldChoice,
    check_mapping,
    field_choices,
)
from churnkit.store import Upload
from churnkit.text.figures import escape_markdown, percent
from churnkit.ui.answering import answer

_NONE = "–"


def column_choice(upload: Upload, inspection: Inspection, version: int) -> list[str]:
    """Lists of columns to change; what speaks against a change in sentences, a change that fits is an answer at once.

    ``version`` of the answers: after another one the lists begin anew.
    """
    chosen = _chosen(upload, inspection, version)
    if chosen == dict(inspection.mapping.columns):
        return []
    wrong = check_mapping(chosen, inspection.columns)
    for sentence in wrong:
        st.warning(escape_markdown(sentence, limit=1000), icon=":material/help:")
    if not wrong:
        answer(upload, GivenAnswer(BY_HAND, "Columns chosen by hand", {**chosen}))
        st.rerun()
    return wrong


def _chosen(upload: Upload, inspection: Inspection, version: int) -> Mapping[str, str]:
    def offered(names: Sequence[str]) -> dict[str, str]:
        chosen = {}
        with st.grid(4, min_column_width=210, gap="small") as grid:
            for choice in field_choices(inspection, names):
                with grid.cell():
                    # What the file's other answers make of a field is a new beginning too.
                    key = f"map_{upload.upload_id}_{choice.field}_{version}_{choice.column}"
                    column = _column(choice, inspection.columns, key)
                if column is not None:
                    chosen[choice.field] = column
        return chosen

    main = offered(MAIN_FIELDS)
    with st.expander("More columns: products, discounts, status …", icon=":material/more_horiz:"):
        return {**main, **offered(MORE_FIELDS)}


def _column(choice: FieldChoice, columns: Sequence[ColumnInfo], key: str) -> str | None:
    looks = {info.name: info for info in columns}
    names = list(looks)
    picked = st.selectbox(
        choice.title,
        [_NONE, *names],
        index=names.index(choice.column) + 1 if choice.column in looks else 0,
        help=f"{choice.title}: {choice.meaning}.",
        key=key,
    )
    if picked == _NONE:
        return None
    sure = f"{percent(choice.confidence)} sure" if choice.confidence is not None else ""
    suggested = [sure, choice.reason] if picked == choice.column else []
    examples = f"e.g. {', '.join(looks[picked].examples[:2])}"
    st.caption(escape_markdown(" · ".join(part for part in [*suggested, examples] if part)))
    return picked
