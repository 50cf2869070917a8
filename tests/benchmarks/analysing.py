"""What an analysis costs: python tests/benchmarks/analysing.py [--base REVISION] [--rounds 3] [FILE ...]

CPU seconds of the whole command ``analyze`` with its defaults, on the three samples and online_retail unless files are
named. With ``--base``, the code of that revision analyses the same files in turn with the present one, and the median of
the ratios round by round is printed: machines are noisy, the ratio lasts.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from revisions import REPOSITORY, checked_out

SAMPLES = sorted((REPOSITORY / "data" / "samples").glob("*.csv"))
REAL = Path(os.environ.get("CHURNKIT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))


def cpu_seconds(code: Path, file: Path) -> float:
    """CPU seconds of the command and all its processes, run from a checkout."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with TemporaryDirectory(prefix="churnkit-analysing-") as output:
        subprocess.run(
            [sys.executable, "-m", "churnkit", "analyze", str(file), "--output", output],
            cwd=code,
            env={**os.environ, "PYTHONPATH": str(code)},
            check=True,
            capture_output=True,
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--base", metavar="REVISION")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    files = [file.resolve() for file in options.files] or [
        *SAMPLES,
        *(file for file in [REAL / "online_retail.parquet"] if file.exists()),
    ]
    with (
        TemporaryDirectory(prefix="churnkit-analysing-") as name,
        checked_out(options.base, Path(name)) as base,
    ):
        for file in files:
            report(file, base, options.rounds)


def report(file: Path, base: Path | None, rounds: int) -> None:
    """Analyse in turn and print the medians."""
    now, before = [], []
    for _ in range(rounds):
        if base is not None:
            before.append(cpu_seconds(base, file))
        now.append(cpu_seconds(REPOSITORY, file))
    words = f"{file.stem:28} {statistics.median(now):6.1f} CPU seconds"
    if before:
        ratio = statistics.median(one / two for one, two in zip(now, before, strict=True))
        words += f", before {statistics.median(before):6.1f}: {ratio:.2f} times"
    print(words, flush=True)


if __name__ == "__main__":
    main()
