"""Everything to take away: the report as PDF, web page and workbook, and its tables."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Literal

import streamlit as st

from churnkit import ui
from churnkit.reports.sections.report import SECTIONS
from churnkit.results.folders import Results
from churnkit.services.decide.reach import Reach
from churnkit.services.deliver.downloads import DOWNLOADS, ReportKind, file_name
from churnkit.services.deliver.report_files import build_dictionary, build_profile, build_report, first_rows
from churnkit.services.monitor.rolled import rolled_out
from churnkit.services.workspace.brand import Brand, load_brand
from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.text.figures import count
from churnkit.ui.opened import reach
from churnkit.ui.print_button import print_button, print_preview

Kind = ReportKind | Literal["ledger"]
KINDS: tuple[Kind, ...] = ("pdf", "html", "xlsx", "scores", "features", "features_parquet", "ledger")
PREVIEW_HEIGHT = 760

opened = ui.open_results()
results, how = opened.results, reach(opened)
name = opened.store.uploads.get(opened.session.upload_id).filename
owner = load_preferences(opened.store).model_owner
brand = load_brand(opened.store)


@st.cache_data(max_entries=8, show_spinner="Making the preview …")
def page_of(
    source: str,
    stamp: int,
    today: date,
    how: Reach,
    name: str,
    owner: str,
    brand: Brand,
    sections: tuple[str, ...],
    _results: Results,
) -> str:
    """The report as a page; the folder's stamp makes a new run a new entry, and a new day may call its data old."""
    return build_report(_results, "html", name, sections, reach=how, model_owner=owner, brand=brand).decode()


def chosen_sections() -> tuple[str, ...]:
    """Keys of the sections to put in, in the report's order."""
    wanted = st.pills(
        "Sections",
        list(SECTIONS),
        selection_mode="multi",
        default=list(SECTIONS),
        format_func=lambda key: SECTIONS[key],
        key="report_sections",
        bind="query-params",
    )
    return tuple(key for key in SECTIONS if key in wanted)


def document(kind: Literal["pdf", "html"]) -> None:
    """Choose sections, take the file away, look at it."""
    sections = chosen_sections()
    if not sections:
        st.info("Choose at least one section.", icon=":material/info:")
        return
    with st.container(horizontal=True):
        download(
            kind,
            partial(build_report, results, kind, name, sections, reach=how, model_owner=owner, brand=brand),
        )
        printing = print_button(key="print_report")
    with ui.guarded():
        page = page_of(
            results.source,
            results.folder.stat().st_mtime_ns,
            date.today(),
            how,
            name,
            owner,
            brand,
            sections,
            results,
        )
        st.caption("Preview. The PDF holds the same on A4 pages." if kind == "pdf" else "Preview.")
        st.iframe(page, height=PREVIEW_HEIGHT, alt="Preview of the report")
        if printing:
            print_preview()


def table(kind: Kind) -> None:
    """Take a table away, see how it begins."""
    shown = results
    if kind == "scores":
        shown = rolled_out(opened.store, opened.session.session_id, results)
    make = (
        partial(build_profile, results, kind, name)
        if kind == "ledger"
        else partial(build_report, shown, kind, name)
    )
    download(kind, make)
    with ui.guarded():
        rows = first_rows(shown, kind)
        st.caption(f"How it begins: {count(len(rows))} rows of {count(len(rows.columns))} columns.")
        st.dataframe(rows, hide_index=True, key=f"preview_{kind}", alt="The first rows of the file")


def download(kind: Kind, make: Callable[[], bytes]) -> None:
    """The button; the bytes are made when it is pressed."""
    file = DOWNLOADS[kind]
    ui.download(
        f"Download {file.label}",
        make,
        file_name(kind, name),
        file.mime,
        key=f"download_{kind}",
        type="primary",
    )


ui.title("Reports", "What was found, to print, to send on and to work with.")
ui.as_of(opened)
ui.money_strip(results.summary.money, opened.currency)
kind = st.segmented_control(
    "Kind of file",
    KINDS,
    default="pdf",
    required=True,
    format_func=lambda key: DOWNLOADS[key].label,
    key="report_kind",
    bind="query-params",
)
st.caption(DOWNLOADS[kind].words)
if kind == "pdf" or kind == "html":
    document(kind)
else:
    table(kind)
with st.expander("What every column means", icon=":material/dictionary:"):
    st.caption(
        "For whoever works with these files elsewhere: fields that a file can have, what the models see of a customer in"
        " this analysis, columns, files and tables, each with its unit and what it means."
    )
    ui.download(
        "Data dictionary as CSV",
        partial(build_dictionary, results),
        "dictionary.csv",
        "text/csv",
        key="download_dictionary",
    )
