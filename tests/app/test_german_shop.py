"""A German shop reads German numbers and dates on its pages and in its report, and can choose them itself."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from churnkit.jobs import Platform
from churnkit.results.folders import Results
from churnkit.services.deliver.report_files import build_report
from churnkit.services.workspace.workspace_preferences import Preferences, load_preferences, save_preferences
from churnkit.store import Store
from churnkit.text.figures import NARROW
from churnkit.text.locale import using

_ENGLISH = re.compile(
    r"\d,\d{3}\b|\d\.\d{1,2}(?![\d.])|\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d"
)
_DAY = re.compile(r"\d\. (?:Jan\.|Feb\.|März|Apr\.|Mai|Juni|Juli|Aug\.|Sept\.|Okt\.|Nov\.|Dez\.) \d{4}")


def words(app: AppTest) -> str:
    told = [*app.markdown, *app.caption, *app.metric, *app.info, *app.warning]
    return "\n".join(str(one.value) for one in told).replace(NARROW, " ").replace("\\", "")


@pytest.mark.parametrize("page", ["dashboard", "customers"])
def test_pages(full_app: AppTest, store: Store, page: str) -> None:
    save_preferences(store, Preferences(locale="de-DE", currency="EUR"))
    app = full_app.run().switch_page(f"pages/{page}.py").run()
    assert not app.exception
    said = words(app)
    # The version of the app and the letters of a style sheet are no figures.
    said = re.sub(r"churnkit \S+|<style>.*?</style>", "", said, flags=re.DOTALL)
    assert not _ENGLISH.findall(said), said
    assert _DAY.search(said)
    assert re.search(r"\d €", said) and "€1" not in said


def test_the_report(
    full_app: AppTest, store: Store, folders: tuple[object, object], platform: object
) -> None:

    assert isinstance(platform, Platform)
    (session,) = store.sessions.all()
    folder = platform.run_folder(session)
    assert folder is not None
    with using("de-DE"):
        pdf = build_report(Results(folder, "EUR"), "pdf", "orders.csv")
    text = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    assert _DAY.search(text)
    assert re.search(r"\d ?€", text) and not re.search(r"€\d", text)
    assert re.search(r"\d,\d ?%", text) and not re.search(r"\d\.\d ?%", text)


def test_a_choice_under_settings_is_kept(empty_app: AppTest, store: Store) -> None:
    app = empty_app.run().switch_page("pages/settings.py").run()
    app.selectbox(key="locale").set_value("de-DE").run()
    assert not app.exception
    assert load_preferences(store).locale == "de-DE"
