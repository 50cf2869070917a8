"""Purchase-process columns: one fit per cutoff, missing where a history is too thin."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.btyd import fit_gamma_gamma, fit_mbgnbd, own_shape
from churnkit.features.purchase_process import (
    PURCHASE_PROCESS_COLUMNS,
    add_purchase_process,
    fit_order_value,
    without_net_spend,
)

EARLY, LATE = pd.Timestamp("2024-07-01"), pd.Timestamp("2024-10-01")
COLUMNS = list(PURCHASE_PROCESS_COLUMNS)


def histories(cutoff: pd.Timestamp, customers: int, seed: int) -> pd.DataFrame:
    """Customers with an own pace each; about a third buy on one day only."""
    rng = np.random.default_rng(seed)
    tenure = rng.integers(20, 300, customers)
    repeats = np.minimum(rng.poisson(rng.gamma(0.8, 2.0, customers)), tenure - 1)
    t_x = np.where(repeats > 0, np.ceil(tenure * rng.uniform(0.2, 1.0, customers)), 0).astype(int)
    monetary_total = np.round((repeats + 1) * rng.gamma(4.0, 6.0, customers) + 0.01, 2)
    own_spread = monetary_total / (repeats + 1) * rng.uniform(0.2, 0.6, customers)
    return pd.DataFrame(
        {
            "customer_id": [f"{i:04d}" for i in range(customers)],
            "cutoff": cutoff,
            "repeat_count": repeats,
            "purchase_days": repeats + 1,
            "t_x_days": t_x,
            "tenure_days": tenure,
            "monetary_total": monetary_total,
            "order_count": repeats + 1,
            "order_value_std": np.where(repeats > 0, own_spread, np.nan),
        }
    )


def test_the_columns_are_those_of_the_models_fitted_at_the_cutoff() -> None:
    panel = histories(EARLY, 150, seed=1)
    described = add_purchase_process(panel, 60)
    known = [panel[c].to_numpy(dtype=float) for c in ("repeat_count", "t_x_days", "tenure_days")]
    process = fit_mbgnbd(*known)
    days = panel["purchase_days"].to_numpy(dtype=float)
    value = (panel["monetary_total"] / panel["purchase_days"]).to_numpy()
    shape = own_shape(
        panel["order_count"], panel["monetary_total"] / panel["order_count"], panel["order_value_std"]
    )
    assert shape is not None
    order_value = fit_gamma_gamma(days, value, p=shape)
    expected = {
        "p_alive": process.p_alive(*known),
        "btyd_p_no_purchase": process.p_no_purchase(60, *known),
        "btyd_expected_orders": process.expected_orders(60, *known),
        "btyd_order_value": order_value.expected_order_value(days, value),
    }
    for name, values in expected.items():
        np.testing.assert_allclose(described[name], values, rtol=1e-12, err_msg=name)
    np.testing.assert_allclose(
        described["btyd_expected_spend"], described["btyd_expected_orders"] * described["btyd_order_value"]
    )
    assert described[panel.columns.tolist()].equals(panel)


def test_regular_gaps_move_who_is_silent_and_what_is_expected_of_them() -> None:
    panel = histories(EARLY, 300, seed=5)
    regular = panel.assign(gap_last_days=panel["t_x_days"] / panel["repeat_count"].clip(lower=1))
    by_chance, described = add_purchase_process(panel, 60), add_purchase_process(regular, 60)
    assert (described["btyd_p_no_purchase"] - by_chance["btyd_p_no_purchase"]).abs().max() > 0.05
    # Orders of whoever buys stay, so that nobody is expected to place fewer than they are likely to place one.
    buys = 1 - described["btyd_p_no_purchase"]
    np.testing.assert_allclose(
        described["btyd_expected_orders"] * (1 - by_chance["btyd_p_no_purchase"]),
        by_chance["btyd_expected_orders"] * buys,
        rtol=1e-9,
    )
    assert described["p_alive"].equals(by_chance["p_alive"])


def test_values_are_probabilities_and_positive_amounts() -> None:
    described = add_purchase_process(histories(EARLY, 200, seed=2), 90)
    assert described[["p_alive", "btyd_p_no_purchase"]].melt()["value"].between(0, 1).all()
    assert (described[["btyd_expected_orders", "btyd_order_value", "btyd_expected_spend"]] > 0).all(axis=None)
    one_time = described[described["repeat_count"] == 0].sort_values("tenure_days")
    assert one_time["p_alive"].iloc[0] > one_time["p_alive"].iloc[-1]


def test_a_later_cutoff_does_not_change_an_earlier_one() -> None:
    early, late = histories(EARLY, 120, seed=3), histories(LATE, 300, seed=4)
    alone = add_purchase_process(early, 60)
    together = add_purchase_process(pd.concat([late, early], ignore_index=True), 60)
    at_early = together[together["cutoff"] == EARLY].reset_index(drop=True)
    pd.testing.assert_frame_equal(at_early, alone, check_exact=True)


def test_rows_keep_their_index_and_order() -> None:
    panel = pd.concat([histories(EARLY, 60, seed=5), histories(LATE, 60, seed=6)], ignore_index=True)
    shuffled = panel.sample(frac=1, random_state=0)
    described = add_purchase_process(shuffled, 60)
    assert described.index.equals(shuffled.index)
    sorted_back = described.sort_index()
    pd.testing.assert_frame_equal(sorted_back, add_purchase_process(panel, 60), rtol=1e-6)


@pytest.mark.parametrize(("repeat_customers", "fits"), [(9, False), (10, True)])
def test_too_few_repeat_customers_leave_the_columns_missing(repeat_customers: int, fits: bool) -> None:
    panel = histories(EARLY, 80, seed=7)
    repeat = np.flatnonzero(panel["repeat_count"] > 0)[:repeat_customers]
    kept = np.union1d(repeat, np.flatnonzero(panel["repeat_count"] == 0))
    described = add_purchase_process(panel.iloc[kept], 60)
    # So few do not tell whether anybody drops out.
    certain = [name for name in COLUMNS if name != "p_alive"]
    assert described[certain].notna().all(axis=None) == fits
    assert described[COLUMNS].isna().all(axis=None) != fits


def test_one_thin_cutoff_does_not_empty_the_others() -> None:
    panel = pd.concat([histories(EARLY, 5, seed=8), histories(LATE, 100, seed=9)], ignore_index=True)
    described = add_purchase_process(panel, 60)
    assert described.loc[described["cutoff"] == EARLY, COLUMNS].isna().all(axis=None)
    assert described.loc[described["cutoff"] == LATE, COLUMNS].notna().all(axis=None)


def test_an_empty_panel_gets_the_columns() -> None:
    described = add_purchase_process(histories(EARLY, 3, seed=1).iloc[:0], 60)
    assert described.empty
    assert set(COLUMNS) <= set(described.columns)


def test_one_price_for_everybody_is_the_expected_order_value() -> None:
    panel = histories(EARLY, 80, seed=10).assign(monetary_total=lambda p: 9.99 * p["purchase_days"])
    described = add_purchase_process(panel, 30)
    np.testing.assert_allclose(described["btyd_order_value"], 9.99, rtol=1e-3)


def test_members_who_renew_every_month_give_finite_answers() -> None:
    tenure = np.arange(31, 31 + 240)
    months = tenure // 30
    panel = histories(EARLY, len(tenure), seed=11).assign(
        tenure_days=tenure, repeat_count=months, purchase_days=months + 1, t_x_days=months * 30
    )
    described = add_purchase_process(panel, 30)
    # Nobody has stopped so far, so nothing tells what it looks like.
    assert described.pop("p_alive").isna().all()
    assert np.isfinite(described[[name for name in COLUMNS if name in described]].to_numpy()).all()


def test_untold_dropout_leaves_p_alive_blank_and_nothing_else() -> None:
    """Everybody buys at an own pace up to the end: who is silent is slow."""
    rng = np.random.default_rng(3)
    gaps = rng.gamma(2.0, 10.0, 300) + 1
    days = [np.unique(np.cumsum(np.ceil(rng.exponential(gap, 400)))) for gap in gaps]
    bought = [np.append(0, d[d <= 300]) for d in days]
    panel = pd.DataFrame(
        {
            "customer_id": [f"{i:04d}" for i in range(300)],
            "cutoff": EARLY,
            "repeat_count": [len(d) - 1 for d in bought],
            "purchase_days": [len(d) for d in bought],
            "t_x_days": [d[-1] for d in bought],
            "tenure_days": 300,
            "monetary_total": 10.0,
            "order_count": [len(d) for d in bought],
            "order_value_std": 0.0,
        }
    )
    described = add_purchase_process(panel, 60)
    assert described["p_alive"].isna().all()
    assert described[["btyd_p_no_purchase", "btyd_expected_spend"]].notna().all(axis=None)


def test_too_few_customers_with_two_orders_leave_the_shape_to_the_means() -> None:
    panel = histories(EARLY, 150, seed=6)
    few = panel["order_value_std"].where(panel["order_count"].gt(1).cumsum() <= 12)
    model = fit_order_value(panel.assign(order_value_std=few))
    days = panel["purchase_days"].to_numpy(dtype=float)
    value = (panel["monetary_total"] / days).to_numpy()
    assert model == fit_gamma_gamma(days[days > 1], value[days > 1])


def test_a_large_first_order_is_believed_as_far_as_own_orders_are_alike() -> None:
    panel = histories(EARLY, 400, seed=7)
    panel["monetary_total"] *= np.random.default_rng(8).lognormal(0, 1, 400)
    mean = panel["monetary_total"] / panel["order_count"]
    alike, unlike = (
        fit_order_value(panel.assign(order_value_std=(cv * mean).where(panel["order_count"] > 1)))
        for cv in (0.1, 1.2)
    )
    assert alike is not None and unlike is not None
    large = 10 * mean.mean()
    assert alike.expected_order_value([1], [large])[0] > 0.7 * large
    assert unlike.expected_order_value([1], [large])[0] < 0.5 * large
    assert unlike.expected_order_value([40], [large])[0] > 0.8 * large


def test_without_net_spend_an_order_is_worth_a_newcomers() -> None:
    panel = histories(EARLY, 150, seed=4)
    panel.loc[:2, "monetary_total"] = [0.0, -5.0, 0.0]
    described = add_purchase_process(panel, 60)
    assert without_net_spend(panel).sum() == 3
    order_value = fit_order_value(panel)
    assert order_value is not None
    assert described.loc[:2, "btyd_order_value"].tolist() == [order_value.population_mean] * 3
