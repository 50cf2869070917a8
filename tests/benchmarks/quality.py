"""The bench for ideas: python tests/benchmarks/quality.py [--ideas NAME ...] [--hold-winner] [--cells NAME ...]
    [--freezes N] [--final] [--stale] [--data DIR] [--cache DIR] [--csv FILE]

Every cell (a data set and a horizon; real ones and shops made up so that the truth is known) is frozen at past dates,
walking forward: at each the engine gets the rows before it, forecasts the next window, and is held against what came.
The engine as it stands, a reference stack (LightGBM and logistic regression on stacked cutoffs) and every named idea
answer for the same customers; tables of means and of paired differences follow, and by cell what the engine is ahead or
behind of the stack, with its standard error over customers. The last two windows of each cell, T2
and T, take no part: rules are decided without them. ``--final`` looks at them instead, and is for the end.

At a date where another competitor wins with an idea than without, log loss moves by 0.004 to 0.1, and an idea worth 0.001
cannot be seen. ``--hold-winner`` plays its tournaments with the engine's winner; without it the last lines say how often an
idea changed who won, which is to be looked at apart.

Panels and tournaments are kept in the cache, so that another idea costs its own seconds only; a change of the code that
made them makes them anew. Lines come as they are known. Seconds are CPU seconds. ``freeze.py`` beside this file does the
whole analysis, from the file on, at T and T2.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REPOSITORY = Path(__file__).resolve().parents[2]
# In the place of this folder, which has modules named like others.
sys.path[0] = str(REPOSITORY)

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from churnkit.errors import ModelError  # noqa: E402
from tests.benchmarks.bench.cells import CELLS, Cell, Kept, open_cell  # noqa: E402
from tests.benchmarks.bench.engine import Said, answer, answer_of_process, answer_without  # noqa: E402
from tests.benchmarks.bench.freezing import Frozen, freeze  # noqa: E402
from tests.benchmarks.bench.ideas import IDEAS  # noqa: E402
from tests.benchmarks.bench.measures import MEASURES, measures  # noqa: E402
from tests.benchmarks.bench.paired import Answered, paired_table  # noqa: E402
from tests.benchmarks.bench.reference import of_panel, reference  # noqa: E402
from tests.benchmarks.bench.reference_columns import FAMILIES  # noqa: E402
from tests.benchmarks.bench.table import by_cell, line, tables, winners  # noqa: E402

ENGINE, REFERENCE, PANEL = "engine", "reference", "panel"


def cpu_seconds() -> float:
    """CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def run(cell: Cell, options: argparse.Namespace) -> tuple[list[dict[str, object]], list[Answered]]:
    """Every answer at every freeze of a cell: a row of measures each for all customers and for the active, and itself."""
    cache = Kept(options.cache, options.stale)
    opened = open_cell(cell, options.data, cache)
    dates = opened.final_freezes() if options.final else opened.past_freezes(options.freezes)
    answers: dict[str, Callable[[Frozen], Said]] = {ENGINE: lambda frozen: answer_without(frozen, cache)}
    if options.process:
        answers = {ENGINE: answer_of_process}
    if options.columns:
        answers = {PANEL: partial(of_panel, family=None)}
        answers |= {f"+ {name}": partial(of_panel, family=name) for name in FAMILIES}
    if not options.without_reference:
        answers[REFERENCE] = reference
    for name in options.ideas:
        answers[name] = partial(answer, idea=IDEAS[name], cache=cache, hold_winner=options.hold_winner)
    rows: list[dict[str, object]] = []
    answered: list[Answered] = []
    for when in dates:
        frozen = freeze(opened, when)
        for name, say in answers.items():
            began = cpu_seconds()
            try:
                said = say(frozen)
            except ModelError as error:
                print(f"{cell.name} {when:%Y-%m-%d} {name}: left out, {error}", flush=True)
                break
            keys = {"cell": cell.name, "data_set": cell.data_set, "freeze": f"{when:%Y-%m-%d}", "idea": name}
            seconds = cpu_seconds() - began
            for among, mask in (("all", np.ones(len(frozen.churned), dtype=bool)), ("active", frozen.active)):
                found = measures(frozen.churned, frozen.spend, said, mask)
                more = {"real": cell.is_real, "among": among, "winner": said.winner, "seconds": seconds}
                rows.append({**keys, **found, **more})
                who = frozen.rows["customer_id"].to_numpy()[mask]
                answered.append(
                    Answered(
                        **keys,
                        among=among,
                        customers=who,
                        churned=frozen.churned[mask],
                        p_churn=said.p_churn[mask],
                    )
                )
            print(line(rows[-2]), flush=True)
    return rows, answered


def answers_of(
    cells: list[Cell], options: argparse.Namespace
) -> tuple[list[dict[str, object]], list[Answered]]:
    """What :func:`run` returns, of all cells together; in this process where one is to work alone."""
    if options.jobs == 1:
        found = [run(cell, options) for cell in cells]
    else:
        with ProcessPoolExecutor(options.jobs, mp_context=get_context("forkserver")) as pool:
            found = list(pool.map(run, cells, repeat(options)))
    return [row for rows, _ in found for row in rows], [one for _, answered in found for one in answered]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = Path(os.environ.get("CHURNKIT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--cache", type=Path, default=REPOSITORY / "data" / "bench")
    parser.add_argument("--ideas", nargs="*", default=[], choices=sorted(IDEAS), metavar="NAME")
    parser.add_argument(
        "--hold-winner", action="store_true", help="ideas play with the winner of the engine without them"
    )
    parser.add_argument("--cells", nargs="*", default=None, help="names, or the beginnings of names")
    parser.add_argument("--freezes", type=int, default=4, help="past dates of a cell, at most")
    parser.add_argument("--final", action="store_true", help="T2 and T in the place of past dates")
    parser.add_argument(
        "--stale", action="store_true", help="take what is in the cache, whatever code made it"
    )
    parser.add_argument(
        "--process",
        action="store_true",
        help="the purchase process in the champion's place: quick, for rules of money",
    )
    parser.add_argument(
        "--columns",
        action="store_true",
        help="the stack on the panel's columns, with each family of the reference's",
    )
    parser.add_argument("--without-reference", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--csv", type=Path, default=None)
    options = parser.parse_args()
    chosen = list(
        dict.fromkeys(c for name in options.cells or [""] for c in CELLS if c.name.startswith(name))
    )
    rows, answered = answers_of(chosen, options)
    results = pd.DataFrame(rows)
    results = results.reindex(columns=list(dict.fromkeys([*results.columns, *MEASURES])))
    if options.csv:
        results.to_csv(options.csv, index=False)
    print()
    print(by_cell(results), end="\n\n")
    base = PANEL if options.columns else ENGINE
    for words, part in (("Real data", results[results["real"]]), ("All data sets", results)):
        if len(part):
            print(f"{words}\n\n{tables(part, base)}\n", flush=True)
    for words in winners(results, base, options.ideas):
        print(words)
    if not options.without_reference:
        print(f"By cell, ± standard error over customers\n\n{paired_table(answered, base, REFERENCE)}")


if __name__ == "__main__":
    main()
