"""Fixtures that several test folders share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
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


@pytest.fixture(scope="session")
def awkward_transactions() -> Callable[[int, int], pd.DataFrame]:
    """Canonical transactions of a made-up shop by seed and number of customers, shuffled, over 500 days from 2024-01-10.

    All optional columns, with everything that makes a panel go wrong: orders of several lines, days or instants,
    order ids that come back for another customer, several orders a day or at one instant, refunds inside
    purchases and alone, amounts of nought, missing products, categories, quantities and discounts, orders at
    midnight and on the hour, one-time buyers.
    """
    return _awkward_transactions


def _awkward_transactions(seed: int, customers: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for customer in range(customers):
        for _ in range(rng.choice([1, 1, 2, 3, 6, 15])):
            order = f"O{rng.integers(customers * 8)}"
            start = pd.Timedelta(int(rng.integers(500)), "D") + pd.Timedelta(
                int(rng.choice([0, rng.integers(86_400), 18 * 3600, 18 * 3600 - 1])), "s"
            )
            for _ in range(rng.integers(1, 5)):
                later = pd.Timedelta(int(rng.choice([0, 0, 0, 0, 0, 0, 0, 0, 600, 86_400 * 20])), "s")
                price = float(rng.choice([0.1, 1.0, 2.5, 9.99, 19.99, 33.33, 0.0]))
                quantity = int(rng.integers(1, 5))
                is_return = rng.random() < 0.12
                rows.append(
                    {
                        "order_id": order,
                        "customer_id": f"{customer:05d}",
                        "ordered_at": pd.Timestamp("2024-01-10") + start + later,
                        "amount": round(price * quantity, 2) * (-1 if is_return else 1),
                        "product_id": None if rng.random() < 0.05 else f"P{rng.integers(12)}",
                        "category": None
                        if rng.random() < 0.1
                        else str(rng.choice(["Tea", "tea", "Çay", "Beans"])),
                        "quantity": np.nan if rng.random() < 0.2 else float(quantity),
                        "discount": np.nan if rng.random() < 0.3 else float(rng.choice([0.0, 0.25, 1.5])),
                        "is_return": is_return,
                    }
                )
    lines = pd.DataFrame(rows).sample(frac=1, random_state=seed, ignore_index=True)
    lines["ordered_at"] = lines["ordered_at"].astype("datetime64[us]")
    return lines.assign(source_row=np.arange(1, len(lines) + 1))
