"""Training again, papers and log on the page, and the scorecard by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.cli import main
from churnkit.jobs import Platform
from churnkit.services.monitor.writing import write_monitoring
from churnkit.store import Store
from tests.app.test_monitoring import PAGE, earlier_run, run_folder, shown

pytestmark = pytest.mark.usefixtures("shell")


def test_a_model_is_trained_again_from_the_page_and_the_log_tells(
    full_app: AppTest, still_platform: Platform, store: Store
) -> None:
    app = full_app
    app.session_state["expert"] = True
    app.run()
    app.session_state["monitoring_tab"] = "Train again"
    app.switch_page(PAGE).run()
    assert not app.exception
    assert "No other model waits" in shown(app)
    app.button(key="train_again").click().run()
    assert not app.exception
    (session,) = store.sessions.all()
    waiting = [job for job in store.jobs.of_session(session.session_id) if job.status == "pending"]
    assert [(job.kind, job.request["challenger"]) for job in waiting] == [("analyze", True)]
    app.selectbox(key="retraining").select("start").run()
    assert store.shops.get(session.session_id).shop_settings.retraining == "start"
    for tab, words in (("Papers", "Every version keeps what it was made of"), ("Log", "")):
        app.session_state["monitoring_tab"] = tab
        app.query_params.pop("monitoring_tab", None)
        app.run()
        assert not app.exception
        assert words in shown(app)


def test_the_scorecard_by_the_command_line(
    small_app: AppTest,
    platform: Platform,
    store: Store,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = run_folder(platform, store)
    write_monitoring(folder, [earlier_run(folder, tmp_path / "earlier")])
    (session,) = store.sessions.all()
    platform.close()
    assert main(["shop", "scorecard", session.session_id, "--output", str(tmp_path / "told")]) == 0
    assert "If the model is still right" in capsys.readouterr().out
    written = {path.name for path in (tmp_path / "told").iterdir()}
    assert written == {"scorecards.csv", "scorecards.json", "drift.csv", "drift.json"}
