"""Rows that add up the rows above them: subtotals, totals, sums of an order."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.ingest.cells import TOTAL_ALONE, TOTAL_OF, DateFormat, trimmed_sql
from churnkit.ingest.columns import IDENTITY, ColumnMapping
from churnkit.ingest.engine import compose, one_row, quote_identifier
from churnkit.ingest.files import RawTable
from churnkit.ingest.rows.money_rules import MoneyRules
from churnkit.ingest.rows.row_money import row_money_sql
from churnkit.text.figures import counted

SUMMARIES = "summary_rows"

# Their cells say whose or when: a word for a total there is no value of theirs.
_WHO = (*IDENTITY, "order_id", "ordered_at")
_WHAT = ("product_id", "product_name", "category")
# In larger files only the columns that are read are searched for the words.
_SMALL = 200_000
# What a row without such a word must leave blank to be compared with the rows above, and how many must equal them.
_MAY_BE_BLANK = ("order_id", "product_id", "product_name", "quantity", "unit_price")
_EQUAL_SHARE = 0.9
_MIN_EQUAL = 3
# Looking is several times as fast as matching. No word has a digit in it.
_MAY_BE = {
    "alone": "NOT ({cell} >= '0' AND {cell} < ':') AND NOT right({cell}, 1) BETWEEN '0' AND '9'",
    "of": "contains({cell}, ' ') AND NOT ({cell} >= '0' AND {cell} < ':' AND right({cell}, 1) < ':')",
}


@dataclass(frozen=True)
class SummaryRows:
    """How many rows add up others; which ones stands in the temporary table `SUMMARIES` unless there are none."""

    rows: int = 0
    notes: tuple[str, ...] = ()


def find_summary_rows(
    raw: RawTable, mapping: ColumnMapping, money: MoneyRules, date: DateFormat
) -> SummaryRows:
    """Find them by their words, and by their money, which equals the sum of the rows since the last such row."""
    columns = mapping.columns
    # Where every cell of the date is a date or empty there is no word among them.
    searched = [name for name in _WHO if not (name == "ordered_at" and date.plain)]
    who = [columns[name] for name in searched if name in columns and _is_text(raw, columns[name])]
    what = [columns[name] for name in _WHAT if name in columns and _is_text(raw, columns[name])]
    free = [name for name in raw.columns if name not in columns.values() and _is_text(raw, name)]
    others = [*what, *(free if raw.row_count <= _SMALL else [])]
    slots = {
        "alone": _any([name for name in who if name not in raw.tidy], "alone"),
        "named": _any(who, "of"),
        "what": _any([name for name in others if name not in raw.tidy], "alone"),
    }
    bound = {"alone": TOTAL_ALONE, "of": TOTAL_OF}
    blank = _blank(raw, mapping)
    if blank == "false" and not _some_word(raw, who, others, bound):
        return SummaryRows()
    _write(raw, mapping, money, slots | {"blank": blank}, _used(bound, *slots.values()))
    (rows,) = one_row(raw.connection, compose("SELECT count(*) FROM {table}", table=SUMMARIES))
    note = f"Left out, as subtotals or totals of the rows above them: {counted(rows, 'row')}."
    return SummaryRows(int(rows), (note,)) if rows else SummaryRows()


def _some_word(raw: RawTable, who: list[str], what: list[str], bound: dict[str, str]) -> bool:
    """Whether a cell of the columns is such a word."""
    for name in dict.fromkeys([*who, *what]):
        alone = _any([name] if name not in raw.tidy else [], "alone")
        named = _any([name] if name in who else [], "of")
        if alone == named == "false":
            continue
        (found,) = raw.one(
            "SELECT count(*) FROM {cells} WHERE ({alone}) OR ({named})",
            _used(bound, alone, named),
            alone=alone,
            named=named,
            **raw.tally(name, asked_again=False),
        )
        if found:
            return True
    return False


def _write(
    raw: RawTable, mapping: ColumnMapping, money: MoneyRules, slots: dict[str, str], bound: dict[str, str]
) -> None:
    """A row with the word in a cell of its own is one; any other must equal the sum of its block or of all rows."""
    raw.run(
        """
        CREATE OR REPLACE TEMP TABLE {table} AS
        WITH marked AS (
            SELECT {row} AS place, {money} AS money, coalesce({alone}, false) AS alone,
                   coalesce(({named}) OR ({what}), false) AS worded, coalesce({blank}, false) AS blank,
                   {undated} AS undated
            FROM {raw}
        ), split AS (
            SELECT *, alone OR worded OR blank AS candidate FROM marked
        ), counted AS (
            -- A candidate adds nothing to these sums, so that they hold what came before it. Counting with a FILTER
            -- over a window would look at all rows above for each row.
            SELECT *, sum(CAST(candidate AS INTEGER)) OVER so_far - CAST(candidate AS INTEGER) AS block,
                   sum(CASE WHEN NOT candidate THEN money END) OVER so_far AS running
            FROM split WINDOW so_far AS (ORDER BY place ROWS UNBOUNDED PRECEDING)
        ), blocks AS (
            SELECT block, count(*) AS lines, sum(money) AS total FROM counted WHERE NOT candidate GROUP BY block
        ), judged AS (
            SELECT counted.*, coalesce(lines, 0) AS lines,
                   coalesce(abs(money - total) < 0.01 OR abs(money - running) < 0.01, false) AS equal
            FROM counted LEFT JOIN blocks USING (block) WHERE candidate
        )
        SELECT place AS source_row FROM judged
        WHERE alone OR (worded AND (equal OR undated)) OR (blank AND equal AND (
            SELECT {equal_ones} >= greatest({least}, {share} * count(*) FILTER (WHERE lines > 1))
            FROM judged WHERE blank AND NOT alone AND NOT worded
        ))
        """,
        bound,
        table=SUMMARIES,
        money=row_money_sql(mapping, money),
        undated=f"{trimmed_sql(raw, mapping.columns['ordered_at'])} IS NULL",
        equal_ones="count(*) FILTER (WHERE equal AND lines > 1)",
        least=str(_MIN_EQUAL),
        share=str(_EQUAL_SHARE),
        **slots,
    )


def _blank(raw: RawTable, mapping: ColumnMapping) -> str:
    """Condition: the row leaves blank what most rows fill; false where no row or too many do."""
    columns = [mapping.columns[name] for name in _MAY_BE_BLANK if name in mapping.columns]
    if not columns:
        return "false"
    blanks = raw.one(
        "SELECT {blanks} FROM {raw}",
        blanks=", ".join(f"count(*) - count({quote_identifier(name)})" for name in columns),
    )
    some = [name for name, found in zip(columns, blanks, strict=True) if 0 < found <= raw.row_count / 2]
    return " OR ".join(f"{quote_identifier(name)} IS NULL" for name in some) or "false"


def _any(columns: list[str], pattern: str) -> str:
    """Condition: one of the cells is such a one; what begins with a digit, or has no blank in it, is not looked through."""
    found = [
        compose(
            "CASE WHEN {may_be} THEN regexp_full_match({cell}, ${pattern}) ELSE false END",
            cell=quote_identifier(name),
            may_be=compose(_MAY_BE[pattern], cell=quote_identifier(name)),
            pattern=pattern,
        )
        for name in columns
    ]
    return " OR ".join(found) or "false"


def _used(bound: dict[str, str], *conditions: str) -> dict[str, str]:
    """The values that the conditions name."""
    return {name: value for name, value in bound.items() if any(f"${name})" in part for part in conditions)}


def _is_text(raw: RawTable, column: str) -> bool:
    return raw.types[column].startswith("VARCHAR")
