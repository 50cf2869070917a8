"""How long-running work says where it is."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from churnkit.tournament.names import model_label


class Stage(StrEnum):
    """What a look or a run goes through, in order; ``MODELS`` and ``BACKTEST`` lie inside ``TOURNAMENT``."""

    READ = "read"
    OPEN = "open"
    PROFILE = "profile"
    WRITE_LOOK = "write_look"
    FEATURES = "features"
    TOURNAMENT = "tournament"
    MODELS = "models"
    BACKTEST = "backtest"
    REPLAY = "replay"
    EXPLAIN = "explain"
    WRITE = "write"
    CUSTOMERS = "customers"
    EVIDENCE = "evidence"
    DECISIONS = "decisions"


_WORDS: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.READ: "reading the file",
        Stage.OPEN: "opening the history",
        Stage.PROFILE: "profiling",
        Stage.WRITE_LOOK: "writing the first look",
        Stage.FEATURES: "building features",
        Stage.TOURNAMENT: "tournament",
        Stage.MODELS: "models",
        Stage.BACKTEST: "backtest on past cutoffs",
        Stage.REPLAY: "replaying the past",
        Stage.EXPLAIN: "explaining",
        Stage.WRITE: "writing the results",
        Stage.CUSTOMERS: "looking at each customer",
        Stage.EVIDENCE: "gathering the evidence",
        Stage.DECISIONS: "preparing decisions",
    }
)


def stage_words(stage: Stage, model: str = "") -> str:
    """A stage as a person reads it, with the name on screen of the ``model`` that it is at."""
    return f"{_WORDS[stage]}: {model_label(model)}" if model else _WORDS[stage]


class Progress(Protocol):
    """Called with the stage and the share of it that is done, 0 to 1.

    ``found`` says in words what the stage found, once it has; ``count`` is (done, of) for what can be counted;
    ``model`` is the leaderboard's name of the model that the stage is at.
    """

    def __call__(
        self,
        stage: Stage,
        share: float,
        /,
        found: str = "",
        count: tuple[int, int] | None = None,
        model: str = "",
    ) -> None:
        """Take note."""


def silent(
    stage: Stage, share: float, /, found: str = "", count: tuple[int, int] | None = None, model: str = ""
) -> None:
    """Progress that nobody follows."""
