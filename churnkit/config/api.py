"""What the REST API lets through."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from churnkit.config.checks import require
from churnkit.config.environment import number

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")


@dataclass(frozen=True)
class ApiSettings:
    """How often a key may ask, and whose pages may.

    Attributes
    ----------
    reads_per_second, predictions_per_second, starts_per_minute
        Of one key, and of one address without a valid key; 0 for no limit. Reads and starts may come in a burst of twice
        a second's and of a minute's.
    cors_origins
        Sites whose pages may call the API from a browser, e.g. ``https://shop.example``. None unless set.
    """

    reads_per_second: float = 10.0
    predictions_per_second: float = 50.0
    starts_per_minute: float = 6.0
    cors_origins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, value in (
            ("CHURNKIT_API_READS_PER_SECOND", self.reads_per_second),
            ("CHURNKIT_API_PREDICTIONS_PER_SECOND", self.predictions_per_second),
            ("CHURNKIT_API_STARTS_PER_MINUTE", self.starts_per_minute),
        ):
            require(value == 0 or value >= 1, name, value, "1 or more, or 0 for no limit")
        for origin in self.cors_origins:
            require(
                _ORIGIN.fullmatch(origin) is not None,
                "CHURNKIT_API_ORIGINS",
                origin,
                "addresses such as https://shop.example, several with spaces between",
            )

    @classmethod
    def from_environment(cls) -> ApiSettings:
        """The settings of this process.

        Raises
        ------
        SettingsError
            A variable holds what it must not.
        """
        usual = cls()
        return cls(
            reads_per_second=number("CHURNKIT_API_READS_PER_SECOND", usual.reads_per_second),
            predictions_per_second=number(
                "CHURNKIT_API_PREDICTIONS_PER_SECOND", usual.predictions_per_second
            ),
            starts_per_minute=number("CHURNKIT_API_STARTS_PER_MINUTE", usual.starts_per_minute),
            cors_origins=tuple(os.environ.get("CHURNKIT_API_ORIGINS", "").split()),
        )
