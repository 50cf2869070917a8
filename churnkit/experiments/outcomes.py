"""What the customers of a campaign did: from later transactions, or from a file of results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from churnkit.errors import DataError
from churnkit.text.figures import count, day
from churnkit.windows import end_of_data, outcome_end, window_over

if TYPE_CHECKING:
    from ibis.expr import types as ir

_SUM_DIGITS = 4
_MIN_SHARE_KNOWN = 0.5
_TRUE = {"1", "true", "yes", "y", "t"}
_FALSE = {"0", "false", "no", "n", "f", ""}


@dataclass(frozen=True)
class Outcomes:
    """Results of a campaign's customers.

    Attributes
    ----------
    rows
        One row per customer with a result: ``customer_id``, ``converted`` (0 or 1), ``revenue`` (money; left out
        where the source has none), ``prior_revenue`` (money spent in the days before the start; left out where
        the source does not reach back that far) and ``days_to_purchase`` (days from the start to the first purchase,
        missing without one; left out where the source does not say when).
    elapsed_days
        Days of the window that the source covers, at most ``horizon_days``.
    horizon_days
        Length of the window.
    notes
        What the reader must know about the source, one sentence each.
    """

    rows: pd.DataFrame
    elapsed_days: float
    horizon_days: int
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the window is over."""
        return self.elapsed_days >= self.horizon_days


def outcome_table(
    transactions: ir.Table, *, started_at: datetime, ends_at: datetime, since: datetime
) -> ir.Table:
    """Customers of canonical transactions with what they did around a campaign.

    Returns
    -------
    ibis.Table
        Grain customer_id: ``orders`` (distinct orders with an amount above 0), ``bought_at`` (the first of them) and
        ``revenue`` (money, net of returns) in [started_at, ends_at), ``prior_revenue`` in [since, started_at),
        ``known_before`` (a row before started_at).
    """
    import ibis
    from ibis import _

    start, end, back = (ibis.timestamp(moment) for moment in (started_at, ends_at, since))
    within = (_.ordered_at >= start) & (_.ordered_at < end)
    before = (_.ordered_at >= back) & (_.ordered_at < start)
    return transactions.group_by("customer_id").aggregate(
        orders=_.order_id.nunique(where=within & (_.amount > 0)),
        bought_at=_.ordered_at.min(where=within & (_.amount > 0)),
        revenue=_.amount.sum(where=within).fill_null(0.0).round(_SUM_DIGITS),
        prior_revenue=_.amount.sum(where=before).fill_null(0.0).round(_SUM_DIGITS),
        known_before=(_.ordered_at < start).any(),
    )


def outcomes_from_transactions(
    transactions: ir.Table,
    customer_ids: pd.Series,
    *,
    started_at: datetime,
    horizon_days: int,
    lookback_days: int,
) -> Outcomes:
    """Results of ``customer_ids`` from transactions that reach past the start; who bought nothing has 0.

    Parameters
    ----------
    transactions
        Canonical transactions as an Ibis table; those before the start may be missing.
    started_at
        When the campaign was sent.
    horizon_days, lookback_days
        Days from the start in which purchases count, and days before it that make ``prior_revenue``; at least one
        purchase cycle.

    Raises
    ------
    DataError
        If the transactions end before the start, or hardly any of the customers occurs in them.
    """
    ends_at, since = outcome_end(started_at, horizon_days), outcome_end(started_at, -lookback_days)
    reach = transactions.aggregate(
        first=transactions.ordered_at.min(), last=transactions.ordered_at.max()
    ).execute()
    first, last = reach["first"].iloc[0], reach["last"].iloc[0]
    if pd.isna(last) or last < started_at:
        raise DataError(
            f"Reading results: orders after the start of the campaign ({day(started_at)}) are needed, but the last"
            f" order in the file is of {'no day' if pd.isna(last) else f'{day(last)}'}.",
            "Export the orders again, up to today.",
        )
    found = outcome_table(transactions, started_at=started_at, ends_at=ends_at, since=since).execute()
    members = pd.DataFrame({"customer_id": customer_ids.astype(str).to_numpy()})
    rows = members.merge(found, on="customer_id", how="left", validate="one_to_one")
    has_history = first < started_at
    _require_known(rows, has_history, started_at)
    frame = pd.DataFrame(
        {
            "customer_id": rows["customer_id"],
            "converted": (rows["orders"].fillna(0) > 0).astype(int),
            "revenue": rows["revenue"].fillna(0.0).astype(float),
            "days_to_purchase": (rows["bought_at"] - pd.Timestamp(started_at)) / pd.Timedelta(days=1),
        }
    )
    notes = []
    if first <= since:
        frame["prior_revenue"] = rows["prior_revenue"].fillna(0.0).astype(float)
    else:
        notes.append(
            f"The file does not reach back {lookback_days} days before the start, so the forecast of that day takes the"
            " place of earlier spending."
        )
    covered = end_of_data(last.to_pydatetime())
    elapsed = (
        float(horizon_days)
        if window_over(started_at, horizon_days, covered)
        else (covered - started_at).total_seconds() / 86_400
    )
    return Outcomes(frame, elapsed, horizon_days, tuple(notes))


def _require_known(rows: pd.DataFrame, has_history: bool, started_at: datetime) -> None:
    known = rows["known_before"].eq(True) if has_history else rows["orders"].notna()
    needed = _MIN_SHARE_KNOWN * len(rows) if has_history else 1
    if known.sum() >= needed:
        return
    stranger = rows["customer_id"][~known].iloc[0]
    where = f" before {day(started_at)}" if has_history else ""
    raise DataError(
        f"Reading results: the campaign's customers must occur in the file{where}, but only {count(int(known.sum()))} of"
        f" {count(len(rows))} do; {stranger!r} for example does not.",
        "Use the same shop's export with the same customer column as for the analysis.",
    )


def outcomes_from_file(
    results: pd.DataFrame, members: pd.DataFrame, *, horizon_days: int, elapsed_days: float | None = None
) -> Outcomes:
    """Results from a table with one row per customer: ``customer_id``, ``converted`` and/or ``revenue``.

    Customers of the campaign whom the table does not name have no result; they are not taken for non-buyers.

    Parameters
    ----------
    results
        ``converted`` as 0/1, true/false or yes/no (where missing: whether ``revenue`` is above 0); ``revenue`` as
        numbers, blanks count as 0.
    members
        ``customer_id``.
    elapsed_days
        Days of the window that the results cover; None means all.

    Raises
    ------
    DataError
        If columns or customers are missing, a customer repeats, a value cannot be read, or only buyers are listed.
    """
    if "customer_id" not in results or not {"converted", "revenue"} & set(results):
        raise DataError(
            "Reading results: the file must have the columns customer_id and converted or revenue, found"
            f" {', '.join(map(str, results.columns))}.",
            "Name the columns so.",
        )
    frame = pd.DataFrame({"customer_id": results["customer_id"].astype(str).str.strip()})
    twice = frame["customer_id"].duplicated()
    if twice.any():
        raise DataError(
            f"Reading results: each customer must stand in the file once, but {count(int(twice.sum()))} rows repeat one,"
            f" first {frame['customer_id'][twice].iloc[0]!r}.",
            "Sum the revenue of each customer first.",
        )
    if "revenue" in results:
        frame["revenue"] = _numbers(results["revenue"])
    frame["converted"] = (
        _flags(results["converted"]) if "converted" in results else (frame["revenue"] > 0).astype(int)
    )
    known = frame["customer_id"].isin(set(members["customer_id"].astype(str)))
    rows = frame[known].reset_index(drop=True)
    if rows.empty:
        raise DataError(
            f"Reading results: none of the {count(len(frame))} customers in the file belongs to the campaign; the first is"
            f" {frame['customer_id'].iloc[0]!r}."
            if len(frame)
            else "Reading results: the file has no rows.",
            "Use the ids of the exported list.",
        )
    if rows["converted"].all() and len(rows) < len(members):
        raise DataError(
            f"Reading results: each customer of the campaign must have a row, with converted 0 where nothing was bought,"
            f" but the file lists {count(len(rows))} of {count(len(members))} and all of them bought.",
            "Add the customers who did not buy.",
        )
    elapsed = float(horizon_days) if elapsed_days is None else min(elapsed_days, float(horizon_days))
    return Outcomes(rows, elapsed, horizon_days, _file_notes(len(frame), len(rows), len(members)))


def _file_notes(in_file: int, used: int, members: int) -> tuple[str, ...]:
    notes = []
    if in_file > used:
        notes.append(
            f"{count(in_file - used)} customers in the file do not belong to the campaign and were left out."
        )
    if used < members:
        notes.append(
            f"{count(members - used)} of {count(members)} customers have no result in the file and are not counted."
        )
    return tuple(notes)


def _numbers(column: pd.Series) -> pd.Series:
    text = column.astype(object).where(column.notna(), 0)
    text = text.map(lambda value: 0 if isinstance(value, str) and not value.strip() else value)
    numbers = pd.to_numeric(text, errors="coerce")
    bad = ~np.isfinite(numbers.to_numpy(dtype=float))
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(
            f"Reading results: revenue must be a number, but {count(int(bad.sum()))} of {count(len(column))}"
            " values are none,"
            f" first {column.iloc[row]!r} in row {row + 1}.",
            "Write amounts as plain numbers, such as 1234.50.",
        )
    return numbers.astype(float)


def _flags(column: pd.Series) -> pd.Series:
    text = column.map(_flag_text)
    bad = ~text.isin(_TRUE | _FALSE)
    if bad.any():
        row = int(np.argmax(bad.to_numpy()))
        raise DataError(
            f"Reading results: converted must be 0 or 1, but {count(int(bad.sum()))} of {count(len(column))} values are not,"
            f" first {column.iloc[row]!r} in row {row + 1}.",
            "Write 1 for customers who bought and 0 for the others.",
        )
    return text.isin(_TRUE).astype(int)


def _flag_text(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        value = int(value)
    return str(value).strip().lower().removesuffix(".0")
