"""Which theme a contribution counts to, for a customer of whom two features would say one thing twice."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from churnkit.explain.catalogue import GROUPS, Group, feature, same_for_everybody
from churnkit.explain.facts import Facts

RANKED_GROUPS: tuple[Group, ...] = tuple(GROUPS)
_POSITION = {group: k for k, group in enumerate(RANKED_GROUPS)}
_RECENT_DAYS = 90
_PROCESS = ("p_alive", "btyd_p_no_purchase")
_REPEATS = ("repeat_lines", "repeat_product_share")
_WINDOW = re.compile(r"(orders|lines|spend)_(decay_)?(?P<days>\d+)d")
# Their values and owners stay in the processor's cache.
_ROWS_AT_ONCE = 2_000
_CHANGE = re.compile(r"(orders|spend)_trend_\d+d|last_order_value_ratio")


def group_sums(values: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Contributions (n, features) added up by the theme that owns them, shape (n, themes)."""
    count = len(RANKED_GROUPS)
    sums = np.zeros((len(values), count))
    for start in range(0, len(values), _ROWS_AT_ONCE):
        some = slice(start, start + _ROWS_AT_ONCE)
        # Owner -1 is nobody: a theme before the first, left out below.
        cells = owners[some] + (count + 1) * np.arange(len(sums[some]))[:, None] + 1
        added = np.bincount(cells.ravel(), values[some].ravel(), len(sums[some]) * (count + 1))
        sums[some] = added.reshape(-1, count + 1)[:, 1:]
    return sums


def owning_groups(values: np.ndarray, names: Sequence[str], facts: Facts) -> np.ndarray:
    """The theme that each contribution (n, features) counts to, as positions in ``RANKED_GROUPS``, -1 for none.

    A feature counts to its theme in the catalogue, the calendar to none. Exceptions are made where that would say one
    thing of a customer twice:

    - The purchase process judges by the time since the last purchase and the number of orders together. Where its push
      cannot come from the time, it counts to the number.
    - Many orders push to risk only where they have stopped: then they count to the time since the last one.
    - The time as a customer pushes to risk with the orders in it, which make the rhythm. Where it is like that of others and
      the customer is overdue by that rhythm, it counts to the time since the last order.
    - Without a second purchase day, the missing repeats say "one order". The last purchase is the first one too: together
      they count as "away" or as "new", whichever the push fits.
    - Without a purchase in the last 90 days, the change of late says no more than that, and neither does any window in
      which there was none; with the first purchase in these days, the change says "new customer".
    """
    home = np.array(
        [-1 if same_for_everybody(name) else _POSITION[feature(name).group] for name in names], dtype=np.intp
    )
    owners = np.tile(home, (len(values), 1))
    late = facts.above("recency_days") | facts.overdue
    once = ~facts.known("gap_mean_days")
    away = facts["recency_days"] > _RECENT_DAYS
    new = facts["tenure_days"] <= _RECENT_DAYS
    stopped = facts.overdue & facts.above("order_count")
    usual_tenure = ~facts.well_below("tenure_days") & ~facts.well_above("tenure_days")
    for k, name in enumerate(names):
        raises = values[:, k] > 0
        if name in _PROCESS:
            owners[raises != late, k] = _POSITION["frequency"]
        elif name == "tenure_days":
            owners[usual_tenure & facts.overdue & raises, k] = _POSITION["recency"]
        elif name in _REPEATS:
            owners[once, k] = _POSITION["frequency"]
        elif window := _WINDOW.fullmatch(name):
            owners[facts["recency_days"] > int(window["days"]), k] = _POSITION["recency"]
        elif _CHANGE.fullmatch(name):
            owners[new, k] = _POSITION["lifetime"]
            owners[once | away, k] = _POSITION["recency"]
        elif home[k] == _POSITION["frequency"] and not name.startswith("gap_"):
            owners[stopped & raises, k] = _POSITION["recency"]
    _join(owners, "lifetime", once, "recency")
    sums = group_sums(values, owners)
    _join(owners, "recency", once & ((sums[:, _POSITION["recency"]] > 0) != late), "lifetime")
    return owners


def _join(owners: np.ndarray, source: Group, where: np.ndarray, target: Group) -> None:
    """Count a whole theme to another one for some customers."""
    owners[(owners == _POSITION[source]) & where[:, None]] = _POSITION[target]
