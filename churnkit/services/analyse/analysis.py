"""From a file to scored customers: the one use case everything else builds on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from churnkit.clv import ValueModel, YearModel, fit_value_model
from churnkit.config import AnalysisSettings, Money, TournamentSettings
from churnkit.errors import ModelError
from churnkit.explain.contributions import Contributions, contributions
from churnkit.explain.reasons import reasons
from churnkit.features.product_factors import ProductBasis
from churnkit.ingest import Ingested, Reading
from churnkit.ingest.engine import connect
from churnkit.profiling import ladder
from churnkit.results.found import Found
from churnkit.results.indicators import IndicatorTrial
from churnkit.results.profile import Profile, Rung
from churnkit.results.summary import Method
from churnkit.roi import uncertainty_from_backtest, with_contact_cost
from churnkit.services.analyse.earlier_windows import EarlierResiduals, earlier_residuals
from churnkit.services.analyse.evidence.trust import grade
from churnkit.services.analyse.history import BuiltPanel, History, build_panel, plan_for
from churnkit.services.analyse.history_notes import history_notes
from churnkit.services.analyse.outside_figures import proven_indicators
from churnkit.services.analyse.revenue import PastRevenue, past_revenue
from churnkit.services.analyse.rungs import (
    Past,
    process_model,
    replay,
    replay_process,
    replay_rule,
    rule_model,
)
from churnkit.services.analyse.scored_customers import scored_customers
from churnkit.services.analyse.year import year_of
from churnkit.services.decide.short_history import short_history_notes
from churnkit.services.look.first_look import Clock, judge, open_file, read_file
from churnkit.text.figures import count, days, score
from churnkit.tournament.backtest import PastOutcome, backtest_summary
from churnkit.tournament.knockout import Tournament, run_tournament
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.names import model_label
from churnkit.tournament.past_notes import missed, past_notes
from churnkit.tournament.progress import Progress, Stage, silent
from churnkit.tournament.quality import quality_by_status
from churnkit.tournament.search import require_search
from churnkit.windows import CutoffPlan

ChooseWindow = Callable[[pd.DataFrame, CutoffPlan], int | None]
"""A panel and its dates -> how many months before a date models learn from, None for all."""


@dataclass(frozen=True)
class Analysis:
    """Everything that one analysis found.

    Attributes
    ----------
    ingested, profile
        The account of the file and the profile of its transactions.
    plan, panel
        Cutoffs and the panel of all of them.
    model
        What scored them, on every rung.
    customers
        The columns of ``customers.csv``, by rank.
    contributions
        Log-odds of every customer by feature, in the order of ``scored_rows``.
    tournament
        None below the rung "models".
    past
        None where the history is too short for a past date.
    notes
        What weakens the result, in plain sentences.
    past_revenue
        What the shop took in the year before the scoring date.
    products
        What the panel's product factors were learned as; None without any.
    seconds
        Wall clock per stage.
    indicator_trials
        Of each outside figure that the settings hold: whether it helped in the past.
    """

    settings: AnalysisSettings
    ingested: Ingested
    profile: Profile
    plan: CutoffPlan
    panel: pd.DataFrame
    method: Method
    model: ChurnModel
    customers: pd.DataFrame
    contributions: Contributions
    tournament: Tournament | None
    past: Past | None
    value_model: ValueModel
    year_model: YearModel
    notes: tuple[str, ...]
    past_revenue: PastRevenue
    analysed_on: date
    products: ProductBasis | None = None
    seconds: dict[Stage, float] = field(default_factory=dict)
    indicator_trials: tuple[IndicatorTrial, ...] = ()

    @property
    def scored_rows(self) -> pd.DataFrame:
        """Panel rows of the scoring cutoff."""
        return self.panel[self.panel["cutoff"] == self.plan.scoring]


def analyze(
    path: Path | Sequence[Path],
    workdir: Path,
    reading: Reading | None = None,
    settings: AnalysisSettings | None = None,
    *,
    progress: Progress = silent,
) -> Analysis:
    """Read a shop's export and score every customer.

    Parameters
    ----------
    path
        The export.
    workdir
        Folder for intermediate files; the caller removes it.
    reading
        How to read the file; unless given, the file decides.
    progress
        Called with the stage and the share of it that is done.

    Raises
    ------
    DataError, MappingError, WindowError
        If the file cannot be used; the message says how to mend it.
    ModelError
        The search needs a package that is not installed.
    """
    settings = settings or AnalysisSettings()
    require_search(settings.tournament.search)
    clock = Clock(progress)
    ingested = read_file(path, workdir, reading or Reading(), clock)
    with analysed(ingested, workdir, settings, clock) as found:
        return found.analysis


class Analysed(NamedTuple):
    """An analysis, and the history that it was made of: what comes after it needs the same tables."""

    analysis: Analysis
    history: History


@contextmanager
def analysed(
    ingested: Ingested,
    workdir: Path,
    settings: AnalysisSettings,
    clock: Clock,
    *,
    rule_because: str | None = None,
    window: ChooseWindow | None = None,
    known: Profile | None = None,
) -> Iterator[Analysed]:
    """Score every customer of transactions that have been read; the history stays open while the block runs.

    Parameters and errors are those of :func:`analyze`, and

    Parameters
    ----------
    rule_because
        Why nothing may be trained: the shop's own return curve scores, as on the lowest rung.
    window
        Finds the months that models learn from, of a panel and its dates; those of the settings without it.
    known
        The profile of these transactions, where it was made before with the same settings.
    """
    with connect(workdir) as connection:
        history = open_file(connection, ingested, clock)
        found = judge(history, ingested, settings, clock, known)
        plan = plan_for(history, found.threshold.days, settings.tournament.training_months)
        with clock.stage(Stage.FEATURES) as news:
            built = build_panel(history, plan, seed=settings.tournament.seed)
            panel, trials = proven_indicators(built.panel, plan, settings)
            built = built._replace(panel=panel)
            if window is not None:
                settings, plan = _with_window(settings, plan, window(panel, plan))
            news.found = (
                f"{count(len(built.panel))} rows: each customer at up to {count(len(plan.all))} dates"
            )
        rung = ladder(history.row_count, history.customers, history.history_days, settings.gates)
        if rule_because is not None:
            rung = replace(rung, name="rules", words=rule_because)
        analysis = _score(settings, ingested, found, history, plan, built, rung, clock)
        yield Analysed(replace(analysis, indicator_trials=trials), history)


def _with_window(
    settings: AnalysisSettings, plan: CutoffPlan, months: int | None
) -> tuple[AnalysisSettings, CutoffPlan]:
    tournament = replace(settings.tournament, training_months=months)
    return replace(settings, tournament=tournament), replace(plan, training_months=months)


def _score(
    settings: AnalysisSettings,
    ingested: Ingested,
    profile: Profile,
    history: History,
    plan: CutoffPlan,
    built: BuiltPanel,
    rung: Rung,
    clock: Clock,
) -> Analysis:
    panel = built.panel
    rows = panel[panel["cutoff"] == plan.scoring]
    priced = with_contact_cost(settings.money, rows["monetary_mean"], rows["order_count"], ingested.currency)
    earlier = earlier_residuals(history, plan) if rung.name != "rules" else EarlierResiduals({}, {})
    tournament, notes = _try_tournament(rung, panel, plan, settings.tournament, priced, earlier.churn, clock)
    short = short_history_notes(profile, plan.horizon_days, settings.gates)
    notes = (*notes, *short, *history_notes(history, rows), *(tournament.notes if tournament else ()))
    method, model, past, value_model = _scorer(
        tournament, rung, history, panel, plan, priced, earlier.totals, clock
    )
    with clock.stage(Stage.EXPLAIN):
        parts = contributions(model, rows)
        why = reasons(model, rows, parts, currency=ingested.currency)
    outcomes = past.outcomes if past else ()
    revenue = past_revenue(history)
    p_churn = model.p_churn(rows)
    year_model = year_of(
        history, panel, plan, past.known if past else {}, p_churn, value_model.spend_if_buying(rows)
    )
    customers = scored_customers(
        rows,
        p_churn,
        value_model,
        year_model,
        why,
        settings,
        plan,
        uncertainty_from_backtest(backtest_summary(outcomes, plan.horizon_days)),
        proven=is_proven(outcomes, plan.horizon_days),
        spend_last_year=revenue.by_customer,
        currency=ingested.currency,
    )
    return Analysis(
        settings=settings,
        ingested=ingested,
        profile=profile,
        plan=plan,
        panel=panel,
        method=method,
        model=model,
        customers=customers,
        contributions=parts,
        tournament=tournament,
        past=past,
        value_model=value_model,
        year_model=year_model,
        notes=(*notes, *_notes_of_the_past(past, plan), *year_model.forecast.notes),
        past_revenue=revenue,
        analysed_on=datetime.now(UTC).date(),
        products=built.products,
        seconds=clock.seconds,
    )


def _notes_of_the_past(past: Past | None, plan: CutoffPlan) -> tuple[str, ...]:
    """How total spend was moved, and what past windows missed."""
    if past is None:
        return ()
    moved = past.total_step.note()
    windows = [missed(outcome) for outcome in past.outcomes]
    told = past_notes(windows, plan.scoring, plan.history_start, plan.horizon_days, plan.step_days)
    return (*(() if moved is None else (moved,)), *told)


class _Scorer(NamedTuple):
    """What scores the customers, and what its past is."""

    method: Method
    model: ChurnModel
    past: Past | None
    value_model: ValueModel


def _scorer(
    tournament: Tournament | None,
    rung: Rung,
    history: History,
    panel: pd.DataFrame,
    plan: CutoffPlan,
    money: Money,
    earlier_totals: Mapping[datetime, float],
    clock: Clock,
) -> _Scorer:
    """The champion; without one the purchase process, and where that cannot be fitted a rule."""
    rows = panel[panel["cutoff"] == plan.scoring]
    if tournament is not None:
        with clock.stage(Stage.REPLAY) as news:
            past = replay(tournament, panel, plan, money, earlier_totals)
            news.found = f"{count(len(past.outcomes))} past dates forecast and compared with what happened"
        return _Scorer("models", tournament.model, past, past.value_model)
    process = process_model(rows, plan.horizon_days) if rung.name != "rules" else None
    if process is not None:
        past = replay_process(panel, plan, money, earlier_totals)
        return _Scorer("btyd", process, past, past.value_model)
    rule = rule_model(history, rows, plan.horizon_days)
    tested = replay_rule(history, panel, plan, money, rule)
    value_model = tested.value_model if tested else fit_value_model(panel[panel["churned"].notna()], [])
    return _Scorer("rules", rule, tested, value_model)


def is_proven(past: Sequence[PastOutcome], horizon_days: int) -> bool:
    """Whether the past shows that the forecast tells who leaves; without that there are no tiers, money or advice."""
    active = quality_by_status(past, horizon_days).active
    return grade(active.value if isinstance(active, Found) else None) != "none"


def _try_tournament(
    rung: Rung,
    panel: pd.DataFrame,
    plan: CutoffPlan,
    settings: TournamentSettings,
    money: Money,
    earlier: Mapping[datetime, float],
    clock: Clock,
) -> tuple[Tournament | None, tuple[str, ...]]:
    if rung.name != "models":
        return None, (rung.words,)
    if not plan.labelled:
        return None, (
            f"The history of {plan.observation_days(plan.scoring)} days is too short for a past window of"
            f" {days(plan.horizon_days)}, so no model could be trained; the purchase process scores the customers.",
        )
    try:
        with clock.stage(Stage.TOURNAMENT) as news:
            tournament = run_tournament(
                panel, plan, settings, money, clock.progress, earlier_residuals=earlier
            )
            champion = tournament.champion
            news.found = (
                f"champion: {model_label(str(champion['candidate']))}, AUC {score(champion['roc_auc'])}"
            )
            return tournament, ()
    except ModelError as error:
        return None, (f"No model could be trained. {error.message}",)
