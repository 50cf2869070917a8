"""One analysed shop as the engines see it: a stored version, and its canonical transactions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from churnkit.jobs.layout import Folders
from churnkit.jobs.versions import stored_version
from churnkit.results.folders import Results
from churnkit.services.score.taking_away import StoredVersion
from churnkit.store import Store
from tests.app.conftest import full_shop_in


@pytest.fixture(scope="session")
def shop_folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Data and models of 300 customers over 500 days, analysed."""
    shop = full_shop_in(tmp_path_factory.mktemp("engines"), tmp_path_factory)
    return Folders(shop.data, shop.models)


@pytest.fixture(scope="session")
def version(shop_folders: Folders) -> StoredVersion:
    """What is on screen of that shop."""
    with Store.open(shop_folders.database) as root:
        return stored_version(root, shop_folders, "champion")


@pytest.fixture(scope="session")
def same_as_app(version: StoredVersion) -> Callable[[Path], None]:
    """Asserts that an output folder holds the scores that the app shows, every column of every customer."""
    shown = Results(version.run_folder).customers

    def check(output: Path) -> None:
        found = pd.read_parquet(output / "customers").sort_values("rank", ignore_index=True)
        found["expected_next_order"] = pd.to_datetime(found["expected_next_order"]).astype("datetime64[us]")
        expected = shown[list(found.columns)].reset_index(drop=True)
        expected = expected.astype({"expected_next_order": "datetime64[us]"})
        pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-9, atol=1e-9)

    return check


def in_environment(folders: Folders) -> dict[str, str]:
    """The settings by which a process finds the shop."""
    return {"CHURNKIT_DATA_DIR": str(folders.data), "CHURNKIT_MODELS_DIR": str(folders.models)}
