"""Where backups and copies of results go, and the keys of object storage."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from churnkit.config.checks import require
from churnkit.config.environment import number

BACKUP_TO = "CHURNKIT_BACKUP_TO"
BACKUP_HOURS = "CHURNKIT_BACKUP_HOURS"
COPIES_TO = "CHURNKIT_COPIES_TO"
S3_ACCESS_KEY, S3_SECRET_KEY = "CHURNKIT_S3_ACCESS_KEY", "CHURNKIT_S3_SECRET_KEY"
S3_REGION, S3_ENDPOINT = "CHURNKIT_S3_REGION", "CHURNKIT_S3_ENDPOINT"


@dataclass(frozen=True)
class StorageSettings:
    """What whoever runs the server has set about storage.

    Attributes
    ----------
    backup_to, copies_to
        A folder or ``s3://bucket/folder``; None where there is none.
    backup_hours
        How often a backup is made by itself; 0 for only by hand.
    access_key, secret_key, region, endpoint
        Of the object storage; never printed.
    """

    backup_to: str | None = None
    backup_hours: float = 24.0
    copies_to: str | None = None
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    region: str = "us-east-1"
    endpoint: str | None = None

    def __post_init__(self) -> None:
        require(self.backup_hours >= 0, BACKUP_HOURS, self.backup_hours, "hours, 0 for only by hand")

    @classmethod
    def from_environment(cls) -> StorageSettings:
        """The settings that the environment holds.

        Raises
        ------
        SettingsError
            One of them is none.
        """

        def text(name: str) -> str:
            return os.environ.get(name, "").strip()

        return cls(
            backup_to=text(BACKUP_TO) or None,
            backup_hours=number(BACKUP_HOURS, 24.0),
            copies_to=text(COPIES_TO) or None,
            access_key=text(S3_ACCESS_KEY),
            secret_key=text(S3_SECRET_KEY),
            region=text(S3_REGION) or "us-east-1",
            endpoint=text(S3_ENDPOINT) or None,
        )
