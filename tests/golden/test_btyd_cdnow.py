"""Published values on the CDNOW sample (Fader, Hardie and Lee 2005; Fader and Hardie 2013)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from churnkit.btyd import BgNbd, GammaGamma, fit_bgnbd, fit_gamma_gamma, fit_mbgnbd

END = pd.Timestamp("1997-09-30")
DAYS_PER_WEEK = 7
PUBLISHED = BgNbd(r=0.243, alpha_days=4.414, a=0.793, b=2.426)
PUBLISHED_VALUE = GammaGamma(p=6.25, q=3.74, gamma=15.44, observed_mean=35.0)


@pytest.fixture(scope="module")
def customers(real_data: Path) -> pd.DataFrame:
    """One row per customer of the sample: same-day purchases merged, calibration period only."""
    lines = pd.read_csv(
        real_data / "cdnow_sample.txt",
        sep=r"\s+",
        names=["master_id", "customer_id", "date", "quantity", "amount"],
        dtype={"customer_id": str, "date": str},
    )
    lines["date"] = pd.to_datetime(lines["date"], format="%Y%m%d")
    days = lines[lines["date"] <= END].groupby(["customer_id", "date"], as_index=False)["amount"].sum()
    by_customer = days.groupby("customer_id")
    first = by_customer["date"].transform("min")
    repeats = days[days["date"] > first].groupby("customer_id")["amount"]
    frame = pd.DataFrame(
        {
            "repeat_count": by_customer.size() - 1,
            "t_x_days": (by_customer["date"].max() - by_customer["date"].min()).dt.days,
            "age_days": (END - by_customer["date"].min()).dt.days,
            "monetary_mean": repeats.mean(),
        }
    )
    assert len(frame) == 2357
    return frame


def test_bgnbd_parameters_and_likelihood(customers: pd.DataFrame) -> None:
    history = customers["repeat_count"], customers["t_x_days"], customers["age_days"]
    model = fit_bgnbd(*history)
    assert model.r == pytest.approx(0.243, abs=0.0005)
    assert model.alpha_days / DAYS_PER_WEEK == pytest.approx(4.414, abs=0.0005)
    assert model.a == pytest.approx(0.793, abs=0.0005)
    assert model.b == pytest.approx(2.426, abs=0.0005)
    weeks = history[0], history[1] / DAYS_PER_WEEK, history[2] / DAYS_PER_WEEK
    total = np.sum(fit_bgnbd(*weeks).log_likelihood(*weeks))
    assert total == pytest.approx(-9582.4, abs=0.05)


def test_mbgnbd_fits_the_sample_as_well(customers: pd.DataFrame) -> None:
    history = customers["repeat_count"], customers["t_x_days"], customers["age_days"]
    bg, mbg = fit_bgnbd(*history), fit_mbgnbd(*history)
    gap = np.sum(mbg.log_likelihood(*history)) - np.sum(bg.log_likelihood(*history))
    assert abs(gap) < 5
    never_returned = history[0] == 0
    assert np.mean(mbg.p_alive(*history)[never_returned]) < 0.8


def test_expected_orders_of_the_published_example() -> None:
    # Customer 0001 of the note on the spreadsheet implementation, time in weeks.
    assert PUBLISHED.expected_orders(39, 2, 30.43, 38.86)[0] == pytest.approx(1.226, abs=0.001)


def test_gamma_gamma_parameters(customers: pd.DataFrame) -> None:
    repeat_buyers = customers[customers["repeat_count"] > 0]
    assert len(repeat_buyers) == 946
    model = fit_gamma_gamma(repeat_buyers["repeat_count"], repeat_buyers["monetary_mean"])
    assert model.p == pytest.approx(6.25, abs=0.005)
    assert model.q == pytest.approx(3.74, abs=0.005)
    assert model.gamma == pytest.approx(15.44, abs=0.005)
    assert model.has_finite_mean


def test_expected_order_values_of_the_published_example() -> None:
    # No repeat purchase, two of 22.35 on average, seven of 73.74.
    value = PUBLISHED_VALUE.expected_order_value([0, 2, 7], [np.nan, 22.35, 73.74])
    np.testing.assert_allclose(value, [35.17, 24.65, 71.46], atol=0.06)
