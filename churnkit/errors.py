"""The exceptions that reach a user.

Every message says what was being done, what must hold, what was found (with a count and an example)
and how to mend it. The command line prints it and exits 2, a page shows it, the API returns it.
"""

from __future__ import annotations


class ChurnkitError(Exception):
    """Base of every failure that a user can mend.

    Parameters
    ----------
    message
        One sentence or two: what was being done and what was found.
    remedy
        What the user can do about it; printed after the message.
    """

    code = "error"

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message} {remedy}".strip())


class SettingsError(ChurnkitError):
    """A setting lies outside its allowed values."""

    code = "settings"


class DataError(ChurnkitError):
    """The file or its rows cannot be used."""

    code = "data"


class MappingError(ChurnkitError):
    """Columns could not be matched, or the match is ambiguous."""

    code = "mapping"


class WindowError(ChurnkitError):
    """A cutoff, horizon or split does not fit the history."""

    code = "window"


class ModelError(ChurnkitError):
    """A model could not be fitted, saved or loaded."""

    code = "model"


class StoreError(ChurnkitError):
    """The DuckDB file cannot be opened, migrated or written."""

    code = "store"


class JobError(ChurnkitError):
    """A background job was refused, failed or was cancelled."""

    code = "job"
