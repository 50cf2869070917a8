"""A reading as a value: through JSON, and broken."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from churnkit.config import IngestSettings
from churnkit.errors import DataError
from churnkit.ingest import ColumnMapping, Reading
from churnkit.results.codec import part_from_json, part_to_json

WHAT = "what was asked of reading a file"


@pytest.mark.parametrize(
    "reading",
    [
        Reading(),
        Reading(
            settings=IngestSettings(sheet="May", decimal=",", returns="ignore", max_bytes=7),
            mapping=ColumnMapping({"amount": "Total", "email": "Mail"}, day_first=True, currency="EUR"),
            preset="none",
            as_of=datetime(2026, 1, 31, 12, 30),
            one_day_is_enough=True,
        ),
    ],
)
def test_reading_survives_json(reading: Reading) -> None:
    kept = json.loads(json.dumps(part_to_json(reading)))
    assert part_from_json(Reading, kept, WHAT) == reading


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ({"settings": {"decimal": ";"}}, "settings.decimal"),
        ({"settings": {"max_bytes": 0}}, "max_bytes"),
        ({"mapping": {"columns": {"colour": "c"}}}, "colour"),
        ({"mapping": {"columns": {"amount": 1}}}, "amount"),
        ({"as_of": "soon"}, "soon"),
        ({"colour": 1}, "colour"),
        ([], "an object is needed"),
    ],
)
def test_broken_reading_names_the_field(kept: object, words: str) -> None:
    with pytest.raises(DataError, match=words):
        part_from_json(Reading, kept, WHAT)
