"""Days and times in requests: what could mean two things is refused."""

from __future__ import annotations

from datetime import datetime

import pytest
from pydantic import ValidationError

from churnkit.api.models.campaign_models import CampaignChange
from churnkit.api.models.readings import ReadingBody


@pytest.mark.parametrize("given", [0, 1_700_000_000, 1.5, True, "0"])
def test_a_number_is_no_day_and_no_time(given: object) -> None:
    with pytest.raises(ValidationError):
        CampaignChange.model_validate({"status": "running", "started_on": given})
    with pytest.raises(ValidationError):
        ReadingBody.model_validate({"as_of": given})


@pytest.mark.parametrize("zone", ["", "Z", "+05:00"])
def test_a_time_of_the_file_is_taken_as_utc(zone: str) -> None:
    hour = 15 if zone == "+05:00" else 10
    body = ReadingBody.model_validate({"as_of": f"2026-03-02T{hour}:30:00{zone}"})
    assert body.reading().as_of == datetime(2026, 3, 2, 10, 30)
