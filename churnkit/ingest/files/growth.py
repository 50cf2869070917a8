"""What packed files may grow to, counted on the bytes that come out of all that is handed over at once."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.config import ReadingLimits
from churnkit.ingest.files.refusals import ratio_error, too_large_error


@dataclass
class Growth:
    """Bytes unpacked so far, of every file that is handed over at once.

    Attributes
    ----------
    max_bytes
        What they may come to.
    """

    max_bytes: int
    limits: ReadingLimits
    unpacked: int = 0

    def add(self, size: int, name: str) -> None:
        """Count bytes that came out of the file ``name``.

        Raises
        ------
        DataError
            All together are more than ``max_bytes``.
        """
        self.unpacked += size
        if self.unpacked > self.max_bytes:
            raise too_large_error(name, self.max_bytes)


@dataclass
class ArchiveGrowth:
    """Bytes that came out of one archive, whose own size is ``packed``."""

    name: str
    packed: int
    of_all: Growth
    unpacked: int = 0

    def add(self, size: int) -> None:
        """Count bytes before they are written.

        Raises
        ------
        DataError
            The archive grows to too many times its size, or all archives to too much.
        """
        self.unpacked += size
        limits = self.of_all.limits
        self.of_all.add(size, self.name)
        if self.unpacked > max(limits.free_bytes, limits.max_ratio * self.packed):
            raise ratio_error(self.name, limits)
