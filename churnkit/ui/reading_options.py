"""How a file is read, where it leaves that open."""

from __future__ import annotations

from datetime import datetime, time
from typing import Literal

import streamlit as st

from churnkit.config import DuplicatesTreatment, IngestSettings, ReturnsTreatment, max_file_bytes
from churnkit.ingest import NO_PRESET, Reading
from churnkit.services.look.upload_preview import preset_titles
from churnkit.text.number_formats import date_field

_ENCODINGS = (
    "utf-8",
    "windows-1252",
    "latin-1",
    "utf-16",
    "windows-1250",
    "windows-1251",
    "shift_jis",
    "gb18030",
)
_DECIMALS: dict[Literal[".", ","] | None, str] = {
    None: "detect",
    ".": "point: 1,234.50",
    ",": "comma: 1.234,50",
}
_RETURNS: dict[ReturnsTreatment, str] = {"net": "deduct from revenue", "ignore": "leave out"}
_DUPLICATES: dict[DuplicatesTreatment, str] = {"drop": "count once", "keep": "count each"}
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_DAY_FIRST: dict[bool | None, str] = {None: "detect", True: "1 February", False: "January 2"}


def reading_options(upload_id: str, sheets: tuple[str, ...]) -> Reading:
    """Widgets for everything that is detected unless set there; ``sheets`` are those of a workbook.

    What was set for an upload is still there when its visitor comes back to it.
    """
    titles = preset_titles()
    with st.expander("How the file is read: sheet, separator, dates, currency …", icon=":material/tune:"):
        left, middle, right = st.columns(3)
        with left:
            sheet = st.selectbox(
                "Sheet",
                [None, *sheets],
                format_func=_or_detect,
                key=f"read_sheet_{upload_id}",
                persist_state="session",
                disabled=not sheets,
            )
            preset = st.selectbox(
                "Shop system",
                [None, NO_PRESET, *titles],
                format_func=lambda v: "detect" if v is None else titles.get(v, "none of the known ones"),
                key=f"read_preset_{upload_id}",
                persist_state="session",
            )
            encoding = st.selectbox(
                "Text encoding",
                [None, *_ENCODINGS],
                format_func=_or_detect,
                key=f"read_encoding_{upload_id}",
                persist_state="session",
            )
        with middle:
            delimiter = st.selectbox(
                "Separator",
                [None, *_DELIMITERS],
                format_func=lambda v: _DELIMITERS.get(v, "detect"),
                key=f"read_delimiter_{upload_id}",
                persist_state="session",
            )
            decimal = st.selectbox(
                "Decimals",
                list(_DECIMALS),
                format_func=_DECIMALS.__getitem__,
                key=f"read_decimal_{upload_id}",
                persist_state="session",
            )
            day_first = st.selectbox(
                "01/02/2026 is",
                list(_DAY_FIRST),
                format_func=_DAY_FIRST.__getitem__,
                key=f"read_day_first_{upload_id}",
                persist_state="session",
            )
        with right:
            currency = st.text_input(
                "Currency",
                max_chars=3,
                placeholder="detect, or EUR, USD …",
                key=f"read_currency_{upload_id}",
                persist_state="session",
                help="Only where the file mixes several: the rows of this one are analysed.",
            )
            returns = st.selectbox(
                "Returns",
                list(_RETURNS),
                format_func=_RETURNS.__getitem__,
                key=f"read_returns_{upload_id}",
                persist_state="session",
            )
            duplicates = st.selectbox(
                "Lines that stand there twice",
                list(_DUPLICATES),
                format_func=_DUPLICATES.__getitem__,
                key=f"read_duplicates_{upload_id}",
                persist_state="session",
            )
            as_of = st.date_input(
                "As of",
                value=None,
                key=f"read_as_of_{upload_id}",
                persist_state="session",
                help="Analyse as if it were the start of this day; later rows are left out. Empty: the end of the"
                " data.",
                format=date_field(),
            )
    settings = IngestSettings(
        max_bytes=max_file_bytes(),
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        decimal=decimal,
        day_first=day_first,
        currency=currency.strip().upper() or None,
        returns=returns,
        duplicates=duplicates,
    )
    return Reading(settings=settings, preset=preset, as_of=datetime.combine(as_of, time()) if as_of else None)


def _or_detect(value: str | None) -> str:
    return value or "detect"
