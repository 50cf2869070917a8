"""The sentences a reason can take, by group of features."""

from __future__ import annotations

from collections.abc import Mapping

from churnkit.explain.catalogue import Group
from churnkit.explain.sentences.activity import FREQUENCY, LIFETIME, RECENCY
from churnkit.explain.sentences.change import RHYTHM, TREND
from churnkit.explain.sentences.shopping import DISCOUNTS, MONEY, PRODUCTS, RETURNS, TIMING
from churnkit.explain.sentences.statement import ENDINGS, LOYALTY, RISK, Rank, Statement

STATEMENTS: Mapping[Group, tuple[Statement, ...]] = {
    "recency": RECENCY,
    "frequency": FREQUENCY,
    "money": MONEY,
    "rhythm": RHYTHM,
    "trend": TREND,
    "products": PRODUCTS,
    "discounts": DISCOUNTS,
    "returns": RETURNS,
    "timing": TIMING,
    "lifetime": LIFETIME,
}

__all__ = ["ENDINGS", "LOYALTY", "RISK", "STATEMENTS", "Rank", "Statement"]
