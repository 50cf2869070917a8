"""Whether intervals and verdicts keep their word: python tests/benchmarks/coverage.py [--only WORD] [--data DIR]

Every figure that promises something (an interval its level, a verdict its errors, a plan its power) is put to the test
on shops made up so that the truth is known, seeded. Prints a Markdown table: what was promised, what came of it, in how
many simulated campaigns. A few minutes in all. A simulation that needs a public data set is left out where it is not there,
and named.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REPOSITORY = Path(__file__).resolve().parents[2]
# In the place of this folder: the package that measures lines has the name of this file, and others import it.
sys.path[0] = str(REPOSITORY)

from tests.benchmarks.simulations import SIMULATIONS, Data, NoData, Row  # noqa: E402

HEAD = "| figure | where | measure | promised | measured | campaigns |\n|---|---|---|---|---|---|"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = Path(os.environ.get("CHURNKIT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--only", default="", help="simulations with this word in their name")
    arguments = parser.parse_args()
    print(HEAD, flush=True)
    for name, simulation in SIMULATIONS.items():
        if arguments.only in name:
            report(name, lambda simulation=simulation: simulation(Data(arguments.data)))
    return 0


def report(name: str, run) -> None:
    began = time.perf_counter()
    try:
        rows: list[Row] = run()
    except NoData as missing:
        print(f"{name}: left out, {missing}", file=sys.stderr)
        return
    for row in rows:
        print(row.markdown(), flush=True)
    print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
