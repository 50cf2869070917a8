"""Two analyses side by side: the same figures as Home, and no change where two figures do not mean the same."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

from streamlit.testing.v1 import AppTest

from churnkit.accounts import Action
from churnkit.jobs import Platform
from churnkit.results.folders import Results
from churnkit.services.home.questions import who_leaves as home_question
from churnkit.services.home.two_analyses import caveats, side_by_side
from churnkit.store import Session, Store
from tests.app.conftest import Shop


def results_of(shop: Shop, currency: str | None = None) -> Results:
    """The run of a shop of these tests."""
    (run,) = (shop.data / "analyses" / shop.session_id / "runs").iterdir()
    return Results(run, currency)


def test_a_change_is_told_of_what_means_the_same_only(full_shop: Shop, small_shop: Shop) -> None:
    full, small = results_of(full_shop), results_of(small_shop)
    alike = {line.label: line for line in side_by_side(full, full)}
    assert alike["Customers"].first == alike["Customers"].second
    assert {line.change for line in alike.values()} == {"", "no change"}
    assert alike["Revenue at risk"].change == "no change"
    assert caveats(full, full) == []
    lines = {line.label: line for line in side_by_side(full, small)}
    assert full.horizon_days != small.horizon_days
    assert lines["Customers"].change.endswith("%")
    for label in (
        "Active",
        "Lapsed",
        "Expected to leave",
        "Value of the active, next year",
        "Revenue at risk",
    ):
        assert lines[label].change == "", label
    assert lines["Revenue at risk"].second == "not known"
    assert "not the same question" in caveats(full, small)[0]
    assert "Another model scored the second" in caveats(full, small)[-1]


def second(store: Store, platform: Platform) -> Session:
    """Another analysis with the same results."""
    (one,) = store.sessions.all()
    made = store.sessions.create(
        upload_id=one.upload_id,
        column_mapping={},
        created_at=datetime(2020, 1, 1, tzinfo=UTC),
        name="*Second* shop",
    )
    shutil.copytree(platform.folders.session(one.session_id), platform.folders.session(made.session_id))
    with store.sessions._writing("a test", Action.RUN, made.session_id) as cursor:
        cursor.execute(
            "UPDATE sessions SET run_id = ?, look_id = ?, status = 'completed' WHERE session_id = ?",
            [one.run_id, one.look_id, made.session_id],
        )
    return made


def test_the_address_names_both(shell: None, full_app: AppTest, store: Store, platform: Platform) -> None:
    (one,) = store.sessions.all()
    other = second(store, platform)
    full_app.query_params["analysis"] = one.session_id
    full_app.query_params["with"] = other.session_id
    app = full_app.switch_page("pages/compare.py").run()
    assert not app.exception
    (box,) = [part for part in app.selectbox if part.label == "Compared with"]
    assert box.value == other.session_id
    # Where the address names none, it names the one that is shown from then on.
    del app.query_params["with"]
    app.run()
    assert app.query_params["with"] == other.session_id
    values = app.table[0].value.to_dict("index")["Expected to leave"].values()
    folder = platform.run_folder(one)
    assert folder is not None
    results = Results(folder, None)
    leaving = home_question(results.summary, results.evidence, None, None, ()).figure
    assert list(values) == [leaving, leaving, "no change"]


def test_an_unknown_other_is_not_opened(shell: None, full_app: AppTest, store: Store) -> None:
    full_app.query_params["with"] = "<script>"
    app = full_app.switch_page("pages/compare.py").run()
    assert not app.exception
    assert not app.table
