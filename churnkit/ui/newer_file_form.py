"""A newer file of the shop, scored by one of the stored models; and the model itself to take away."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from churnkit.accounts import Action
from churnkit.errors import ChurnkitError
from churnkit.jobs.views import JobView
from churnkit.results.scores import SCORES, read_scores
from churnkit.services.look.received_files import known_suffix
from churnkit.services.whatif.hypothetical_files import scored_customers
from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.store import Run, StoredModel
from churnkit.text.figures import count, counted, day, days, escape_markdown, instant, money, percent
from churnkit.tournament.names import model_label
from churnkit.ui import keys
from churnkit.ui.many_orders import many_orders
from churnkit.ui.opened import Opened
from churnkit.ui.parts import csv_bytes, download, guarded, note, show_error
from churnkit.ui.rights import needs
from churnkit.ui.scoring_job import finished_scoring
from churnkit.ui.tables import table as shown_table
from churnkit.ui.upload_widget import release

COLUMNS = (
    "rank",
    "customer_id",
    "status",
    "p_churn",
    "risk_tier",
    "value_at_risk",
    "recency_days",
    "order_count",
    "clv",
    "factor_1",
)
LIMIT_MB = 200
SHOWN_ROWS = 500


def newer_file(opened: Opened, runs: Sequence[Run]) -> None:
    """Choose a version and one of its models, take it away, or let it score a newer file."""
    st.header("Score a newer file", anchor=False)
    st.write(
        "Use this between two analyses: one of the models below scores every customer of a newer export, at the end of its"
        " data, in seconds. Nothing is trained and nothing on the other pages changes. Once"
        f" {days(opened.results.horizon_days)} have passed since the analysis, analyse again: then there are outcomes to"
        " learn from."
    )
    run, model = _choice(opened, runs)
    if run is None:
        return
    _take_away(opened, run, model)
    if not opened.mine:
        note("Only its owner can score a file.")
        return
    error = st.session_state.pop(keys.NEWER_ERROR, None)
    if error is not None:
        show_error(error)
    version = st.session_state.setdefault(keys.NEWER_VERSION, 0)
    st.file_uploader(
        "Newer export of the shop",
        type=["csv", "tsv", "txt", "xlsx", "parquet", "zip", "gz"],
        key=keys.newer_file(version),
        on_change=_score,
        args=(opened, run, model),
        max_upload_size=LIMIT_MB,
        **needs(
            Action.RUN,
            help="In the columns of the file that was analysed, with the customers' whole history if you have it: what is"
            " not in the file is not known.",
        ),
    )
    job = opened.workspace.platform.scoring(opened.store, opened.session.session_id, "newer")
    active = job is not None and job.status in ("pending", "running")
    st.fragment(_scoring, run_every=0.5 if active else None)(opened, active)
    many_orders(opened)


def _choice(opened: Opened, runs: Sequence[Run]) -> tuple[Run | None, StoredModel | None]:
    """The run and, where it trained any, the model; its champion unless another is chosen."""
    by_id = {run.run_id: run for run in runs}
    current = opened.session.run_id
    run_id = st.selectbox(
        "Version",
        list(by_id),
        index=list(by_id).index(current) if current in by_id else 0,
        format_func=lambda one: _version_words(by_id[one], current),
        key=keys.NEWER_RUN,
        help="Its first letters are its name on the command line: churnkit score FILE --model LETTERS.",
    )
    run = by_id.get(run_id or "")
    if run is None:
        return None, None
    models = [one for one in opened.store.models.of_session(run.session_id) if one.run_id == run.run_id]
    models.sort(key=lambda one: one.model_id != run.model_id)
    if len(models) < 2:
        return run, models[0] if models else None
    chosen = st.selectbox(
        "Model",
        models,
        format_func=lambda one: _model_words(one, run),
        key=f"{keys.NEWER_MODEL}_{run.run_id}",
        help="The champion learned from all past dates. The others are as the leaderboard measured them: they learned"
        " from the dates and customers of the last validation.",
    )
    return run, chosen


def _version_words(run: Run, current: str | None) -> str:
    mark = "● " if run.run_id == current else ""
    made = f"made {instant(run.finished_at)} UTC"
    return f"{mark}{run.run_id[:8]}: {model_label(run.champion)}, {days(run.horizon_days)}, {made}"


def _model_words(model: StoredModel, run: Run) -> str:
    mark = "★ " if model.model_id == run.model_id else ""
    return f"{mark}{model_label(model.model_type)} ({model.model_id[:8]})"


def _take_away(opened: Opened, run: Run, model: StoredModel | None) -> None:
    name = model_label(model.model_type if model else run.champion)
    download(
        f"Download the model: {name}",
        lambda: _archive(opened, run, model),
        f"model_{run.run_id[:8]}.zip",
        "application/zip",
        key="model_archive",
        help="A folder of numbers and texts that runs no code when it is loaded, with its card. Unpacked, it scores on any"
        " machine: churnkit score FILE --model FOLDER --output DIR.",
    )


def _archive(opened: Opened, run: Run, model: StoredModel | None) -> bytes:
    # The libraries of the models come when somebody takes one away, not with the page.
    from churnkit.services.score.taking_away import model_archive

    champion = model is None or model.model_id == run.model_id
    model_id = None if champion or model is None else model.model_id
    version = opened.workspace.platform.version(opened.store, run.run_id, model_id)
    return model_archive(version, load_preferences(opened.store).model_owner)


def _score(opened: Opened, run: Run, model: StoredModel | None) -> None:
    """Hand the chosen file to a worker and let its bytes go."""
    version = st.session_state.get(keys.NEWER_VERSION, 0)
    file = st.session_state.get(keys.newer_file(version))
    if file is None:
        return
    champion = model is None or model.model_id == run.model_id
    try:
        with TemporaryDirectory(prefix="churnkit-score-") as folder:
            copy = Path(folder) / f"orders{known_suffix(file.name)}"
            with copy.open("wb") as target:
                shutil.copyfileobj(file, target)
            opened.workspace.platform.start_scoring(
                opened.store,
                opened.session.session_id,
                copy,
                purpose="newer",
                run_id=run.run_id,
                model_id=None if champion or model is None else model.model_id,
            )
    except ChurnkitError as error:
        st.session_state[keys.NEWER_ERROR] = error
    release(file)
    st.session_state[keys.NEWER_VERSION] = version + 1


def _scoring(opened: Opened, polling: bool) -> None:
    """The newest scoring: under way, failed, or its table."""
    job = finished_scoring(opened, "newer", stop_key="newer_stop", polling=polling)
    if job is None:
        return
    with guarded():
        _scores(opened, job)


def _scores(opened: Opened, job: JobView) -> None:
    path = opened.workspace.platform.scored(opened.store.jobs.get(job.job_id))
    table, account = scored_customers(path), read_scores(path.with_name(SCORES))
    risk = (
        ""
        if account.value_at_risk is None
        else f" At risk over a year: {money(account.value_at_risk, account.currency)}."
    )
    rate = (
        "" if account.mean_p_churn is None else f", {percent(account.mean_p_churn)} of them expected to leave"
    )
    st.write(
        escape_markdown(
            f"Scored at {day(account.cutoff)} by {model_label(account.model)} of {day(account.model_cutoff)}:"
            f" {counted(account.customers, 'customer')}, {count(account.active)} of them active{rate}.{risk}",
            600,
        )
    )
    for sentence in account.notes:
        note(sentence)
    shown_table(
        table.head(SHOWN_ROWS),
        COLUMNS,
        key="newer_table",
        alt="Customers of the newer file with probability and reasons",
        currency=account.currency or opened.currency,
    )
    if len(table) > SHOWN_ROWS:
        st.caption(f"The first {count(SHOWN_ROWS)} of {count(len(table))}; the file has all.")
    currency = account.currency or opened.currency
    download("Scores as CSV", lambda: csv_bytes(table, currency), "scores.csv", "text/csv", key="newer_csv")
