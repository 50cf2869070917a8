"""What must hold of arms and lists for all customers, shares and seeds."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from churnkit.campaigns import HOLDOUT, TREATMENT, Exclusions, assign_arms, contacts_of, phone_of

EXAMPLES = settings(deadline=None, derandomize=True, max_examples=40)

lists = st.lists(st.sampled_from("abcd"), min_size=1, max_size=120)
shares = st.floats(0, 0.9)
seeds = st.integers(0, 2**32)


@EXAMPLES
@given(lists, shares, seeds)
def test_arms_are_complete_and_every_stratum_has_its_share_within_rounding(names, share, seed) -> None:
    stratum = pd.Series(names)
    ids = pd.Series([f"c{n}" for n in range(len(names))])
    arms = pd.Series(assign_arms(ids, stratum, share, seed))
    assert set(arms) <= {TREATMENT, HOLDOUT}
    for _, found in (arms == HOLDOUT).groupby(stratum):
        assert abs(found.sum() - share * len(found)) < 1 + 1e-9
    held = (arms == HOLDOUT).sum()
    assert math.floor(share * len(ids) - 1e-9) <= held <= math.ceil(share * len(ids) + 1e-9)


@EXAMPLES
@given(lists, shares, seeds, st.randoms(use_true_random=False))
def test_same_seed_same_arms_in_any_order_of_rows(names, share, seed, random) -> None:
    stratum = pd.Series(names)
    ids = pd.Series([f"c{n}" for n in range(len(names))])
    order = list(range(len(names)))
    random.shuffle(order)
    straight = assign_arms(ids, stratum, share, seed)
    again = assign_arms(ids.iloc[order], stratum.iloc[order], share, seed)
    assert again.tolist() == straight[order].tolist()


@EXAMPLES
@given(
    st.lists(
        st.tuples(st.sampled_from(["1", "A@x.com", "a@x.com", "2", "3"]), st.floats(0, 9)),
        unique_by=lambda r: r[0],
    ),
    st.sets(st.sampled_from(["1", "a@x.com", "3"])),
    st.none() | st.floats(0, 9),
    st.none() | st.integers(1, 4),
)
def test_everybody_is_a_member_or_has_one_reason(rows, refused, floor, limit) -> None:
    ranked = pd.DataFrame(rows, columns=["customer_id", "clv_if_kept"]).assign(expected_gain=1.0)
    rules = Exclusions(do_not_contact=frozenset(refused), value_floor=floor, max_customers=limit)
    reason, _ = rules.reasons(ranked)
    members = ranked[reason.isna()]
    assert len(reason) == len(ranked)
    assert not set(members["customer_id"]) & refused
    assert floor is None or (members["clv_if_kept"] >= floor).all()
    assert limit is None or len(members) <= limit
    assert len(set(members["customer_id"].str.lower())) == len(members)


@EXAMPLES
@given(st.text(max_size=20) | st.from_regex(r"\+?[0-9 ()./-]{5,20}", fullmatch=True))
def test_phone_is_the_digits_as_written_or_nothing(text) -> None:
    number = phone_of(text)
    if number is not None:
        assert number[0] == "+"
        assert number[1:] == "".join(c for c in text if c.isdigit())
        assert 8 <= len(number) - 1 <= 15


@EXAMPLES
@given(st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=8))
def test_contacts_keep_every_id_and_make_nothing_up(ids) -> None:
    found = contacts_of(pd.Series(ids, dtype=str))
    assert found["customer_id"].tolist() == ids
    known = found[["email", "phone"]].to_numpy()
    assert all(value is None or (isinstance(value, str) and value) for value in np.ravel(known))
    assert found[["first_name", "last_name", "country"]].isna().all(axis=None)
