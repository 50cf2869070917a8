"""The product's DuckDB file, behind numbered migrations and typed records; nothing else opens it.

:class:`Store` is asked by subject, e.g. ``store.campaigns.freeze(...)``; its docstring has the table of subjects. Each
subject is a module ``<subject>_table``, each group of records a module ``<group>_records``.
"""

from churnkit.store.access_records import ApiKey, AuditEntry, AuditPage, Share
from churnkit.store.decision_records import (
    CampaignStatus,
    ContactList,
    FrozenCampaign,
    SavedScenario,
    StoredReadout,
    WorkEntry,
    WorkState,
)
from churnkit.store.destination_records import Destination, DuePush, Push, PushedCustomer, PushStatus
from churnkit.store.event_records import ShopEvent
from churnkit.store.kept_answer_table import KEPT_FOR, KeptAnswer
from churnkit.store.people_records import (
    Invitation,
    Member,
    Membership,
    OpenedLink,
    Person,
    SignedIn,
)
from churnkit.store.preference_table import RETENTION_DAYS
from churnkit.store.privacy_records import Erasure
from churnkit.store.run_records import (
    Insights,
    ModelFile,
    ModelSeal,
    PredictionPage,
    Run,
    RunFiles,
    RunKind,
    StoredModel,
)
from churnkit.store.schedule_records import (
    OwnedSchedule,
    OwnedScheduleRun,
    Schedule,
    ScheduleRun,
    What,
)
from churnkit.store.shop_records import Addition, AdditionKind, FirstFile, Shop
from churnkit.store.source_records import (
    Gives,
    NewSourceFile,
    OwnedSourceFile,
    Source,
    SourceFile,
    SourceKind,
)
from churnkit.store.store import Store
from churnkit.store.subscription_records import (
    Channel,
    DueMessage,
    Message,
    NewMessage,
    Rhythm,
    Subscription,
)
from churnkit.store.tenant_table import LOCAL_TENANT, new_id
from churnkit.store.vouching import Grant
from churnkit.store.webhook_records import (
    Delivery,
    DueDelivery,
    EndedAnalysis,
    EventType,
    ToldType,
    UntoldEvent,
    Webhook,
)
from churnkit.store.work_records import (
    EndedBy,
    JobKind,
    JobStatus,
    NamedFiles,
    OwnedJob,
    PutAway,
    Removed,
    Session,
    SessionStatus,
    StepTiming,
    TrainingJob,
    Upload,
)

__all__ = [
    "KEPT_FOR",
    "LOCAL_TENANT",
    "RETENTION_DAYS",
    "Addition",
    "AdditionKind",
    "ApiKey",
    "AuditEntry",
    "AuditPage",
    "CampaignStatus",
    "Channel",
    "ContactList",
    "Delivery",
    "Destination",
    "DueDelivery",
    "DueMessage",
    "DuePush",
    "EndedAnalysis",
    "EndedBy",
    "Erasure",
    "EventType",
    "FirstFile",
    "FrozenCampaign",
    "Gives",
    "Grant",
    "Insights",
    "Invitation",
    "JobKind",
    "JobStatus",
    "KeptAnswer",
    "Member",
    "Membership",
    "Message",
    "ModelFile",
    "ModelSeal",
    "NamedFiles",
    "NewMessage",
    "NewSourceFile",
    "OpenedLink",
    "OwnedJob",
    "OwnedSchedule",
    "OwnedScheduleRun",
    "OwnedSourceFile",
    "Person",
    "PredictionPage",
    "Push",
    "PushStatus",
    "PushedCustomer",
    "PutAway",
    "Removed",
    "Rhythm",
    "Run",
    "RunFiles",
    "RunKind",
    "SavedScenario",
    "Schedule",
    "ScheduleRun",
    "Session",
    "SessionStatus",
    "Share",
    "Shop",
    "ShopEvent",
    "SignedIn",
    "Source",
    "SourceFile",
    "SourceKind",
    "StepTiming",
    "Store",
    "StoredModel",
    "StoredReadout",
    "Subscription",
    "ToldType",
    "TrainingJob",
    "UntoldEvent",
    "Upload",
    "Webhook",
    "What",
    "WorkEntry",
    "WorkState",
    "new_id",
]
