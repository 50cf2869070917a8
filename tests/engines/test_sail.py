"""A stored run scores on Sail as the app scored it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from churnkit.engines.running import EngineOrder, score_on_engine
from churnkit.errors import SettingsError
from churnkit.results.folders import Results
from churnkit.services.score.taking_away import StoredVersion

pytestmark = [
    pytest.mark.slow,
    # PySpark warns of pandas 3 on import; what is needed of it here works.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]


def test_scores_are_those_of_the_app(
    version: StoredVersion, same_as_app: Callable[[Path], None], tmp_path: Path
) -> None:
    pytest.importorskip("pysail", reason="pysail is not installed: pip install -r tests/requirements.txt")
    pytest.importorskip("pyspark", reason="pyspark is not installed: pip install -r tests/requirements.txt")
    source = Results(version.run_folder).transactions_path
    score_on_engine(version, EngineOrder("sail", str(source), tmp_path / "out"))
    same_as_app(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(("engine", "package"), [("sail", "churnkit[sail]"), ("spark", "churnkit[spark]")])
def test_an_engine_that_is_not_installed_says_how(
    engine: str, package: str, version: StoredVersion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(SettingsError) as caught:
        score_on_engine(version, EngineOrder(engine, "x", tmp_path / "out"))
    assert "pyspark is not installed" in caught.value.message
    assert package in caught.value.remedy
    assert not list(tmp_path.iterdir())
