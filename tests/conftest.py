"""Fixtures that several test folders share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the public data sets; tests that need it skip, and say why, where it is missing."""
    folder = Path(os.environ.get("CHURNKIT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(
            "real data not found: set CHURNKIT_REAL_DATA to a folder with online_retail.parquet (UCI Machine"
            " Learning Repository no. 352) and cdnow_master.txt / cdnow_sample.txt (Fader and Hardie)"
        )
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of the bundled demo files."""
    return REPOSITORY / "data" / "samples"
