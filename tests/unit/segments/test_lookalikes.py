"""Lookalikes: distances by hand, a group that can be found again and one that cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.segments.lookalikes import LikenessSpace, hide_half, likeness_space, medoids, most_alike


def test_distances_are_those_of_the_points():
    space = LikenessSpace(("a", "b"), np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]))
    assert space.distances([0]).ravel() == pytest.approx([0.0, 5.0, 1.0])
    assert space.distances([0, 1]).shape == (3, 2)


def test_copies_and_constants_go_themes_count_the_same_and_a_gap_is_in_the_middle():
    rng = np.random.default_rng(1)
    a, b, c = rng.normal(size=(3, 500))
    frame = pd.DataFrame({"a": a, "copy": 2 * a + 1, "b": b, "c": c, "same": 3.04, "none": np.nan})
    frame.loc[7, "a"] = np.nan
    space = likeness_space(
        frame, {"a": "money", "copy": "money", "b": "money", "c": "season", "same": "other", "none": "other"}
    )
    assert space.names == ("a", "b", "c")
    assert space.points[7, 0] == pytest.approx(0.0, abs=0.05)
    spread = space.points.std(axis=0)
    assert spread[0] ** 2 + spread[1] ** 2 == pytest.approx(spread[2] ** 2, rel=0.05)


def test_those_next_to_the_group_come_first_and_none_of_it():
    rng = np.random.default_rng(2)
    points = np.vstack(
        [rng.normal(5, 0.1, (20, 3)), rng.normal(4.5, 0.1, (5, 3)), rng.normal(0, 1, (200, 3))]
    )
    space = LikenessSpace(("a", "b", "c"), points)
    found = most_alike(space, np.arange(20), 5)
    assert sorted(found.rows) == [20, 21, 22, 23, 24]
    assert list(found.distances) == sorted(found.distances)
    assert set(found.like) <= set(range(20))
    among = np.ones(225, dtype=bool)
    among[20] = False
    assert 20 not in most_alike(space, np.arange(20), 5, among).rows


def test_what_sets_the_group_apart_counts_most():
    rng = np.random.default_rng(3)
    points = rng.normal(size=(400, 2))
    points[:40, 0] += 3
    weighted = LikenessSpace(("apart", "noise"), points).of_group(np.arange(40)).points.std(axis=0)
    assert weighted[0] > 3 * weighted[1]


def test_few_members_all_stand_for_the_group():
    space = LikenessSpace(("a",), np.arange(10.0)[:, None])
    assert medoids(space, np.array([3, 1])).tolist() == [1, 3]
    assert len(medoids(space, np.arange(10), 3)) == 3


def test_the_hidden_half_is_found_again_only_where_there_is_something_in_common():
    rng = np.random.default_rng(4)
    points = rng.normal(size=(1000, 4))
    by_chance = hide_half(LikenessSpace(tuple("abcd"), points), np.arange(60))
    points[:60] += 2.5
    alike = hide_half(LikenessSpace(tuple("abcd"), points), np.arange(60))
    assert by_chance is not None
    assert alike is not None
    assert (alike.told, alike.hidden, alike.listed) == (30, 30, 30)
    assert alike.by_chance == pytest.approx(30 * 30 / 970)
    assert alike.found > 15
    assert by_chance.found < 6
    assert hide_half(LikenessSpace(("a",), points[:, :1]), np.arange(9)) is None
