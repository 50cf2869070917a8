"""The quality score: ten, less what the checks found."""

from __future__ import annotations

from collections.abc import Iterable

from churnkit.results.profile import Check, Deduction, QualityScore

FULL_SCORE = 10.0
VERDICTS = (
    (8.0, "good", "Good: the findings below are worth a look, none stands in the way."),
    (6.0, "usable", "Usable: results hold, with the findings below in mind."),
    (4.0, "weak", "Weak: mend the findings below before acting on single customers."),
    (0.0, "poor", "Poor: do not act on results from this file before the findings below are mended."),
)


def quality_score(checks: Iterable[Check]) -> QualityScore:
    """Subtract what warned and failed checks cost from ten.

    Deductions come largest first. Where they exceed ten, the last ones are cut to what is left, so that
    the items always explain the score.
    """
    costly = sorted((check for check in checks if check.points > 0), key=lambda c: (-c.points, c.code))
    left = FULL_SCORE
    deductions: list[Deduction] = []
    for check in costly:
        points = min(check.points, left)
        if points == 0:
            break
        left -= points
        deductions.append(
            Deduction(
                code=check.code,
                points=points,
                why=check.cost_words,
                figure=check.figure,
                remedy=check.remedy,
            )
        )
    verdict, words = next((name, text) for least, name, text in VERDICTS if left >= least)
    if not deductions:
        words = "Nothing to deduct: every check that applies has passed."
    return QualityScore(
        value=left, out_of=FULL_SCORE, verdict=verdict, words=words, deductions=tuple(deductions)
    )
