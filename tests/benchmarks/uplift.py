"""Uplift on a public experiment: python tests/benchmarks/uplift.py [--data DIR] [--kind calibrated|linear|boosted]

Hillstrom's 64,000 customers, two e-mails against none. For each e-mail: average effects on visit, conversion and
spend; each learner's Qini on held-out folds with its band, beats random or not; and the money per 1,000 contacted at
a cost of 0.10 each when the best-ranked share is contacted.
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
sys.path.insert(0, str(REPOSITORY))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from churnkit.experiments import difference_of_means  # noqa: E402
from churnkit.experiments.randomisation import check_randomisation  # noqa: E402
from churnkit.experiments.uplift import (  # noqa: E402
    cross_fits,
    numeric_features,
    policy_table,
    qini_curve,
)
from churnkit.experiments.uplift.regressions import KINDS, Kind  # noqa: E402

FEATURES = ["recency", "history", "mens", "womens", "zip_code", "newbie", "channel"]
CONTACT_COST = 0.10


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = Path(os.environ.get("CHURNKIT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--kind", choices=KINDS, default="calibrated")
    arguments = parser.parse_args()
    path = arguments.data / "hillstrom.csv"
    if not path.is_file():
        print(f"{path} is missing: the MineThatData e-mail challenge of 2008, 64,000 rows.")
        return 2
    customers = pd.read_csv(path)
    for mail in ("Mens E-Mail", "Womens E-Mail"):
        report(customers[customers["segment"].isin([mail, "No E-Mail"])], mail, arguments.kind)
    return 0


def report(rows: pd.DataFrame, mail: str, kind: Kind) -> None:
    treated = (rows["segment"] == mail).to_numpy()
    features = numeric_features(rows[FEATURES])
    print(f"\n{mail} against none: {treated.sum():,} and {(~treated).sum():,} customers")
    print(f"  {check_randomisation(features, treated).words()}")
    best: dict[str, np.ndarray] = {}
    for outcome in ("visit", "conversion", "spend"):
        values = rows[outcome].to_numpy(dtype=float)
        average = difference_of_means(values[treated], values[~treated]).interval
        print(f"  {outcome}: average effect {average.value:.5f} ({average.low:.5f} to {average.high:.5f})")
        started = time.process_time()
        fitted = cross_fits(features, treated, values, treated_share=0.5, kind=kind)
        print(f"    {time.process_time() - started:.1f} CPU s")
        for learner, found in fitted.items():
            curve = qini_curve(found.rank, treated, values, cross_fitted=True)
            height = curve.coefficient
            verdict = "beats random" if curve.beats_random else "no better than random"
            print(
                f"    {learner:12} Qini {height.value:+.5f} ({height.low:+.5f} to {height.high:+.5f}) {verdict};"
                f" mean of predictions {found.uplift.mean():.5f}"
            )
            best.setdefault(outcome, found.rank)
    table = policy_table(
        best["spend"],
        treated,
        rows["spend"].to_numpy(dtype=float),
        treated_share=0.5,
        contact_cost=CONTACT_COST,
    )
    print(f"  net money per 1,000 contacted at {CONTACT_COST:.2f} each, ranked by two_model on spend:")
    for _, row in table.iterrows():
        print(f"    best {row['share']:.0%}: {row['per_1000']:7.0f} ({row['low']:.0f} to {row['high']:.0f})")


if __name__ == "__main__":
    raise SystemExit(main())
