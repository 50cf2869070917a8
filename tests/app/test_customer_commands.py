"""A customer's data from the command line: taken out as a file, and erased."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from churnkit.cli import main
from churnkit.jobs import platform as platforms
from churnkit.store import Store
from tests.app.conftest import InlineWorkers, Shop, copy_of
from tests.app.test_erasing import CUSTOMER, places_of


def test_a_customer_is_taken_out_and_erased_by_commands(
    folders: tuple[Path, Path],
    small_shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy_of(small_shop, folders)
    monkeypatch.setattr(platforms, "_PROCESSES", InlineWorkers())
    shop, out = small_shop.session_id[:8], folders[0].parent / "theirs.zip"

    assert main(["customer", "export", shop, CUSTOMER, "--output", str(out)]) == 0
    with zipfile.ZipFile(io.BytesIO(out.read_bytes())) as archive:
        tables = json.loads(archive.read("tables.json"))
    assert [row["customer_id"] for row in tables["predictions"]] == [CUSTOMER]
    with Store.open(folders[0] / "churnkit.duckdb") as store:
        taken = store.audit.page(limit=20).rows
    assert any("customer-data-" in one.doing and CUSTOMER not in one.doing for one in taken)

    assert main(["customer", "erase", shop, CUSTOMER]) == 0
    assert "rows are gone. Later files of the shop" in capsys.readouterr().out
    assert places_of(folders[0], CUSTOMER.encode()) == []
    # What a restore moved aside is nobody's, and is said.
    (folders[0] / "replaced-20260101T000000").mkdir()
    assert main(["customer", "erase", shop, "nobody"]) == 0
    told = capsys.readouterr().out
    assert "No row named them." in told and "replaced-20260101T000000, which a restore" in told
    assert main(["customer", "export", shop, CUSTOMER, "--output", str(out.with_name("b.zip"))]) == 2
    assert "knows nobody called" in capsys.readouterr().err
    assert not out.with_name("b.zip").exists()


def test_a_shop_without_a_file_has_no_customers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(tmp_path / "models"))
    assert main(["shop", "create", "Corner"]) == 0
    assert main(["customer", "erase", "Corner", "7"]) == 2
    assert "it has no file yet" in capsys.readouterr().err
