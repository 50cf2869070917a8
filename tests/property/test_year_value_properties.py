"""Nobody's value is absurd, whatever the parameters and the history."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from churnkit.clv.year.model import MOST_TIMES_OWN, YearModel
from churnkit.config import Money
from churnkit.results.year_forecast import YearForecast, YearRule, YearShares

share = st.floats(0, 5)
shares = st.builds(YearShares, pace=share, own=share, base=st.floats(0, 1000))
customer = st.tuples(
    st.floats(-1e6, 1e6),  # net spend
    st.floats(-1e6, 1e6),  # of the last year
    st.integers(0, 4000),  # tenure
    st.floats(0, 1),  # p_churn
    st.floats(0, 1e6),  # spend if buying
)


@given(
    st.lists(customer, min_size=1, max_size=8), shares, shares, st.floats(0.01, 10), st.floats(0, 1000),
    st.floats(0.1, 1), st.floats(0, 0.5),
)  # fmt: skip
def test_value_is_bounded_by_what_was_brought(people, kept, lost, level, newcomer, margin, spread):
    net, recent, tenure, p, spend = (np.array(values, dtype=float) for values in zip(*people, strict=True))
    rule = YearRule(
        days=365, horizon_days=60, own_days=365, kept=kept, lost=lost, level=level, newcomer=newcomer,
        edges=(10.0, 100.0), low=(0.0, 0.2), high=(2.0, 1.4), spread=spread,
    )  # fmt: skip
    forecast = YearForecast(
        basis="learned", words="", notes=(), learned_at=(), learned_days=365, scale=level, total=0.0,
        total_low=0.0, total_high=0.0, backtests=(), rule=rule,
    )  # fmt: skip
    rows = pd.DataFrame({"monetary_total": net, "spend_365d": recent, "tenure_days": tenure})
    year = YearModel(forecast).values(rows, p, spend, Money(margin=margin))
    slack = 1e-9 * (1 + np.abs(net))
    assert (year.clv <= margin * (MOST_TIMES_OWN * np.clip(net, 0, None) + newcomer) + slack).all()
    assert (year.clv[net <= 0] <= margin * newcomer + 1e-6).all()
    assert (year.clv_if_lost >= 0).all() and (year.clv_if_lost <= year.clv_if_kept).all()
    np.testing.assert_allclose(year.clv, (1 - p) * year.clv_if_kept + p * year.clv_if_lost)
    assert (year.clv_low <= year.clv + slack).all() and (year.clv <= year.clv_high + slack).all()
