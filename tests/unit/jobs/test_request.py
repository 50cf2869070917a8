"""What the store keeps of a request, and what earlier versions kept."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from churnkit.config import AnalysisSettings, IngestSettings, Money
from churnkit.errors import ChurnkitError, DataError, MappingError
from churnkit.ingest import ColumnMapping, Reading
from churnkit.jobs.request import Request, stored_request
from churnkit.results.codec import to_json

READING = Reading(
    settings=IngestSettings(sheet="May", day_first=False),
    mapping=ColumnMapping({"amount": "b"}, day_first=True, currency="EUR"),
    preset="shopify",
    as_of=datetime(2026, 1, 1, 12),
)

# As the version before the reading stood apart kept it; parts with all their defaults are left out here.
FIRST = """{
    "settings": {
        "as_of": "2026-01-01T12:00:00", "horizon_days": 45,
        "ingest": {
            "sheet": "May", "encoding": null, "delimiter": null, "decimal": null, "day_first": false, "currency": null,
            "returns": "net", "duplicates": "drop", "max_bytes": 200000000, "preview_rows": 100
        },
        "money": {"margin": 0.5}
    },
    "mapping": {"columns": {"amount": "b"}, "day_first": true, "decimal": null, "currency": "EUR"},
    "preset": "shopify", "run_id": null
}"""


def test_request_survives_json() -> None:
    request = Request(reading=READING, settings=AnalysisSettings(horizon_days=45), run_id="r")
    assert stored_request(json.loads(json.dumps(to_json(request)))) == request


def test_request_of_the_first_version_asks_for_the_same() -> None:
    found = stored_request(json.loads(FIRST))
    assert found == Request(
        reading=READING, settings=AnalysisSettings(horizon_days=45, money=Money(margin=0.5))
    )


@pytest.mark.parametrize("kept", [{}, {"settings": {}, "mapping": None, "preset": None, "run_id": None}])
def test_early_request_asks_for_the_defaults(kept: dict[str, Any]) -> None:
    assert stored_request(kept) == Request()


@pytest.mark.parametrize(
    ("kept", "kind", "words"),
    [
        ({"mapping": {"no_such_field": 1}}, MappingError, "no_such_field"),
        ({"mapping": {"columns": {"colour": "c"}}}, MappingError, "colour"),
        ({"mapping": "amount"}, MappingError, "an object is needed"),
        ({"settings": 7}, DataError, "an object is needed, found 7"),
        ({"settings": {"as_of": "yesterday"}}, DataError, "yesterday"),
        ({"version": 2, "reading": {"mapping": {"columns": {"amount": 1}}}}, DataError, "amount"),
        ({"version": 99}, DataError, "version 99"),
    ],
)
def test_broken_request_is_refused_in_words(
    kept: dict[str, Any], kind: type[ChurnkitError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        stored_request(kept)
