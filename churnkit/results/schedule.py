"""When a schedule is due, as the store keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from churnkit.config.checks import require
from churnkit.results.codec import Step

Every = Literal["hourly", "daily", "weekly", "monthly"]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When something is due, by the clock of the shop.

    Attributes
    ----------
    minute
        0 to 59.
    hour
        0 to 23; of no meaning every hour.
    weekday
        0 for Monday to 6 for Sunday; each week only.
    day
        1 to 31, the last day of a month that has fewer; each month only.

    Raises
    ------
    SettingsError
        One lies outside its range.
    """

    title: ClassVar[str] = "the rule of a schedule"
    steps: ClassVar[tuple[Step, ...]] = ()

    every: Every = "daily"
    hour: int = 6
    minute: int = 0
    weekday: int = 0
    day: int = 1

    def __post_init__(self) -> None:
        require(0 <= self.hour <= 23, "hour", self.hour, "0 to 23")
        require(0 <= self.minute <= 59, "minute", self.minute, "0 to 59")
        require(0 <= self.weekday <= 6, "weekday", self.weekday, "0 (Monday) to 6 (Sunday)")
        require(1 <= self.day <= 31, "day", self.day, "1 to 31")
