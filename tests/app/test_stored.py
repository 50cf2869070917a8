"""What an earlier version stored opens in this one: every record, every document, every page, with the same figures.

``older/store_0005.tar.xz`` is the data folder and the models folder that churnkit 0.1.0 left at migration 0005, when
no document had a version of its own yet: ``churnkit.duckdb``, an upload, its look, one run, one champion. It holds

- ``tiny shop.csv``: 80 customers over 220 days in EUR, some orders of two products, two rows twice;
- its analysis with a threshold of 30 days and a margin of 60 %: gates were lowered so that models competed, the
  champion is a blend, and no rule stood out, so that one part of the evidence is missing;
- preferences (margin 60 %, success rate 40 %, EUR), the scenario "Spring", the list "By hand", a changed playbook;
- the campaign "Winter", half of it held out, that went out and was read out twice, of orders and of a file;
- the campaign "Later", planned without a holdout.

The figures below are those that the version that made it showed.
"""

from __future__ import annotations

import importlib
import re
import tarfile
import warnings
import zlib
from functools import cached_property
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.jobs import Platform
from churnkit.results.folders import Results
from churnkit.results.look_folder import Look
from churnkit.services.campaign.campaign_plans import open_campaign
from churnkit.services.decide.playbook import saved_playbook
from churnkit.services.whatif.changed_customer import load_scorer
from churnkit.services.whatif.kept_scenarios import saved_scenarios
from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.store import Store
from churnkit.tournament.persistence import ModelVersionWarning, know_moved_modules, version_differences
from tests.app.conftest import app

ARCHIVE = Path(__file__).with_name("older") / "store_0005.tar.xz"
TABS = {
    "models": "models_tab",
    "segments": "segments_tab",
    "actions": "actions_tab",
    "whatif": "whatif_tab",
    "campaigns": "campaign_tab",
    "settings": "settings_tab",
}
# That version counted everybody, lapsed or not: it said that 66 % of 80 customers would leave and €6,318 were at risk.
# Page -> tab ("" without tabs) -> figures of its cards, and words that stand there.
SHOWN: dict[str, dict[str, tuple[dict[str, str], str]]] = {
    "upload": {"": ({"Rows read": "467", "Rows used": "465", "Customers": "80"}, "bends at 42 days")},
    "data_quality": {"": ({"Data quality": "9.5 of 10", "Orders": "398"}, "€30.26 on average")},
    "progress": {"": ({}, "The analysis is done")},
    "dashboard": {
        "": (
            {"Expected to leave": "14", "Revenue at risk": "€872.06", "Recommended": "contact 17"},
            "Contacting them costs about €98.34 and brings €452.47 net in a year",
        )
    },
    "customers": {
        "": ({}, "**80** customers · **14** of the active expected to leave · **€872.06** at risk")
    },
    "models": {
        "Leaderboard": ({}, "Logistic regression, XGBoost, Purchase process"),
        "How well it did": ({}, "Of these 36 did leave (75 %)"),
        "Past dates": ({}, "Tenth by tenth"),
        "What it looks at": ({}, "Size of the pushes"),
        "Rules": ({}, "No rule of one or two conditions finds leavers clearly more often than chance"),
        "Model card": ({}, "Time since the last purchase: 16"),
        "Versions": ({}, "There is one version so far"),
    },
    "segments": {
        "Segments": ({}, "The customers of 14 Aug 2025 in groups"),
        "Movement": ({}, "From 15 Jul 2025 to 14 Aug 2025"),
        "Found groups": ({}, "3 groups are the sharpest division of 3 to 8"),
        "Risk and value": ({}, "High value: the fifth of customers"),
        "Compare": ({}, "figures differ by more than chance between Champions (13) and Loyal (19)"),
    },
    "cohorts": {
        "": ({"After 1 month": "51 %", "After 3 months": "41 %", "After 6 months": "31 %"}, "Jan 2025")
    },
    "actions": {
        "Findings": ({}, "What to do"),
        "Playbook": ({}, "until a campaign with customers left out for comparison has measured it"),
        # Without those who are in the campaigns of that store: nobody is contacted twice.
        "Words to send": (
            {"Contacts": "7", "Cost": "€20.21", "Net in a year": "€56.12"},
            "For the first customer on today's list",
        ),
        "Products and timing": ({}, "When the next order is due"),
    },
    "whatif": {
        "Your plan": (
            {"Cost": "€133.17", "Stay because of it": "11", "Net in a year": "€552.20"},
            "Cost of a contact",
        ),
        "Plans compared": ({}, "A small test: 50 customers"),
        "Value at risk": ({}, "an 80 % interval"),
        "Churn threshold": ({}, "With 30 days: 65 %"),
    },
    "campaigns": {
        "New campaign": (
            {"Contacted": "4", "Net in a year": "€37.92", "Will it show?": "Hardly"},
            "left out for comparison",
        ),
        "Your campaigns": ({"Contacted": "2", "Net in a year": "€0.48"}, "frozen on 29 Nov 2026"),
    },
    "readout": {"": ({}, "Did it work?")},
    "reports": {"": ({}, "Preview")},
    "settings": {"What is kept": ({}, "tiny shop.csv · 29 Nov 2026 · threshold 30 days · done")},
}

pytestmark = pytest.mark.usefixtures("shell")


@pytest.fixture
def folders(folders: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """The folders of the earlier version, for the app to open."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(tmp_path, filter="data")
    return folders


def words(app: AppTest) -> str:
    """Everything that is written on the page, as it reads."""
    parts = [*app.title, *app.header, *app.markdown, *app.caption, *app.text, *app.success, *app.code]
    return plain("\n".join(str(part.value) for part in parts))


def plain(text: str) -> str:
    """Text without the backslashes of Markdown, and with ordinary spaces."""
    return text.replace("\\", "").replace("\u202f", " ").replace("\u00a0", " ")


def without_failure(shown: AppTest) -> AppTest:
    assert not shown.exception
    assert [plain(error.value) for error in shown.error] == []
    return shown


def opened(page: str, *, expert: bool | None = None) -> AppTest:
    """A page as its owner sees it, or with everything that was worked out: those of ``EXPERT`` unless said."""
    shown = app()
    shown.session_state["expert"] = page in EXPERT if expert is None else expert
    return without_failure(shown.run().switch_page(f"pages/{page}.py").run())


def test_every_record_opens(store: Store) -> None:
    (upload,), (session,) = store.uploads.all(), store.sessions.all()
    assert (upload.filename, upload.row_count, session.horizon_days) == ("tiny shop.csv", 467, 30)
    session_id = session.session_id
    assert {job.kind: job.status for job in store.jobs.of_session(session_id)} == {
        "analyze": "completed",
        "look": "completed",
    }
    (run,) = store.runs.of_session(session_id)
    assert (run.run_id, run.champion) == (session.run_id, "blend")
    champion = store.models.champion(session_id)
    assert champion is not None and champion.model_type == "blend"
    assert store.runs.seal(run.run_id) is not None
    assert store.insights.of_session(session_id) is not None
    assert store.predictions.page(session_id, limit=100).total == 80


def test_every_note_of_a_reader_opens(store: Store) -> None:
    (session,) = store.sessions.all()
    kept = saved_scenarios(store, session.session_id)
    (scenario,) = kept.scenarios
    assert not kept.damaged
    assert (scenario.name, scenario.customers, scenario.assumptions.discount) == ("Spring", 20, 0.2)
    assert store.scenarios.of_session(session.session_id)[0].figures["contacted"] == 20
    (listed,) = store.contact_lists.of_session(session.session_id)
    assert (listed.name, len(store.contact_lists.customers(listed.list_id))) == ("By hand", 3)
    playbook = saved_playbook(store, session.session_id)
    assert playbook is not None and playbook["discount"].contact_cost == 1.5
    preferences = load_preferences(store)
    assert (preferences.currency, preferences.money.margin, preferences.money.save_rate) == ("EUR", 0.6, 0.4)


def test_every_campaign_opens_with_what_was_promised(store: Store) -> None:
    later, winter = store.campaigns.all()
    assert [(one.name, one.status) for one in (later, winter)] == [
        ("Later", "planned"),
        ("Winter", "running"),
    ]
    plan = open_campaign(store, winter.campaign_id)
    assert (len(plan.treated), len(plan.held_out), len(plan.members)) == (20, 20, 40)
    assert plan.promise.net.value == pytest.approx(227.596, abs=1e-3)
    assert plan.promise.saves.value == pytest.approx(2.7165, abs=1e-4)
    assert plan.settings.holdout_share == 0.5
    of_file, of_orders = store.readouts.of_campaign(winter.campaign_id)
    assert (of_file.source, of_orders.source) == ("results.csv", "orders")
    assert of_file.is_complete and of_orders.is_complete
    assert of_file.words[0] == "The campaign kept customers."
    assert store.readouts.latest_complete() == of_file
    assert open_campaign(store, later.campaign_id).held_out.empty


EXPERT = {"models"}
"""Pages of whose tabs only an expert sees any."""

LACKED = {"year_tests", "trials", "contacts", "validation", "indicators"}
"""What this store's version did not write yet."""


def test_every_document_is_read(platform: Platform, store: Store) -> None:
    (session,) = store.sessions.all()
    run, look = platform.run_folder(session), platform.look_folder(session)
    assert run is not None and look is not None
    for kind, folder in ((Results, run), (Look, look)):
        results = kind(folder)
        parts = {name: part for one in kind.__mro__ for name, part in vars(one).items()}
        for name in [name for name, part in parts.items() if isinstance(part, cached_property)]:
            assert (getattr(results, name) is None) == (name in LACKED), name
    results = Results(run)
    assert (len(results.customers), len(results.scored()), results.horizon_days) == (80, 80, 30)
    assert len(results.leaderboard) == 10
    assert results.customers["p_churn"].sum() == pytest.approx(53.1489, abs=1e-4)


def test_the_champion_says_what_it_said(platform: Platform, store: Store) -> None:
    (session,) = store.sessions.all()
    run, seal = platform.run_folder(session), store.runs.seal(session.run_id or "")
    assert run is not None and seal is not None
    model = platform.folders.models / seal.file_name
    # Of other versions of the libraries the pickle asks more than its names, and says so when it is opened.
    differences = set(version_differences(model)) - {"python", "churnkit"}
    if differences:
        pytest.skip(f"saved with another version of {', '.join(sorted(differences))}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ModelVersionWarning)
        scorer = load_scorer(run, platform.folders.models, seal)
    assert scorer is not None
    assert scorer.p("00033", {}) == pytest.approx((0.760633, 0.760633), abs=1e-6)


def test_classes_of_the_champion_are_where_it_looks_for_them(folders: tuple[Path, Path]) -> None:
    (model,) = folders[1].glob("*.joblib")
    named = set(re.findall(rb"churnkit\.[\w.]+", zlib.decompress(model.read_bytes())))
    assert len(named) == 7
    know_moved_modules()
    for name in sorted(one.decode() for one in named):
        importlib.import_module(name)


@pytest.mark.parametrize("page", SHOWN)
def test_every_page_shows_what_it_showed(folders: tuple[Path, Path], page: str) -> None:
    shown = opened(page)
    for tab, (figures, sentence) in SHOWN[page].items():
        if tab:
            shown.session_state[TABS[page]] = tab
            without_failure(shown.run())
        cards = [(card.label, plain(card.value)) for card in shown.metric]
        assert [card for card in figures.items() if card not in cards] == [], cards
        assert sentence in words(shown)


def test_an_expert_is_shown_what_was_shown(folders: tuple[Path, Path]) -> None:
    shown = app()
    shown.session_state["expert"] = True
    without_failure(shown.run().switch_page("pages/dashboard.py").run())
    assert ("Active customers", "28") in [(card.label, plain(card.value)) for card in shown.metric]
    said = words(shown)
    assert "Some proof" in said
    assert "keeps 7 customers" in said


def test_an_owner_reads_how_often_it_was_right(folders: tuple[Path, Path]) -> None:
    shown = opened("models", expert=False)
    # Of that run only the champion and the rules were tested; the counts come from the forecasts that it kept.
    assert re.search(r"Of \d+ customers whom it named, \d+ did leave", words(shown))
    assert not shown.tabs and not shown.dataframe
    shown = opened("models")
    assert "tested the champion and the simple rules only" in words(shown)


def test_a_readout_shows_what_it_showed(store: Store) -> None:
    winter = next(one for one in store.campaigns.all() if one.name == "Winter")
    shown = opened("readout")
    without_failure(shown.selectbox(key="readout_chosen").set_value(winter.campaign_id).run())
    cards = {card.label: plain(card.value) for card in shown.metric}
    assert (cards["Of those contacted bought"], cards["Stay because of it"]) == ("75 %", "11")
    assert (cards["Net in a year"], cards["Success rate"]) == ("€1,093", "100 %")
    assert "+55.0 percentage points (+24.3 to +73.3)" in words(shown)
