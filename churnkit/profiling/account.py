"""What ingest did to the file: rows in, rows kept, and the ledger of reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from churnkit.errors import DataError
from churnkit.profiling.checks import CheckSpec
from churnkit.results.profile import Check, LedgerLine
from churnkit.text.figures import count, counted, percent

GROUP = "File and volume"
LEDGER_COLUMNS = ("reason", "action", "rows", "share", "explanation")
NOT_CONSIDERED = ("after_as_of", "continuation_line", "summary_row")
BROKEN = ("unreadable",)

ACCOUNTED = CheckSpec(
    "DQ-104",
    "Account of the rows",
    GROUP,
    "rows unexplained",
    "Read the file again; if rows are still missing, report the file's header as a defect.",
    fail_points=1.0,
)
READABLE = CheckSpec(
    "DQ-105",
    "Unreadable rows",
    GROUP,
    "share of rows",
    "Export the file again; broken rows often come from editing it in a spreadsheet.",
    warn_points=0.5,
    fail_points=1.5,
)


@dataclass(frozen=True)
class Account:
    """Rows in, rows kept, and the ledger; see the ledger's own documentation for its reasons."""

    rows_in: int
    rows_kept: int
    ledger: pd.DataFrame

    def __post_init__(self) -> None:
        absent = [name for name in LEDGER_COLUMNS if name not in self.ledger.columns]
        if absent:
            raise DataError(
                f"Reading the ledger: columns {', '.join(LEDGER_COLUMNS)} must be there, {', '.join(absent)}"
                " missing."
            )

    def dropped(self, reasons: Iterable[str] | None = None) -> int:
        """Rows dropped for one of the reasons, or for any."""
        lines = self.ledger[self.ledger["action"] == "dropped"]
        if reasons is not None:
            lines = lines[lines["reason"].isin(list(reasons))]
        return int(lines["rows"].sum())

    @property
    def considered(self) -> int:
        """Rows that shares are taken of: no headings, continuation lines or rows after the as-of date."""
        return max(1, self.rows_in - self.dropped(NOT_CONSIDERED))

    def lines(self) -> tuple[LedgerLine, ...]:
        """The ledger line by line; ``examples`` is empty where ingest gave none."""
        return tuple(
            LedgerLine(
                reason=str(line["reason"]),
                action=str(line["action"]),
                rows=int(line["rows"]),
                share=float(line["share"]),
                explanation=str(line["explanation"]),
                examples=str(line.get("example_rows", "")),
            )
            for line in self.ledger.to_dict("records")
        )

    def checks(self) -> list[Check]:
        """Whether the account adds up, and how much of the file could not be read."""
        unexplained = self.rows_in - self.rows_kept - self.dropped()
        words = (
            f"{count(self.rows_in)} rows in, {count(self.rows_kept)} kept, {count(self.dropped())} dropped with a"
            " reason."
        )
        accounted = (
            ACCOUNTED.passed(words, 0)
            if unexplained == 0
            else ACCOUNTED.failed(
                f"{words} {counted(abs(unexplained), 'row')} without explanation.", unexplained
            )
        )
        broken = self.dropped(BROKEN)
        share = broken / self.considered
        if broken == 0:
            return [accounted, READABLE.passed("Every row could be read.", 0.0)]
        words = f"{counted(broken, 'row')} could not be read ({percent(share)} of the file)."
        return [accounted, READABLE.graded(share, words, warn_above=0.001, fail_above=0.05)]
