"""The audit of an analysis: whose forecasts, by which groups, and its words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from churnkit.results.found import Found, Missing
from churnkit.services.decide.fairness_views import (
    BUYER,
    COUNTRY,
    CURRENCY,
    Audit,
    audit_of,
    audit_view,
    audit_words,
)

CUSTOMERS, HORIZON_DAYS = 400, 30


def results(country: bool = True, off: float = 0.3) -> Any:
    """Two dates that do not overlap and one between them; the north's leavers are forecast ``off`` too low."""
    rng = np.random.default_rng(6)
    ids = [f"c{k}" for k in range(CUSTOMERS)]
    dates = pd.to_datetime(["2026-01-01", "2026-01-15", "2026-02-01"])
    north = np.arange(CUSTOMERS) < 150
    p = np.where(north, 0.5 - off, 0.5)
    tables = []
    for date in dates:
        churned = (rng.random(CUSTOMERS) < 0.5).astype(float)
        recency = np.where(np.arange(CUSTOMERS) % 4 == 3, 99.0, 10.0)
        tables.append(
            pd.DataFrame(
                {
                    "cutoff": date,
                    "customer_id": ids,
                    "p_churn": p,
                    "churned": churned,
                    "recency_days": recency,
                }
            )
        )
    past = pd.concat(tables, ignore_index=True)
    orders = past[["customer_id", "cutoff"]].assign(order_count=np.tile(np.arange(CUSTOMERS) % 2 + 1, 3))
    contacts = pd.DataFrame({"customer_id": ids, "country": np.where(north, "North", "South")})
    return SimpleNamespace(
        past=past,
        horizon_days=HORIZON_DAYS,
        customers=pd.DataFrame({"customer_id": ids, "first_purchase_at": pd.Timestamp("2025-03-05")}),
        contacts=contacts if country else None,
        panel_columns=lambda *names: orders,
    )


def audit(found: Any) -> Audit:
    got = audit_of(found)
    assert isinstance(got, Found)
    return got.value


def test_active_customers_at_dates_that_do_not_overlap() -> None:
    found = audit(results())
    assert (found.dates, found.forecasts) == (2, 600)
    groups = {one.group: one for one in found.groups}
    assert set(groups) == {"North", "South", "one-time buyer", "repeat buyer"}
    assert sum(one.forecasts for one in found.groups if one.dimension == COUNTRY) == 600
    assert groups["North"].gap > 0.2
    assert "calibration" in groups["North"].flags
    assert "calibration" not in groups["South"].flags


def test_words_name_the_group_whose_forecast_is_off() -> None:
    head, *said = audit_words(audit(results()))
    assert head.startswith("600 forecasts of active customers at 2 past dates in 4 groups")
    assert any(one.startswith("Country, North: ") and "too low for them" in one for one in said)
    assert audit_words(audit(results(off=0.0)))[1].startswith("No group differs beyond chance")


def test_what_could_not_be_looked_at_says_why() -> None:
    found = audit(results(country=False))
    assert found.dimensions == (BUYER,)
    assert found.left_out[COUNTRY] == "the file has no column of the customers' country"
    assert "one currency" in found.left_out[CURRENCY]
    # Everybody's first order fell into one month.
    assert "fewer than two groups" in found.left_out["Month of the first order"]
    nothing = results()
    nothing.past = nothing.past.iloc[:0]
    assert isinstance(audit_of(nothing), Missing)


def test_table() -> None:
    table = audit_view(audit(results()).groups)
    assert table.loc[table["group"] == "South", "flags"].item() != ""
    assert table["called"].between(0, 1).all()
    assert list(audit_view(())) == list(table)
