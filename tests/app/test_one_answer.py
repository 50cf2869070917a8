"""One question has one answer: on every page and in every file of an analysis."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.jobs import Platform
from churnkit.results.folders import Results
from churnkit.store import Store
from tests.app.answers import answers, differences


@pytest.mark.slow
def test_pages_and_files_of_an_analysis_agree(full_app: AppTest, platform: Platform, store: Store) -> None:
    (session,) = store.sessions.all()
    folder = platform.run_folder(session)
    assert folder is not None
    full_app.run()
    found = answers(full_app, Results(folder))
    apart = differences(found)
    assert not apart, json.dumps(apart, indent=1, ensure_ascii=False)
    # Each of the owner's questions was asked in several places.
    asked = {question: len(places) for question, places in found.items()}
    assert min(asked[q] for q in ("at risk", "active customers", "leavers", "net", "first customer")) >= 4, (
        asked
    )


def test_two_answers_are_found() -> None:
    found = {"net": {"dashboard": "€5", "whatif": "€6"}, "cost": {"dashboard": "€1", "whatif": "€1"}}
    assert differences(found) == {"net": {"dashboard": "€5", "whatif": "€6"}}
