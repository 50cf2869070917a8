"""An analysis goes on from what the look at the same file left, and reads the file where it must."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from churnkit.config import AnalysisSettings, Gates, IngestSettings
from churnkit.ingest import Ingested, Reading, ingest
from churnkit.results.look_facts import READING_FILE
from churnkit.services.look.first_look import Clock, profile_file, read_again, write_look
from churnkit.services.look.kept_reading import keep_reading, profile_of, reading_of
from churnkit.services.privacy.retention import without_older
from churnkit.tournament.progress import silent

LINES = """Order ID,Customer ID,Order Date,Total,E-mail
1,7,2025-01-03,12.50,ann@shop.example
2,8,2025-01-09,7,
3,,2025-02-03,9,
4,7,2025-03-01,-4,ann@shop.example
5,9,2025-04-02,{total},
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(LINES.format(total="20 EUR"))
    return path


@pytest.fixture
def look(file: Path, tmp_path: Path) -> Path:
    keep_reading(ingest(file, tmp_path / "look"), tmp_path / "look", AnalysisSettings())
    return tmp_path / "look"


def assert_alike(one: Ingested, other: Ingested) -> None:
    for ours, theirs in ((one.transactions, other.transactions), (one.contacts, other.contacts)):
        assert (ours is None) == (theirs is None)
        assert ours is None or theirs is None or pq.read_table(ours).equals(pq.read_table(theirs))
    alone = [
        replace(
            it,
            transactions=Path(),
            contacts=None,
            uncounted=None,
            understood=replace(it.understood, examples=()),
        )
        for it in (one, other)
    ]
    assert alone[0] == alone[1]
    pd.testing.assert_frame_equal(one.ledger.to_frame(), other.ledger.to_frame())


def test_what_a_look_left_is_what_the_file_would_say(file: Path, look: Path, tmp_path: Path) -> None:
    found = reading_of(look, Reading(), tmp_path / "work", None)
    assert found is not None
    assert found.transactions.parent == tmp_path / "work"
    assert found.ledger.row_count_dropped == 1
    assert_alike(found, ingest(file, tmp_path / "again"))


def test_a_look_that_cannot_serve_makes_the_file_be_read(file: Path, look: Path, tmp_path: Path) -> None:
    def serves(folder: Path = look, reading: Reading | None = None, currency: str | None = None) -> bool:
        return reading_of(folder, reading or Reading(), tmp_path / "work", currency) is not None

    assert serves()
    assert serves(currency="USD")
    assert not serves(reading=Reading(settings=IngestSettings(returns="ignore")))
    assert not serves(tmp_path / "no look")
    kept = (look / READING_FILE).read_text()
    (look / READING_FILE).write_text(kept.replace('"made_by": "', '"made_by": "0'))
    assert not serves()
    (look / READING_FILE).write_text("{")
    assert not serves()
    (look / READING_FILE).write_text(kept)
    assert serves()
    rows = pq.read_table(look / "transactions.parquet")
    pq.write_table(rows[1:], look / "transactions.parquet")
    assert not serves()
    (look / "transactions.parquet").write_bytes(b"PAR1")
    assert not serves()
    read = read_again(look, file, tmp_path / "work", Reading(), Clock(silent), None, None)
    assert_alike(read, ingest(file, tmp_path / "again"))


def test_a_file_without_a_currency_is_read_with_the_owners(tmp_path: Path) -> None:
    """What is said of its amounts then names it."""
    path, folder = tmp_path / "orders.csv", tmp_path / "look"
    path.write_text(LINES.format(total="20"))
    keep_reading(ingest(path, folder), folder, AnalysisSettings())
    assert reading_of(folder, Reading(), tmp_path / "work", None) is not None
    assert reading_of(folder, Reading(), tmp_path / "work", "EUR") is None


def test_orders_of_tomorrow_may_count_another_day(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "look"
    file.write_text(file.read_text() + "".join(f"{n},{n % 9},2025-05-{n},3,\n" for n in range(10, 31)))
    file.write_text(file.read_text() + f"6,8,{date.today() + timedelta(days=400)},3,\n")
    found = ingest(file, folder)
    assert found.ledger.rows("future_date") == 1
    keep_reading(found, folder, AnalysisSettings())
    assert not (folder / READING_FILE).exists()


def test_orders_of_tomorrow_that_count_are_fewer_another_day(tmp_path: Path) -> None:
    """Where many lie after today and somebody found that right, the note says how many."""
    path, folder = tmp_path / "orders.csv", tmp_path / "look"
    days = [date.today() + timedelta(days=40 * n) for n in range(-12, 12)]
    lines = [f"{n},{n % 9},{day},3 EUR" for n, day in enumerate(days)]
    path.write_text("\n".join(["Order ID,Customer ID,Order Date,Total", *lines]))
    found = ingest(path, folder, Reading(accepted=("dates_beyond",)))
    assert found.ledger.rows("future_date") == 0
    assert any("lie after today" in note for note in found.notes)
    keep_reading(found, folder, AnalysisSettings())
    assert not (folder / READING_FILE).exists()


def test_the_profile_of_a_look_is_that_of_an_analysis_that_asks_the_same(tmp_path: Path) -> None:
    path, folder, settings = tmp_path / "orders.csv", tmp_path / "look", AnalysisSettings(horizon_days=40)
    days = [date(2024, 1, 1) + timedelta(days=3 * n) for n in range(120)]
    lines = [f"{n},{n % 9},{day},{n % 7} {'EUR' if n % 2 else 'USD'}" for n, day in enumerate(days)]
    path.write_text("\n".join(["Order ID,Customer ID,Order Date,Total", *lines]))
    reading = Reading(settings=IngestSettings(currency="EUR"))
    looked = profile_file(path, folder, reading, settings)
    write_look(looked.ingested, looked.profile, folder, counted=looked.counted)
    keep_reading(looked.ingested, folder, settings)
    read = reading_of(folder, reading, tmp_path / "work", None)
    assert read is not None

    assert profile_of(folder, read, settings, None) == looked.profile
    assert profile_of(folder, ingest(path, tmp_path / "again", reading), settings, "USD") == looked.profile
    for other in (
        AnalysisSettings(),
        replace(settings, gates=Gates(min_rows=100)),
        replace(settings, threshold=replace(settings.threshold, low_days=20)),
    ):
        assert profile_of(folder, read, other, None) is None
    assert profile_of(folder, without_older(read, datetime(2024, 3, 1)), settings, None) is None
    assert profile_of(tmp_path, read, settings, None) is None


def test_a_profile_without_a_currency_is_made_again_in_the_owners(file: Path, tmp_path: Path) -> None:
    folder, settings = tmp_path / "look", AnalysisSettings()
    file.write_text(LINES.format(total="20"))
    looked = profile_file(file, folder, None, settings)
    write_look(looked.ingested, looked.profile, folder)
    keep_reading(looked.ingested, folder, settings)
    assert profile_of(folder, looked.ingested, settings, None) == looked.profile
    assert profile_of(folder, looked.ingested, settings, "EUR") is None
