"""Reports that write the customer, order or date on the first row of a block only: blank cells below take it from there.

Nothing is filled without evidence: cells merged in the sheet; lines that have no date of their own; or blocks of one
customer each, every one beginning anew in time or behind a subtotal. A guest's order has a date and stands among others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from churnkit.ingest.cells import date_sql, detect_date_format
from churnkit.ingest.columns.block_cells import BlockCells, cells_of
from churnkit.ingest.columns.block_filling import Filling, filled
from churnkit.ingest.columns.header_likeness import header_score
from churnkit.ingest.columns.preset_lookup import detect_preset
from churnkit.ingest.engine import counted, quote_identifier
from churnkit.ingest.files import RawTable

# Reports for people to look at; a larger table comes from a program that fills its rows.
_MAX_ROWS = 300_000
_MIN_BLANK = 0.15
_FULL = 0.9
_NEARLY_ALL = 0.98
_MANY = 0.8
_SOME = 0.3
_MIN_BLOCKS = 3
_LEVELS = 2
_TOTAL = (
    r"\b(sub|grand )?totals?\b|\bsum(a|ma)?\b|summe|gesamt|saldo|somme|totale|totaal|итого|всего|razem|celkem|toplam"
    r"|合計|小計|总计|小计"
)


def fill_blocks(raw: RawTable) -> RawTable:
    """The table with cells taken from above where its blocks leave them blank; the same table where there are none."""
    if raw.row_count > _MAX_ROWS or detect_preset(raw.columns) is not None or not _may_have_blocks(raw):
        return raw
    for _ in range(_LEVELS):
        filling = _to_fill(raw)
        if filling is None:
            break
        raw = filled(raw, filling)
    return raw


def _may_have_blocks(raw: RawTable) -> bool:
    """Whether a column of the first rows begins filled and has blanks."""
    names = list(raw.columns)
    counts = raw.one(
        "SELECT count(*), {counts} FROM {head}",
        counts=", ".join(f"count({quote_identifier(name)})" for name in names),
    )
    rows = counts[0]
    return any(filled <= (1 - _MIN_BLANK) * rows and filled > 0 for filled in counts[1:])


def _to_fill(raw: RawTable) -> Filling | None:
    """Columns whose blanks take the value above, None where nothing shows that they should."""
    cells = cells_of(raw, "true")
    dates = [name for name, found in cells.items() if found.are_dates]
    if not dates:
        return None
    dated = max(dates, key=lambda name: cells[name].filled)
    return _below_orders(raw, cells, dated) or _below_dates(raw, cells, dated)


def _below_dates(raw: RawTable, cells: Mapping[str, BlockCells], dated: str) -> Filling | None:
    """Lines have dates of their own, what stands above them has none: customers head their orders."""
    body = f"{quote_identifier(dated)} IS NOT NULL"
    facts = cells_of(raw, body)
    heads = [name for name, found in cells.items() if found.filled and not facts[name].filled]
    if len(heads) == 1 and _has_headings(raw, heads[0], facts[heads[0]].rows):
        return Filling(tuple(heads), body, _alone(raw, heads[0]))
    sparse = {
        name: found
        for name, found in facts.items()
        if _MIN_BLANK <= found.blank_share < 1 and found.first_is_filled and found.filled >= 2
    }
    columns = [name for name in sparse if name in raw.merged]
    for leader in sorted(sparse, key=lambda name: sparse[name].blank_share):
        if not columns and _is_block(raw, leader, facts, dated, body):
            columns = _alike(raw, leader, sparse, body)
    columns = [name for name in columns if _may_be_filled(name, sparse[name])]
    return Filling(tuple(columns), body, body) if columns else None


def _below_orders(raw: RawTable, cells: Mapping[str, BlockCells], dated: str) -> Filling | None:
    """Dates stand on the first line of an order only: a sale has one, so the lines below take that and what is beside it."""
    if cells[dated].blank_share < _MIN_BLANK or not cells[dated].first_is_filled:
        return None
    date = quote_identifier(dated)
    names = [name for name in raw.columns if name != dated]
    undated, *counts = raw.one(
        "SELECT {undated}, {counts} FROM {raw}",
        undated=counted(f"{date} IS NULL"),
        counts=", ".join(
            f"{counted(f'{date} IS NULL AND {column} IS NULL')}, {counted(f'{date} IS NOT NULL AND {column} IS NULL')}"
            for column in map(quote_identifier, names)
        ),
    )
    columns = [dated]
    others = []
    for name, blank_below, blank_beside in zip(names, counts[::2], counts[1::2], strict=True):
        if blank_below >= 0.5 * undated and blank_beside <= (1 - _NEARLY_ALL) * cells[dated].filled:
            columns.append(name)
        elif blank_below <= (1 - _FULL) * undated:
            others.append(name)
    leading = next((name for name in names if not cells[name].are_numbers and cells[name].filled), None)
    if len(columns) < 2 or not others or leading in others or _are_sums(raw, date, others):
        return None
    # A label where customers or orders stand, and no date: a subtotal.
    labels = " OR ".join(f"{quote_identifier(name)} IS NOT NULL" for name in columns if name != dated)
    lines = " AND ".join(f"{quote_identifier(name)} IS NOT NULL" for name in others)
    body = f"({date} IS NOT NULL OR (NOT ({labels}) AND {lines}))"
    return Filling(
        tuple(name for name in columns if _may_be_filled(name, cells[name])), body, f"{date} IS NOT NULL"
    )


def _are_sums(raw: RawTable, date: str, others: Sequence[str]) -> bool:
    """Whether rows without a date call themselves totals."""
    texts = [name for name in others if raw.types[name] == "VARCHAR"]
    if not texts:
        return False
    said = " OR ".join(f"regexp_matches(lower({quote_identifier(name)}), $total)" for name in texts)
    rows, sums = raw.one(
        "SELECT count(*), {sums} FROM {raw} WHERE {date} IS NULL",
        {"total": _TOTAL},
        sums=counted(said),
        date=date,
    )
    return bool(sums > (1 - _FULL) * rows)


def _has_headings(raw: RawTable, column: str, rows: int) -> bool:
    """Whether the column stands alone on rows of its own, which head the rows below."""
    is_alone = _alone(raw, column)
    alone, first = raw.one(
        "SELECT {alone}, coalesce(arg_min({is_alone}, {row}), false) FROM {raw}",
        alone=counted(is_alone),
        is_alone=is_alone,
    )
    return bool(first) and 2 <= alone <= rows


def _alone(raw: RawTable, column: str) -> str:
    """Condition: nothing but this cell is filled."""
    others = (f"{quote_identifier(name)} IS NULL" for name in raw.columns if name != column)
    return " AND ".join((f"{quote_identifier(column)} IS NOT NULL", *others))


def _alike(raw: RawTable, leader: str, sparse: Mapping[str, BlockCells], body: str) -> list[str]:
    """Columns that are blank on the same rows as ``leader``."""
    names = list(sparse)
    lead = quote_identifier(leader)
    same = raw.one(
        "SELECT count(*), {same} FROM {raw} WHERE {body}",
        same=", ".join(counted(f"({quote_identifier(name)} IS NULL) = ({lead} IS NULL)") for name in names),
        body=body,
    )
    return [name for name, number in zip(names, same[1:], strict=True) if number >= _NEARLY_ALL * same[0]]


def _may_be_filled(name: str, cells: BlockCells) -> bool:
    """Whether a cell says the same of all rows of its block: a sum of the block would be counted again and again."""
    if not cells.are_numbers or cells.are_dates:
        return True
    if cells.whole < cells.filled:
        return False
    return (
        cells.are_unique or max(header_score(field, name)[0] for field in ("customer_id", "order_id")) >= 0.6
    )


def _is_block(raw: RawTable, leader: str, facts: Mapping[str, BlockCells], dated: str, body: str) -> bool:
    """Whether each value begins a block of its own: it comes once, and its rows go back in time or follow a subtotal."""
    cells = facts[leader]
    if not cells.are_unique or cells.are_dates or (cells.are_numbers and not _may_be_filled(leader, cells)):
        return False
    if _names_buyers(raw, leader, facts, body):
        return False
    fmt = detect_date_format(raw, dated)
    blocks, followed, behind, back, inside, inside_back, inside_on = raw.one(
        """
        SELECT {blocks}, {followed}, {behind}, {back}, {inside}, {inside_back}, {inside_on} FROM (
            SELECT {leader} IS NOT NULL AS starts, number, moment,
                   lag(moment) OVER (ORDER BY number) AS before,
                   lag(segment) OVER (ORDER BY number) < segment AS is_behind,
                   lead({leader} IS NULL) OVER (ORDER BY number) AS has_more
            FROM (
                SELECT {column} AS {leader}, {row} AS number, {body} AS is_body, {moment} AS moment,
                       sum(CASE WHEN NOT ({body}) THEN 1 ELSE 0 END) OVER (ORDER BY {row}) AS segment
                FROM {raw}
            ) WHERE is_body
        )
        """,
        column=quote_identifier(leader),
        leader=quote_identifier("leader of blocks"),
        body=body,
        moment=date_sql(dated, fmt),
        blocks=counted("starts"),
        followed=counted("starts AND has_more"),
        behind=counted("starts AND is_behind"),
        back=counted("starts AND moment < before"),
        inside=counted("NOT starts"),
        inside_back=counted("NOT starts AND moment < before"),
        inside_on=counted("NOT starts AND moment > before"),
    )
    if blocks < _MIN_BLOCKS or followed < _SOME * blocks:
        return False
    if behind >= _MANY * (blocks - 1):
        return True
    in_order = min(inside_back, inside_on) <= (1 - _NEARLY_ALL) * inside
    rising = inside_back <= inside_on
    return bool(in_order and rising and back >= _SOME * (blocks - 1))


def _names_buyers(raw: RawTable, leader: str, facts: Mapping[str, BlockCells], body: str) -> bool:
    """Whether another column names a buyer by e-mail where this one is blank: then its blanks are guests."""
    others = [name for name in facts if name != leader and raw.types[name] == "VARCHAR"]
    if not others:
        return False
    found = raw.one(
        "SELECT count(*), {mails} FROM {raw} WHERE {leader} IS NULL AND {body}",
        mails=", ".join(counted(f"contains({quote_identifier(name)}, '@')") for name in others),
        leader=quote_identifier(leader),
        body=body,
    )
    return any(mails >= 0.5 * found[0] for mails in found[1:])
