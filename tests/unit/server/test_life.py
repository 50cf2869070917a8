"""Where a server's temporary files lie."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from churnkit.errors import SettingsError
from churnkit.server.life import keep_temporary_files_together, server_life
from tests.servers import finish


def test_temporary_files_lie_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "data"))
    keep_temporary_files_together()
    with tempfile.TemporaryDirectory(prefix="churnkit-") as folder:
        assert Path(folder).parent == tmp_path / "data" / "temporary"


@pytest.mark.parametrize(
    ("name", "value"), [("CHURNKIT_SECRET_KEY", "short"), ("CHURNKIT_ALLOW_PRIVATE_HOSTS", "localhost:80")]
)
def test_a_server_with_a_wrong_setting_does_not_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    async def start() -> None:
        async with server_life(None):
            pass

    with pytest.raises(SettingsError, match=name):
        finish(start())


def test_a_folder_that_cannot_be_made_leaves_them_where_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    (tmp_path / "data").write_text("a file, where a folder should be", encoding="utf-8")
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "data"))
    keep_temporary_files_together()
    assert tempfile.tempdir is None
