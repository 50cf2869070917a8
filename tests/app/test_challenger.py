"""A model that is trained again: compared, scored beside the present one, and put in its place or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from churnkit.accounts import OWNER
from churnkit.errors import ConflictError
from churnkit.jobs import Platform
from churnkit.jobs.challenger_desk import challenger_of, drop, roll_out, take_over
from churnkit.jobs.challengers import follow_monitoring
from churnkit.results.challenge import CHALLENGE_FILE, ChallengeDocument, ChallengeVerdict
from churnkit.results.drift import DRIFT_FILE, DriftDocument, Trigger
from churnkit.results.files import write_document
from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.results.shop import Retraining
from churnkit.results.shop_events import EventKind
from churnkit.services.monitor.writing import write_monitoring
from churnkit.store import Run, Store
from tests.app.conftest import TENANT, InlineWorkers, Shop, copy_of, settle
from tests.app.test_monitoring import earlier_run
from tests.unit.monitoring.test_challenge import NEW, OLD, SURE


@pytest.fixture
def desk(tmp_path: Path, full_shop: Shop) -> Iterator[tuple[Platform, Store, Run]]:
    """The platform of a finished shop, its store and its one run."""
    folders = (tmp_path / "data", tmp_path / "models")
    copy_of(full_shop, folders)
    platform = Platform(*folders, workers=InlineWorkers(), slots=1)
    store = platform.store_for(TENANT, OWNER)
    yield platform, store, store.runs.of_session(full_shop.session_id)[0]
    platform.close()


def test_a_challenger_is_compared_scored_beside_and_takes_over(desk: tuple[Platform, Store, Run]) -> None:
    platform, store, champion = desk
    shop_id = champion.session_id
    job = platform.start_retrain(store, shop_id, as_challenger=True)
    settle(platform)
    assert store.jobs.get(job.job_id).status == "completed", store.jobs.get(job.job_id).error_message

    # Nothing on screen has changed, and no list of versions shows it.
    session = store.sessions.get(shop_id)
    assert (session.run_id, session.status) == (champion.run_id, "completed")
    assert [one.run_id for one in store.runs.of_session(shop_id)] == [champion.run_id]
    assert [
        one.is_champion for one in store.models.of_session(shop_id) if one.model_id == champion.model_id
    ] == [True]
    challenger = challenger_of(store, shop_id)
    assert challenger is not None and challenger.run_id == job.job_id
    document = _challenge(platform, challenger)
    # The present model was trained on the same orders: no window has closed since.
    assert document.verdict == "not_yet" and document.learned_from
    (event,) = store.events.of_shop(shop_id, kinds=["challenger_kept"])
    assert document.words in event.sentence

    # A refresh is scored by both; what is on screen is the champion's.
    refresh = platform.start_refresh(store, shop_id)
    settle(platform)
    assert store.sessions.get(shop_id).run_id == refresh.job_id
    beside = [one for one in store.runs.of_session(shop_id, challengers=True) if one.trained_by == job.job_id]
    assert [one.is_challenger for one in beside] == [True]

    roll_out(store, shop_id, 10)
    assert store.shops.get(shop_id).shop_settings.rollout_percent == 10
    with pytest.raises(ConflictError, match="in steps"):
        roll_out(store, shop_id, 30)

    run = take_over(platform, store, shop_id)
    assert run.run_id == beside[0].run_id and store.sessions.get(shop_id).run_id == run.run_id
    assert not store.runs.get(run.run_id).is_challenger
    settings = store.shops.get(shop_id).shop_settings
    assert (settings.challenger_run, settings.rollout_percent) == (None, 0)
    assert challenger_of(store, shop_id) is None
    with pytest.raises(ConflictError, match="none waits"):
        drop(store, shop_id)

    # And back again.
    platform.promote(store, shop_id, champion.run_id)
    assert store.sessions.get(shop_id).run_id == champion.run_id


def _challenge(platform: Platform, run: Run) -> ChallengeDocument:
    found = Results(platform.folders.run(run.session_id, run.run_id)).later(ChallengeDocument, CHALLENGE_FILE)
    assert isinstance(found, Found)
    return found.value


def _with_reasons(platform: Platform, run: Run, tmp_path: Path) -> None:
    """The run's folder says that the model is old."""
    folder = platform.folders.run(run.session_id, run.run_id)
    earlier = earlier_run(folder, tmp_path / "earlier")
    write_monitoring(folder, [earlier], trained_by=earlier)
    found = Results(folder).later(DriftDocument, DRIFT_FILE)
    assert isinstance(found, Found)
    age = Trigger(kind="age", words="The model is old.")
    write_document(replace(found.value, triggers=(age,), retrain_words="Train again."), folder / DRIFT_FILE)


def test_reasons_are_told_once_and_a_model_is_trained_where_the_shop_says_so(
    desk: tuple[Platform, Store, Run], tmp_path: Path
) -> None:
    platform, store, run = desk
    _with_reasons(platform, run, tmp_path)
    follow_monitoring(store, platform.folders, run)
    follow_monitoring(store, platform.folders, run)
    proposed = store.events.of_shop(run.session_id, kinds=["retrain_proposed"])
    assert len(proposed) == 1 and "Train again" in proposed[0].sentence
    assert not any(job.status == "pending" for job in store.jobs.of_session(run.session_id))

    settings = store.shops.get(run.session_id).shop_settings
    store.shops.set_settings(run.session_id, replace(settings, retraining="start"))
    follow_monitoring(store, platform.folders, run)
    follow_monitoring(store, platform.folders, run)
    waiting = [job for job in store.jobs.of_session(run.session_id) if job.status == "pending"]
    assert [(job.kind, job.request["challenger"]) for job in waiting] == [("analyze", True)]
    assert len(store.events.of_shop(run.session_id, kinds=["retrain_started"])) == 1
    assert len(store.events.of_shop(run.session_id, kinds=["scorecard_ready"])) == 1


def test_a_better_challenger_takes_over_by_itself_only_where_the_shop_says_so(
    desk: tuple[Platform, Store, Run],
) -> None:
    platform, store, champion = desk
    shop_id = champion.session_id
    job = platform.start_refresh(store, shop_id)
    settle(platform)
    # Played by a refresh: what matters is what its comparison says.
    challenger = replace(store.runs.get(job.job_id), is_challenger=True, kind="analysis")
    cases: tuple[tuple[ChallengeVerdict, Retraining, bool, EventKind], ...] = (
        ("worse", "start", False, "challenger_refused"),
        ("better", "propose", False, "challenger_kept"),
        ("better", "start", True, "promoted"),
    )
    for verdict, retraining, on_screen, kind in cases:
        platform.promote(store, shop_id, champion.run_id)
        _compared(platform, challenger, verdict)
        settings = store.shops.get(shop_id).shop_settings
        store.shops.set_settings(shop_id, replace(settings, retraining=retraining))
        follow_monitoring(store, platform.folders, challenger)
        assert (store.sessions.get(shop_id).run_id == challenger.run_id) is on_screen, verdict
        assert any("So it was." in one.sentence for one in store.events.of_shop(shop_id, kinds=[kind])), (
            verdict
        )


def _compared(platform: Platform, run: Run, verdict: ChallengeVerdict) -> None:
    document = ChallengeDocument(
        champion=OLD,
        challenger=NEW,
        windows=(),
        customers=500,
        gain=SURE,
        verdict=verdict,
        words="So it was.",
        advice="Do that.",
        learned_from="",
    )
    write_document(document, platform.folders.run(run.session_id, run.run_id) / CHALLENGE_FILE)
