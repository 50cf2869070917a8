"""What is said before use, against what came: python tests/benchmarks/notes.py [--data DIR] [--cache DIR] [--cells NAME ...]

Each cell of the bench (``quality.py``) is forecast at its past dates. Printed are the notes of each date beside what the
window then brought, and for dates with a note, and without, how far the churn rate and total spend were off; also
whether what the notes say of past windows is so, counted apart.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir
from unittest.mock import patch

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REPOSITORY = Path(__file__).resolve().parents[2]
# In the place of this folder, whose coverage.py numba would take for the package of that name.
sys.path[0] = str(REPOSITORY)

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from churnkit.errors import ChurnkitError  # noqa: E402
from churnkit.services.analyse import rungs  # noqa: E402
from churnkit.tournament.past_notes import WORTH_POINTS, WORTH_SPEND, missed, past_notes  # noqa: E402
from tests.benchmarks.bench.cells import CELLS, Cell, Kept, open_cell  # noqa: E402
from tests.benchmarks.bench.engine import answer_without  # noqa: E402
from tests.benchmarks.bench.freezing import Frozen, freeze  # noqa: E402

MOST_DATES = 4


def told(frozen: Frozen, cache: Kept) -> dict[str, object]:
    """One date: the notes, what past windows missed, and what the coming one did."""
    held: list[rungs.Past] = []

    def compared(*given: object) -> rungs.Past:
        held.append(plain(*given))  # type: ignore[arg-type]
        return held[-1]

    plain = rungs._compared
    with patch.object(rungs, "_compared", compared):
        said = answer_without(frozen, cache)
    plan, windows = frozen.plan, [missed(outcome) for outcome in held[-1].outcomes]
    assert said.spend is not None
    return {
        "cell": frozen.cell.name,
        "data": frozen.cell.data_set,
        "real": frozen.cell.is_real,
        "date": f"{plan.scoring:%Y-%m-%d}",
        "windows": len(windows),
        "notes": past_notes(windows, plan.scoring, plan.history_start, plan.horizon_days, plan.step_days),
        "churn": float(frozen.churned.mean() - said.p_churn.mean()),
        "spend": float(np.log(frozen.spend.sum() / said.spend.sum())),
        "past_churn": max((abs(one.churn) for one in windows), default=0.0),
        "past_spend": max((abs(one.spend) for one in windows if not np.isnan(one.spend)), default=0.0),
    }


def dates(cell: Cell, data: Path, cache: Kept) -> Iterator[dict[str, object]]:
    """Past dates of a cell and the last two."""
    opened = open_cell(cell, data, cache)
    for when in sorted({*opened.past_freezes(MOST_DATES), *opened.final_freezes()}):
        if cache.stale and not any(cache.folder.glob(f"played-{cell.name}-{when:%Y-%m-%d}.*")):
            continue
        try:
            yield told(freeze(opened, when), cache)
        except ChurnkitError as error:
            print(f"{cell.name} {when:%Y-%m-%d}: {error.message}", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = os.environ.get("CHURNKIT_REAL_DATA", str(REPOSITORY.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--cache", type=Path, default=Path(gettempdir()) / "churnkit_bench")
    parser.add_argument("--cells", nargs="*", default=[cell.name for cell in CELLS])
    parser.add_argument(
        "--stale", action="store_true", help="only dates whose tournament is kept, whatever made it"
    )
    arguments = parser.parse_args()
    cache = Kept(arguments.cache, stale=arguments.stale)
    rows = []
    for cell in CELLS:
        if cell.name not in arguments.cells:
            continue
        for row in dates(cell, arguments.data, cache):
            rows.append(row)
            print(f"{row['cell']} {row['date']}: churn {row['churn']:+.3f}, spend {row['spend']:+.2f}")
            for note in row["notes"]:  # type: ignore[attr-defined]
                print(f"    {note}")
    found = pd.DataFrame(rows)
    found = found.assign(
        note=found["notes"].map(len) > 0,
        churn=found["churn"].abs(),
        spend=found["spend"].abs(),
        off=(found["churn"].abs() >= WORTH_POINTS) | (found["spend"].abs() >= WORTH_SPEND),
    )
    measures = {name: (name, "mean") for name in ("churn", "spend", "off", "past_churn", "past_spend")}
    for real, part in found.groupby("real"):
        print(f"\nreal={real}")
        print(part.groupby("note").agg(dates=("note", "size"), **measures).round(3).to_string())


if __name__ == "__main__":
    main()
