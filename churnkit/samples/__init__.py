"""The bundled demo files, generated: a coffee shop, an online shop and a subscription service.

All shops, customers and products are made up by the generator; no real person's data is in them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from churnkit.samples import coffee_shop, ecommerce, subscription

SEED = 42


@dataclass(frozen=True)
class Sample:
    """One demo file: its header, and a pure function from a seed to its rows."""

    file_name: str
    header: tuple[str, ...]
    rows: Callable[[int], list[tuple[str, ...]]]


SAMPLES = (
    Sample("coffee_shop_demo.csv", coffee_shop.HEADER, coffee_shop.rows),
    Sample("ecommerce_demo.csv", ecommerce.HEADER, ecommerce.rows),
    Sample("subscription_demo.csv", subscription.HEADER, subscription.rows),
)


def write_samples(folder: Path, seed: int = SEED) -> list[Path]:
    """Write the demo files into ``folder`` (made if missing) and return their paths.

    The same seed gives the same bytes; the files in ``data/samples`` were written with the default.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for sample in SAMPLES:
        path = folder / sample.file_name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(sample.header)
            writer.writerows(sample.rows(seed))
        paths.append(path)
    return paths
