"""The settings of an analysis through JSON."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from churnkit.config import AnalysisSettings, IngestSettings, Money, TournamentSettings
from churnkit.errors import DataError
from churnkit.results.codec import JsonObject, part_from_json, part_to_json
from churnkit.results.run_settings import RunSettings


def read(values: JsonObject) -> RunSettings:
    return part_from_json(RunSettings, values, "the settings")


def test_they_survive_json() -> None:
    analysis = AnalysisSettings(horizon_days=45, tournament=TournamentSettings(seed=7))
    ingest = IngestSettings(sheet="May", day_first=False)
    settings = RunSettings.of(analysis, ingest, datetime(2026, 1, 31, 12, 30))
    kept = json.loads(json.dumps(part_to_json(settings)))
    assert list(kept)[:3] == ["as_of", "ingest", "horizon_days"]
    assert read(kept) == settings
    assert (settings.analysis, settings.ingest) == (analysis, ingest)


def test_what_earlier_ones_lack_has_its_default() -> None:
    found = read({"horizon_days": 9, "money": {"margin": 0.5}})
    assert found.analysis == AnalysisSettings(horizon_days=9, money=Money(margin=0.5))
    assert (found.ingest, found.as_of) == (IngestSettings(), None)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"horizon_days": "9"}, "a whole number is needed, found '9'"),
        ({"tiers": {"high": 0.3}}, "0 < medium < high < 1"),
        ({"gone": 1}, "nobody knows gone"),
    ],
)
def test_what_cannot_be_is_refused(values: JsonObject, words: str) -> None:
    with pytest.raises(DataError, match="Reading the settings: it is damaged") as refused:
        read(values)
    assert words in refused.value.message
