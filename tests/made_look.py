"""A made-up first look: what it says of the file, and a small profile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from churnkit.results.codec import JsonObject, from_json
from churnkit.results.look_facts import BalanceByDay, LookFacts, MonthTotal
from churnkit.results.profile import Profile

# As churnkit wrote it before documents had versions.
PROFILE_VERSION_1 = Path(__file__).parent / "unit/results/profile_version_1.json"


def made_facts(**changes: Any) -> LookFacts:
    """Twelve rows in euros."""
    values: dict[str, Any] = {
        "format_words": "comma-separated text, UTF-8, header in line 1",
        "preset": None,
        "mapping": {"customer_id": "a", "amount": "b", "ordered_at": "c"},
        "day_first": None,
        "currency": "EUR",
        "rows_in": 12,
        "rows_kept": 12,
        "has_time": True,
        "has_order_id": True,
        "returns": "net",
        "notes": (),
        "monthly_totals": (MonthTotal(month="2025-01", orders=12, amount=120.5),),
        "as_of": None,
        "by_day": BalanceByDay(
            days=(1, 2),
            known_customers=(3, 0),
            churn_share=(0.5, None),
            lapsed_share=(0.4, 0.2),
            returned_after_share=(0.3, None),
        ),
        **changes,
    }
    return LookFacts(**values)


def stored_profile() -> JsonObject:
    """The JSON of a profile of the first version: two orders, categories only, no times of day."""
    content: JsonObject = json.loads(PROFILE_VERSION_1.read_text(encoding="utf-8"))
    return content


def small_profile() -> Profile:
    """The same as a profile."""
    return from_json(Profile, stored_profile())
