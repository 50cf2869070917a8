"""Suggestions: the highest scores of what a customer lacks, of equal ones the first, and nothing where all is bought."""

import numpy as np
import scipy.sparse as sp

from churnkit.baskets.suggestions import NOTHING, POPULAR, suggest

NO_RULE = -np.inf


def test_rules_come_before_popularity_and_of_equal_scores_the_first_item():
    has = sp.csr_matrix(np.array([[1, 0, 0, 0], [0, 0, 0, 0]]))
    scores = np.full((4, 4), NO_RULE)
    scores[0, [2, 3]] = 0.5
    found = suggest(has, scores, np.array([9.0, 8.0, 1.0, 2.0]), 3)
    assert found.item.tolist() == [[2, 3, 1], [0, 1, 3]]
    assert found.because.tolist() == [[0, 0, POPULAR], [POPULAR, POPULAR, POPULAR]]


def test_who_has_everything_but_one_is_suggested_that_one_alone():
    has = sp.csr_matrix(np.array([[1, 1, 0], [1, 1, 1]]))
    found = suggest(has, None, np.array([3.0, 2.0, 1.0]), 3)
    assert found.item.tolist() == [[2, NOTHING, NOTHING], [NOTHING, NOTHING, NOTHING]]
