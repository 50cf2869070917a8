"""The sentences a reason can take, by theme."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from churnkit.explain.catalogue import Group, feature, feature_label
from churnkit.explain.sentences.activity import LIFETIME, RECENCY
from churnkit.explain.sentences.frequency import FREQUENCY
from churnkit.explain.sentences.money import MONEY
from churnkit.explain.sentences.shopping import PRODUCTS, RETURNS, SEASON
from churnkit.explain.sentences.statement import LOYALTY, RISK, Rank, Statement, bare, neutral

STATEMENTS: Mapping[Group, tuple[Statement, ...]] = {
    "recency": RECENCY,
    "frequency": FREQUENCY,
    "money": MONEY,
    "products": PRODUCTS,
    "returns": RETURNS,
    "lifetime": LIFETIME,
    "season": SEASON,
}

__all__ = ["LOYALTY", "RISK", "STATEMENTS", "Rank", "Statement", "statements"]


def statements(group: Group, names: Sequence[str]) -> tuple[Statement, ...]:
    """Sentences of a theme; of features that have none (``names`` holds all there are), label and value."""
    if group in STATEMENTS:
        return STATEMENTS[group]
    plain = [name for name in names if feature(name).group == group]
    return tuple(
        build(re.escape(name), f"{feature_label(name)}: {{{name}}}{end}")
        for name in plain
        for build, end in ((neutral, f"; the typical customer {{typical_{name}}}"), (bare, ""))
    )
