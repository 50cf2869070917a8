"""What a check is: a code, an outcome, a figure, words and a remedy.

``not_applicable`` means that the export lacks what the check looks at; ``skipped`` that there is too little
of it. Points are multiples of a quarter, so that sums of them are exact in binary floating point.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Outcome = Literal["pass", "warn", "fail", "not_applicable", "skipped"]


@dataclass(frozen=True)
class Check:
    """One finding about the data.

    Attributes
    ----------
    code
        Stable name such as ``DQ-101``; the hundreds are the group.
    figure, unit
        The number that decided, or ``None`` where there is none, and what it counts. Shares lie in 0..1.
    words
        The finding in one or two sentences.
    remedy
        What to do about it; empty where nothing needs doing.
    points
        What it costs in the quality score, a multiple of 0.25.
    """

    code: str
    title: str
    group: str
    outcome: Outcome
    figure: float | int | None
    unit: str
    words: str
    remedy: str
    points: float

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class CheckSpec:
    """The fixed part of a check; its methods make the finding.

    ``warn_points`` and ``fail_points`` are what a finding costs unless the caller says otherwise.
    """

    code: str
    title: str
    group: str
    unit: str
    remedy: str
    warn_points: float = 0.25
    fail_points: float = 1.0

    def passed(self, words: str, figure: float | int | None = None) -> Check:
        """Nothing to complain about."""
        return self._result("pass", words, figure, 0.0)

    def warned(self, words: str, figure: float | int | None, points: float | None = None) -> Check:
        """Worth a look; the analysis can be trusted with that in mind."""
        return self._result("warn", words, figure, self.warn_points if points is None else points)

    def failed(self, words: str, figure: float | int | None) -> Check:
        """Mend it before trusting figures that rest on it."""
        return self._result("fail", words, figure, self.fail_points)

    def not_applicable(self, words: str) -> Check:
        """The export does not have what the check needs."""
        return self._result("not_applicable", words, None, 0.0)

    def skipped(self, words: str) -> Check:
        """There is too little data for the check to mean anything."""
        return self._result("skipped", words, None, 0.0)

    def graded(
        self, figure: float, words: str, *, warn_above: float, fail_above: float | None = None
    ) -> Check:
        """Pass, warn or fail by limits that the figure must not exceed."""
        if fail_above is not None and figure > fail_above:
            return self.failed(words, figure)
        if figure > warn_above:
            return self.warned(words, figure)
        return self.passed(words, figure)

    def _result(self, outcome: Outcome, words: str, figure: float | int | None, points: float) -> Check:
        remedy = self.remedy if outcome in ("warn", "fail") else ""
        return Check(self.code, self.title, self.group, outcome, figure, self.unit, words, remedy, points)
