"""Upload a file, confirm its columns, look at what was read, choose the churn threshold, start."""

import dataclasses
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Literal

import streamlit as st

from churnkit import ui
from churnkit.charts.threshold_chart import gap_histogram, monthly_totals, return_curve
from churnkit.config import MEGABYTE, DuplicatesTreatment, IngestSettings, ReturnsTreatment
from churnkit.errors import ChurnkitError, StoreError
from churnkit.ingest import NO_PRESET, ColumnMapping, Inspection, Reading
from churnkit.jobs.reading import ReadingStopped
from churnkit.results.look_facts import MonthTotal
from churnkit.results.rows import frame_of
from churnkit.services.look.sample_shops import SAMPLE_SHOPS
from churnkit.services.look.upload_preview import (
    MAIN_FIELDS,
    MORE_FIELDS,
    check_mapping,
    field_choices,
    preset_titles,
    save_choice,
    saved_mapping,
)
from churnkit.services.workspace.workspace_preferences import default_settings
from churnkit.store import Upload
from churnkit.text.figures import count, day, days, escape_markdown, percent, size
from churnkit.ui.chosen import UPLOAD, Chosen, chosen_session, forget, remember
from churnkit.ui.small_files import wait_for
from churnkit.ui.threshold_picker import start_button, threshold_choice
from churnkit.ui.upload_widget import release

NONE = "–"
LOOK_AGAIN = "look_at_file_again"
LIMIT = IngestSettings().max_bytes
ENCODINGS = [
    "utf-8",
    "windows-1252",
    "latin-1",
    "utf-16",
    "windows-1250",
    "windows-1251",
    "shift_jis",
    "gb18030",
]
DECIMALS: dict[Literal[".", ","] | None, str] = {
    None: "detect",
    ".": "point: 1,234.50",
    ",": "comma: 1.234,50",
}
RETURNS: dict[ReturnsTreatment, str] = {"net": "deduct from revenue", "ignore": "leave out"}
DUPLICATES: dict[DuplicatesTreatment, str] = {"drop": "count once", "keep": "count each"}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

here = ui.workspace()


def receive() -> None:
    """Move the uploaded bytes to disk and let go of them."""
    version = st.session_state.get("uploader_version", 0)
    file = st.session_state.get(f"uploader_{version}")
    if file is None:
        return
    try:
        upload = here.platform.receive_upload(here.store, file, file.name, LIMIT)
    except ChurnkitError as error:
        st.session_state["upload_error"] = error
    else:
        st.query_params[UPLOAD] = upload.upload_id
    release(file)
    st.session_state["uploader_version"] = version + 1


def take_sample(path: Path) -> None:
    """Use a bundled file as if it had been uploaded."""
    with path.open("rb") as stream:
        upload = here.platform.receive_upload(here.store, stream, path.name, LIMIT)
    st.query_params[UPLOAD] = upload.upload_id


def new_file() -> None:
    """Leave the open analysis for a fresh upload."""
    forget()
    st.query_params[UPLOAD] = "new"


def choose_file() -> None:
    """The empty state: drop a file, or try a sample."""
    ui.title("Who is about to leave your shop?", "Drop your order export. Nothing leaves this server.")
    error = st.session_state.pop("upload_error", None)
    if error is not None:
        ui.show_error(error)
    version = st.session_state.setdefault("uploader_version", 0)
    st.file_uploader(
        f"Order export: CSV, TSV, Excel, Parquet, or one of them zipped, up to {size(LIMIT)}",
        type=["csv", "tsv", "txt", "xlsx", "parquet", "zip", "gz"],
        key=f"uploader_{version}",
        on_change=receive,
        max_upload_size=LIMIT // MEGABYTE,
    )
    st.caption(
        "One row per order or per order line, with a customer, a date and an amount. Exports of Shopify, WooCommerce,"
        " Square, Stripe, Amazon, eBay, Magento and BigCommerce are recognised."
    )
    st.subheader("Or try a sample")
    for column, shop in zip(st.columns(len(SAMPLE_SHOPS)), SAMPLE_SHOPS, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**{shop.title}**")
            st.caption(shop.words)
            st.button(
                "Try a sample",
                key=f"sample_{shop.file_name.removesuffix('_demo.csv')}",
                on_click=take_sample,
                args=(shop.path,),
                width="stretch",
            )
    earlier = here.store.uploads.all()
    if earlier:
        with st.expander(f"Earlier uploads ({len(earlier)})", icon=":material/history:"):
            for upload in earlier[:20]:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.text(f"{upload.filename} · {size(upload.file_size_bytes)} · {day(upload.uploaded_at)}")
                    if st.button("Use again", key=f"again_{upload.upload_id}", type="tertiary"):
                        st.query_params[UPLOAD] = upload.upload_id
                        st.rerun()


def inspected(
    upload: Upload, reading: Reading, columns: dict[str, str] | None = None
) -> Inspection | ChurnkitError:
    """What a reader finds in the file, or why it finds nothing."""
    again = st.session_state.pop(LOOK_AGAIN, False)
    try:
        mapping = ColumnMapping(columns) if columns else None
        asked = dataclasses.replace(reading, mapping=mapping)
        ticket = here.platform.readings.inspection(here.store, upload, asked, again=again)
        wait_for(ticket, "Looking at the file …")
        return ticket.answer()
    except ChurnkitError as error:
        return error


def not_inspected(error: ChurnkitError) -> None:
    """Why the file was not looked at, and the way to try again where that may help."""
    if isinstance(error, ReadingStopped) and not error.by_the_file:
        st.info(escape_markdown(str(error), limit=1000), icon=":material/stop_circle:")
    else:
        ui.show_error(error)
    if isinstance(error, ReadingStopped):
        st.button(
            "Look again", key="look_again", on_click=st.session_state.update, args=({LOOK_AGAIN: True},)
        )


def reading_options(upload: Upload, sheets: tuple[str, ...]) -> Reading:
    """How to read the file, where it leaves that open; everything is detected unless set here."""
    titles = preset_titles()
    with st.expander("How the file is read: sheet, separator, dates, currency …", icon=":material/tune:"):
        left, middle, right = st.columns(3)
        sheet = left.selectbox(
            "Sheet",
            [None, *sheets],
            format_func=lambda v: v or "detect",
            key="read_sheet",
            disabled=not sheets,
        )
        preset = left.selectbox(
            "Shop system",
            [None, NO_PRESET, *titles],
            format_func=lambda v: "detect" if v is None else titles.get(v, "none of the known ones"),
            key="read_preset",
        )
        encoding = left.selectbox(
            "Text encoding", [None, *ENCODINGS], format_func=lambda v: v or "detect", key="read_encoding"
        )
        delimiter = middle.selectbox(
            "Separator",
            [None, *DELIMITERS],
            format_func=lambda v: DELIMITERS.get(v, "detect"),
            key="read_delimiter",
        )
        decimal = middle.selectbox(
            "Decimals",
            list(DECIMALS),
            format_func=DECIMALS.__getitem__,
            key="read_decimal",
        )
        day_first = middle.selectbox(
            "01/02/2026 is",
            [None, True, False],
            format_func=lambda v: {True: "1 February", False: "January 2"}.get(v, "detect"),
            key="read_day_first",
        )
        currency = right.text_input(
            "Currency",
            max_chars=3,
            placeholder="detect, or EUR, USD …",
            key="read_currency",
            help="Only where the file mixes several: the rows of this one are analysed.",
        )
        returns = right.selectbox(
            "Returns",
            list(RETURNS),
            format_func=RETURNS.__getitem__,
            key="read_returns",
        )
        duplicates = right.selectbox(
            "Lines that stand there twice",
            list(DUPLICATES),
            format_func=DUPLICATES.__getitem__,
            key="read_duplicates",
        )
        as_of = right.date_input(
            "As of",
            value=None,
            key="read_as_of",
            help="Analyse as if it were the start of this day; later rows are left out. Empty: the end of the data.",
        )
    settings = IngestSettings(
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


def mapping_editor(upload: Upload, inspection: Inspection, saved: ColumnMapping | None) -> dict[str, str]:
    """Selectboxes for every field, with confidence and reason; the chosen columns by field."""
    columns = [info.name for info in inspection.columns]
    looks = {info.name: info for info in inspection.columns}
    chosen: dict[str, str] = {}

    def offer(names: tuple[str, ...]) -> None:
        with st.grid(4, min_column_width=210, gap="small") as grid:
            for choice in field_choices(inspection, saved, names):
                with grid.cell():
                    picked = st.selectbox(
                        choice.title,
                        [NONE, *columns],
                        index=columns.index(choice.column) + 1 if choice.column in columns else 0,
                        help=f"{choice.title}: {choice.meaning}.",
                        key=f"map_{upload.upload_id}_{choice.field}_{saved is not None}",
                    )
                    if picked != NONE:
                        chosen[choice.field] = picked
                        sure = f"{percent(choice.confidence)} sure" if choice.confidence is not None else ""
                        words = [sure, choice.reason] if picked == choice.column else []
                        examples = ", ".join(looks[picked].examples[:2])
                        st.caption(
                            escape_markdown(" · ".join(part for part in [*words, f"e.g. {examples}"] if part))
                        )

    offer(MAIN_FIELDS)
    with st.expander("More columns: products, discounts, status …", icon=":material/more_horiz:"):
        offer(MORE_FIELDS)
    return chosen


def configure(upload: Upload) -> None:
    """Preview, format in words, mapping and options of an upload; ends in reading the file."""
    ui.title("Check the columns", f"{escape_markdown(upload.filename)} · {size(upload.file_size_bytes)}")
    st.button(
        "Choose another file",
        on_click=new_file,
        key="other_file",
        icon=":material/arrow_back:",
        type="tertiary",
    )
    sheets = st.session_state.get(f"sheets_{upload.upload_id}", ())
    reading = reading_options(upload, sheets)
    first = inspected(upload, reading)
    if isinstance(first, ChurnkitError):
        not_inspected(first)
        return
    if first.sheets != sheets:
        st.session_state[f"sheets_{upload.upload_id}"] = first.sheets
        st.rerun()
    known = preset_titles().get(first.preset or "")
    st.markdown(
        f":material/description: Read as **{escape_markdown(first.format_words)}** · {count(first.row_count)} rows"
        + (f" · recognised as an export of **{escape_markdown(known)}**" if known else "")
    )
    kept = saved = saved_mapping(here.store, first)
    if kept is not None and not st.toggle(
        "Use the columns that you chose last time for a file with this header", value=True, key="use_saved"
    ):
        saved = None
    chosen = mapping_editor(upload, first, saved)
    wrong = check_mapping(chosen, first.columns)
    changed = chosen != dict(first.mapping.columns)
    answer: Inspection | ChurnkitError = first
    if not wrong and changed:
        answer = inspected(upload, reading, chosen)
    if isinstance(answer, ChurnkitError):
        wrong.append(f"{answer.message} {answer.remedy}")
    elif not wrong:
        wrong = [f"{question.message} {question.remedy}" for question in answer.questions]
    for sentence in wrong:
        st.warning(escape_markdown(sentence, limit=1000), icon=":material/help:")
    if not wrong:
        st.success("The columns fit together: the file can be read.", icon=":material/check_circle:")
    for sentence in first.notes:
        ui.note(sentence)
    if st.button(
        "Read the file", type="primary", disabled=bool(wrong), key="read_file", icon=":material/play_arrow:"
    ):
        asked = dataclasses.replace(reading, mapping=ColumnMapping(chosen) if changed else None)
        # A mapping kept from last time must not come back after its user has gone over to the suggestions.
        if changed or kept is not None:
            save_choice(here.store, first, ColumnMapping(chosen))
        session = here.platform.start_look(here.store, upload.upload_id, asked, default_settings(here.store))
        st.query_params.pop(UPLOAD, None)
        remember(session.session_id)
        st.rerun()
    with st.expander("The first 100 rows, as they are", icon=":material/table_rows:", expanded=True):
        st.dataframe(first.preview, hide_index=True, height=320, key="preview", alt="First rows of the file")


@st.fragment(run_every=0.5)
def reading(opened: Chosen) -> None:
    """Progress of the first look."""
    with ui.guarded():
        read_so_far(opened)


def read_so_far(opened: Chosen) -> None:
    """The bar of the first look; a full rerun once it has ended."""
    job = here.platform.progress(opened.store, opened.session.session_id)
    if job is None or not job.is_active:
        st.rerun()
    st.progress(min(1.0, job.percent / 100), text=job.step or "Waiting for its turn")
    if opened.mine and st.button("Stop", key="stop_reading"):
        here.platform.cancel(opened.store, job.job_id)
        st.rerun()


def what_was_read(opened: ui.OpenedLook) -> None:
    """Rows kept and dropped, monthly totals to check, notes."""
    facts, currency = opened.look.facts, opened.currency
    scope = opened.look.profile.scope
    ui.cards(
        [
            {"label": "Rows read", "value": count(facts.rows_in)},
            {"label": "Rows used", "value": count(facts.rows_kept), "below": "the rest is in the ledger"},
            {"label": "Customers", "value": count(opened.look.profile.customers.customers)},
            {
                "label": "History",
                "value": f"{count(scope.history_days)} days",
                "below": f"{day(scope.first_order)} to {day(scope.last_order)}",
            },
        ]
    )
    for sentence in facts.notes:
        ui.note(sentence)
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        st.markdown("**Monthly totals** – compare them with your shop's own report")
        ui.chart(
            monthly_totals(facts.monthly_totals, currency or "amount"),
            "Net amount by month",
            key="month_chart",
        )
        with st.expander("As a table"):
            months = frame_of(MonthTotal, facts.monthly_totals)
            ui.table(
                months,
                ("month", "month.orders", "month.amount"),
                key="month_table",
                alt="Orders and amount by month",
                currency=currency,
            )
    with right, st.container(border=True, height="stretch"):
        st.markdown("**Ledger** – every row that was dropped or mended, and why")
        ledger = opened.look.ledger
        if ledger.empty:
            st.write("Nothing was dropped and nothing had to be mended.")
        else:
            ui.table(
                ledger,
                ("ledger.explanation", "ledger.action", "rows", "share", "ledger.example_rows"),
                key="ledger",
                alt="Dropped and mended rows by reason",
            )
        ui.download(
            "Ledger as CSV",
            partial(ui.csv_bytes, ledger),
            "ledger.csv",
            "text/csv",
            key="ledger_csv",
        )


@st.fragment
def threshold(opened: ui.OpenedLook) -> None:
    """The churn threshold with its consequences, live, and the start of the analysis."""
    found = opened.look.profile.threshold
    st.subheader(ui.TERMS["threshold"].title, help=ui.term("threshold"))
    st.write(found.reason)
    view = threshold_choice(opened, opened.session.horizon_days or found.days, "threshold_days")
    one, two = st.columns(2)
    with one, st.container(border=True):
        st.markdown("**How soon customers come back**")
        ui.chart(
            return_curve(found, view.days),
            f"Return curve with the threshold at {days(view.days)}",
            key="return_curve",
        )
    with two, st.container(border=True):
        st.markdown("**Gaps between purchases**")
        ui.chart(gap_histogram(found.gap_distribution.histogram), "Gaps by length", key="gap_histogram")
    start_button(opened, view.days, "Start analysis", "start_analysis")


wanted = st.query_params.get(UPLOAD)
chosen = chosen_session() if wanted is None else None
if wanted not in (None, "new"):
    try:
        upload = here.store.uploads.get(wanted)
    except StoreError as error:
        ui.show_error(error)
        st.query_params.pop(UPLOAD, None)
        choose_file()
    else:
        configure(upload)
elif chosen is None:
    choose_file()
else:
    _, store, session, mine = chosen
    name = escape_markdown(store.uploads.get(session.upload_id).filename)
    ui.title("What was read", name)
    st.button("New file", on_click=new_file, key="new_file", icon=":material/add:", type="tertiary")
    job = here.platform.progress(store, session.session_id)
    look = job if job is not None and job.kind == "look" else None
    if look is not None and look.status in ("pending", "running"):
        reading(chosen)
    elif look is not None and look.status == "failed" and here.platform.look_folder(session) is None:
        st.error(escape_markdown(f"{look.error_message} {look.error_remedy or ''}", limit=2000))
        if mine and st.button("Check the columns again", key="configure_again", type="primary"):
            st.query_params[UPLOAD] = session.upload_id
            st.rerun()
    else:
        opened = ui.open_look()
        what_was_read(opened)
        threshold(opened)
