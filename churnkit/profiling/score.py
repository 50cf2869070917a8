"""The quality score: ten, less what the checks found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from churnkit.profiling.checks import Check

FULL_SCORE = 10.0
VERDICTS = (
    (8.0, "good", "Good: the findings below are worth a look, none stands in the way."),
    (6.0, "usable", "Usable: results hold, with the findings below in mind."),
    (4.0, "weak", "Weak: mend the findings below before acting on single customers."),
    (0.0, "poor", "Poor: do not act on results from this file before the findings below are mended."),
)


@dataclass(frozen=True)
class Deduction:
    """What one finding costs: ``points`` is a multiple of 0.25, ``figure`` the number behind it."""

    code: str
    points: float
    why: str
    figure: float | int | None
    remedy: str


@dataclass(frozen=True)
class QualityScore:
    """Score in 0..10, a multiple of 0.25; the points of ``deductions`` add up to exactly ``10 - value``."""

    value: float
    verdict: str
    words: str
    deductions: tuple[Deduction, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "value": self.value,
            "out_of": FULL_SCORE,
            "verdict": self.verdict,
            "words": self.words,
            "deductions": [asdict(deduction) for deduction in self.deductions],
        }


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
            Deduction(check.code, points, f"{check.title}: {check.words}", check.figure, check.remedy)
        )
    verdict, words = next((name, text) for least, name, text in VERDICTS if left >= least)
    if not deductions:
        words = "Nothing to deduct: every check that applies has passed."
    return QualityScore(left, verdict, words, tuple(deductions))
