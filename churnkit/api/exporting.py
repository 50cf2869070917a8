"""Files of an analysis by kind: those that its pages offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from fastapi import Response

from churnkit.api.access import Caller
from churnkit.api.files import file_answer
from churnkit.api.opened import OpenedRun, open_run
from churnkit.api.routes.analyses import look_of
from churnkit.errors import ConflictError
from churnkit.results.folders import Results
from churnkit.results.look_folder import Look
from churnkit.services.decide.reach import reach_of
from churnkit.services.deliver.downloads import DOWNLOADS, Download, file_name
from churnkit.services.monitor.rolled import rolled_out
from churnkit.services.workspace.brand import load_brand
from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.store import Session
from churnkit.text.locale import using

ExportKind = Literal[
    "pdf",
    "html",
    "xlsx",
    "scores",
    "features",
    "features_parquet",
    "ledger",
    "profile_pdf",
    "profile_html",
    "dictionary",
    "model",
]

_OTHERS: dict[str, Download] = {
    "dictionary": Download(
        "Data dictionary as CSV", "What every column of the files means.", "dictionary.csv", "text/csv"
    ),
    "model": Download(
        "The model as a zip",
        "What scored the customers, with its card, for any machine.",
        "model.zip",
        "application/zip",
    ),
}
KINDS: dict[str, Download] = {kind: {**DOWNLOADS, **_OTHERS}[kind] for kind in get_args(ExportKind)}


@dataclass(frozen=True)
class Export:
    """One file: ``make`` raises what opening the analysis raises."""

    name: str
    mime: str
    make: Callable[[], bytes]


def export_answer(
    caller: Caller, session: Session, kind: ExportKind, sections: Sequence[str] | None = None
) -> Response:
    """One of an analysis' files to take away; errors as for :func:`open_run`, ``build_report`` and ``model_archive``.

    Parameters
    ----------
    sections
        Of the report; None for all.
    """
    label = caller.store.uploads.get(session.upload_id).filename
    known = KINDS[kind]
    name = file_name(kind, label) if kind in DOWNLOADS else f"{session.session_id[:8]}-{known.ending}"

    def made() -> bytes:
        # For people, unlike answers: written as the workspace's pages are.
        with using(load_preferences(caller.store).locale):
            return _bytes(caller, session, kind, label, sections)

    return file_answer(caller, made, name, known.mime, session.session_id)


def _bytes(
    caller: Caller, session: Session, kind: ExportKind, label: str, sections: Sequence[str] | None
) -> bytes:
    # Reports know models by name, whose libraries come with the first file and not when the server starts.
    from churnkit.services.deliver.report_files import build_dictionary, build_profile, build_report

    if kind == "ledger" or kind == "profile_pdf" or kind == "profile_html":
        return build_profile(_look(caller, session), kind, label)
    run = open_run(caller, session.session_id)
    if kind == "dictionary":
        return build_dictionary(run.results)
    if kind == "model":
        return _model(caller, run)
    preferences = load_preferences(caller.store)
    if kind != "pdf" and kind != "html":
        results = run.results
        if kind == "scores":
            results = rolled_out(caller.store, session.session_id, results)
        return build_report(results, kind, label)
    reach = reach_of(run.results, preferences.channels or ())
    return build_report(
        run.results,
        kind,
        label,
        sections,
        reach=reach,
        model_owner=preferences.model_owner,
        brand=load_brand(caller.store),
    )


def _look(caller: Caller, session: Session) -> Look:
    return look_of(caller, session) if session.run_id is None else _results(caller, session)


def _results(caller: Caller, session: Session) -> Results:
    return open_run(caller, session.session_id).results


def _model(caller: Caller, run: OpenedRun) -> bytes:
    if caller.store.runs.seal(run.run_id) is None:
        raise ConflictError(
            "Taking the model away: no model was trained, simple rules scored the customers.",
            "Its card is at /runs/{run_id}/card.",
        )
    from churnkit.services.score.taking_away import model_archive

    version = caller.platform.version(caller.store, run.run_id)
    return model_archive(version, load_preferences(caller.store).model_owner)
