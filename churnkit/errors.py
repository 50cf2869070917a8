"""The exceptions that reach a user.

Every message says what was being done, what must hold, what was found (with a count and an example)
and how to mend it. The command line prints it and exits 2, a page shows it, the API returns it.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_REFUSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


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


class DiskError(StoreError):
    """The disk is full or must not be written; the same may work once there is room."""

    code = "disk"


class NotFoundError(StoreError):
    """What was asked for is not there, or belongs to somebody else."""

    code = "not_found"


class JobError(ChurnkitError):
    """A background job was refused, failed or was cancelled."""

    code = "job"


class ConflictError(JobError):
    """What was asked for does not go with what is under way or has happened since."""

    code = "conflict"


class AccessError(ChurnkitError):
    """Whoever asks has not the right to it.

    Parameters
    ----------
    action
        The right that is missing, as `churnkit.accounts.Action` writes it.
    """

    code = "access"

    def __init__(self, message: str, remedy: str = "", action: str = "") -> None:
        super().__init__(message, remedy)
        self.action = action


class ProviderError(ChurnkitError):
    """The system that vouches for people did not answer, or not as the protocol asks."""

    code = "provider"


@contextmanager
def disk_failures(doing: str) -> Iterator[None]:
    """Say in words that the disk is full or must not be written; ``doing`` begins the message, e.g. "Receiving a.csv".

    Raises
    ------
    DiskError
        The work inside met a full disk or a folder that may not be written. Other errors pass as they are.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise disk_full(doing) from error
        if error.errno in _REFUSED:
            raise DiskError(
                f"{doing}: the server may not write to its folder ({error.strerror}).",
                "Make the data and models folders writable for the user that the server runs as.",
            ) from error
        raise


def disk_full(doing: str) -> DiskError:
    """No room is left for what was being done."""
    return DiskError(
        f"{doing}: the disk is full.", "Free some space, for example by deleting old analyses, and try again."
    )


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error, or what it came from, is that no room is left; libraries say so in their own ways."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if "No space left on device" in str(error):
            return True
        error = error.__cause__
    return False
