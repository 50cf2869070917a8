"""Cells: a data set and a horizon. Each panel is built once and kept, so that another idea costs its own seconds only."""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import ibis
import pandas as pd

from churnkit.features.product_factors import add_product_factors
from churnkit.features.purchase_process import add_purchase_process
from churnkit.ingest import Reading, ingest
from churnkit.ingest.engine import connect
from churnkit.services.analyse.history import _collect, _sample, open_history
from churnkit.tournament.residuals import process_residuals
from churnkit.windows import MAX_CUTOFFS, CutoffPlan, plan_cutoffs
from tests.benchmarks.simulations.shops import SHOPS

REPOSITORY = Path(__file__).resolve().parents[3]
MAX_PANEL_ROWS = 120_000
FIRST_PAST = 3
"""Freezes of the past lie this many horizons and more before the end: their outcome is over at T2."""
MIN_OBSERVED_WINDOWS = 3
_PANEL_ROOMS = ("ingest", "features", "btyd", "labels.py", "windows.py", "services/analyse/history.py")


@dataclass(frozen=True)
class Cell:
    """A file of the public data, or a shop of ``simulations.shops``, and a horizon."""

    source: str
    horizon_days: int

    @property
    def data_set(self) -> str:
        """Its name in tables."""
        return self.source.partition(".")[0].removesuffix("_master")

    @property
    def name(self) -> str:
        """Data set and horizon."""
        return f"{self.data_set}-{self.horizon_days}"

    @property
    def is_real(self) -> bool:
        """Whether it is of public data."""
        return self.source not in SHOPS


CELLS = (
    *(Cell("online_retail.parquet", days) for days in (30, 60, 90)),
    *(Cell("cdnow_master.txt", days) for days in (45, 90, 180)),
    *(Cell("grocery.parquet", days) for days in (30, 90)),
    Cell("apparel.parquet", 180),
    *(Cell(name, 90 if name == "appeals" else 60) for name in SHOPS),
)


@dataclass(frozen=True)
class Opened:
    """A cell with everything that ideas need.

    Attributes
    ----------
    panel
        Rows of every cutoff that a freeze of it uses, with outcomes as they stand at ``end``.
    transactions
        Its canonical transactions: ``customer_id``, ``ordered_at``, ``amount`` and what else the file has.
    residuals
        What the process missed, by cutoff (``tournament.residuals.process_residuals``).
    """

    cell: Cell
    start: datetime
    end: datetime
    panel: pd.DataFrame
    transactions: pd.DataFrame
    residuals: dict[datetime, float]

    def past_freezes(self, most: int) -> list[datetime]:
        """Dates to forecast from, ascending: at most ``most``, spread evenly over those of the past."""
        found = []
        number = FIRST_PAST
        while True:
            when = self.end - timedelta(days=number * self.cell.horizon_days)
            if (when - self.start).days < MIN_OBSERVED_WINDOWS * self.cell.horizon_days:
                break
            found.append(when)
            number += 1
        # The latest year holds what the shop is today; of a longer past it is the seasons that count.
        most = min(most, len(found))
        chosen = {round(k * (len(found) - 1) / max(1, most - 1)) for k in range(most)}
        return sorted(found[position] for position in chosen)

    def final_freezes(self) -> list[datetime]:
        """T2 and T, where enough lies before them."""
        dates = [self.end - timedelta(days=k * self.cell.horizon_days) for k in (2, 1)]
        return [d for d in dates if (d - self.start).days >= 2 * self.cell.horizon_days]


@dataclass(frozen=True)
class Kept:
    """A folder of what was worked out before; ``stale``: whatever code made it."""

    folder: Path
    stale: bool = False

    def path(self, name: str, rooms: tuple[str, ...]) -> Path:
        """Where something that these rooms of the package make is kept; another place once a line of them changed."""
        made = sorted(self.folder.glob(f"{name}.*.pickle"), key=lambda file: file.stat().st_mtime)
        if self.stale and made:
            return made[-1]
        return self.folder / f"{name}.{sources_hash(*rooms)}.pickle"


def open_cell(cell: Cell, data: Path, cache: Kept) -> Opened:
    """The cell from the cache, or built and kept there."""
    kept = cache.path(cell.name, _PANEL_ROOMS)
    if kept.is_file():
        opened: Opened = pickle.loads(kept.read_bytes())
        return opened
    with tempfile.TemporaryDirectory() as folder:
        opened = _build(cell, _export(cell, data, Path(folder)), Path(folder))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(opened))
    return opened


def _export(cell: Cell, data: Path, folder: Path) -> Path:
    if cell.is_real:
        return data / cell.source
    path = folder / f"{cell.source}.csv"
    SHOPS[cell.source].orders().to_csv(path, index=False)
    return path


def _build(cell: Cell, export: Path, folder: Path) -> Opened:
    ingested = ingest(export, folder / "read", Reading())
    transactions = pd.read_parquet(ingested.transactions)
    end = transactions["ordered_at"].max().normalize().to_pydatetime()
    with connect(folder) as connection:
        backend = ibis.duckdb.from_connection(connection)
        table = backend.read_parquet(str(ingested.transactions))
        history = open_history(backend, table, end, has_time=ingested.has_time)
        start = history.first_purchase
        whole = Opened(cell, start, end, pd.DataFrame(), transactions, {})
        freezes = [*whole.past_freezes(10**6), *whole.final_freezes()]
        # An odd horizon has a grid of its own for every freeze.
        cutoffs = sorted(
            {c for f in freezes for c in _plan(start, f, cell.horizon_days, 4 * MAX_CUTOFFS).all}
        )
        plan = _plan(start, end, cell.horizon_days, MAX_CUTOFFS)
        share = MAX_PANEL_ROWS / max(1, history.customers * len(cutoffs))
        panel = _collect(history, cutoffs, plan, None if share >= 1 else _sample(history, share))
        panel = add_purchase_process(panel, cell.horizon_days)
        panel, _ = add_product_factors(panel, history.transactions, cutoffs, seed=42)
    return Opened(cell, start, end, panel, transactions, process_residuals(panel))


def _plan(start: datetime, scoring: datetime, horizon_days: int, most: int) -> CutoffPlan:
    return plan_cutoffs(start, scoring, horizon_days, max_cutoffs=most)


@cache
def sources_hash(*rooms: str) -> str:
    """Changes with any line of these rooms of the package, or of the made-up shops."""
    found = hashlib.sha256((REPOSITORY / "tests/benchmarks/simulations/shops.py").read_bytes())
    for room in rooms:
        path = REPOSITORY / "churnkit" / room
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            found.update(file.read_bytes())
    return found.hexdigest()[:12]
