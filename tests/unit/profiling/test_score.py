"""The quality score and its deductions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from churnkit.profiling import quality_score
from churnkit.profiling.checks import CheckSpec
from churnkit.results.profile import Check

SPEC = CheckSpec("DQ-999", "Title", "Group", "rows", "Mend it.", warn_points=0.25, fail_points=1.5)


def check(code: str, points: float) -> Check:
    return Check(
        code=code,
        title=f"Title of {code}",
        group="Group",
        outcome="warn",
        figure=1,
        unit="rows",
        words="Words.",
        remedy="Mend it.",
        points=points,
    )


def test_a_clean_file_scores_ten():
    score = quality_score(
        [SPEC.passed("Fine.", 0), SPEC.not_applicable("No such column."), SPEC.skipped("Few.")]
    )
    assert (score.value, score.verdict, score.deductions) == (10.0, "good", ())


def test_deductions_come_largest_first_and_explain_the_score():
    score = quality_score([check("DQ-2", 0.25), check("DQ-1", 0.25), check("DQ-3", 1.5)])
    assert score.value == 8.0
    assert [(item.code, item.points) for item in score.deductions] == [
        ("DQ-3", 1.5),
        ("DQ-1", 0.25),
        ("DQ-2", 0.25),
    ]
    assert score.deductions[0].why == "Title of DQ-3: Words."
    assert score.deductions[0].remedy == "Mend it."


def test_the_score_stops_at_zero_and_the_last_deduction_is_cut_to_fit():
    score = quality_score([check(f"DQ-{i}", 4.0) for i in range(4)])
    assert score.value == 0.0
    assert [item.points for item in score.deductions] == [4.0, 4.0, 2.0]
    assert score.verdict == "poor"


def test_verdicts_change_at_their_bounds():
    verdicts = [
        quality_score([check("DQ-1", points)]).verdict for points in (2.0, 2.25, 4.0, 4.25, 6.0, 6.25)
    ]
    assert verdicts == ["good", "usable", "usable", "weak", "weak", "poor"]


@given(st.lists(st.integers(0, 12), max_size=60))
def test_deductions_add_up_exactly(quarters):
    score = quality_score([check(f"DQ-{i:03d}", n / 4) for i, n in enumerate(quarters)])
    assert 0.0 <= score.value <= 10.0
    assert sum(item.points for item in score.deductions) == 10.0 - score.value
    assert all(item.points > 0 for item in score.deductions)


def test_a_spec_gives_points_and_a_remedy_to_findings_only():
    assert SPEC.graded(0.1, "w", warn_above=0.1).outcome == "pass"
    warned = SPEC.graded(0.11, "w", warn_above=0.1, fail_above=0.5)
    failed = SPEC.graded(0.51, "w", warn_above=0.1, fail_above=0.5)
    assert (warned.outcome, warned.points, warned.remedy) == ("warn", 0.25, "Mend it.")
    assert (failed.outcome, failed.points, failed.remedy) == ("fail", 1.5, "Mend it.")
    assert SPEC.passed("w").remedy == ""
    assert SPEC.graded(0.9, "w", warn_above=0.1).outcome == "warn"
