"""The store as one tenant sees it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from churnkit.accounts import OWNER, Action, Actor
from churnkit.errors import AccessError
from churnkit.store.addition_table import AdditionTable
from churnkit.store.answer_table import AnswerTable
from churnkit.store.audit_table import AuditTable
from churnkit.store.campaign_table import CampaignTable
from churnkit.store.contact_list_table import ContactListTable
from churnkit.store.database import MEMORY_LIMIT, Database
from churnkit.store.destination_table import DestinationTable
from churnkit.store.entry_table import EntryTable
from churnkit.store.erasure_table import ErasureTable
from churnkit.store.event_table import EventTable
from churnkit.store.insight_table import InsightTable
from churnkit.store.job_table import JobTable
from churnkit.store.kept_answer_table import KeptAnswerTable
from churnkit.store.key_table import KeyTable
from churnkit.store.look_table import LookTable
from churnkit.store.mailbox import Mailbox
from churnkit.store.member_table import MemberTable
from churnkit.store.model_table import ModelTable
from churnkit.store.outbox import Outbox
from churnkit.store.overview import Overview
from churnkit.store.own_settings_table import OwnSettingsTable
from churnkit.store.people_table import PeopleTable
from churnkit.store.prediction_table import PredictionTable
from churnkit.store.preference_table import PreferenceTable
from churnkit.store.push_outbox import PushOutbox
from churnkit.store.put_away_table import PutAwayTable
from churnkit.store.readout_table import ReadoutTable
from churnkit.store.run_table import RunTable
from churnkit.store.scenario_table import ScenarioTable
from churnkit.store.schedule_table import ScheduleTable
from churnkit.store.session_table import SessionTable
from churnkit.store.share_table import ShareTable
from churnkit.store.shop_table import ShopTable
from churnkit.store.sign_in_table import SignInTable
from churnkit.store.source_table import SourceTable
from churnkit.store.subscription_table import SubscriptionTable
from churnkit.store.tenant_table import LOCAL_TENANT
from churnkit.store.timetable import Timetable
from churnkit.store.upload_table import UploadTable
from churnkit.store.webhook_table import WebhookTable
from churnkit.store.worklist_table import WorkListTable
from churnkit.store.workspace_table import WorkspaceTable


class Store:
    """The only way to the product's DuckDB file, bound to one tenant, and asked by subject.

    ================= ====================================================================================
    subject           what it holds
    ================= ====================================================================================
    ``uploads``       files that users handed over
    ``sessions``      analyses of uploads: mapping, settings, status, and which look and run are on screen
    ``put_away``      deleted analyses that can be brought back for a while
    ``shops``         what analyses belong to, and what they have settled on
    ``additions``     the files that a shop's history grew by
    ``events``        what happened to shops: results, failures, the log of their models
    ``schedules``     what is done for a shop by the clock, and how it went
    ``destinations``  who gets a shop's scores, and what was sent there
    ``jobs``          background work on a session, from pending to its end
    ``looks``         what a finished first look adds to its session
    ``runs``          versions of an analysis; the seal of a run's model
    ``models``        fitted models of a session, and its champion
    ``predictions``   the customers of the run on screen
    ``insights``      what the run on screen found
    ``scenarios``     what-ifs that a reader kept
    ``contact_lists`` lists of customers to contact
    ``campaigns``     frozen campaigns: customers with their arms, who was left out, who is busy
    ``readouts``      what campaigns turned out to have done
    ``worklist``      whom a shop means to speak to, and what came of it
    ``preferences``   what a tenant settled on, by key
    ``own_settings``  what somebody settled on for themselves, by key
    ``answers``       what was answered about a kind of file
    ``keys``          keys of the API
    ``kept_answers``  answers to requests with a key of their own, for a day
    ``shares``        links to single analyses
    ``audit``         who did what
    ``erasures``      who must not come back, as hashes
    ``members``       who belongs to the tenant's workspace, and who is invited
    ``sources``       where new orders of shops come from, and the files that came
    ``webhooks``      whom the workspace tells what happened, and what was told
    ``subscriptions`` who of the workspace is told what happens to its shops
    ``workspace``     whether the tenant's workspace is in use, and whether it was left
    ``overview``      what the program itself must know of every tenant
    ``people``        everybody who may sign in, and the workspaces that they belong to
    ``sign_ins``      browsers that people are signed in with
    ``entries``       invitations and resets of passwords, opened by their links
    ``outbox``        what is to be told to webhooks
    ``push_outbox``   what is to be sent to destinations, and what they hold
    ``timetable``     what is due for shops, and what of it goes on
    ``mailbox``       what is to be told to subscriptions
    ================= ====================================================================================

    Every query but those of the last seven is filtered by the tenant, so another tenant's ids read as if they did
    not exist. Scenarios, lists, campaigns and readouts are the tenant's own, on a session that may be another's.
    Every method raises AccessError where the store's actor has not the right to it, and what an actor changes joins
    the audit log. Methods may be called from any thread. Ids are made here; times must carry a zone and come back in
    UTC. Every method raises StoreError when a value breaks a rule of its table or an id is not the tenant's; then
    nothing was written.
    """

    def __init__(self, database: Database, tenant_id: str = LOCAL_TENANT, actor: Actor = OWNER) -> None:
        self._database = database
        self._tenant_id = tenant_id
        self._actor = actor
        self.uploads = UploadTable(database, tenant_id, actor)
        self.sessions = SessionTable(database, tenant_id, actor)
        self.put_away = PutAwayTable(database, tenant_id, actor)
        self.shops = ShopTable(database, tenant_id, actor)
        self.additions = AdditionTable(database, tenant_id, actor)
        self.events = EventTable(database, tenant_id, actor)
        self.schedules = ScheduleTable(database, tenant_id, actor)
        self.destinations = DestinationTable(database, tenant_id, actor)
        self.jobs = JobTable(database, tenant_id, actor)
        self.looks = LookTable(database, tenant_id, actor)
        self.runs = RunTable(database, tenant_id, actor)
        self.models = ModelTable(database, tenant_id, actor)
        self.predictions = PredictionTable(database, tenant_id, actor)
        self.insights = InsightTable(database, tenant_id, actor)
        self.scenarios = ScenarioTable(database, tenant_id, actor)
        self.contact_lists = ContactListTable(database, tenant_id, actor)
        self.campaigns = CampaignTable(database, tenant_id, actor)
        self.readouts = ReadoutTable(database, tenant_id, actor)
        self.worklist = WorkListTable(database, tenant_id, actor)
        self.preferences = PreferenceTable(database, tenant_id, actor)
        self.own_settings = OwnSettingsTable(database, tenant_id, actor)
        self.answers = AnswerTable(database, tenant_id, actor)
        self.keys = KeyTable(database, tenant_id, actor)
        self.kept_answers = KeptAnswerTable(database, tenant_id, actor)
        self.shares = ShareTable(database, tenant_id, actor)
        self.audit = AuditTable(database, tenant_id, actor)
        self.erasures = ErasureTable(database, tenant_id, actor)
        self.sources = SourceTable(database, tenant_id, actor)
        self.webhooks = WebhookTable(database, tenant_id, actor)
        self.subscriptions = SubscriptionTable(database, tenant_id, actor)
        self.workspace = WorkspaceTable(database, tenant_id, actor)
        self.members = MemberTable(database, tenant_id, actor)
        self.overview = Overview(database)
        self.people = PeopleTable(database, actor)
        self.sign_ins = SignInTable(database, actor)
        self.entries = EntryTable(database, actor)
        self.outbox = Outbox(database, actor)
        self.push_outbox = PushOutbox(database, actor)
        self.timetable = Timetable(database, actor)
        self.mailbox = Mailbox(database, actor)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        tenant_id: str = LOCAL_TENANT,
        actor: Actor = OWNER,
        memory_limit: str = MEMORY_LIMIT,
    ) -> Store:
        """Open the file at ``path``: a new one gets its tables, an older one what it lacks.

        Raises
        ------
        StoreError
            Another process has the file open, it is no DuckDB file, or its tables are newer than the code or
            were made by migrations that have changed since.
        """
        return cls(Database.open(path, memory_limit=memory_limit), tenant_id, actor)

    def for_tenant(self, tenant_id: str, actor: Actor | None = None) -> Store:
        """The same open file, seen by another tenant, and by another actor where one is given."""
        return Store(self._database, tenant_id, actor or self._actor)

    @property
    def actor(self) -> Actor:
        """Who asks: every subject refuses what they may not do."""
        return self._actor

    @property
    def tenant_id(self) -> str:
        """The tenant that this store is bound to."""
        return self._tenant_id

    @property
    def access_version(self) -> int:
        """Grows with every change of people, members and sign-ins; what was remembered of them is old then."""
        return self._database.access_version

    @property
    def instance(self) -> int:
        """Which opened file this is, in this process."""
        return self._database.instance

    @property
    def version(self) -> tuple[int, int]:
        """Of everything in the file as this process knows it: another one after each change, and after it was reopened."""
        return self._database.instance, self._database.changes

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of the caller's own for work on Parquet files, e.g. through Ibis; close it after use.

        The tables are for the subjects alone: only they filter by tenant.
        """
        return self._database.cursor()

    def copy_to(self, target: Path) -> None:
        """Write the whole file, every tenant's rows, as one moment sees it, to a new one at ``target``.

        Raises
        ------
        AccessError
            Somebody else than the program asks.
        """
        if self._actor.kind != "system":
            raise AccessError("Copying the store: only the program itself may.", action=Action.DELETE)
        self._database.copy_to(target)

    def close(self) -> None:
        """Close the file for every tenant."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
