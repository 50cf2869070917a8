"""A first look at a file: read, profiled, written down. It imports no model library, so that it comes in seconds."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb

from churnkit.config import AnalysisSettings
from churnkit.ingest import Ingested, Reading, ingest
from churnkit.ingest.engine import backend_of, connect
from churnkit.profiling import CountedDays, balance_by_day, count_days, profile
from churnkit.results.contacts import CONTACTS_FILE
from churnkit.results.erased import Erased
from churnkit.results.files import write_document, write_frame
from churnkit.results.look_facts import BalanceByDay, LookFacts, MonthTotal
from churnkit.results.profile import Profile
from churnkit.results.uncounted import UNCOUNTED_FILE
from churnkit.services.analyse.history import History, open_history
from churnkit.services.look.kept_reading import reading_of
from churnkit.services.privacy.tombstones import without_erased
from churnkit.text import figures
from churnkit.tournament.progress import Progress, Stage, silent


@dataclass
class StageNews:
    """What a stage tells those who watch, see ``Progress``."""

    found: str = ""
    count: tuple[int, int] | None = None


class Clock:
    """Times stages and tells ``progress`` of them; ``seconds`` of wall clock by stage."""

    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[Stage, float] = {}
        self.progress = progress

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[StageNews]:
        """The stage that the body is."""
        self.progress(stage, 0.0)
        started = time.perf_counter()
        news = StageNews()
        yield news
        self.seconds[stage] = round(time.perf_counter() - started, 3)
        self.progress(stage, 1.0, found=news.found, count=news.count)


class Profiled(NamedTuple):
    """A file that was read and profiled, and what its thresholds follow from."""

    ingested: Ingested
    profile: Profile
    counted: CountedDays


def profile_file(
    path: Path | Sequence[Path],
    workdir: Path,
    reading: Reading | None = None,
    settings: AnalysisSettings | None = None,
    *,
    progress: Progress = silent,
    erased: Erased | None = None,
) -> Profiled:
    """Read and profile a file without training anything; parameters and errors as for ``analysis.analyze``."""
    settings = settings or AnalysisSettings()
    clock = Clock(progress)
    ingested = read_file(path, workdir, reading or Reading(), clock, erased)
    with connect(workdir) as connection:
        history = open_file(connection, ingested, clock)
        return Profiled(ingested, judge(history, ingested, settings, clock), history.counted_days)


def read_file(
    path: Path | Sequence[Path],
    workdir: Path,
    reading: Reading,
    clock: Clock,
    erased: Erased | None = None,
) -> Ingested:
    """The canonical transactions of a file, see ``ingest.ingest``, without customers who were erased."""
    with clock.stage(Stage.READ) as news:
        ingested = without_erased(ingest(path, workdir, reading), erased)
        _tell(ingested, news)
    return ingested


def read_again(
    look: Path | None,
    path: Path,
    workdir: Path,
    reading: Reading,
    clock: Clock,
    erased: Erased | None,
    currency: str | None,
) -> Ingested:
    """As :func:`read_file`, from what a ``look`` at the same file left where that serves; see ``kept_reading``."""
    with clock.stage(Stage.READ) as news:
        known = reading_of(look, reading, workdir, currency) if look is not None else None
        if known is not None:
            _tell(known, news)
            return known
    return read_file(path, workdir, reading, clock, erased)


def _tell(ingested: Ingested, news: StageNews) -> None:
    news.found = (
        f"{figures.count(ingested.row_count_in)} rows read, {figures.count(ingested.row_count_kept)} kept"
    )
    news.count = (ingested.row_count_kept, ingested.row_count_in)


def open_file(connection: duckdb.DuckDBPyConnection, ingested: Ingested, clock: Clock) -> History:
    """The history of what was read, in the working database of ``connection``."""
    with clock.stage(Stage.OPEN) as news:
        backend = backend_of(connection)
        transactions = backend.read_parquet(ingested.transactions)
        history = open_history(backend, transactions, ingested.reading.as_of, has_time=ingested.has_time)
        news.found = (
            f"{figures.count(ingested.row_count_in)} rows read, {figures.count(history.customers)} customers"
        )
    return history


def judge(
    history: History,
    ingested: Ingested,
    settings: AnalysisSettings,
    clock: Clock,
    known: Profile | None = None,
) -> Profile:
    """The profile of a history; the one that is ``known`` of it, if any."""
    with clock.stage(Stage.PROFILE) as news:
        found = known or profile(
            history.transactions,
            cutoff=history.scoring,
            ledger=ingested.ledger.to_frame(),
            rows_in=ingested.row_count_in,
            gates=settings.gates,
            threshold=settings.threshold,
            horizon_days=settings.horizon_days,
            counted=history.counted_days,
        )
        score, days = found.score, found.threshold.days
        quality = f"{figures.decimal(score.value)} of {figures.decimal(score.out_of)}"
        news.found = f"quality {quality}, churn after {figures.days(days)}"
    return found


def write_look(
    ingested: Ingested, profile: Profile, folder: Path, *, counted: CountedDays | None = None
) -> None:
    """Write the files of a look into ``folder``, made if it is missing.

    Parameters
    ----------
    ingested, profile
        Of :func:`profile_file`.
    counted
        Of the same history, where it is known; else the transactions are read once more.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if ingested.transactions.resolve() != (folder / "transactions.parquet").resolve():
        shutil.copyfile(ingested.transactions, folder / "transactions.parquet")
    if ingested.contacts and ingested.contacts.resolve() != (folder / CONTACTS_FILE).resolve():
        shutil.copyfile(ingested.contacts, folder / CONTACTS_FILE)
    if ingested.uncounted and ingested.uncounted.resolve() != (folder / UNCOUNTED_FILE).resolve():
        shutil.copyfile(ingested.uncounted, folder / UNCOUNTED_FILE)
    write_frame(ingested.ledger.to_frame(), folder / "ledger.parquet")
    write_document(profile, folder / "profile.json")
    write_document(_look_facts(ingested, profile, counted), folder / "look.json")


def _look_facts(ingested: Ingested, profile: Profile, counted: CountedDays | None) -> LookFacts:
    return LookFacts(
        format_words=ingested.format_words,
        preset=ingested.preset,
        mapping=dict(ingested.mapping.columns),
        day_first=ingested.day_first,
        currency=ingested.currency,
        rows_in=ingested.row_count_in,
        rows_kept=ingested.row_count_kept,
        has_time=ingested.has_time,
        has_order_id=ingested.has_order_id,
        returns=ingested.reading.settings.returns,
        notes=ingested.notes,
        monthly_totals=tuple(MonthTotal(**vars(month)) for month in ingested.understood.months),
        as_of=ingested.reading.as_of,
        by_day=_by_day(counted or _counted(ingested.transactions, profile.scope.cutoff)),
    )


def _by_day(counted: CountedDays) -> BalanceByDay:
    return balance_by_day(counted.lifetimes, counted.spells)


def _counted(transactions: Path, cutoff: datetime) -> CountedDays:
    with TemporaryDirectory(prefix="churnkit-") as workdir, connect(Path(workdir)) as connection:
        table = backend_of(connection).read_parquet(transactions)
        return count_days(table, cutoff)
