"""What the upload page offers and refuses before a file is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from churnkit.ingest import Inspection, inspect
from churnkit.services.look.sample_shops import SAMPLE_SHOPS
from churnkit.services.look.upload_preview import (
    FIELD_TITLES,
    MAIN_FIELDS,
    MORE_FIELDS,
    check_mapping,
    field_choices,
)

FILE = """Kunde;Datum;Betrag;Notiz
K1;01.02.2026;12,50;
K2;13.02.2026;7,00;
K1;28.02.2026;3,00;
"""


@pytest.fixture
def inspection(tmp_path: Path) -> Inspection:
    path = tmp_path / "orders.csv"
    path.write_text(FILE, encoding="utf-8")
    return inspect(path, tmp_path / "work")


def test_every_field_has_a_title_and_a_place() -> None:
    assert set(MAIN_FIELDS) | set(MORE_FIELDS) == set(FIELD_TITLES)


def test_samples_are_there() -> None:
    assert all(shop.path.is_file() for shop in SAMPLE_SHOPS)


def test_suggestions_are_preselected(inspection: Inspection) -> None:
    by_field = {choice.field: choice for choice in field_choices(inspection, MAIN_FIELDS)}
    assert by_field["customer_id"].column == "Kunde"
    assert by_field["ordered_at"].column == "Datum"
    assert 0 < (by_field["customer_id"].confidence or 0) <= 1
    assert by_field["email"].column is None


def test_a_mapping_that_fits(inspection: Inspection) -> None:
    assert check_mapping(inspection.mapping.columns, inspection.columns) == []


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"ordered_at": "Datum", "amount": "Betrag"}, "who bought"),
        ({"customer_id": "Kunde", "amount": "Betrag"}, "date"),
        ({"customer_id": "Kunde", "ordered_at": "Datum"}, "money"),
        ({"customer_id": "Kunde", "ordered_at": "Kunde", "amount": "Betrag"}, "chosen twice"),
        ({"customer_id": "Kunde", "ordered_at": "Datum", "amount": "Notiz"}, "is empty"),
    ],
)
def test_a_mapping_that_cannot_be(inspection: Inspection, columns: dict[str, str], words: str) -> None:
    (sentence,) = check_mapping(columns, inspection.columns)
    assert words in sentence
