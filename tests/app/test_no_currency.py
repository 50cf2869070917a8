"""A shop whose file names no currency: it is asked for, and said where it is missing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.jobs import Platform
from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.services.decide.repricing import priced_folder
from churnkit.services.workspace.workspace_preferences import Preferences, load_preferences, save_preferences
from churnkit.store import Store
from churnkit.ui.shop_questions import NO_CURRENCY

BARE = "Amounts are bare numbers"


@pytest.fixture
def bare_app(full_app: AppTest) -> AppTest:
    """The finished analysis of a file without a currency."""
    looks = list(Path(os.environ["CHURNKIT_DATA_DIR"]).rglob("look.json"))
    assert looks
    for path in looks:
        look = json.loads(path.read_text())
        assert look["currency"] == "EUR"
        path.write_text(json.dumps(look | {"currency": None}))
    return full_app


def captions(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in app.caption)


def test_home_says_it_once_until_the_currency_is_named(
    bare_app: AppTest, store: Store, platform: Platform
) -> None:
    app = bare_app.run().switch_page("pages/dashboard.py").run()
    assert not app.exception
    assert captions(app).count(BARE) == 1
    assert "Name the currency" in [one.proto.label for one in app.get("page_link")]
    save_preferences(store, Preferences(currency="GBP"))
    app.run()
    assert BARE not in captions(app)
    assert any("£" in str(one.value) for one in app.metric)
    (session,) = store.sessions.all()
    folder = platform.run_folder(session)
    assert folder is not None
    advice = Results(folder, "GBP", priced_folder(folder)).evidence.recommended
    assert isinstance(advice, Found)
    assert "£" in advice.value.words and "€" not in advice.value.words


def test_it_cannot_be_passed_over_before_the_first_analysis(bare_app: AppTest, store: Store) -> None:
    app = bare_app.run().switch_page("pages/upload.py").run()
    app.button(key="start_analysis").click().run()
    assert ["The currency is not chosen" in str(one.value) for one in app.error] == [True]
    assert not load_preferences(store).asked
    app.selectbox(key="ask_currency").set_value(NO_CURRENCY)
    app.button(key="start_analysis").click().run()
    assert not app.exception and not app.error
    kept = load_preferences(store)
    assert kept.asked and kept.currency is None
