"""A shop's newer file scored by a model that was fitted before: features at its end, probabilities, value, reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from churnkit.config import Indicators
from churnkit.errors import DataError, ModelError
from churnkit.explain.contributions import Contributions, contributions
from churnkit.explain.reasons import reasons
from churnkit.features.indicators import known_indicators
from churnkit.ingest import Ingested, Reading, column_names
from churnkit.ingest.engine import connect
from churnkit.results.erased import Erased
from churnkit.services.analyse.history import History, build_panel
from churnkit.services.analyse.revenue import past_revenue
from churnkit.services.analyse.scored_customers import scored_customers
from churnkit.services.look.first_look import Clock, open_file, read_file
from churnkit.services.look.remembered_reading import overridden
from churnkit.services.privacy.retention import without_older
from churnkit.services.score.scorer import Scorer
from churnkit.text.figures import count, day, days
from churnkit.tournament.baselines import BASE_RATE, PURCHASE_PROCESS
from churnkit.tournament.later_levels import Steps
from churnkit.tournament.progress import Progress, Stage, silent
from churnkit.tournament.residuals import PROCESS_COLUMN
from churnkit.windows import CutoffPlan, plan_cutoffs


@dataclass(frozen=True)
class NewerScores:
    """What a scoring found.

    Attributes
    ----------
    ingested
        The account of the file.
    cutoff
        The instant that the customers were scored at.
    customers
        One row per customer by rank, columns as of an analysis (``services.analyse.scored_customers``).
    notes
        What weakens the scores, in plain sentences.
    """

    ingested: Ingested
    cutoff: datetime
    customers: pd.DataFrame
    notes: tuple[str, ...]


def score_newer(
    files: Path | Sequence[Path],
    workdir: Path,
    scorer: Scorer,
    asked: Reading | None = None,
    *,
    indicators: Indicators | None = None,
    progress: Progress = silent,
    erased: Erased | None = None,
    kept_from: datetime | None = None,
) -> NewerScores:
    """Score every customer of a newer file of the shop, at the end of its data or at ``asked.as_of``.

    Nothing is trained: probabilities, spend, year and product factors come from what was learned before. How customers buy
    (the purchase process) is looked at in the new file itself, as it is at every date, and the level of everybody's
    probability and spend is that of the new date: its season, and what the last finished windows missed.

    Parameters
    ----------
    asked
        How to read the file. One that says nothing takes the answers of the file that the model was made of, where the
        new one has its columns.
    indicators
        A newer table of the outside figures that the model learned from; unless given, the one that it was made with,
        whose figures count as unknown once they are old.
    erased
        Customers whom the file must not bring back.
    kept_from
        The moment before which the shop keeps no orders.

    Raises
    ------
    DataError, MappingError
        The file cannot be read, holds no purchase, or is in another currency.
    ModelError
        The model needs what the file cannot tell.
    """
    clock = Clock(progress)
    paths = [files] if isinstance(files, Path) else list(files)
    reading = _reading(scorer, paths, workdir, asked or Reading())
    ingested = without_older(read_file(paths, workdir, reading, clock, erased), kept_from)
    require_currency(scorer, ingested)
    with connect(workdir) as connection:
        history = open_file(connection, ingested, clock)
        plan = plan_of(history, scorer)
        with clock.stage(Stage.FEATURES):
            seed = scorer.facts.settings.tournament.seed
            panel = build_panel(history, plan, seed=seed, products=scorer.learned.products).panel
            panel = known_indicators(panel, indicators or scorer.facts.settings.indicators)
        now = panel["cutoff"] == plan.scoring
        rows, absent = complete(panel[now].reset_index(drop=True), scorer)
        scorer, steps = scorer.at(plan.scoring, rows, panel[~now])
        with clock.stage(Stage.EXPLAIN):
            parts = contributions(scorer.learned.model, rows)
            customers = customers_by(scorer, rows, parts, history, plan, ingested.currency)
    return NewerScores(ingested, plan.scoring, customers, weaknesses(scorer, plan, absent, steps))


def _reading(scorer: Scorer, files: list[Path], workdir: Path, asked: Reading) -> Reading:
    """As the file was read that the model was made of, where the columns are the same; what is asked goes before."""
    known = scorer.facts.reading
    known = replace(known, settings=replace(known.settings, sheet=None, encoding=None))
    if known.mapping is None or asked.mapping is not None or asked.preset is not None:
        return asked
    both = replace(
        asked,
        settings=overridden(known.settings, asked.settings),
        mapping=known.mapping,
        preset=known.preset,
        statuses={**known.statuses, **asked.statuses},
        row_kinds={**known.row_kinds, **asked.row_kinds},
        nobody=(*known.nobody, *asked.nobody),
        accepted=(*known.accepted, *asked.accepted),
    )
    columns = set(column_names(files, workdir, both.settings))
    return both if set(known.mapping.columns.values()) <= columns else asked


def require_currency(scorer: Scorer, ingested: Ingested) -> None:
    """Refuse, by DataError, orders in another currency than the model learned."""
    then, now = scorer.facts.currency, ingested.currency
    if then and now and then != now:
        raise DataError(
            f"Scoring customers: their orders must be in the currency that the model learned, {then}; they are in {now}.",
            f"Convert the amounts to {then}, or train on this file.",
        )


def plan_of(history: History, scorer: Scorer) -> CutoffPlan:
    """The scoring date, and the last one whose window is over: what that missed tells of the level."""
    plan = plan_cutoffs(history.first_purchase, history.scoring, scorer.facts.horizon_days)
    return replace(plan, labelled=plan.labelled[-1:])


def complete(panel: pd.DataFrame, scorer: Scorer) -> tuple[pd.DataFrame, list[str]]:
    """The rows with every column that the model reads, missing where the file cannot tell; and the names of those.

    Raises
    ------
    ModelError
        The model is the purchase process, and too few customers bought twice.
    """
    model = scorer.learned.model
    wanted = [*(model.preparation.columns if model.preparation else ()), *_value_columns(scorer)]
    absent = [name for name in dict.fromkeys(wanted) if name not in panel.columns]
    rows = panel.assign(**dict.fromkeys(absent, np.nan))
    needs_process = model.baseline is not None and model.baseline.name == PURCHASE_PROCESS
    if needs_process and rows[PROCESS_COLUMN].isna().any():
        raise ModelError(
            "Scoring customers: the model is the purchase process, which needs ten customers with more than one purchase;"
            f" {count((rows['repeat_count'] > 0).sum())} of this file's {count(len(rows))} have.",
            "Score a longer history.",
        )
    read = set(model.preparation.features) if model.preparation else set()
    return rows, [name for name in absent if name in read]


def _value_columns(scorer: Scorer) -> Sequence[str]:
    return scorer.learned.value_model.conditional.columns


def customers_by(
    scorer: Scorer,
    rows: pd.DataFrame,
    parts: Contributions,
    history: History,
    plan: CutoffPlan,
    currency: str | None,
) -> pd.DataFrame:
    """Customers by rank, see ``scored_customers``; ``rows`` as :func:`complete` makes them, ``parts`` of them.

    ``scorer`` is that of the date (``Scorer.at``).
    """
    facts, learned = scorer.facts, scorer.learned
    return scored_customers(
        rows,
        learned.model.p_churn(rows),
        learned.value_model,
        scorer.year_model,
        reasons(learned.model, rows, parts, currency=currency),
        facts.settings,
        plan,
        learned.uncertainty,
        proven=facts.proven,
        spend_last_year=past_revenue(history).by_customer,
        currency=currency,
    )


def weaknesses(
    scorer: Scorer, plan: CutoffPlan, absent: list[str], steps: Steps | None = None
) -> tuple[str, ...]:
    """What weakens the scores, in plain sentences.

    ``absent`` are features that the file does not tell, ``steps`` how the level moved at this date.
    """
    facts = scorer.facts
    age_days = (plan.scoring - facts.cutoff).days
    notes = []
    if age_days < 0:
        notes.append(
            f"The model was made on {day(facts.cutoff)}, after the date of these scores, {day(plan.scoring)}: it has seen"
            " what came. Such scores show what it does, not how good it is."
        )
    elif age_days > facts.horizon_days:
        notes.append(
            f"The model was made {days(age_days)} before the date of these scores. Outcomes of whole windows have come in"
            f" since ({days(facts.horizon_days)} each) that it has not learned from: analyse the file again."
        )
    if absent:
        notes.append(
            f"The file does not tell {count(len(absent))} of the model's features, for example {absent[0]}; they count as"
            " unknown."
        )
    if not facts.proven:
        notes.append(
            "Nothing in this shop's past proved the forecast: no tiers, no money at risk, no advice."
        )
    if scorer.learned.model.name == BASE_RATE:
        notes.append("The model gives everybody the same probability.")
    moved = None if steps is None else steps.total.note()
    if moved is not None:
        notes.append(moved)
    return tuple(notes)
