"""What every subject of the store shares: the database, the tenant, and lookups that see only its rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import ClassVar

import duckdb

from churnkit.accounts import OWNER, Action, Actor
from churnkit.errors import AccessError, NotFoundError, StoreError
from churnkit.store.access_records import ApiKey, Share
from churnkit.store.database import Database
from churnkit.store.decision_records import ContactList, FrozenCampaign
from churnkit.store.destination_records import Destination, Push
from churnkit.store.people_records import Invitation, Member
from churnkit.store.row_codec import Record, records
from churnkit.store.run_records import Insights, Run, StoredModel
from churnkit.store.schedule_records import Schedule
from churnkit.store.shop_records import Shop
from churnkit.store.source_records import Source, SourceFile
from churnkit.store.sql import insert
from churnkit.store.subscription_records import Message, Subscription
from churnkit.store.webhook_records import Delivery, Webhook
from churnkit.store.work_records import PutAway, Session, TrainingJob, Upload

LOCAL_TENANT = "local"

UPLOAD_IN_USE = """(
    upload_id IN (SELECT upload_id FROM sessions)
    OR upload_id IN (SELECT upload_id FROM additions WHERE upload_id IS NOT NULL)
    OR upload_id IN (SELECT upload_id FROM source_files)
)"""
# One that only analyses stand on which were put away is as gone as they are.
SHOWN_UPLOADS = f"""
SELECT * FROM uploads WHERE tenant_id = ?
    AND (upload_id NOT IN (SELECT name FROM put_away_files WHERE kind = 'upload_id') OR {UPLOAD_IN_USE})
"""  # noqa: S608 (texts of this module)
_UPLOAD = f"{SHOWN_UPLOADS} AND upload_id = ?"
_SESSION = "SELECT * FROM sessions WHERE tenant_id = ? AND session_id = ?"
_SHOP = "SELECT * FROM shops WHERE tenant_id = ? AND shop_id = ?"
_JOB = """
SELECT training_jobs.* FROM training_jobs JOIN shops ON shops.shop_id = training_jobs.session_id
WHERE shops.tenant_id = ? AND training_jobs.job_id = ?
"""
_MODEL = """
SELECT models.* FROM models JOIN sessions USING (session_id)
WHERE sessions.tenant_id = ? AND models.model_id = ?
"""
_CAMPAIGN = """
SELECT * RENAME (plan_id AS campaign_id) FROM campaign_plans WHERE tenant_id = ? AND plan_id = ?
"""
_RUN = """
SELECT runs.* FROM runs JOIN sessions USING (session_id)
WHERE sessions.tenant_id = ? AND runs.run_id = ?
"""


class TenantTable:
    """A subject of the store, as one tenant sees it.

    A lookup of another tenant's id fails like one of an id that never was, and every write begins with the
    lookup of the row that it belongs to. Reading and writing go through `_reading` and `_writing`, which ask whether
    the actor may.
    """

    # Whether a link to one analysis shows anything of the subject; it never shows other analyses.
    _seen_by_links: ClassVar[bool] = False

    def __init__(self, database: Database, tenant_id: str = LOCAL_TENANT, actor: Actor = OWNER) -> None:
        if not tenant_id.strip():
            raise StoreError(f"Opening the store: the tenant must have a name, found {tenant_id!r}.")
        self._database = database
        self._tenant_id = tenant_id
        self._actor = actor

    @contextmanager
    def _reading(self, doing: str, action: Action = Action.READ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for queries, for an actor who may do ``action``.

        Raises
        ------
        AccessError
            The actor may not.
        """
        self._require(action)
        with self._database.reading(doing) as cursor:
            yield cursor

    @contextmanager
    def _writing(
        self, doing: str, action: Action, subject_id: str | None = None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor in a transaction, for an actor who may do ``action``; what they did joins the audit log in it.

        Raises
        ------
        AccessError
            The actor may not; nothing was written.
        """
        self._require(action)
        with self._database.writing(doing) as cursor:
            yield cursor
            if self._actor.kind != "system":
                insert(cursor, "audit_log", self._entry(doing, action, subject_id))

    def _require(self, action: Action) -> None:
        if self._actor.only is not None and not self._seen_by_links:
            raise AccessError(
                "A link to one analysis opens nothing else of its workspace.",
                "Ask whoever made the link.",
                action,
            )
        self._actor.require(action)

    def _entry(self, doing: str, action: Action, subject_id: str | None) -> dict[str, object]:
        return {
            "done_at": datetime.now(UTC).replace(tzinfo=None),
            "tenant_id": self._tenant_id,
            "actor_kind": self._actor.kind,
            "actor_id": self._actor.actor_id,
            "actor_name": self._actor.name,
            "action": action.value,
            "doing": doing,
            "subject_id": subject_id,
            "address": self._actor.address,
        }

    def _upload(self, cursor: duckdb.DuckDBPyConnection, upload_id: str) -> Upload:
        return self._one(cursor, Upload, _UPLOAD, upload_id)

    def _session(self, cursor: duckdb.DuckDBPyConnection, session_id: str) -> Session:
        return self._one(cursor, Session, _SESSION, session_id)

    def _shop(self, cursor: duckdb.DuckDBPyConnection, shop_id: str) -> Shop:
        return self._one(cursor, Shop, _SHOP, shop_id)

    def _job(self, cursor: duckdb.DuckDBPyConnection, job_id: str) -> TrainingJob:
        return self._one(cursor, TrainingJob, _JOB, job_id)

    def _model(self, cursor: duckdb.DuckDBPyConnection, model_id: str) -> StoredModel:
        return self._one(cursor, StoredModel, _MODEL, model_id)

    def _run(self, cursor: duckdb.DuckDBPyConnection, run_id: str) -> Run:
        return self._one(cursor, Run, _RUN, run_id)

    def _campaign(self, cursor: duckdb.DuckDBPyConnection, campaign_id: str) -> FrozenCampaign:
        return self._one(cursor, FrozenCampaign, _CAMPAIGN, campaign_id)

    def _running_job(self, cursor: duckdb.DuckDBPyConnection, job_id: str) -> TrainingJob:
        job = self._job(cursor, job_id)
        if job.status != "running":
            raise StoreError(f"Finishing job {job_id!r}: it must be running, found {job.status}.")
        return job

    def _require_readable(self, cursor: duckdb.DuckDBPyConnection, session_id: str) -> None:
        """See that there is such a session, and that it is the tenant's or one that a link has opened to the actor."""
        if session_id not in self._actor.guest_of:
            self._session(cursor, session_id)
        elif not cursor.execute("SELECT 1 FROM sessions WHERE session_id = ?", [session_id]).fetchall():
            raise _missing(Session, session_id)

    def _one(
        self, cursor: duckdb.DuckDBPyConnection, kind: type[Record], query: str, identifier: str
    ) -> Record:
        found = records(kind, cursor.execute(query, [self._tenant_id, identifier]))
        if found and not self._sees(cursor, found[0]):
            found = []
        return self._found(kind, found, identifier)

    def _found(self, kind: type[Record], found: list[Record], identifier: str) -> Record:
        if not found:
            raise _missing(kind, identifier)
        return found[0]

    def _sees(self, cursor: duckdb.DuckDBPyConnection, record: Record) -> bool:
        """Whether a row of the tenant's belongs to what the actor's link opens; everything does without a link."""
        only = self._actor.only
        if only is None:
            return True
        if isinstance(record, Upload):
            query = "SELECT 1 FROM sessions WHERE session_id = ? AND upload_id = ?"
            return bool(cursor.execute(query, [only, record.upload_id]).fetchall())
        if isinstance(record, Shop):
            return record.shop_id == only
        # Campaigns are the workspace's own, whatever they stand on.
        return not isinstance(record, FrozenCampaign) and getattr(record, "session_id", None) == only


_NAMES: dict[type, str] = {
    Upload: "upload",
    Session: "session",
    PutAway: "deleted analysis",
    Shop: "shop",
    TrainingJob: "job",
    StoredModel: "model",
    Insights: "insights",
    Run: "run",
    ContactList: "list of customers",
    FrozenCampaign: "campaign",
    ApiKey: "key",
    Source: "source",
    SourceFile: "file of a source",
    Webhook: "webhook",
    Delivery: "delivery",
    Schedule: "schedule",
    Destination: "destination",
    Push: "sending",
    Subscription: "subscription",
    Message: "message",
    Share: "link",
    Member: "person",
    Invitation: "invitation",
}


def _missing(kind: type, identifier: str) -> NotFoundError:
    return NotFoundError(
        f"Looking for {_NAMES[kind]} {identifier!r}: there is none.", "It may have been deleted: reload."
    )


def new_id() -> str:
    """An identifier that nobody can guess."""
    return uuid.uuid4().hex
