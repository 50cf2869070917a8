"""Ideas that the bench can switch on, by name. A new one is entered here; what has been decided leaves again."""

from __future__ import annotations

from functools import partial

from churnkit.tournament.level import LevelRule
from churnkit.tournament.slope import Slope, Slopes
from churnkit.tournament.totals import TotalRule
from tests.benchmarks.bench import engine
from tests.benchmarks.bench.engine import Idea, replacing

IDEAS: dict[str, Idea] = {
    # What steps of the engine are worth: they must go on earning their place.
    "no-total-step": Idea(
        "total spend as customers' orders say",
        change=partial(replacing, (TotalRule, "_weight", lambda *_: 0.0)),
    ),
    "no-slope": Idea(
        "customers as far apart as the champion puts them",
        stage="forecast",
        change=partial(
            replacing,
            (Slopes, "fit", lambda *_: Slope()),
        ),
    ),
    "no-level-step": Idea(
        "churn as the champion says",
        stage="level",
        change=partial(
            replacing, (engine, "fit_level_rule", lambda plan, residuals, _: LevelRule(plan, residuals, 0.0))
        ),
    ),
}
