"""What the engine says at a freeze, with an idea switched on or without any."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from unittest.mock import patch

import numpy as np
import pandas as pd

from churnkit.config import Money, TournamentSettings
from churnkit.errors import ModelError
from churnkit.services.analyse.rungs import process_model, replay, replay_process
from churnkit.tournament.baselines import BASE_RATE
from churnkit.tournament.knockout import run_tournament
from churnkit.tournament.level import LevelRule, PastPrediction, fit_level_rule
from churnkit.tournament.margins import to_probability
from churnkit.tournament.residuals import PROCESS_COLUMN
from tests.benchmarks.bench.cells import Kept
from tests.benchmarks.bench.freezing import Frozen
from tests.benchmarks.bench.holding import holding

Stage = Literal["forecast", "level", "value"]
"""From where on an idea changes the engine; what lies before is taken from the run without it."""

_TOURNAMENT_ROOMS = (
    "tournament",
    "features",
    "btyd",
    "labels.py",
    "ingest",
    "windows.py",
    "services/analyse/history.py",
)


@dataclass(frozen=True)
class Said:
    """An answer, in the order of ``Frozen.rows``; spend and its 80 % interval are None from whoever gives none.

    ``winner`` is who won the tournament, empty where there was none.
    """

    p_churn: np.ndarray
    spend: np.ndarray | None = None
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    winner: str = ""


@dataclass(frozen=True)
class Idea:
    """A change of the engine that can be switched on.

    Attributes
    ----------
    words
        What it does, for the table.
    stage
        From where on it changes anything.
    change
        Switches it on for as long as it is entered, such as :func:`replacing`.
    columns
        Panel -> panel with columns more or fewer.
    settings
        Of the tournament.
    """

    words: str
    stage: Stage = "value"
    change: Callable[[], AbstractContextManager[Any]] = nullcontext
    columns: Callable[[Frozen, pd.DataFrame], pd.DataFrame] | None = None
    settings: TournamentSettings = field(default_factory=lambda: TournamentSettings(jobs=1))


@contextmanager
def replacing(*changes: tuple[object, str, object]) -> Iterator[None]:
    """(module or class, name, new value): the idea's, until the end."""
    patches = [patch.object(where, name, value) for where, name, value in changes]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()


@dataclass(frozen=True)
class Played:
    """What of a tournament the later stages need: it costs nine tenths of the seconds."""

    champion: str
    past: tuple[PastPrediction, ...]
    margin: np.ndarray
    residuals: dict[datetime, float]


def answer(frozen: Frozen, idea: Idea, cache: Kept, *, hold_winner: bool = False) -> Said:
    """What the engine says with the idea switched on.

    With ``hold_winner`` an idea that changes tournaments changes no winner: it is the one of the engine without it.
    """
    kept = cache.path(f"played-{frozen.name}", _TOURNAMENT_ROOMS)
    panel = idea.columns(frozen, frozen.panel) if idea.columns else frozen.panel
    with idea.change():
        if idea.stage == "forecast" and not hold_winner:
            played = _play(frozen, panel, idea.settings)
        elif kept.is_file():
            played = pickle.loads(kept.read_bytes())
            if idea.stage == "forecast" and played is not None:
                with holding(played.champion):
                    played = _play(frozen, panel, idea.settings)
        else:
            raise LookupError(f"{frozen.name}: run the engine without an idea first")
        return _say(frozen, panel, played)


def answer_without(frozen: Frozen, cache: Kept) -> Said:
    """What the engine says as it stands; its tournament is kept for ideas of later stages."""
    kept = cache.path(f"played-{frozen.name}", _TOURNAMENT_ROOMS)
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(_play(frozen, frozen.panel, TournamentSettings(jobs=1))))
    return _say(frozen, frozen.panel, pickle.loads(kept.read_bytes()))


def answer_of_process(frozen: Frozen) -> Said:
    """What the engine says with the purchase process in the champion's place: in seconds, for rules of money."""
    return _say(frozen, frozen.panel, None)


def _play(frozen: Frozen, panel: pd.DataFrame, settings: TournamentSettings) -> Played | None:
    """None where nothing can be trained: the purchase process scores, as in ``analysis``."""
    try:
        tournament = run_tournament(
            panel, frozen.plan, settings, Money(), earlier_residuals=frozen.earlier_residuals.churn
        )
    except ModelError:
        return None
    rows = panel[panel["cutoff"] == frozen.plan.scoring].sort_values("customer_id")
    champion = str(tournament.champion["candidate"])
    margin = tournament.model.at_level(0.0).margin(rows)
    return Played(champion, tournament.past, margin, dict(tournament.level_rule.residuals))


@dataclass(frozen=True)
class _Levelled:
    """As much of a tournament as ``replay`` reads."""

    past: tuple[PastPrediction, ...]
    level_rule: LevelRule
    model: _Model


@dataclass(frozen=True)
class _Model:
    p: np.ndarray

    def p_churn(self, _: pd.DataFrame) -> np.ndarray:
        return self.p


def _say(frozen: Frozen, panel: pd.DataFrame, played: Played | None) -> Said:
    rows = panel[panel["cutoff"] == frozen.plan.scoring].sort_values("customer_id")
    plan = frozen.plan
    if played is None:
        process = process_model(rows, plan.horizon_days)
        if process is None:
            raise ModelError(f"{frozen.name}: not even the process could be fitted.", "Freeze later.")
        p, past = process.p_churn(rows), replay_process(panel, plan, Money(), frozen.earlier_residuals.totals)
    else:
        rule = (
            LevelRule(plan, played.residuals, 0.0)
            if played.champion == BASE_RATE
            else fit_level_rule(plan, played.residuals, played.past)
        )
        level = rule.forecast(plan.scoring, played.margin, rows[PROCESS_COLUMN].to_numpy(dtype=float))
        p = to_probability(played.margin + level.shift)
        levelled = _Levelled(played.past, rule, _Model(p))
        past = replay(levelled, panel, plan, Money(), frozen.earlier_residuals.totals)  # type: ignore[arg-type]
    spend = past.value_model.expected_spend(rows, p)
    low, high = past.value_model.interval(rows, spend, p)
    return Said(p, spend, low, high, "" if played is None else played.champion)
