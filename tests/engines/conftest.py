"""One analysed shop as the engines see it: a stored version, and its canonical transactions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from churnkit.jobs.layout import Folders
from churnkit.jobs.versions import stored_version
from churnkit.results.folders import Results
from churnkit.services.analyse.scored_customers import FACTORS
from churnkit.services.score.taking_away import StoredVersion
from churnkit.store import Store
from tests.app.conftest import Shop, copy_of, full_shop_in, small_shop

__all__ = ["small_shop"]


@pytest.fixture(scope="session")
def shop_folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Data and models of 300 customers over 500 days, analysed."""
    shop = full_shop_in(tmp_path_factory.mktemp("engines"), tmp_path_factory)
    return Folders(shop.data, shop.models)


@pytest.fixture(scope="session")
def version(shop_folders: Folders) -> StoredVersion:
    """What is on screen of that shop."""
    return version_in(shop_folders)


@pytest.fixture(scope="session")
def small_version(small_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> StoredVersion:
    """The same of 40 customers, whom the purchase process alone scores."""
    folder = tmp_path_factory.mktemp("small-engines")
    copy_of(small_shop, (folder / "data", folder / "models"))
    return version_in(Folders(folder / "data", folder / "models"))


@pytest.fixture(scope="session")
def same_as_app(version: StoredVersion) -> Callable[[Path], None]:
    """Asserts that an output folder holds the scores that the app shows of the larger shop."""
    return lambda output: require_same(output, version)


def version_in(folders: Folders) -> StoredVersion:
    """What is on screen."""
    with Store.open(folders.database) as root:
        return stored_version(root, folders, "champion")


def require_same(output: Path, version: StoredVersion) -> None:
    """Every column of every customer."""
    found = pd.read_parquet(output / "customers").sort_values("rank", ignore_index=True)
    shown = Results(version.run_folder).customers[list(found.columns)].reset_index(drop=True)
    # Columns without any value know no type of their own.
    kinds = {"expected_next_order": "datetime64[us]", **dict.fromkeys(("risk_tier", *FACTORS), "str")}
    found, shown = found.astype(kinds), shown.astype(kinds)
    pd.testing.assert_frame_equal(found, shown, check_dtype=False, rtol=1e-9, atol=1e-9)


def in_environment(folders: Folders) -> dict[str, str]:
    """The settings by which a process finds the shop."""
    return {"CHURNKIT_DATA_DIR": str(folders.data), "CHURNKIT_MODELS_DIR": str(folders.models)}
