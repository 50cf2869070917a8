"""Every method of the store and of the platform, for every role, every scope and a link: who may, and nobody else."""

from __future__ import annotations

import inspect
import io
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from churnkit.accounts import ROLES, SCOPES, Action, Actor, rights_of_role, rights_of_scope
from churnkit.config import AnalysisSettings
from churnkit.errors import AccessError, ChurnkitError, NotFoundError
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from churnkit.jobs.bulk import BulkAsked
from churnkit.services.access.taking_out import take_out
from churnkit.services.workspace.workspace_preferences import Preferences, save_preferences
from churnkit.store import RETENTION_DAYS, Session, Store
from tests.app.played import NoWorkers
from tests.unit.store.filled import NOON, row_counts
from tests.unit.store.test_tenants import (
    ACROSS_TENANTS,
    NEW_ROWS,
    added,
    empty,
    furnish,
    harmless,
    public_methods,
    refused,
)

Calls = dict[str, Callable[[], Any]]
REPOSITORY = Path(__file__).resolve().parents[2]

READ, EXPORT, UPLOAD, RUN, PLAN = Action.READ, Action.EXPORT, Action.UPLOAD, Action.RUN, Action.PLAN
SHARE, DELETE, PEOPLE, KEYS, AUDIT = Action.SHARE, Action.DELETE, Action.PEOPLE, Action.KEYS, Action.AUDIT

# What each method of a subject takes. A method that stands here nowhere fails the walk.
STORE_RULES: dict[Action, set[str]] = {
    READ: {
        "shops.get", "shops.all", "additions.of_shop", "events.of_shop", "worklist.of_shop", "worklist.of_customer",
        "schedules.get", "schedules.of_shop", "schedules.runs",
        "erasures.of_shop", "put_away.all", "put_away.jobs",
        "uploads.get", "uploads.all", "uploads.reader_ended", "sessions.get", "sessions.all", "jobs.get", "jobs.all",
        "jobs.of_session", "jobs.newest_work", "runs.get", "runs.seal", "runs.of_session", "models.get", "models.seal",
        "models.of_session", "models.champion", "predictions.page", "insights.of_session", "scenarios.of_session",
        "contact_lists.of_session", "contact_lists.customers", "campaigns.get", "campaigns.all", "campaigns.members",
        "campaigns.exclusions", "campaigns.busy_customers", "campaigns.of_customer", "readouts.of_campaign",
        "readouts.campaign_name", "readouts.latest_complete",
        "preferences.get", "own_settings.get", "own_settings.set", "answers.of", "workspace.is_in_use", "workspace.is_left",
        "workspace.analysis_count", "kept_answers.claim", "kept_answers.keep", "kept_answers.release",
        "members.workspace_name", "audit.note",
        "subscriptions.all", "subscriptions.get", "subscriptions.change", "subscriptions.delete",
        "subscriptions.messages", "subscriptions.queue", "subscriptions.send_again",
    },
    UPLOAD: {
        "uploads.add", "uploads.set_row_count", "uploads.note_reader_ended", "answers.save", "workspace.take_over",
    },
    RUN: {
        "shops.create", "additions.finish", "events.note", "schedules.add", "schedules.change", "schedules.pause",
        "schedules.resume", "schedules.delete", "schedules.ask_run",
        "sessions.create", "sessions.rename", "sessions.set_note", "sessions.set_status",
        "sessions.set_settings", "sessions.set_results",
        "jobs.create", "jobs.claim", "jobs.update", "jobs.finish", "jobs.rename", "looks.finish", "runs.finish",
        "runs.promote", "runs.set_followed_up", "models.add", "models.set_champion", "predictions.replace",
        "insights.replace",
    },
    PLAN: {
        "shops.set_settings", "worklist.note",
        "scenarios.save", "scenarios.delete", "contact_lists.create", "contact_lists.add", "contact_lists.delete",
        "campaigns.freeze", "campaigns.start", "campaigns.end", "campaigns.delete", "readouts.add", "preferences.set",
        "preferences.delete",
    },
    SHARE: {"shares.add", "shares.all", "shares.revoke"},
    DELETE: {
        "uploads.delete", "sessions.delete", "jobs.delete", "runs.delete", "models.delete", "answers.delete_all",
        "workspace.leave", "put_away.put", "put_away.bring_back", "put_away.delete",
        "erasures.begin", "erasures.all", "erasures.finish",
        "shops.delete_empty",
    },
    EXPORT: {"erasures.rows_of"},
    KEYS: {"keys.add", "keys.all", "keys.revoke"},
    AUDIT: {"audit.page"},
    Action.SOURCES: {
        "destinations.add", "destinations.get", "destinations.of_shop", "destinations.set_after_runs",
        "destinations.pause", "destinations.resume", "destinations.delete", "destinations.queue", "destinations.push",
        "destinations.pushes",
        "subscriptions.add",
        "webhooks.add", "webhooks.all", "webhooks.get", "webhooks.change", "webhooks.rotate", "webhooks.disable",
        "sources.add", "sources.all", "sources.of_shop", "sources.get", "sources.sealed", "sources.change", "sources.pause",
        "sources.delete", "sources.finish_pull", "sources.note_failure", "sources.files", "sources.hand_on",
        "webhooks.enable", "webhooks.delete", "webhooks.deliveries", "webhooks.send_test", "webhooks.send_again",
    },
    PEOPLE: {
        "members.all", "members.change", "members.remove", "members.disable", "members.enable", "members.end_sign_ins",
        "members.reset_password", "members.invite", "members.invitations", "members.withdraw", "members.rename_workspace",
    },
}  # fmt: skip
# What somebody needs beside the right above.
ALSO: dict[str, frozenset[Action]] = {"workspace.take_over": frozenset({RUN, PLAN, SHARE})}
# What a link to an analysis shows of the workspace.
SHOWN_TO_LINKS = {
    "shops", "additions", "events", "uploads", "sessions", "jobs", "runs", "models", "predictions",
    "insights", "preferences", "readouts", "audit",
}  # fmt: skip

# Methods of the platform; the rest are in OPEN, each with the reason.
PLATFORM_RULES: dict[str, Action] = {
    "receive_upload": UPLOAD, "receive_uploads": UPLOAD, "adopt_upload": UPLOAD, "start_look": RUN,
    "start_analysis": RUN, "start_refresh": RUN, "start_retrain": RUN, "start_rerun": RUN,
    "add_export": UPLOAD, "take_back": UPLOAD,
    "start_scoring": RUN, "start_bulk_scoring": Action.SOURCES,
    "cancel": RUN, "cancel_all": RUN, "retry": RUN, "promote": RUN,
    "delete_session": DELETE, "delete_upload": DELETE, "delete_run": DELETE, "delete_model": DELETE,
    "put_away": DELETE, "bring_back": DELETE, "delete_put_away": DELETE, "delete_all_put_away": DELETE,
    "start_pull": Action.SOURCES, "source_jobs": Action.SOURCES, "delete_source": Action.SOURCES,
    "offer_again": Action.SOURCES,
    "delete_empty_shop": DELETE,
    "delete_scoring": DELETE, "delete_everything": DELETE, "apply_retention": DELETE, "take_over": UPLOAD,
    "erase_customer": DELETE, "customer_folders": EXPORT, "shops_with": READ,
    "start_backup": DELETE, "backup_state": DELETE,
    "expected_seconds": READ, "scoring": READ, "version": READ, "progress": READ, "runs": READ, "storage": READ,
    "session_storage_bytes": READ,
    "readings.inspection": UPLOAD, "readings.table": UPLOAD,
}  # fmt: skip
OPEN = {
    "start", "close", "store_for", "tell_webhooks", "follow_schedules", "wake_schedules", "send_scores",
    "push_scores",  # the server's own
    "back_up",  # of whoever runs the server
    "example",  # made up, and opened for reading alone
    "upload_file", "look_folder", "run_folder", "scored", "job_view",  # of a record that its holder was let to read
}  # fmt: skip


def actors() -> dict[str, Actor]:
    """Somebody of every role and scope, and somebody who may do nothing."""
    found = {f"a {role}": Actor("person", "p", role, rights_of_role(role)) for role in ROLES}
    found |= {
        f"a viewer without files ({role})": Actor("person", "p", role, rights_of_role(role, may_export=False))
        for role in ROLES
    }
    found |= {f"a key to {scope}": Actor("key", "k", scope, rights_of_scope(scope)) for scope in SCOPES}
    return {**found, "nobody": Actor("person", rights=frozenset())}


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    opened = Platform(tmp_path / "data", tmp_path / "models", workers=NoWorkers(), slots=1)
    yield opened
    opened.close()


@pytest.fixture
def store(platform: Platform) -> Store:
    """The owner's store, with a row in every table."""
    owner = platform.store_for("shop", Actor("owner", name="owner"))
    furnish(owner)
    return owner


@pytest.fixture
def session(store: Store) -> Session:
    (session,) = store.sessions.all()
    return session


def store_calls(store: Store, one: Store) -> Calls:
    """Every method of every subject of the workspace, as ``one`` calls it."""
    return refused(store, one) | empty(store, one) | harmless(store, one) | added(store, one)


def is_refused(call: Callable[[], Any]) -> bool:
    try:
        call()
    except AccessError:
        return True
    except ChurnkitError:
        pass
    return False


def test_every_method_of_the_store_has_a_rule(store: Store) -> None:
    ruled = [name for names in STORE_RULES.values() for name in names]
    assert len(ruled) == len(set(ruled))
    assert public_methods(store) - ACROSS_TENANTS == set(ruled)
    assert set(ruled) > NEW_ROWS


@pytest.mark.parametrize("who", actors())
def test_the_store_lets_everybody_do_what_their_rights_say_and_nothing_else(store: Store, who: str) -> None:
    actor = actors()[who]
    calls = store_calls(store, store.for_tenant(store.tenant_id, actor))
    allowed = {
        name: {action, *ALSO.get(name, ())} <= actor.rights
        for action, names in STORE_RULES.items()
        for name in names
    }
    before = row_counts(store)
    # What is refused comes first, so that nothing else has changed a row.
    for name in sorted(allowed, key=allowed.__getitem__):
        assert is_refused(calls[name]) is not allowed[name], f"{who}: {name}"
        assert allowed[name] or row_counts(store) == before, f"{who}: {name}"


@pytest.mark.parametrize("who", actors())
def test_what_is_the_programs_is_nobody_elses(store: Store, who: str) -> None:
    one = store.for_tenant(store.tenant_id, actors()[who])
    for name in sorted(ACROSS_TENANTS):
        subject, method = name.split(".")
        if subject != "overview":
            call = getattr(getattr(one, subject), method)
            needed = [
                parameter
                for parameter in inspect.signature(call).parameters.values()
                if parameter.default is parameter.empty
            ]
            # A time must be one, for it is taken apart first; the rest is never looked at.
            given = {one.name: NOON if "datetime" in str(one.annotation) else None for one in needed}
            values = [given[one.name] for one in needed if one.kind is not one.KEYWORD_ONLY]
            named = {one.name: given[one.name] for one in needed if one.kind is one.KEYWORD_ONLY}
            with pytest.raises(AccessError):
                call(*values, **named)


def test_only_the_program_looks_across_workspaces() -> None:
    asked = {
        path.relative_to(REPOSITORY).as_posix()
        for folder in ("churnkit", "pages")
        for path in (REPOSITORY / folder).rglob("*.py")
        if re.search(r"\.overview\.", path.read_text(encoding="utf-8"))
    }
    jobs = {path for path in asked if path.startswith("churnkit/jobs/")}
    # Nothing of these hands out what it found to anybody but the holder of a secret.
    assert asked - jobs == {
        "churnkit/commands/shop/scheduled.py",  # the operator's own, on the folder
        "churnkit/api/keyring.py",  # the key of a request
        "churnkit/commands/shop/opening.py",  # the shop that whoever has the data folder names
        "churnkit/services/access/keys.py",  # whether there are keys at all
        "churnkit/services/access/shares.py",  # the token of a link
        "churnkit/services/workspace/readiness.py",  # whether the store answers
        "churnkit/store/session_table.py",  # names a method in a docstring
    }


def test_retention_takes_the_right_to_delete(store: Store) -> None:
    analyst = store.for_tenant(store.tenant_id, actors()["a analyst"])
    for call in (
        lambda: analyst.preferences.set(RETENTION_DAYS, 1),
        lambda: analyst.preferences.delete(RETENTION_DAYS),
        lambda: save_preferences(analyst, Preferences(retention_days=1, currency="EUR")),
    ):
        with pytest.raises(AccessError):
            call()
    assert store.preferences.get(RETENTION_DAYS) is None
    assert store.preferences.get("analysis") is None
    save_preferences(analyst, Preferences(currency="EUR"))
    assert store.preferences.get("analysis") is not None


def test_a_link_shows_its_analysis_and_nothing_else_of_the_workspace(store: Store, session: Session) -> None:
    link = Actor("link", "", "link", frozenset({READ, EXPORT}), only=session.session_id)
    calls, before = store_calls(store, store.for_tenant(store.tenant_id, link)), row_counts(store)
    for action, names in STORE_RULES.items():
        for name in names:
            shown = action is READ and name.partition(".")[0] in SHOWN_TO_LINKS
            if name == "readouts.of_campaign":
                with pytest.raises(NotFoundError):
                    calls[name]()
                continue
            assert is_refused(calls[name]) is not shown, name
    assert row_counts(store) == before


def test_a_link_to_one_analysis_finds_nothing_of_another(store: Store, session: Session) -> None:
    link = Actor("link", "s", "link", frozenset({READ, EXPORT}), only="0" * 32)
    visitor = store.for_tenant(store.tenant_id, link)
    for name, call in refused(store, visitor).items():
        with pytest.raises(ChurnkitError) as error:
            if name == "readouts.campaign_name":
                raise NotFoundError("it is how the figures of every analysis name their source")
            call()
        assert isinstance(error.value, AccessError | NotFoundError), name
    assert (visitor.sessions.all(), visitor.uploads.all(), visitor.jobs.newest_work()) == ([], [], {})
    assert visitor.jobs.all() == []


def platform_calls(platform: Platform, store: Store, session: Session, one: Store, file: Path) -> Calls:
    """Every method of the platform that does something for somebody, as ``one`` calls it."""
    (job,) = store.jobs.of_session(session.session_id)
    (model,) = store.models.of_session(session.session_id)
    upload = store.uploads.get(session.upload_id)
    session_id, settings = session.session_id, AnalysisSettings()
    return {
        "receive_upload": lambda: platform.receive_upload(one, io.BytesIO(b"x"), "a.csv", 10),
        "receive_uploads": lambda: platform.receive_uploads(one, [(io.BytesIO(b"x"), "a.csv")], 10),
        "adopt_upload": lambda: platform.adopt_upload(one, file, "a.csv", 10),
        "start_look": lambda: platform.start_look(one, upload.upload_id, Reading(), settings),
        "start_analysis": lambda: platform.start_analysis(one, session_id, settings),
        "start_refresh": lambda: platform.start_refresh(one, session_id),
        "start_retrain": lambda: platform.start_retrain(one, session_id),
        "start_rerun": lambda: platform.start_rerun(one, session_id, 1),
        "add_export": lambda: platform.add_export(one, session_id, upload.upload_id),
        "take_back": lambda: platform.take_back(one, session_id),
        "start_scoring": lambda: platform.start_scoring(one, session_id, file),
        "start_bulk_scoring": lambda: platform.start_bulk_scoring(one, session_id, BulkAsked("duckdb", "a", "b")),
        "cancel": lambda: platform.cancel(one, job.job_id),
        "cancel_all": lambda: platform.cancel_all(one, session_id),
        "retry": lambda: platform.retry(one, job.job_id),
        "promote": lambda: platform.promote(one, session_id, job.job_id),
        "delete_session": lambda: platform.delete_session(one, session_id),
        "put_away": lambda: platform.put_away(one, session_id),
        "bring_back": lambda: platform.bring_back(one, session_id),
        "delete_put_away": lambda: platform.delete_put_away(one, session_id),
        "delete_all_put_away": lambda: platform.delete_all_put_away(one),
        "delete_upload": lambda: platform.delete_upload(one, upload.upload_id),
        "delete_run": lambda: platform.delete_run(one, job.job_id),
        "delete_model": lambda: platform.delete_model(one, model.model_id),
        "start_pull": lambda: platform.start_pull(one, "source"),
        "source_jobs": lambda: platform.source_jobs(one, "source"),
        "delete_source": lambda: platform.delete_source(one, "source"),
        "offer_again": lambda: platform.offer_again(one, "file"),
        "delete_empty_shop": lambda: platform.delete_empty_shop(one, session_id),
        "delete_scoring": lambda: platform.delete_scoring(one, job.job_id),
        "delete_everything": lambda: platform.delete_everything(one),
        "apply_retention": lambda: platform.apply_retention(one, 3650),
        "take_over": lambda: platform.take_over(one, store.for_tenant("nobody's")),
        "start_backup": lambda: platform.start_backup(one),
        "backup_state": lambda: platform.backup_state(one),
        "shops_with": lambda: platform.shops_with(one, session_id),
        "customer_folders": lambda: platform.customer_folders(one, session_id),
        "erase_customer": lambda: platform.erase_customer(one, session_id, "a"),
        "expected_seconds": lambda: platform.expected_seconds(one, job),
        "scoring": lambda: platform.scoring(one, session_id, "imagined"),
        "version": lambda: platform.version(one, job.job_id),
        "progress": lambda: platform.progress(one, session_id),
        "runs": lambda: platform.runs(one, session_id),
        "storage": lambda: platform.storage(one),
        "session_storage_bytes": lambda: platform.session_storage_bytes(one, session),
        "readings.inspection": lambda: platform.readings.inspection(one, upload, Reading()),
        "readings.table": lambda: platform.readings.table(one, io.BytesIO(b"a\n1\n"), "a.csv", "the table"),
    }  # fmt: skip


def test_every_method_of_the_platform_has_a_rule(platform: Platform) -> None:
    methods = {
        name for name in dir(platform) if not name.startswith("_") and callable(getattr(platform, name))
    }
    methods |= {f"readings.{name}" for name in vars(type(platform.readings)) if not name.startswith("_")}
    assert methods == set(PLATFORM_RULES) | OPEN


@pytest.mark.parametrize("who", actors())
def test_the_platform_refuses_whoever_may_not(
    platform: Platform, store: Store, session: Session, tmp_path: Path, who: str
) -> None:
    actor, file = actors()[who], tmp_path / "a.csv"
    file.write_text("customer_id\nx\n")
    calls = platform_calls(platform, store, session, store.for_tenant(store.tenant_id, actor), file)
    assert set(calls) == set(PLATFORM_RULES)
    rows, files = row_counts(store), sorted(platform.folders.data.rglob("*"))
    for name, action in PLATFORM_RULES.items():
        if action not in actor.rights:
            with pytest.raises(AccessError):
                calls[name]()
    assert row_counts(store) == rows
    assert sorted(platform.folders.data.rglob("*")) == files
    assert file.exists()


def test_the_platform_does_what_somebody_may(
    platform: Platform, store: Store, session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    one = store.for_tenant(store.tenant_id, actors()["a administrator"])
    for name, call in platform_calls(platform, store, session, one, file).items():
        if not name.startswith("readings."):
            file.write_text("customer_id\nx\n")
            assert not is_refused(call), name


def test_the_platform_finds_nothing_of_another_workspace(
    platform: Platform, store: Store, session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("customer_id\nx\n")
    stranger = platform.store_for("stranger", Actor("owner", name="stranger"))
    rows = row_counts(store)
    calls = platform_calls(platform, store, session, stranger, file)
    own = {
        "receive_upload", "receive_uploads", "adopt_upload", "delete_everything", "apply_retention", "take_over",
        "delete_all_put_away", "storage", "readings.table", "start_backup", "backup_state",
    }  # fmt: skip
    for name in set(calls) - own:
        with pytest.raises(NotFoundError):
            calls[name]()
    calls["delete_everything"]()
    calls["apply_retention"]()
    assert platform.storage(stranger).total_bytes == 0
    assert row_counts(store) == rows


def test_files_leave_through_one_door(store: Store, session: Session) -> None:
    for who, actor in actors().items():
        one = store.for_tenant(store.tenant_id, actor)
        may = EXPORT in actor.rights
        assert is_refused(partial(take_out, one, "customers.csv", bytes)) is not may, who
    named = re.compile(r"\bst\.download_button\b")
    drawn = [
        path.name for path in (REPOSITORY / "churnkit" / "ui").glob("*.py") if named.search(path.read_text())
    ]
    drawn += [path.name for path in (REPOSITORY / "pages").glob("*.py") if named.search(path.read_text())]
    assert drawn == ["parts.py"]
