"""Which methods the data can carry: rules, BG/NBD or trained models."""

from __future__ import annotations

from churnkit.config import Gates
from churnkit.results.profile import Rung, RungName
from churnkit.text.figures import count

WHAT_RUNS = {
    "models": "There is enough to train models; they must beat the simple rules on this shop's own past.",
    "btyd": "There is too little to train models. The purchase process (BG/NBD) scores the customers: it learns from how"
    " each of them bought so far.",
    "rules": "Customers are ranked by simple rules (days since the last purchase against the usual gap).",
}


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
        return Rung(name="models", missing=(), words=WHAT_RUNS["models"])
    for_btyd = _short_of(
        "The purchase process needs",
        (customers, gates.btyd_min_customers, "customers with a purchase"),
        (history_days, gates.btyd_min_history_days, "days of history"),
    )
    name: RungName = "rules" if for_btyd else "btyd"
    missing = for_btyd or for_models
    return Rung(name=name, missing=missing, words=f"{WHAT_RUNS[name]} {' '.join(missing)}")


def _short_of(goal: str, *gates: tuple[int, int, str]) -> tuple[str, ...]:
    return tuple(
        f"{goal} {count(least)} {things} or more; {count(found)} found."
        for found, least, things in gates
        if found < least
    )
