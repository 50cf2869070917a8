"""Every subject of the store is filtered by tenant: another tenant's ids read as if they did not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from churnkit.accounts import OWNER, SYSTEM, Action
from churnkit.errors import StoreError
from churnkit.results.destination import DestinationSettings
from churnkit.results.run_figures import RunFigures
from churnkit.results.schedule import Rule
from churnkit.results.shop import AdditionFigures, ShopSettings
from churnkit.store import (
    Addition,
    KeptAnswer,
    NewMessage,
    NewSourceFile,
    Schedule,
    Share,
    Store,
    Subscription,
)
from tests.unit.store.filled import NOON, add_model, begin, fill, frame, guest, row_counts, run_files

# What the program must know of every tenant; none of it hands out what belongs to one.
ACROSS_TENANTS = {
    "overview.share", "overview.forget_audit", "overview.forget_kept_answers",
    "overview.tenants", "overview.files_to_hand_on", "overview.unfinished_jobs",
    "overview.step_timings", "overview.removals",
    "overview.key", "overview.has_keys", "overview.note_key_used", "overview.runs_to_follow_up",
    "people.is_empty", "people.all", "people.get", "people.by_email", "people.by_subject", "people.add",
    "people.add_first", "people.set_password_hash", "people.change_password", "people.disable", "people.enable",
    "people.memberships", "people.join", "people.vouch", "people.unvouch", "people.make_workspace",
    "people.workspaces",
    "sign_ins.add", "sign_ins.find", "sign_ins.of_person", "sign_ins.note_seen", "sign_ins.open_workspace",
    "sign_ins.end", "sign_ins.end_all", "sign_ins.forget_ended",
    "outbox.note_ended", "outbox.note_events", "outbox.failed_jobs",
    "mailbox.subscriptions", "mailbox.listening", "mailbox.untold", "mailbox.set_next", "mailbox.tell",
    "mailbox.set_report", "mailbox.queue", "mailbox.due", "mailbox.next_at", "mailbox.arrived", "mailbox.missed",
    "mailbox.stop", "mailbox.by_stop_token", "mailbox.forget_old",
    "outbox.due", "outbox.next_at", "outbox.arrived", "outbox.missed", "outbox.forget_old",
    "push_outbox.due", "push_outbox.next_at", "push_outbox.is_waiting", "push_outbox.held", "push_outbox.note_held",
    "push_outbox.done", "push_outbox.missed", "push_outbox.forget_old",
    "timetable.going", "timetable.open_runs", "timetable.move", "timetable.claim", "timetable.try_again",
    "timetable.begin", "timetable.note_job", "timetable.end", "timetable.failing_since", "timetable.forget_old",
    "entries.open", "entries.accept", "entries.make_reset", "entries.use_reset",
    "overview.put_away_before",
    "overview.erasures", "overview.keep_erasures",
    "overview.forget_removals", "overview.has_model_file", "overview.named_files", "overview.processes_of_failed_jobs",
}  # fmt: skip
# Their rows belong to the tenant who writes them, on a session that may be another's.
NEW_ROWS = {
    "workspace.take_over",
    "audit.note",
    "keys.add",
    "webhooks.add",
    "subscriptions.add",
    "uploads.add",
    "shops.create",
    "scenarios.save",
    "contact_lists.create",
    "campaigns.freeze",
}

Calls = dict[str, Callable[[], Any]]
DESTINATION = "1" * 32
SOURCE = "2" * 32


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


def public_methods(store: Store) -> set[str]:
    subjects = {name: value for name, value in vars(store).items() if not name.startswith("_")}
    return {
        f"{subject}.{method}"
        for subject, table in subjects.items()
        for method in dir(table)
        if not method.startswith("_")
    }


def refused(store: Store, other: Store) -> Calls:
    """Every call that takes an id, as the other tenant makes it with the first one's."""
    (session,) = store.sessions.all()
    session_id, upload_id = session.session_id, session.upload_id
    (job,) = store.jobs.of_session(session_id)
    (listed,) = store.contact_lists.of_session(session_id)
    (campaign,) = store.campaigns.all()
    (readout,) = store.readouts.of_campaign(campaign.campaign_id)
    (model,) = store.models.of_session(session_id)
    person_id = store.members.all()[0].person_id
    (key_id,) = (key.key_id for key in store.keys.all())
    (share_id,) = (share.share_id for share in store.shares.all())
    (webhook_id,) = (webhook.webhook_id for webhook in store.webhooks.all())
    (told_id,) = (one.subscription_id for one in store.subscriptions.all())
    (message,) = store.subscriptions.messages(told_id)
    (delivery_id,) = (delivery.delivery_id for delivery in store.webhooks.deliveries(webhook_id))
    (schedule_id,) = (schedule.schedule_id for schedule in store.schedules.of_shop(session_id))
    job_id, list_id, campaign_id = job.job_id, listed.list_id, campaign.campaign_id
    return {
        "uploads.get": lambda: other.uploads.get(upload_id),
        "uploads.set_row_count": lambda: other.uploads.set_row_count(upload_id, 1),
        "uploads.reader_ended": lambda: other.uploads.reader_ended(upload_id),
        "uploads.note_reader_ended": lambda: other.uploads.note_reader_ended(upload_id, "x"),
        "uploads.delete": lambda: other.uploads.delete(upload_id),
        "sessions.create": lambda: other.sessions.create(upload_id=upload_id, column_mapping={}, created_at=NOON),
        "sessions.get": lambda: other.sessions.get(session_id),
        "sessions.rename": lambda: other.sessions.rename(session_id, "mine"),
        "sessions.set_status": lambda: other.sessions.set_status(session_id, "completed"),
        "sessions.set_settings": lambda: other.sessions.set_settings(session_id, {}),
        "sessions.set_results": lambda: other.sessions.set_results(
            session_id, horizon_days=1, transactions_path=Path("x")
        ),
        "sessions.set_note": lambda: other.sessions.set_note(session_id, "mine"),
        "put_away.put": lambda: other.put_away.put(session_id, folder=store._database.path.parent / "x", at=NOON),
        "put_away.bring_back": lambda: other.put_away.bring_back(
            session_id, folder=store._database.path.parent / "x"
        ),
        "put_away.delete": lambda: other.put_away.delete(session_id),
        "put_away.jobs": lambda: other.put_away.jobs(session_id),
        "sessions.delete": lambda: other.sessions.delete(session_id),
        "shops.get": lambda: other.shops.get(session_id),
        "shops.set_settings": lambda: other.shops.set_settings(session_id, ShopSettings()),
        "additions.of_shop": lambda: other.additions.of_shop(session_id),
        "additions.finish": lambda: add_to_history(other, job_id),
        "events.note": lambda: other.events.note(session_id, "promoted", key="x", words="x", at=NOON),
        "events.of_shop": lambda: other.events.of_shop(session_id),
        "destinations.add": lambda: destination_of(other, session_id, "theirs"),
        "destinations.get": lambda: other.destinations.get(DESTINATION),
        "destinations.of_shop": lambda: other.destinations.of_shop(session_id),
        "destinations.set_after_runs": lambda: other.destinations.set_after_runs(DESTINATION, False),
        "destinations.pause": lambda: other.destinations.pause(DESTINATION, at=NOON),
        "destinations.resume": lambda: other.destinations.resume(DESTINATION),
        "destinations.delete": lambda: other.destinations.delete(DESTINATION),
        "destinations.queue": lambda: other.destinations.queue(DESTINATION, "r", push_id="theirs", at=NOON),
        "destinations.push": lambda: other.destinations.push("own push"),
        "destinations.pushes": lambda: other.destinations.pushes(DESTINATION),
        "schedules.add": lambda: schedule_of(other, session_id),
        "schedules.get": lambda: other.schedules.get(schedule_id),
        "schedules.of_shop": lambda: other.schedules.of_shop(session_id),
        "schedules.change": lambda: other.schedules.change(schedule_id, Rule(), zone="UTC", next_due_at=NOON),
        "schedules.pause": lambda: other.schedules.pause(schedule_id, why="x", at=NOON),
        "schedules.resume": lambda: other.schedules.resume(schedule_id, zone="UTC", next_due_at=NOON),
        "schedules.delete": lambda: other.schedules.delete(schedule_id),
        "schedules.ask_run": lambda: other.schedules.ask_run(schedule_id, at=NOON),
        "schedules.runs": lambda: other.schedules.runs(schedule_id),
        "erasures.begin": lambda: other.erasures.begin(session_id, "a", {}, at=NOON),
        "erasures.rows_of": lambda: other.erasures.rows_of(session_id, "a"),
        "erasures.finish": lambda: other.erasures.finish(
            job_id, customer_ids=["a"], request={}, hashes=[], rows=0, clean=str, at=NOON
        ),
        "jobs.create": lambda: other.jobs.create(session_id, created_at=NOON),
        "jobs.claim": lambda: other.jobs.claim(job_id, at=NOON),
        "jobs.update": lambda: other.jobs.update(job_id, at=NOON, progress=1),
        "jobs.finish": lambda: other.jobs.finish(job_id, at=NOON),
        "jobs.rename": lambda: other.jobs.rename(job_id, "mine"),
        "jobs.delete": lambda: other.jobs.delete(job_id, folder=Path("x")),
        "jobs.get": lambda: other.jobs.get(job_id),
        "jobs.of_session": lambda: other.jobs.of_session(session_id),
        "looks.finish": lambda: other.looks.finish(
            job_id, at=NOON, column_mapping={}, horizon_days=1, row_count=1, transactions_path=Path("x")
        ),
        "runs.finish": lambda: other.runs.finish(
            job_id, run_files(), at=NOON, horizon_days=1, champion="x", summary=RunFigures(), model=None
        ),
        "runs.promote": lambda: other.runs.promote(session_id, job_id, run_files(), at=NOON),
        "runs.delete": lambda: other.runs.delete(job_id, folder=Path("x")),
        "runs.get": lambda: other.runs.get(job_id),
        "runs.seal": lambda: other.runs.seal(job_id),
        "runs.of_session": lambda: other.runs.of_session(session_id),
        "models.add": lambda: add_model(other, session_id),
        "models.set_champion": lambda: other.models.set_champion(session_id, model.model_id),
        "models.delete": lambda: other.models.delete(model.model_id),
        "models.get": lambda: other.models.get(model.model_id),
        "models.seal": lambda: other.models.seal(model.model_id),
        "models.of_session": lambda: other.models.of_session(session_id),
        "models.champion": lambda: other.models.champion(session_id),
        "shares.add": lambda: share_of(other, session_id, "1"),
        "shares.revoke": lambda: other.shares.revoke(share_id, at=NOON),
        "shops.delete_empty": lambda: other.shops.delete_empty(session_id),
        "sources.add": lambda: other.sources.add(
            session_id, source_id="x", kind="link", name="x", settings={}, sealed=None, gives="period", at=NOON
        ),
        "sources.of_shop": lambda: other.sources.of_shop(session_id),
        "sources.get": lambda: other.sources.get(SOURCE),
        "sources.sealed": lambda: other.sources.sealed(SOURCE),
        "sources.change": lambda: other.sources.change(SOURCE, name="x", settings={}, gives="period"),
        "sources.pause": lambda: other.sources.pause(SOURCE, at=NOON),
        "sources.delete": lambda: other.sources.delete(SOURCE, folder=Path("x")),
        "sources.files": lambda: other.sources.files(SOURCE),
        "sources.hand_on": lambda: other.sources.hand_on(store.sources.files(SOURCE)[0].file_id),
        "sources.finish_pull": lambda: other.sources.finish_pull(job.job_id, SOURCE, [], pull_cursor={}, words="x", at=NOON
        ),
        "subscriptions.get": lambda: other.subscriptions.get(told_id),
        "subscriptions.change": lambda: other.subscriptions.change(
            told_id, kinds=[], rhythm="daily", with_report=False, report_at=None
        ),
        "subscriptions.delete": lambda: other.subscriptions.delete(told_id),
        "subscriptions.messages": lambda: other.subscriptions.messages(told_id),
        "subscriptions.queue": lambda: other.subscriptions.queue(told_id, a_message("1"), at=NOON),
        "subscriptions.send_again": lambda: other.subscriptions.send_again(message.message_id, at=NOON),
        "webhooks.get": lambda: other.webhooks.get(webhook_id),
        "webhooks.change": lambda: other.webhooks.change(webhook_id, url="x", events=[]),
        "webhooks.rotate": lambda: other.webhooks.rotate(webhook_id, key_mark="x", at=NOON),
        "webhooks.disable": lambda: other.webhooks.disable(webhook_id, why="x", at=NOON),
        "webhooks.enable": lambda: other.webhooks.enable(webhook_id, at=NOON),
        "webhooks.delete": lambda: other.webhooks.delete(webhook_id),
        "webhooks.deliveries": lambda: other.webhooks.deliveries(webhook_id),
        "webhooks.send_test": lambda: other.webhooks.send_test(webhook_id, event_id="1", body="{}", at=NOON),
        "webhooks.send_again": lambda: other.webhooks.send_again(delivery_id, at=NOON),
        "keys.revoke": lambda: other.keys.revoke(key_id, at=NOON),
        "members.change": lambda: other.members.change(person_id, "viewer", False),
        "members.remove": lambda: other.members.remove(person_id),
        "members.disable": lambda: other.members.disable(person_id, at=NOON),
        "members.enable": lambda: other.members.enable(person_id),
        "members.end_sign_ins": lambda: other.members.end_sign_ins(person_id),
        "members.reset_password": lambda: other.members.reset_password(person_id, "9", at=NOON, expires_at=NOON),
        "members.invite": lambda: other.members.invite("9", "c@x", "viewer", True, at=NOON, expires_at=NOON),
        "members.withdraw": lambda: other.members.withdraw("invited"),
        "members.rename_workspace": lambda: other.members.rename_workspace("mine"),
        "predictions.replace": lambda: other.predictions.replace(session_id, frame(), predicted_at=NOON),
        "predictions.page": lambda: other.predictions.page(session_id),
        "insights.replace": lambda: other.insights.replace(session_id, generated_at=NOON, summary_stats={}),
        "insights.of_session": lambda: other.insights.of_session(session_id),
        "contact_lists.add": lambda: other.contact_lists.add(list_id, ["a"]),
        "contact_lists.customers": lambda: other.contact_lists.customers(list_id),
        "contact_lists.delete": lambda: other.contact_lists.delete(list_id),
        "campaigns.get": lambda: other.campaigns.get(campaign_id),
        "campaigns.members": lambda: other.campaigns.members(campaign_id),
        "campaigns.exclusions": lambda: other.campaigns.exclusions(campaign_id),
        "campaigns.start": lambda: other.campaigns.start(campaign_id, NOON.date()),
        "campaigns.end": lambda: other.campaigns.end(campaign_id),
        "campaigns.delete": lambda: other.campaigns.delete(campaign_id),
        "worklist.note": lambda: to_do(other, session_id),
        "worklist.of_shop": lambda: other.worklist.of_shop(session_id),
        "worklist.of_customer": lambda: other.worklist.of_customer(session_id, "b"),
        "readouts.of_campaign": lambda: other.readouts.of_campaign(campaign_id),
        "readouts.campaign_name": lambda: other.readouts.campaign_name(readout.readout_id),
        "readouts.add": lambda: other.readouts.add(
            campaign_id, source="x", figures={}, words=[], is_complete=True, looked_at=NOON
        ),
    }  # fmt: skip


def empty(store: Store, other: Store) -> Calls:
    """Every call without an id of the tenant's own: the other tenant finds nothing."""
    (session,) = store.sessions.all()
    session_id = session.session_id
    return {
        "uploads.all": other.uploads.all,
        "sessions.all": other.sessions.all,
        "put_away.all": other.put_away.all,
        "shops.all": other.shops.all,
        "jobs.all": other.jobs.all,
        "jobs.newest_work": other.jobs.newest_work,
        "scenarios.of_session": lambda: other.scenarios.of_session(session_id),
        "contact_lists.of_session": lambda: other.contact_lists.of_session(session_id),
        "erasures.all": other.erasures.all,
        "erasures.of_shop": lambda: other.erasures.of_shop(session_id),
        "keys.all": other.keys.all,
        "sources.all": other.sources.all,
        "webhooks.all": other.webhooks.all,
        "subscriptions.all": other.subscriptions.all,
        "shares.all": other.shares.all,
        "audit.page": lambda: other.audit.page().rows,
        "members.all": other.members.all,
        "members.invitations": lambda: other.members.invitations(at=NOON),
        "members.workspace_name": other.members.workspace_name,
        "campaigns.all": other.campaigns.all,
        "campaigns.busy_customers": other.campaigns.busy_customers,
        "campaigns.of_customer": lambda: other.campaigns.of_customer(session_id, "b"),
        "readouts.latest_complete": other.readouts.latest_complete,
        "preferences.get": lambda: other.preferences.get("margin"),
        "own_settings.get": lambda: other.own_settings.get("expert"),
        "answers.of": lambda: other.answers.of("header"),
        "workspace.is_in_use": other.workspace.is_in_use,
        "workspace.is_left": other.workspace.is_left,
        "workspace.analysis_count": other.workspace.analysis_count,
    }


def harmless(store: Store, other: Store) -> Calls:
    """Every write under a name or a key: the other tenant's leaves the first one's alone."""
    (session,) = store.sessions.all()
    session_id = session.session_id
    (run,) = store.runs.of_session(session_id)
    return {
        "sources.note_failure": lambda: other.sources.note_failure(SOURCE, words="x", at=NOON),
        "runs.set_followed_up": lambda: other.runs.set_followed_up(run.run_id),
        "scenarios.delete": lambda: other.scenarios.delete(session_id, "own"),
        "preferences.delete": lambda: other.preferences.delete("margin"),
        "preferences.set": lambda: other.preferences.set("margin", 2),
        "own_settings.set": lambda: other.own_settings.set("expert", False),
        "answers.delete_all": other.answers.delete_all,
        "answers.save": lambda: other.answers.save("header", [], used_at=NOON),
        "kept_answers.claim": lambda: claim(other, "POST /other"),
        "kept_answers.keep": lambda: other.kept_answers.keep("again", status=409, headers={}, answer="other"),
        "kept_answers.release": lambda: other.kept_answers.release("again"),
        "workspace.leave": lambda: other.workspace.leave(at=NOON),
    }


def add_to_history(store: Store, job_id: str) -> Addition:
    return store.additions.finish(
        job_id,
        upload_id=None,
        source_id=None,
        history_version=1,
        kind="first",
        sha256=None,
        covers=None,
        knows_until=NOON.replace(tzinfo=None),
        takes_out_missing=False,
        figures=AdditionFigures(),
        at=NOON,
    )


def to_do(store: Store, session_id: str) -> None:
    store.worklist.note(session_id, ["b"], "to_do", known_until=NOON.replace(tzinfo=None), at=NOON)


def destination_of(store: Store, shop_id: str, destination_id: str) -> None:
    store.destinations.add(
        shop_id,
        "hubspot",
        destination_id,
        DestinationSettings(),
        destination_id=destination_id,
        sealed="x",
        after_runs=True,
        at=NOON,
    )


def schedule_of(store: Store, shop_id: str) -> Schedule:
    return store.schedules.add(
        shop_id, "refresh", Rule(), about_id=None, zone="UTC", next_due_at=NOON, at=NOON
    )


def subscribe(store: Store, name: str) -> Subscription:
    return store.subscriptions.add(
        f"{name}@shop.example",
        subscription_id=name,
        stop_token=name,
        kinds=["run_ready"],
        rhythm="daily",
        with_report=False,
        time_zone="UTC",
        at=NOON,
        report_at=None,
    )


def a_message(message_id: str) -> NewMessage:
    return NewMessage(message_id, None, "It is said", "plain", "<p>html</p>")


def share_of(store: Store, session_id: str, token_hash: str) -> Share:
    return store.shares.add(
        session_id,
        token_hash=token_hash,
        may_export=False,
        created_at=NOON,
        expires_at=NOON + timedelta(days=1),
    )


def kept(store: Store) -> tuple[object, ...]:
    answer = claim(store, "POST /own")
    own = store.own_settings.get("expert")
    return store.preferences.get("margin"), own, store.answers.of("header"), store.workspace.is_left(), answer


def claim(store: Store, method_path: str) -> KeptAnswer | None:
    return store.kept_answers.claim(
        "again", method_path=method_path, body_sha256="0", begun_after=NOON, at=NOON
    )


@pytest.fixture
def other(store: Store) -> Store:
    return furnish(store)


def furnish(store: Store) -> Store:
    """Give a tenant a row in every table; the store as another tenant sees it."""
    fill(store)
    store.preferences.set("margin", 1)
    store.own_settings.set("expert", True)
    store.answers.save("header", [{"amount": "Total"}], used_at=NOON)
    claim(store, "POST /own")
    store.kept_answers.keep("again", status=201, headers={"Location": "/own"}, answer="own")
    people = store.for_tenant(store.tenant_id, SYSTEM).people
    tenant = people.make_workspace("Shop", at=NOON, tenant_id=store.tenant_id)
    for email in ("a@x", "b@x"):
        person = people.add(email=email, name=email, source="local", at=NOON)
        people.join(person.person_id, tenant, "administrator", True, at=NOON)
    store.members.invite("invited", "c@x", "viewer", True, at=NOON, expires_at=NOON + timedelta(days=1))
    store.webhooks.add("https://a.example", ["analysis.failed"], webhook_id="own", key_mark="0", at=NOON)
    store.webhooks.send_test("own", event_id="0", body="{}", at=NOON)
    subscribe(store, "own")
    store.subscriptions.queue("own", a_message("0"), at=NOON)
    store.keys.add(key_hash="0", prefix="ck", name="own", scope="read", created_at=NOON, expires_at=None)
    (session,) = store.sessions.all()
    to_do(store, session.session_id)
    brought(store, session.session_id)
    share_of(store, session.session_id, "0")
    schedule_of(store, session.session_id)
    destination_of(store, session.session_id, DESTINATION)
    store.destinations.queue(DESTINATION, "r", push_id="own push", at=NOON)
    with store.cursor() as cursor:
        cursor.execute(
            "INSERT INTO erasures BY NAME SELECT 'e' AS erasure_id, ? AS tenant_id, ? AS shop_id,"
            " repeat('a', 64) AS erasure_key, repeat('b', 64) AS person_hash, TIMESTAMP '2026-01-01' AS requested_at",
            [store.tenant_id, session.session_id],
        )
    return store.for_tenant("other")


def brought(store: Store, shop_id: str) -> None:
    """A source with a file."""
    store.sources.add(
        shop_id, source_id=SOURCE, kind="link", name="x", settings={}, sealed=None, gives="period", at=NOON
    )
    job = store.jobs.create(shop_id, created_at=NOON, kind="pull")
    store.jobs.claim(job.job_id, at=NOON)
    file = NewSourceFile(Path("pulled"), "pulled.csv", 1, "0", None)
    store.sources.finish_pull(
        job.job_id, SOURCE, [file], pull_cursor={"page": 2}, words="1 new file.", at=NOON
    )
    # The walks know one job and one upload.
    with store._database.writing("clearing up") as cursor:
        cursor.execute("DELETE FROM training_jobs WHERE kind = 'pull'")
        cursor.execute("DELETE FROM uploads WHERE filename = 'pulled.csv'")


def added(store: Store, one: Store) -> Calls:
    """Every call that writes a new row, as ``one`` makes it."""
    (session,) = store.sessions.all()
    session_id = session.session_id
    nobody = pd.DataFrame({"customer_id": [], "reason": [], "detail": []})
    return {
        "audit.note": lambda: one.audit.note("looking around", Action.READ),
        "uploads.add": lambda: one.uploads.add(
            filename="x", file_path=Path("x"), file_size_bytes=1, uploaded_at=NOON
        ),
        "shops.create": lambda: one.shops.create("theirs", ShopSettings(), created_at=NOON),
        "scenarios.save": lambda: one.scenarios.save(
            session_id, "theirs", settings={}, figures={}, created_at=NOON
        ),
        "contact_lists.create": lambda: one.contact_lists.create(session_id, "theirs", created_at=NOON),
        "keys.add": lambda: one.keys.add(
            key_hash="1", prefix="ck", name="theirs", scope="read", created_at=NOON, expires_at=None
        ),
        "webhooks.add": lambda: one.webhooks.add(
            "https://b.example", [], webhook_id="theirs", key_mark="1", at=NOON
        ),
        "subscriptions.add": lambda: subscribe(one, "theirs"),
        "campaigns.freeze": lambda: one.campaigns.freeze(
            session_id,
            "theirs",
            run_id="r",
            facts={},
            members=frame().head(0),
            excluded=nobody,
            created_at=NOON,
        ),
        "workspace.take_over": lambda: one.workspace.take_over(
            store.for_tenant("nobody's", OWNER).workspace, at=NOON
        ),
    }


def test_every_method_of_every_subject_is_held_to_the_tenant(store: Store, other: Store) -> None:
    held = set(refused(store, other)) | set(empty(store, other)) | set(harmless(store, other))
    assert public_methods(store) == held | NEW_ROWS | ACROSS_TENANTS


def test_ids_of_another_tenant_read_as_if_they_did_not_exist(store: Store, other: Store) -> None:
    before = row_counts(store)
    for name, attempt in refused(store, other).items():
        with pytest.raises(StoreError, match="there is none"):
            attempt()
        assert row_counts(store) == before, name


def test_another_tenant_finds_nothing(store: Store, other: Store, tmp_path: Path) -> None:
    store.put_away.put(begin(store, "gone.csv").session_id, folder=tmp_path / "put_away", at=NOON)
    assert {name: found() for name, found in empty(store, other).items() if found()} == {}
    mine = empty(store, store)
    blank = {name for name, found in mine.items() if not found()}
    assert blank == {"workspace.is_left"}, "the first tenant's calls must find what the other's do not"


def test_what_another_tenant_writes_leaves_the_first_ones_alone(store: Store, other: Store) -> None:
    before, rows = kept(store), row_counts(store)
    for name, write in harmless(store, other).items():
        write()
        assert (kept(store), row_counts(store)) == (before, rows), name


def test_new_rows_belong_to_the_tenant_who_writes_them(store: Store, other: Store) -> None:
    (session,) = store.sessions.all()
    session_id = session.session_id
    mine = begin(other)
    calls = added(store, guest(store, session, "other"))
    assert set(calls) == NEW_ROWS
    for write in calls.values():
        write()
    for tenant, names in ((store, ["own", "May", "June", "own"]), (other, ["theirs"] * 4)):
        (scenario,) = tenant.scenarios.of_session(session_id)
        (listed,) = tenant.contact_lists.of_session(session_id)
        (campaign,) = tenant.campaigns.all()
        (key,) = tenant.keys.all()
        assert [scenario.name, listed.name, campaign.name, key.name] == names
        assert [webhook.webhook_id for webhook in tenant.webhooks.all()] == [names[-1]]
        assert [one.subscription_id for one in tenant.subscriptions.all()] == [names[-1]]
    assert not store.audit.page(text="looking around").rows
    assert other.audit.page(text="looking around").total == 1
    assert [found.session_id for found in other.sessions.all()] == [mine.session_id]
    assert [found.session_id for found in store.sessions.all()] == [session_id]
    assert {found.filename for found in other.uploads.all()} == {"orders.csv", "x"}
    assert [found.filename for found in store.uploads.all()] == ["orders.csv"]
    assert other.jobs.newest_work() == {}
    assert set(store.jobs.newest_work()) == {session_id}


def test_model_of_another_tenant_is_no_champion(store: Store) -> None:
    _, foreign = fill(store)
    other = store.for_tenant("other")
    session_id = begin(other).session_id
    with pytest.raises(StoreError, match="there is none"):
        other.models.set_champion(session_id, foreign.model_id)
    with pytest.raises(StoreError, match="there is none"):
        other.predictions.replace(session_id, frame(), predicted_at=NOON, model_id=foreign.model_id)


def test_tenant_must_have_a_name(store: Store) -> None:
    assert (store.tenant_id, store.for_tenant("other").tenant_id) == ("local", "other")
    with pytest.raises(StoreError, match="tenant"):
        store.for_tenant(" ")
