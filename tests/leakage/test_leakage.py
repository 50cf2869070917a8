"""What comes after a cutoff must not reach the features, and labels without meaning must not be learned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest

from churnkit.config import Indicators, Money, TournamentSettings
from churnkit.features.column_names import feature_columns
from churnkit.features.feature_selection import leakage_screen
from churnkit.features.indicators import indicator_columns, with_indicators
from churnkit.features.panel import panel
from churnkit.features.product_factors import FACTOR_PREFIX, add_product_factors
from churnkit.features.purchase_process import add_purchase_process
from churnkit.tournament.knockout import Tournament, run_tournament
from churnkit.tournament.margins import to_logit, to_probability
from churnkit.windows import CutoffPlan, window_over

Lines = Callable[[int, int], pd.DataFrame]
SimulatedPanel = Callable[[int, int], tuple[pd.DataFrame, CutoffPlan]]

EARLIEST, CUTOFF = datetime(2024, 9, 1), datetime(2025, 1, 1)
CUTOFFS = [EARLIEST, CUTOFF]
HORIZON_DAYS = 60
OBSERVED_UNTIL = datetime(2025, 6, 1)
KEYS = ["customer_id", "cutoff"]
OUTCOMES = ["churned", "orders_next", "spend_next"]
SETTINGS = TournamentSettings(budget_seconds=1.0, seed=3, jobs=1)


@pytest.fixture(scope="module")
def transactions(awkward_transactions: Lines) -> pd.DataFrame:
    """A shop with enough customers and products for a basis of product factors."""
    lines = awkward_transactions(11, 380)
    products = np.random.default_rng(11).integers(35, size=len(lines))
    return lines.assign(product_id=[f"P{product:02d}" for product in products])


def described(lines: pd.DataFrame) -> pd.DataFrame:
    """Everything that a model sees, and the outcomes."""
    table = ibis.memtable(lines)
    expression = panel(table, CUTOFFS, HORIZON_DAYS, observed_until=OBSERVED_UNTIL)
    frame = expression.to_pyarrow().to_pandas().sort_values(KEYS, ignore_index=True)
    frame = add_purchase_process(frame, HORIZON_DAYS)
    return add_product_factors(frame, table, CUTOFFS, seed=1)[0]


@pytest.fixture(scope="module")
def untouched(transactions: pd.DataFrame) -> pd.DataFrame:
    frame = described(transactions)
    columns = feature_columns(frame)
    assert f"{FACTOR_PREFIX}1" in columns and "btyd_expected_spend" in columns
    at_cutoff = frame[frame["cutoff"] == CUTOFF]
    assert len(at_cutoff) > 250
    assert at_cutoff[["btyd_expected_spend", f"{FACTOR_PREFIX}1"]].notna().any().all()
    return frame


def _changed(lines: pd.DataFrame, later: pd.Series) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    changed = lines.copy()
    changed.loc[later, "amount"] *= -1000
    for column in ("order_id", "customer_id", "product_id", "category"):
        changed.loc[later, column] = rng.permutation(lines.loc[later, column].to_numpy(dtype=object))
    changed.loc[later, "quantity"] = 1e6
    changed.loc[later, "discount"] = 77.0
    changed.loc[later, "ordered_at"] = pd.Timestamp(CUTOFF)
    return changed


def _deleted(lines: pd.DataFrame, later: pd.Series) -> pd.DataFrame:
    return lines[~later]


def _multiplied(lines: pd.DataFrame, later: pd.Series) -> pd.DataFrame:
    return pd.concat([lines[later], lines, lines[later], lines[later]], ignore_index=True)


def _joined_by_new_customers(lines: pd.DataFrame, later: pd.Series) -> pd.DataFrame:
    first, last = lines[later].copy(), lines[later].copy()
    first["customer_id"] = "!" + first["customer_id"]
    last["customer_id"] = "~" + last["customer_id"]
    return pd.concat([first, lines, last], ignore_index=True)


def _given_new_products(lines: pd.DataFrame, later: pd.Series) -> pd.DataFrame:
    changed = lines.copy()
    changed.loc[later, "product_id"] = "!new " + changed.loc[later, "product_id"]
    changed.loc[later, "category"] = "!new"
    return changed


MEDDLINGS = [_changed, _deleted, _multiplied, _joined_by_new_customers, _given_new_products]


@pytest.mark.parametrize("meddle", MEDDLINGS, ids=lambda meddle: meddle.__name__[1:])
def test_rows_from_the_cutoff_on_do_not_reach_its_features(
    transactions: pd.DataFrame,
    untouched: pd.DataFrame,
    meddle: Callable[[pd.DataFrame, pd.Series], pd.DataFrame],
) -> None:
    later = transactions["ordered_at"] >= CUTOFF
    assert later.sum() > 500
    meddled_lines = meddle(transactions, later)
    assert not meddled_lines.equals(transactions)
    meddled = described(meddled_lines)
    columns = KEYS + feature_columns(untouched)
    pd.testing.assert_frame_equal(meddled[columns], untouched[columns], check_exact=True)
    # An outcome whose window was over by then is as fixed as a feature.
    assert window_over(EARLIEST, HORIZON_DAYS, CUTOFF)
    over = untouched["cutoff"] == EARLIEST
    pd.testing.assert_frame_equal(
        meddled.loc[over, OUTCOMES], untouched.loc[over, OUTCOMES], check_exact=True
    )


def _returned(lines: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """Every purchase before the cutoff given back whole at one instant."""
    bought = lines[(lines["ordered_at"] < CUTOFF) & (lines["amount"] > 0)]
    back = bought.assign(amount=-bought["amount"], is_return=True, order_id="back")
    # The last purchase is given back first.
    back = back.sort_values(["ordered_at", "source_row"], ascending=False, ignore_index=True)
    back["ordered_at"] = pd.Series(at, index=back.index).astype("datetime64[us]")
    back["source_row"] = back.index + lines["source_row"].max() + 1
    return pd.concat([lines, back], ignore_index=True)


def test_a_return_cancels_its_purchase_from_then_on_and_not_before(
    transactions: pd.DataFrame, untouched: pd.DataFrame
) -> None:
    columns = KEYS + feature_columns(untouched)
    later = described(_returned(transactions, pd.Timestamp(CUTOFF)))
    pd.testing.assert_frame_equal(later[columns], untouched[columns], check_exact=True)
    just_before = described(_returned(transactions, pd.Timestamp(CUTOFF) - pd.Timedelta(1, "us")))
    early = untouched["cutoff"] == EARLIEST
    pd.testing.assert_frame_equal(
        just_before.loc[early, columns], untouched.loc[early, columns], check_exact=True
    )
    assert untouched.loc[~early, "gross_total"].min() > 0
    worth = just_before.loc[~early, ["gross_total", "order_value_max", "last_order_value"]]
    assert (worth == 0).all(axis=1).mean() > 0.5, "pairs whose prices differ stand, the others do not"
    assert just_before.loc[~early, "customer_id"].tolist() == untouched.loc[~early, "customer_id"].tolist()


def test_the_row_on_the_cutoff_itself_is_later(transactions: pd.DataFrame, untouched: pd.DataFrame) -> None:
    """The test above would pass if features stopped a day early; a row just before the cutoff must count."""
    just_before = transactions.iloc[[0]].assign(
        customer_id=untouched.loc[untouched["cutoff"] == CUTOFF, "customer_id"].iloc[0],
        order_id="just before",
        ordered_at=pd.Timestamp(CUTOFF) - pd.Timedelta(1, "us"),
        amount=123.0,
    )
    meddled = described(pd.concat([transactions, just_before], ignore_index=True))
    gained = meddled.loc[meddled["cutoff"] == CUTOFF, "gross_total"].sum()
    assert gained == pytest.approx(untouched.loc[untouched["cutoff"] == CUTOFF, "gross_total"].sum() + 123.0)


def test_outside_figures_from_the_cutoff_on_do_not_reach_it(untouched: pd.DataFrame) -> None:
    """Daily figures, each published five days after its own day: only those out by the day before the cutoff may count."""
    days = pd.date_range("2024-01-01", "2025-12-31").date
    rng = np.random.default_rng(6)
    values = rng.normal(size=(len(days), 2))

    def joined(table: np.ndarray) -> pd.DataFrame:
        rows = tuple(tuple(float(one) for one in row) for row in table)
        frame = with_indicators(untouched, Indicators(("mood", "trade"), tuple(days), rows, lag_days=5))
        return frame[[*KEYS, *indicator_columns(frame.columns)]]

    honest = joined(values)
    assert honest.groupby("cutoff")["indicator_mood"].nunique().tolist() == [1, 1]
    secret = np.array([day + timedelta(days=5) >= CUTOFF.date() for day in days])
    pd.testing.assert_frame_equal(joined(np.where(secret[:, None], 99.0, values)), honest, check_exact=True)
    last_known = np.flatnonzero(~secret)[-1]
    changed = values.copy()
    changed[last_known] += 1.0
    at_cutoff = honest["cutoff"] == CUTOFF
    gained = joined(changed)
    assert (gained.loc[at_cutoff, "indicator_mood"] == values[last_known, 0] + 1.0).all()
    pd.testing.assert_frame_equal(gained[~at_cutoff], honest[~at_cutoff], check_exact=True)


def tournament(rows: pd.DataFrame, plan: CutoffPlan) -> Tournament:
    return run_tournament(rows, plan, SETTINGS, Money())


@pytest.mark.slow
def test_shuffled_labels_cannot_be_learned(simulated_panel: SimulatedPanel) -> None:
    rows, plan = simulated_panel(1, 2000)
    rng = np.random.default_rng(3)
    labelled = rows["churned"].notna()
    by_cutoff = rows[labelled].groupby("cutoff")["churned"]
    rows.loc[labelled, "churned"] = by_cutoff.transform(lambda churned: rng.permutation(churned.to_numpy()))
    result = tournament(rows, plan)
    board = result.leaderboard.set_index("candidate")
    assert abs(result.champion["roc_auc"] - 0.5) < 0.05
    assert abs(result.champion["test_roc_auc"] - 0.5) < 0.05
    baseline = board.loc[board["kind"] == "baseline", "log_loss"].min()
    assert board["roc_auc"].max() < 0.55
    # A twentieth of what the models gain over the base rate on this shop's true labels.
    assert board["log_loss"].min() > baseline - 0.003
    assert result.champion["kind"] == "baseline"


@pytest.mark.slow
def test_true_labels_are_learned_and_a_planted_leak_is_kept_out(simulated_panel: SimulatedPanel) -> None:
    rows, plan = simulated_panel(1, 600)
    rng = np.random.default_rng(4)
    honest = tournament(rows, plan)
    assert honest.champion["roc_auc"] > 0.65
    known = rows["orders_next"].fillna(0)
    leaking = rows.assign(
        next_order_in_days=np.where(known > 0, rng.integers(1, 60, len(rows)), np.nan),
        visits_soon=known + rng.normal(scale=0.01, size=len(rows)),
    )
    screen = leakage_screen(leaking).set_index("feature")
    assert (screen.loc[["next_order_in_days", "visits_soon"], "verdict"] == "excluded").all()
    assert (screen.drop(index=["next_order_in_days", "visits_soon"])["verdict"] == "ok").all()
    result = tournament(leaking, plan)
    for leak in ("next_order_in_days", "visits_soon"):
        assert "leakage screen" in result.dropped_features[leak]
    pd.testing.assert_frame_equal(
        result.leaderboard.drop(columns="fit_seconds"), honest.leaderboard.drop(columns="fit_seconds")
    )


@pytest.mark.slow
def test_outcomes_that_were_not_known_yet_change_no_choice_and_no_test_figure(
    simulated_panel: SimulatedPanel,
) -> None:
    """Between the last finished window and the test cutoff lie windows that reach into the test's."""
    rows, plan = simulated_panel(1, 400)
    # With a blurred process something else wins, whose level is then learned from past windows.
    blurred = 0.3 * to_logit(rows["btyd_p_no_purchase"]) + np.random.default_rng(0).normal(size=len(rows))
    rows["btyd_p_no_purchase"] = to_probability(blurred)
    assert plan.test is not None
    last_known = plan.known_before(plan.test)[-1]
    unfinished = rows["cutoff"].isin([c for c in plan.labelled if last_known < c < plan.test])
    honest = tournament(rows, plan)
    for outcome in (0.0, 1.0):
        meddled = tournament(rows.assign(churned=rows["churned"].where(~unfinished, outcome)), plan)
        assert meddled.level_rule.residuals != honest.level_rule.residuals, (
            "the meddling had no effect at all"
        )
        pd.testing.assert_frame_equal(
            meddled.leaderboard.drop(columns="fit_seconds"),
            honest.leaderboard.drop(columns="fit_seconds"),
            check_exact=True,
        )
