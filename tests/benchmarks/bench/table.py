"""The bench's answers as text: lines as they come, Markdown tables in the end."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tests.benchmarks.bench.measures import MEASURES, differences, means

_DIGITS = {"auc": 4, "log_loss": 4}


def line(row: dict[str, object]) -> str:
    """One answer at one freeze."""
    figures = "  ".join(f"{name} {row[name]:.{_DIGITS.get(name, 3)}f}" for name in MEASURES if name in row)
    return f"{row['cell']:<18} {row['freeze']}  {row['idea']:<22} {row['among']:<6} {figures}  {row['seconds']:.0f} s"


def tables(results: pd.DataFrame, base: str) -> str:
    """Means of every idea, and its differences to ``base``."""
    parts = ["Means over data sets:", _markdown(means(results).reset_index(), MEASURES)]
    gaps = differences(results, base)
    if len(gaps):
        words = (
            "Difference to "
            + base
            + " (below 0 is better; of AUC, its negative; of coverage, its distance from 80 %)"
        )
        parts += [
            f"\n{words}, mean over data sets ± its standard error over data sets / over freezes; cells better : worse:"
        ]
        gaps["said"] = [
            f"{g.mean:+.4f} ± {g.se_sets:.4f} / {g.se_freezes:.4f}, {g.better}:{g.worse}"
            for g in gaps[["mean", "se_sets", "se_freezes", "better", "worse"]].itertuples()
        ]
        wide = gaps.pivot_table(
            index=["idea", "among"], columns="measure", values="said", aggfunc="first", sort=False
        )
        parts.append(_markdown(wide.reset_index(), [m for m in MEASURES if m in wide]))
    return "\n".join(parts)


def winners(results: pd.DataFrame, base: str, ideas: Sequence[str]) -> list[str]:
    """Of each idea, at how many freezes another competitor won than for ``base``."""
    everybody = results[results["among"] == "all"]
    wide = everybody.pivot(index=["cell", "freeze"], columns="idea", values="winner")
    found = []
    for idea in ideas:
        both = wide[[base, idea]].dropna()
        changed = int((both[base] != both[idea]).sum())
        found.append(f"{idea}: another winner at {changed} of {len(both)} freezes")
    return found


def by_cell(results: pd.DataFrame) -> str:
    """Mean over freezes of every cell, of everybody."""
    everybody = results[results["among"] == "all"]
    table = everybody.groupby(["cell", "idea"], sort=False)[list(MEASURES)].mean().reset_index()
    return "By cell, all customers:\n" + _markdown(table, MEASURES)


def _markdown(table: pd.DataFrame, measures) -> str:
    keys = [c for c in table.columns if c not in MEASURES and c in ("idea", "among", "cell")]
    head = "| " + " | ".join([*keys, *measures]) + " |\n" + "|---" * (len(keys) + len(measures)) + "|"
    rows = [
        "| " + " | ".join([*(str(row[k]) for k in keys), *(_cell(m, row[m]) for m in measures)]) + " |"
        for row in table.to_dict("records")
    ]
    return "\n".join([head, *rows])


def _cell(measure: str, value: object) -> str:
    return value if isinstance(value, str) else f"{value:.{_DIGITS.get(measure, 3)}f}"
