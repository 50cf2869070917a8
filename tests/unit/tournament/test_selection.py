"""Who wins under which weights: the gate on log loss, the score, and ties."""

from __future__ import annotations

import pandas as pd
import pytest

from churnkit.config import ScoreWeights
from churnkit.errors import SettingsError
from churnkit.tournament.selection import ranked

TOLERANCE = 0.01
# careful: right calls; keen: finds more; alarmist: calls everybody, and its probabilities are bad.
BOARD = pd.DataFrame(
    [
        ("careful", "model", 0.500, 0.70, 0.60, 0.8, 0.02),
        ("keen", "model", 0.503, 0.66, 0.80, 0.8, 0.02),
        ("alarmist", "model", 0.590, 0.72, 1.00, 0.8, 0.02),
        ("rule", "baseline", 0.550, 0.60, 0.50, 0.7, 0.02),
    ],
    columns=["candidate", "kind", "log_loss", "f1", "recall", "profit_share", "f1_sd"],
)


def champion(weights: ScoreWeights, by_fold=None, board: pd.DataFrame = BOARD) -> str:
    return str(ranked(board, by_fold or {}, weights, TOLERANCE)["candidate"].iloc[0])


def only(**weights: float) -> ScoreWeights:
    return ScoreWeights(**{"f1": 0.0, "recall": 0.0, "profit": 0.0, "stability": 0.0, **weights})


def test_the_weights_decide_among_those_that_pass_the_gate() -> None:
    assert champion(only(f1=1.0)) == "careful"
    assert champion(only(recall=1.0)) == "keen"


def test_only_proportions_count() -> None:
    plain, tenfold = (
        ranked(BOARD, {}, ScoreWeights(*w), TOLERANCE) for w in ((0.4, 0.3, 0.2, 0.1), (4, 3, 2, 1))
    )
    assert plain["score"].tolist() == pytest.approx(tenfold["score"].tolist())
    by_hand = 0.4 * 0.70 + 0.3 * 0.60 + 0.2 * 0.8 + 0.1 * 0.98
    assert plain.set_index("candidate")["score"]["careful"] == pytest.approx(by_hand)


def test_no_weight_opens_the_gate() -> None:
    board = ranked(BOARD, {}, only(recall=1.0), TOLERANCE).set_index("candidate")
    assert board["score"].idxmax() == "alarmist"
    assert not board["eligible"]["alarmist"]
    assert "does not beat the best simple rule" in board["verdict"]["alarmist"]


@pytest.mark.parametrize(("loss", "winner"), [(0.505, "keen"), (0.5051, "careful")])
def test_the_tolerance_on_its_edge(loss: float, winner: str) -> None:
    board = BOARD.assign(log_loss=[0.5, loss, 0.59, 0.55])
    assert champion(only(recall=1.0), board=board) == winner


def test_a_score_within_its_standard_error_is_a_tie_that_log_loss_breaks() -> None:
    """keen leads in recall by 0.2 on average; over folds the lead moves by more than that, or hardly at all."""

    def folds(*recall: float) -> tuple[dict[str, float], ...]:
        return tuple({"f1": 0.0, "profit_share": 0.0, "recall": one} for one in recall)

    moving = {"careful": folds(0.9, 0.3, 0.6), "keen": folds(0.6, 1.0, 0.8)}
    steady = {"careful": folds(0.6, 0.6, 0.6), "keen": folds(0.8, 0.79, 0.81)}
    assert champion(only(recall=1.0), moving) == "careful"
    assert champion(only(recall=1.0), steady) == "keen"


def test_without_a_model_that_passes_the_best_rule_wins() -> None:
    board = BOARD.assign(log_loss=[0.56, 0.57, 0.59, 0.55])
    found = ranked(board, {}, ScoreWeights(), TOLERANCE)
    assert found["candidate"].iloc[0] == "rule"
    assert found["verdict"].iloc[0] == "wins because no model beat the simple rules"


def with_default(**leads: tuple[float, float]) -> pd.DataFrame:
    """The board with a blend at 0.502 and the base rate, each of the others with its lead over the blend and the error."""
    more = BOARD.iloc[[0, 3]].assign(
        candidate=["blend", "base_rate"], kind=["blend", "baseline"], log_loss=[0.502, 0.69]
    )
    board = pd.concat([BOARD, more], ignore_index=True).assign(gain=0.2, gain_error=0.01, roc_auc_low=0.7)
    board.loc[board["candidate"] == "base_rate", ["gain", "gain_error", "roc_auc_low"]] = 0.0, 0.0, 0.5
    found = [leads.get(name, (-0.1, 0.01)) for name in board["candidate"]]
    return board.assign(lead=[one for one, _ in found], lead_error=[error for _, error in found])


@pytest.mark.parametrize(
    ("lead", "winner"), [((0.002, 0.003), "blend"), ((0.003, 0.002), "careful"), ((-0.01, 0.001), "blend")]
)
def test_the_blend_gives_way_beyond_chance_only(lead: tuple[float, float], winner: str) -> None:
    board = ranked(with_default(careful=lead), {}, only(f1=1.0), TOLERANCE)
    assert board["candidate"].iloc[0] == winner
    if winner == "blend":
        assert board["verdict"].iloc[0].startswith("wins as the default")
        assert "beyond chance" in board.set_index("candidate")["verdict"]["careful"]


def test_a_rule_wins_where_it_leads_the_blend_beyond_chance() -> None:
    ahead = with_default(rule=(0.003, 0.002))
    better = ahead.assign(log_loss=ahead["log_loss"].where(ahead["candidate"] != "rule", 0.499))
    found = ranked(better, {}, ScoreWeights(), TOLERANCE)
    assert found["candidate"].iloc[0] == "rule"
    assert not found["eligible"].any()
    behind = with_default(rule=(-0.003, 0.002))
    assert ranked(behind, {}, ScoreWeights(), TOLERANCE)["candidate"].iloc[0] == "blend"


def test_without_a_gain_beyond_chance_the_base_rate_scores() -> None:
    board = with_default()
    assert ranked(board, {}, ScoreWeights(), TOLERANCE)["candidate"].iloc[0] == "blend"
    found = ranked(board, {}, ScoreWeights(), TOLERANCE, nothing_tells=True)
    assert found["candidate"].iloc[0] == "base_rate"
    assert found["verdict"].iloc[0].endswith("nothing tells who will leave")
    assert not found["eligible"].any()


@pytest.mark.parametrize("wrong", [{"f1": -0.1}, {"f1": float("inf")}, {"f1": float("nan")}])
def test_weights_are_checked(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError, match="weights"):
        ScoreWeights(**wrong)
    with pytest.raises(SettingsError, match="not all 0"):
        only()
