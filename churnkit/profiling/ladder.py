"""Which methods the data can carry: rules, BG/NBD or trained models."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from churnkit.config import Gates
from churnkit.text.figures import count

RungName = Literal["rules", "btyd", "models"]

WHAT_RUNS = {
    "models": "The full tournament of models runs, BG/NBD and the simple rules beside it.",
    "btyd": "BG/NBD scores the customers: it learns from purchase histories alone and needs no training"
    " windows.",
    "rules": "Customers are ranked by simple rules (days since the last purchase against the usual gap).",
}


@dataclass(frozen=True)
class Rung:
    """How far up the ladder the data reach.

    Attributes
    ----------
    name
        ``rules``, ``btyd`` or ``models``.
    missing
        One sentence for each gate that blocks the next rung; empty on the top one.
    words
        What runs, and what is missing for more.
    """

    name: RungName
    missing: tuple[str, ...]
    words: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {**asdict(self), "missing": list(self.missing)}


def ladder(rows: int, customers: int, history_days: int, gates: Gates) -> Rung:
    """Step down instead of refusing: the highest rung whose gates the data pass.

    ``rows`` are the usable rows before the cutoff, ``customers`` those with a purchase, ``history_days`` the
    days from the first purchase to the cutoff. A gate is passed at its own value.

    Examples
    --------
    >>> found = ladder(rows=400, customers=120, history_days=365, gates=Gates())
    >>> found.name, found.missing
    ('btyd', ('Models need 500 rows or more; 400 found.',))
    """
    for_models = _short_of(
        "Models need",
        (rows, gates.min_rows, "rows"),
        (customers, gates.min_customers, "customers with a purchase"),
        (history_days, gates.min_history_days, "days of history"),
    )
    if not for_models:
        return Rung("models", (), WHAT_RUNS["models"])
    for_btyd = _short_of(
        "BG/NBD needs",
        (customers, gates.btyd_min_customers, "customers with a purchase"),
        (history_days, gates.btyd_min_history_days, "days of history"),
    )
    name: RungName = "rules" if for_btyd else "btyd"
    missing = for_btyd or for_models
    return Rung(name, missing, f"{WHAT_RUNS[name]} {' '.join(missing)}")


def _short_of(goal: str, *gates: tuple[int, int, str]) -> tuple[str, ...]:
    return tuple(
        f"{goal} {count(least)} {things} or more; {count(found)} found."
        for found, least, things in gates
        if found < least
    )
