"""What the file with a customer's data is called."""

from __future__ import annotations

from datetime import UTC, datetime


def archive_name() -> str:
    """It says when it was made and not of whom: names of files stand in logs."""
    return f"customer-data-{datetime.now(UTC).date().isoformat()}.zip"
