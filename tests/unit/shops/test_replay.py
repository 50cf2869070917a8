"""A shop exported piece by piece ends in the same transactions as its whole file; the cutter is a tool of this test."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from churnkit.config import AnalysisSettings, IngestSettings, TournamentSettings
from churnkit.ingest import Ingested, Reading, ingest
from churnkit.ingest.engine import connect
from churnkit.results.folders import Results
from churnkit.services.analyse.analysis import analysed
from churnkit.services.analyse.run_folder import write_run
from churnkit.services.look.first_look import Clock
from churnkit.services.refresh.refreshing import refreshed
from churnkit.services.score.scorer import Scorer
from churnkit.services.score.stored_scorer import scorer_of_run
from churnkit.shops import NewerFile, assemble, first_state, fold, require_same_shop
from churnkit.store import ModelSeal
from churnkit.tournament.progress import silent

READING = Reading(
    settings=IngestSettings(), one_day_is_enough=True, accepted=("one_order", "one_customer", "returns")
)
COMPARED = [
    "order_id",
    "customer_id",
    "ordered_at",
    "amount",
    "product_id",
    "quantity",
    "unit_price",
    "is_return",
]
EXPORTS = 24
TRAINED = 14
"""After so many of the exports the model was trained that scores the last state."""


@pytest.fixture(scope="module")
def every_line(real_data: Path) -> pd.DataFrame:
    """All of online_retail."""
    return pd.read_parquet(real_data / "online_retail.parquet")


@pytest.fixture(scope="module")
def lines(every_line: pd.DataFrame) -> pd.DataFrame:
    """A tenth of the customers, and as many of the rows without one."""
    nobody = every_line["CustomerID"].isna() & (every_line.index % 20 == 0)
    return every_line[nobody | (every_line["CustomerID"] % 10 == 3)]


@pytest.fixture(scope="module")
def history(every_line: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The history of the whole shop after exports of equal spans of time."""
    edges = _edges(every_line, EXPORTS)
    when = every_line["InvoiceDate"]
    pieces = [every_line[(when >= begin) & (when < end)] for begin, end in pairwise(edges)]
    return _replayed(pieces, tmp_path_factory.mktemp("replayed"))


@pytest.fixture(scope="module")
def whole(every_line: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    """The whole file, read at once."""
    return _read(every_line, tmp_path_factory.mktemp("whole") / "file")


def _read(frame: pd.DataFrame, folder: Path) -> Ingested:
    folder.mkdir()
    frame.to_csv(folder / "orders.csv", index=False)
    return ingest(folder / "orders.csv", folder, READING)


def _replayed(pieces: Sequence[pd.DataFrame], folder: Path) -> Path:
    """The history that the exports make, one after the other; of no more than two is there a copy."""
    history = folder / "h0"
    for number, piece in enumerate(pieces):
        file = NewerFile.of(_read(piece, folder / f"f{number}"), f"export {number}")
        if number == 0:
            first_state(file, history)
        else:
            require_same_shop(history, file, folder)
            before, history = history, folder / f"h{number}"
            fold(before, file, history)
            shutil.rmtree(before)
        shutil.rmtree(folder / f"f{number}")
    return history


def _sorted(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path)[COMPARED].sort_values(COMPARED, ignore_index=True)


def _edges(lines: pd.DataFrame, pieces: int) -> pd.DatetimeIndex:
    first, last = lines["InvoiceDate"].min(), lines["InvoiceDate"].max()
    return pd.date_range(first.normalize(), last.normalize() + pd.Timedelta(days=1), periods=pieces + 1)


@pytest.mark.slow
def test_exports_one_after_the_other_make_the_whole_file(
    history: Path, whole: Ingested, tmp_path: Path
) -> None:
    state = assemble(history, EXPORTS, tmp_path)
    pd.testing.assert_frame_equal(_sorted(state.transactions), _sorted(whole.transactions))


@pytest.mark.slow
def test_the_last_state_is_scored_as_the_whole_file_is(
    history: Path, whole: Ingested, tmp_path: Path
) -> None:
    """By one stored model, which some of the customers taught in the middle of the exports."""
    scorer = _scorer(_some(assemble(history, TRAINED, tmp_path / "then"), "3"), tmp_path / "trained")
    trained = Results(tmp_path / "trained" / "run")
    state, file = (
        _scored(_some(orders, "38"), scorer, trained, tmp_path / name)
        for name, orders in (("now", assemble(history, EXPORTS, tmp_path / "now")), ("whole", whole))
    )
    assert file["p_churn"].nunique() > 300
    pd.testing.assert_frame_equal(state, file, check_exact=True)


def _some(orders: Ingested, digits: str) -> Ingested:
    """The orders of the customers whose numbers end so."""
    frame = pd.read_parquet(orders.transactions)
    target = orders.transactions.with_name(f"of_{digits}.parquet")
    frame[frame["customer_id"].str.slice(-1).isin(list(digits))].to_parquet(target, index=False)
    return replace(orders, transactions=target)


def _scored(orders: Ingested, scorer: Scorer, trained: Results, folder: Path) -> pd.DataFrame:
    """What a refresh says of every customer."""
    with connect(folder) as connection:
        return refreshed(orders, connection, trained, lambda: scorer, Clock(silent)).customers


def _scorer(orders: Ingested, folder: Path) -> Scorer:
    """What a small analysis leaves to score later orders by."""
    settings = AnalysisSettings(
        horizon_days=60, tournament=TournamentSettings(budget_seconds=1, folds=2, jobs=1)
    )
    folder.mkdir()
    with analysed(orders, folder, settings, Clock(silent)) as found:
        analysis = found.analysis
    record = write_run(analysis, folder / "run", folder / "models")
    assert record is not None
    seal = ModelSeal(Path(record.file_path).name, record.sha256)
    return scorer_of_run(folder / "run", folder / "models", seal, READING)


@pytest.mark.slow
def test_overlapping_exports_take_later_refunds_and_edits_over(lines: pd.DataFrame, tmp_path: Path) -> None:
    """Each export holds all from the beginning; each later one knows of edits of earlier orders."""
    edges = _edges(lines, 6)
    edited = lines.copy()
    known = lines["CustomerID"].notna()
    edited.loc[known & (lines.index % 7 == 0), "Quantity"] *= 2
    early = lines[lines["InvoiceDate"] < edges[3]]
    pieces = [early, edited[edited["InvoiceDate"] < edges[5]], edited[edited["InvoiceDate"] >= edges[2]]]
    wanted = _sorted(_read(edited, tmp_path / "whole").transactions)
    state = assemble(_replayed(pieces, tmp_path), len(pieces), tmp_path / "state")
    pd.testing.assert_frame_equal(_sorted(state.transactions), wanted)
