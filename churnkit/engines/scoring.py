"""Scoring all customers of canonical Parquet by a stored run, on any engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce
from typing import NamedTuple

import ibis
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.engines.account import account_of, require_all, sizes_of
from churnkit.engines.canonical import canonical
from churnkit.engines.chunk import UNRANKED, score_batches
from churnkit.engines.engine import Engine
from churnkit.engines.features import Extent, customer_rows
from churnkit.engines.left_out import NOBODY_KNOWN, Without, left_of
from churnkit.engines.package import Package, opened
from churnkit.engines.worklist_rank import ranked
from churnkit.errors import DataError
from churnkit.features.cancellations import with_cancellations
from churnkit.features.events import events_at
from churnkit.features.panel import RANKED
from churnkit.features.purchase_process import PURCHASE_PROCESS_COLUMNS
from churnkit.labels import cutoff_table
from churnkit.results.scores import ScoresDocument
from churnkit.services.score.newer_file import complete
from churnkit.services.score.scorer import Scorer
from churnkit.text.figures import counted, instant
from churnkit.tournament.progress import Progress, Stage, silent
from churnkit.windows import end_of_data


@dataclass(frozen=True)
class _Part:
    """Lines with their cancellations, and their events."""

    lines: ir.Table
    events: ir.Table


def score_lines(
    engine: Engine,
    address: str,
    package: Package,
    folder: str,
    *,
    as_of: datetime | None = None,
    without: Without | None = None,
    progress: Progress = silent,
) -> ScoresDocument:
    """Write the scores of every customer into ``folder`` as Parquet files with the columns of ``customers.csv``.

    Parameters
    ----------
    address
        Of canonical Parquet, see :meth:`Engine.read`.
    package
        Of the run that scores.
    folder
        Where the engine writes; not there yet.
    as_of
        The instant to score at; the first midnight after the last line unless given.
    without
        What the shop has taken out for good; None where nobody knows, which the account says.

    Raises
    ------
    DataError
        The lines cannot be scored, or some customer was lost on the way.
    ModelError
        The model is not the one that was sent, or needs what the lines do not tell.
    """
    scorer = opened(package)[0]
    lines = canonical(engine.read(address))
    progress(Stage.READ, 0.0, found=engine.words)
    said: tuple[str, ...] = (NOBODY_KNOWN,)
    if without is not None:
        lines, erased = left_of(engine, lines, without)
        said = without.words(erased)
    scoring, first_line, number_of_lines = ends_of(engine, lines, as_of)
    progress(
        Stage.READ, 1.0, found=counted(number_of_lines, "line"), count=(number_of_lines, number_of_lines)
    )
    known = lines.filter(_.ordered_at < ibis.timestamp(scoring.isoformat(sep=" ")))
    parts = [_opened(engine, part, scoring, number) for number, part in enumerate(engine.parts(known))]
    extent, customers = _extent(engine, parts, scoring, first_line)
    scored, absent = _scored(engine, parts, package, extent, progress)
    progress(Stage.WRITE, 0.0)
    everybody = reduce(lambda one, other: one.union(other), scored)
    sizes = sizes_of(engine, everybody, customers)
    engine.write(ranked(everybody, sizes), folder)
    require_all(engine, folder, customers)
    return account_of(engine, everybody, scorer, extent, absent, said)


def _scored(
    engine: Engine, parts: Sequence[_Part], package: Package, extent: Extent, progress: Progress
) -> tuple[list[ir.Table], list[str]]:
    """The scores of each part, and the features of the model that the lines do not tell."""
    scorer, reference = opened(package)
    scored: list[ir.Table] = []
    absent: list[str] = []
    for number, part in enumerate(parts):
        progress(Stage.EXPLAIN, number / len(parts), count=(number + 1, len(parts)))
        rows = customer_rows(
            part.lines,
            part.events,
            extent,
            scorer.facts.horizon_days,
            has_time=reference.has_time,
            basis=scorer.learned.products,
        )
        absent = _absent(rows, scorer)
        score = partial(score_batches, package=package, extent=extent)
        scored.append(engine.score(rows, score, UNRANKED, f"scored_{number}"))
    return scored, absent


class Ends(NamedTuple):
    """The scoring instant, that of the first line, and how many lines there are."""

    scoring: datetime
    first_line: datetime
    lines: int


def ends_of(engine: Engine, lines: ir.Table, as_of: datetime | None) -> Ends:
    """Of canonical lines; to be scored at ``as_of``, else at the first midnight after the last line.

    Raises
    ------
    DataError
        There is no line.
    """
    (found,) = engine.rows_of(
        lines.aggregate(first=_.ordered_at.min(), last=_.ordered_at.max(), lines=_.count())
    )
    if found["last"] is None:
        raise DataError("Scoring on an engine: there is no line in the files.")
    return Ends(as_of or end_of_data(_moment(found["last"])), _moment(found["first"]), int(found["lines"]))


def _opened(engine: Engine, known: ir.Table, scoring: datetime, number: int) -> _Part:
    lines = engine.keep(with_cancellations(known), f"lines_{number}")
    events = engine.keep(events_at(lines, cutoff_table([scoring], 1, scoring)), f"events_{number}")
    return _Part(lines, events)


def _extent(
    engine: Engine, parts: Sequence[_Part], scoring: datetime, first_line: datetime
) -> tuple[Extent, int]:
    """What single customers do not tell, and how many there are with a purchase."""
    purchase = _.is_purchase
    found = [
        engine.rows_of(
            part.events.filter(purchase).aggregate(
                first=_.ordered_at.min(), customers=_.customer_id.nunique()
            )
        )[0]
        for part in parts
    ]
    firsts = [_moment(one["first"]) for one in found if one["first"] is not None]
    if not firsts:
        raise DataError(
            f"Scoring on an engine: no purchase with a positive amount lies before {instant(scoring)}.",
            "Choose a later as-of date.",
        )
    return Extent(scoring, first_line, min(firsts)), sum(int(one["customers"]) for one in found)


def _moment(value: object) -> datetime:
    return pd.Timestamp(value).to_pydatetime().replace(tzinfo=None)  # type: ignore[arg-type]


def _absent(rows: ir.Table, scorer: Scorer) -> list[str]:
    """Features of the model that the lines do not tell."""
    made = (*rows.columns, *PURCHASE_PROCESS_COLUMNS)
    columns = [*made, *(f"{name}_rank" for name in RANKED), "spend_tier", "cutoff"]
    return complete(pd.DataFrame(columns=columns), scorer)[1]
