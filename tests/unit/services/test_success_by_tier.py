"""What a campaign measured by risk tier reaches the worklist through the assumptions alone, and is read as written."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.config import Money
from churnkit.results.codec import part_from_json, part_to_json
from churnkit.roi import Uncertainty
from churnkit.services.decide.repricing import repriced_customers

COUNT = 40


def test_the_worklist_begins_with_the_tier_that_can_be_kept() -> None:
    place = np.arange(COUNT)
    customers = pd.DataFrame(
        {
            "customer_id": [f"C{n:02d}" for n in place],
            "status": "active",
            "p_churn": np.where(place % 2 == 0, 0.8, 0.4),
            "p_alive": 1.0,
            "risk_tier": np.where(place % 2 == 0, "high", "low"),
            "clv": 100.0,
            "clv_if_kept": 150.0 + place,
            "clv_if_lost": 10.0,
            "value_at_risk": 50.0,
            "mean_order_value": 20.0,
            "order_count": 3,
            "monetary_total": 60.0,
            "recency_days": 5,
        }
    )
    first = {}
    for success in ((), (("high", 0.1), ("low", 2.5))):
        told = Money(contact_cost=1.0, save_rate=0.2, success_by_tier=success)
        table = repriced_customers(customers, told, 1.0, None, Uncertainty())
        first[success] = set(table["risk_tier"].head(COUNT // 2))
        assert part_from_json(Money, part_to_json(told), "money") == told
        assert told.told(margin=0.5).success_by_tier == success
        assert told.told(save_rate=0.3).success_by_tier == ()
    assert list(first.values()) == [{"high"}, {"low"}]
