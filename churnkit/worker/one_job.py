"""One job from its order to its last word."""

from __future__ import annotations

import shutil
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.errors import ChurnkitError, JobError, is_disk_full
from churnkit.ingest.questions import OpenQuestions
from churnkit.jobs.layout import OUT, SCORED, WORK
from churnkit.jobs.open_questions import write_questions
from churnkit.jobs.request import Order
from churnkit.jobs.status import Status
from churnkit.results.files import write_document
from churnkit.results.scores import SCORES
from churnkit.results.shop_history import ADDITION
from churnkit.text.currencies import use_currency
from churnkit.tournament.progress import Stage
from churnkit.worker.progress_reports import Reporter

if TYPE_CHECKING:
    from churnkit.ingest import Ingested
    from churnkit.services.look.first_look import Clock


def run_job(folder: Path, order: Order, status: Status) -> int:
    """Do what ``order`` says and leave the results in the job's folder; the exit code of the process.

    The status says "done" when the results are complete, "failed" with a message where the user can mend
    something, and "crashed" for anything else, whose traceback goes to the log.
    """
    # Ibis calls what DuckDB and pandas have renamed; nobody who reads the log can do anything about it.
    warnings.filterwarnings("ignore", message="fetch_arrow_table|The 'future.infer_string'")
    reporter = Reporter(folder, order.kind, status)
    try:
        _work(folder, order, reporter)
    except ChurnkitError as error:
        if is_disk_full(error):
            return _no_room(folder, reporter)
        if isinstance(error, OpenQuestions):
            write_questions(folder, error.questions)
        reporter.failed(error.message, error.remedy)
        return 1
    except MemoryError:
        reporter.failed(
            "The machine has too little memory for this file.",
            "Export a shorter period or fewer columns, or use a machine with more memory.",
        )
        return 1
    except Exception as error:
        if is_disk_full(error):
            return _no_room(folder, reporter)
        reporter.crashed()
        raise
    reporter.done()
    return 0


def _no_room(folder: Path, reporter: Reporter) -> int:
    # The last word needs room itself.
    for name in (WORK, OUT):
        shutil.rmtree(folder / name, ignore_errors=True)
    reporter.failed("The disk is full.", "Free some space, for example by deleting old analyses.")
    return 1


def _work(folder: Path, order: Order, reporter: Reporter) -> None:
    if order.kind in ("analyze", "refresh", "score", "bulk"):
        # Before an analysis the owner was asked; a first look writes bare numbers where the file says nothing.
        use_currency(order.currency)
    work, out = folder / WORK, folder / OUT
    work.mkdir(exist_ok=True)
    out.mkdir(exist_ok=True)
    if order.kind == "score":
        _score(order, work, out)
    elif order.kind == "erase":
        _erase(order, work, out)
    elif order.kind == "bulk":
        _bulk(order, out, reporter)
    elif order.kind == "pull":
        _pull(folder, order, out, reporter)
    elif order.kind == "look":
        _look(order, work, out, reporter)
    elif order.kind == "add":
        _add(order, work, out, reporter)
    elif order.kind == "refresh":
        _refresh(folder, order, work, out, reporter)
    else:
        _analyze(folder, order, work, out, reporter)


def _pull(folder: Path, order: Order, out: Path, reporter: Reporter) -> None:
    from churnkit.worker.pulling import pull_source

    pull_source(folder, order.file, out, reporter)


def _bulk(order: Order, out: Path, reporter: Reporter) -> None:
    from churnkit.worker.bulk import score_bulk

    score_bulk(order, out, reporter)


def _look(order: Order, work: Path, out: Path, reporter: Reporter) -> None:
    from churnkit.services.look.first_look import profile_file, write_look
    from churnkit.services.look.kept_reading import keep_reading

    request = order.request
    ingested, profile, counted = profile_file(
        order.file,
        work,
        request.reading,
        request.settings,
        progress=reporter,
        erased=order.erased,
    )
    reporter(Stage.WRITE_LOOK, 0.0)
    write_look(ingested, profile, out, counted=counted)
    if order.erased is None:
        keep_reading(ingested, out, request.settings)


def _add(order: Order, work: Path, out: Path, reporter: Reporter) -> None:
    from churnkit.services.history.adding import ToAdd, add_file, first_version
    from churnkit.services.privacy.retention import forget_older, with_note
    from churnkit.shops import repeat, take_back

    asked, places = order.request.addition, order.addition
    if asked is None or places is None:
        raise JobError("Adding to the history: the order names no file.", "Add the file again.")
    reporter(Stage.READ, 0.0)

    def first() -> Path:
        return first_version(places.look, places.first_name, places.first_sha256, work / "first" / "1")

    history = order.history or first()
    left = forget_older(history, order.kept_from)
    if asked.upload_id is None:
        figures = take_back(history, places.before or first(), out)
    elif asked.again:
        figures = repeat(history, places.sha256, out)
    else:
        figures = add_file(
            history,
            order.file,
            order.request.reading,
            ToAdd(
                name=places.name,
                sha256=places.sha256,
                kind=asked.kind,
                knows_until=asked.knows_until,
                takes_out_missing=asked.takes_out_missing,
                asks_about_missing=asked.asks_about_missing,
                corrects=asked.corrects,
                insists=asked.insists,
                erased=order.erased,
                kept_from=order.kept_from,
            ),
            work,
            out,
        )
    write_document(with_note(figures, left, order.kept_from), out / ADDITION)


def _analyze(folder: Path, order: Order, work: Path, out: Path, reporter: Reporter) -> None:
    from churnkit.services.analyse.analysis import analysed
    from churnkit.services.analyse.run_folder import write_run
    from churnkit.services.decide.quarter_change import write_quarter_change
    from churnkit.services.look.first_look import Clock
    from churnkit.services.look.kept_reading import profile_of
    from churnkit.services.monitor.chosen_window import ChosenWindow
    from churnkit.services.monitor.writing import write_monitoring
    from churnkit.tournament.search import require_search

    settings = order.request.settings
    require_search(settings.tournament.search)
    clock = Clock(reporter)
    windows = ChosenWindow(settings.tournament.seed)
    ingested = _orders(order, work, clock)
    look = order.look if order.history is None and order.erased is None else None
    with analysed(
        ingested,
        work,
        settings,
        clock,
        window=windows.choose if order.request.challenger else None,
        known=profile_of(look, ingested, settings, order.currency) if look else None,
    ) as found:
        # Beside the results: a job that is cancelled must not leave its model among those in use.
        write_run(found.analysis, out, folder / "models", reporter, history=found.history)
        write_monitoring(out, order.earlier_runs, run_id=folder.name, lines=found.history.lines)
        write_quarter_change(out, found.history.lines)
    if order.request.challenger and order.run_folder is not None:
        from churnkit.services.monitor.writing import write_challenge

        write_challenge(
            out,
            order.run_folder,
            order.models,
            order.seal,
            order.request.reading,
            run_id=folder.name,
            learned_from=windows.words,
        )


def _refresh(folder: Path, order: Order, work: Path, out: Path, reporter: Reporter) -> None:
    from churnkit.services.look.first_look import Clock
    from churnkit.services.refresh.refresh_run import refresh_run

    if order.run_folder is None:
        raise JobError("Refreshing the forecast: the order names no run.", "Start it again.")
    clock = Clock(reporter)
    refresh_run(
        _orders(order, work, clock),
        work,
        trained=order.run_folder,
        models=order.models,
        seal=order.seal,
        reading=order.request.reading,
        out=out,
        staged_models=folder / "models",
        clock=clock,
        earlier=order.earlier_runs,
        run_id=folder.name,
    )


def _orders(order: Order, work: Path, clock: Clock) -> Ingested:
    """What the shop sold: its history as it is asked for, or its one file."""
    from churnkit.services.look.first_look import read_again
    from churnkit.services.privacy.retention import forget_older, without_older

    if order.history is None or order.history_version is None:
        look = order.look if order.erased is None else None
        ingested = read_again(
            look, order.file, work, order.request.reading, clock, order.erased, order.currency
        )
        return without_older(ingested, order.kept_from)
    from churnkit.services.refresh.shop_history import open_version

    forget_older(order.history, order.kept_from)

    reading = order.request.reading
    if order.kind == "refresh":
        reading = replace(reading, as_of=None)
    return open_version(order.history, order.history_version, work, reading, clock)


def _erase(order: Order, work: Path, out: Path) -> None:
    from churnkit.services.privacy.erasing import ShopFiles, erase_from_files

    if order.erased is None:
        raise JobError("Erasing a customer: the order has no key.", "Start it again.")
    shop = ShopFiles(order.folders, order.uploads, dict(order.columns))
    erase_from_files(shop, order.request.customers, order.erased.key, work, out)


def _score(order: Order, work: Path, out: Path) -> None:
    if order.run_folder is None:
        raise JobError("Scoring customers: the order names no run.", "Start it again.")
    if order.request.purpose != "imagined":
        _score_newer(order, order.run_folder, work, out)
        return
    from churnkit.services.whatif.hypothetical_customers import score_file

    scored = score_file(order.run_folder, order.models, order.file, work, seal=order.seal)
    scored.to_parquet(out / SCORED, index=False)


def _score_newer(order: Order, run_folder: Path, work: Path, out: Path) -> None:
    from churnkit.services.score.newer_file import score_newer
    from churnkit.services.score.score_files import scores_document
    from churnkit.services.score.stored_scorer import scorer_of_run

    scorer = scorer_of_run(run_folder, order.models, order.seal, order.request.reading)
    scores = score_newer(order.file, work, scorer, erased=order.erased, kept_from=order.kept_from)
    write_document(scores_document(scores, scorer), out / SCORES)
    scores.customers.to_parquet(out / SCORED, index=False)
