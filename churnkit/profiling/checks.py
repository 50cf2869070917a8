"""How a check becomes a finding: a code, an outcome, a figure, words and a remedy.

``not_applicable`` means that the export lacks what the check looks at; ``skipped`` that there is too little
of it. Points are multiples of a quarter, so that sums of them are exact in binary floating point.
"""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.results.profile import Check, CheckOutcome


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

    def _result(self, outcome: CheckOutcome, words: str, figure: float | int | None, points: float) -> Check:
        return Check(
            code=self.code,
            title=self.title,
            group=self.group,
            outcome=outcome,
            figure=figure,
            unit=self.unit,
            words=words,
            remedy=self.remedy if outcome in ("warn", "fail") else "",
            points=points,
        )
