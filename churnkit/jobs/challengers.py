"""What follows a new run's drift, and what becomes of a model that was trained to take another's place."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from churnkit.errors import JobError
from churnkit.jobs.adoption import run_files
from churnkit.jobs.layout import Folders
from churnkit.jobs.shop_requests import refresh_request, retrain_request
from churnkit.jobs.tracking_runs import track_beside
from churnkit.jobs.work_desk import unfinished
from churnkit.results.challenge import CHALLENGE_FILE, ChallengeDocument
from churnkit.results.codec import to_json
from churnkit.results.drift import DRIFT_FILE, DriftDocument
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.scorecards import SCORECARDS_FILE, ScorecardsDocument
from churnkit.store import Run, Store

TELLING = ("score", "features", "gaps")
"""Kinds of reasons that are changes of the customers or of the orders."""


def follow_monitoring(store: Store, folders: Folders, run: Run) -> None:
    """Note new scorecards and drift, propose or begin to train again, and judge a challenger; again changes nothing."""
    results = Results(folders.run(run.session_id, run.run_id))
    if run.is_challenger:
        if run.kind == "analysis":
            _judge(store, folders, run, results)
        return
    cards = results.later(ScorecardsDocument, SCORECARDS_FILE)
    if isinstance(cards, Found):
        _note_cards(store, run, cards.value)
    drift = results.later(DriftDocument, DRIFT_FILE)
    if isinstance(drift, Found) and drift.value.triggers:
        _note_drift(store, run, drift.value)
        _retrain(store, run, drift.value)
    _score_beside(store, run)


def _note_cards(store: Store, run: Run, found: ScorecardsDocument) -> None:
    for card in found.scorecards[:1]:
        store.events.note(
            run.session_id,
            "scorecard_ready",
            key=card.run_id,
            words=f"{card.words} {card.advice}",
            at=run.finished_at,
            details={"run_id": card.run_id, "verdict": card.verdict},
        )


def _note_drift(store: Store, run: Run, found: DriftDocument) -> None:
    telling = [one for one in found.triggers if one.kind in TELLING]
    if telling:
        store.events.note(
            run.session_id,
            "drift_found",
            key=f"{found.reference_run}/{_kinds(found)}",
            words=" ".join(one.words for one in telling),
            at=run.finished_at,
            details={"run_id": run.run_id, "reference_run": found.reference_run},
        )


def _retrain(store: Store, run: Run, found: DriftDocument) -> None:
    """Propose it once for the same reasons; begin it once a month at most, where the shop's settings say so."""
    settings = store.shops.get(run.session_id).shop_settings
    if settings.retraining == "never":
        return
    reasons = " ".join(one.words for one in found.triggers)
    store.events.note(
        run.session_id,
        "retrain_proposed",
        key=f"{found.reference_run}/{_kinds(found)}",
        words=f"{found.retrain_words} {reasons}",
        at=run.finished_at,
        details={"run_id": run.run_id},
    )
    if settings.retraining != "start" or not found.is_worth_it:
        return
    if any(job.kind == "analyze" for job in unfinished(store, run.session_id)):
        return
    begun = store.events.note(
        run.session_id,
        "retrain_started",
        key=f"{found.reference_run}/{found.cutoff.date().isoformat()[:7]}",
        words=f"A new model is being trained on the newer orders. {reasons}",
        at=run.finished_at,
        details={"run_id": run.run_id},
    )
    if begun:
        request = replace(retrain_request(store, run.session_id), challenger=True)
        store.jobs.create(
            run.session_id, created_at=run.finished_at, kind="analyze", request=to_json(request)
        )


def _judge(store: Store, folders: Folders, run: Run, results: Results) -> None:
    """Say how a challenger did; one that is better takes over where the shop's settings let it."""
    found = results.later(ChallengeDocument, CHALLENGE_FILE)
    settings = store.shops.get(run.session_id).shop_settings
    if isinstance(found, Missing) or found.value.verdict in ("worse", "unfit"):
        words = found.reason if isinstance(found, Missing) else f"{found.value.words} {found.value.advice}"
        _note_challenger(store, run, "challenger_refused", words, run.finished_at)
        return
    document = found.value
    if document.verdict == "better" and settings.retraining == "start":
        store.runs.promote(
            run.session_id,
            run.run_id,
            run_files(folders.run(run.session_id, run.run_id)),
            at=run.finished_at,
        )
        store.events.note(
            run.session_id,
            "promoted",
            key=run.run_id,
            words=f"The new model took over. {document.words}",
            at=run.finished_at,
            details={"run_id": run.run_id, "before": document.champion.run_id},
        )
        track_beside(store, folders, run)
        return
    store.shops.set_settings(run.session_id, replace(settings, challenger_run=run.run_id, rollout_percent=0))
    words = f"{document.words} {document.advice}"
    _note_challenger(store, run, "challenger_kept", words, run.finished_at)


def _note_challenger(store: Store, run: Run, kind: str, words: str, at: datetime) -> None:
    store.events.note(
        run.session_id,
        "challenger_kept" if kind == "challenger_kept" else "challenger_refused",
        key=run.run_id,
        words=words,
        at=at,
        details={"run_id": run.run_id},
    )


def _score_beside(store: Store, run: Run) -> None:
    """After a refresh, have the challenger score the same orders, so that both can be checked against what comes."""
    challenger = store.shops.get(run.session_id).shop_settings.challenger_run
    if challenger is None or run.kind != "refresh":
        return
    known = store.runs.of_session(run.session_id, challengers=True)
    if all(one.run_id != challenger for one in known):
        return
    done = [one for one in known if one.is_challenger and one.trained_by == challenger]
    if any(
        one.summary.cutoff == run.summary.cutoff and one.history_version == run.history_version
        for one in done
    ):
        return
    try:
        request = replace(refresh_request(store, run.session_id), run_id=challenger, challenger=True)
    except JobError:
        return
    if not any(
        job.kind == "refresh" and job.status == "pending" for job in unfinished(store, run.session_id)
    ):
        store.jobs.create(
            run.session_id, created_at=run.finished_at, kind="refresh", request=to_json(request)
        )


def _kinds(found: DriftDocument) -> str:
    return "+".join(sorted({one.kind for one in found.triggers}))
