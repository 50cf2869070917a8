"""Models that were saved when Platt's was the only calibration still answer."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd

from churnkit.tournament.baselines import PURCHASE_PROCESS, FittedBaseline
from churnkit.tournament.calibration import Platt
from churnkit.tournament.model import ChurnModel, Member


def as_it_was(item: object) -> object:
    """Through the pickle of a version that called the field ``platt``."""
    state = {("platt" if name == "scaling" else name): value for name, value in vars(item).items()}
    made = object.__new__(type(item))
    made.__setstate__(state)  # type: ignore[attr-defined]
    return pickle.loads(pickle.dumps(made))


def test_a_model_and_its_members_find_their_calibration() -> None:
    process = FittedBaseline(PURCHASE_PROCESS, 60, 0.0, 0.0, 0.0, None)
    alone = ChurnModel(PURCHASE_PROCESS, 60, None, (), process, Platt(0.5, 0.1))
    member = Member(process, Platt(2.0, 0.3), 1.0)
    assert as_it_was(alone) == alone
    assert as_it_was(member) == member
    rows = pd.DataFrame({"btyd_p_no_purchase": [0.2, 0.9]})
    again = as_it_was(alone)
    assert isinstance(again, ChurnModel)
    np.testing.assert_array_equal(again.margin(rows), alone.margin(rows))
