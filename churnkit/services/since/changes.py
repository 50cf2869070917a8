"""What changed between two versions of a shop: the shop as a whole, who moved, and who of them matters most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.results.folders import Results
from churnkit.segments.grid import value_band
from churnkit.services.analyse.run_transactions import transactions_of
from churnkit.services.since.moves import TITLES, WITHOUT_TIERS, have_tiers, moved, standings
from churnkit.text import figures

MOST_LISTED = 100


@dataclass(frozen=True)
class TurnOver:
    """What was sold in some days: ``revenue`` in money, net of returns."""

    orders: int
    customers: int
    revenue: float


@dataclass(frozen=True)
class Changes:
    """A shop since an earlier version.

    Attributes
    ----------
    before, now
        The cutoffs of both versions.
    tells_tiers
        Whether both have tiers for the same threshold: else nobody is about to leave in either.
    active_before, active, leaving_before, leaving
        Customers by the threshold of the newer version; the leaving are those in the high tier, and active, too.
    at_risk_before, at_risk
        Value at risk of the active, money; None where a version proves nothing, or asked another question.
    since, as_long_before
        What was sold since, and in as many days before; the latter None where the history begins later.
    customers
        The frame of :func:`~churnkit.services.since.moves.moved`.
    moves
        One row per kind of move that somebody made: ``move``, ``title``, ``customers``, ``spent_since``, ``clv_then``
        (missing for new ones), ``clv``, ``value_at_risk``, all money but the first two.
    gone
        Customers of the earlier version whom the newer one does not know any more.
    notes
        What a reader must know, one sentence each.
    """

    before: datetime
    now: datetime
    tells_tiers: bool
    active_before: int
    active: int
    leaving_before: int
    leaving: int
    at_risk_before: float | None
    at_risk: float | None
    since: TurnOver
    as_long_before: TurnOver | None
    customers: pd.DataFrame
    moves: pd.DataFrame
    gone: int
    notes: tuple[str, ...]

    @property
    def days(self) -> float:
        """Days between the two."""
        return (self.now - self.before) / timedelta(days=1)

    def valuable_at_risk(self) -> pd.DataFrame:
        """Who has come into the high tier since, and is worth more than four in five of the active; most at risk first."""
        rows = self.customers[self.customers["standing"] != "lapsed"]
        valuable = value_band(rows["clv_if_kept"].to_numpy(dtype=float)) == "high"
        newly = (rows["standing"] == "leaving") & (rows["standing_before"] != "leaving")
        return _first(rows[valuable & newly.to_numpy()], "value_at_risk")

    @property
    def newly_leaving(self) -> int:
        """How many are at high risk now and were not then, new customers and those who came back among them."""
        now, then = self.customers["standing"], self.customers["standing_before"]
        return int(((now == "leaving") & (then != "leaving")).sum())

    def of_move(self, move: str) -> pd.DataFrame:
        """The customers who made a move, those first who matter most for it, at most ``MOST_LISTED``."""
        by = {
            "won_back": "spent_since",
            "new": "spent_since",
            "out_of_danger": "spent_since",
            "lapsed": "clv_then",
        }
        usual = "value_at_risk" if move in WITHOUT_TIERS else "clv"
        return _first(self.customers[self.customers["move"] == move], by.get(move, usual))


def compare_runs(before: Results, now: Results, *, same_model: bool) -> Changes:
    """What changed from an earlier version to a later one; a second or two, for the later one's orders are read.

    Parameters
    ----------
    same_model
        Whether one model scored both.
    """
    begin, end = before.summary.question.cutoff, now.summary.question.cutoff
    with transactions_of(now.folder) as transactions:
        spent = _spent(transactions, begin, end)
        since = _turn_over(transactions, begin, end)
        first = transactions.aggregate(first=_.ordered_at.min()).to_pyarrow()["first"][0].as_py()
        earlier = begin - (end - begin)
        as_long = _turn_over(transactions, earlier, begin) if first <= earlier else None
    customers, tiers = moved(before, now, spent), have_tiers(before, now)
    standing, known = customers["standing"], customers["standing_before"] != "unknown"
    gone = len(before.customers) - int(known.sum())
    stood = standings(before, now.horizon_days, tiers=tiers)
    return Changes(
        before=begin,
        now=end,
        tells_tiers=tiers,
        active_before=int((stood != "lapsed").sum()),
        active=int((standing != "lapsed").sum()),
        leaving_before=int((stood == "leaving").sum()),
        leaving=int((standing == "leaving").sum()),
        at_risk_before=_at_risk(before) if before.horizon_days == now.horizon_days else None,
        at_risk=_at_risk(now),
        since=since,
        as_long_before=as_long,
        customers=customers,
        moves=_moves(customers),
        gone=gone,
        notes=_notes(before, now, gone, tiers=tiers, same_model=same_model),
    )


def _spent(transactions: ir.Table, begin: datetime, end: datetime) -> pd.DataFrame:
    inside = transactions.filter((_.ordered_at >= begin) & (_.ordered_at < end))
    table = inside.group_by("customer_id").aggregate(
        orders_since=_.order_id.nunique(where=_.amount > 0), spent_since=_.amount.sum().round(2)
    )
    spent: pd.DataFrame = table.to_pandas()
    return spent


def _turn_over(transactions: ir.Table, begin: datetime, end: datetime) -> TurnOver:
    inside = transactions.filter((_.ordered_at >= begin) & (_.ordered_at < end))
    (row,) = (
        inside.aggregate(
            orders=_.order_id.nunique(where=_.amount > 0),
            customers=_.customer_id.nunique(where=_.amount > 0),
            revenue=_.amount.sum(),
        )
        .to_pyarrow()
        .to_pylist()
    )
    return TurnOver(row["orders"], row["customers"], float(row["revenue"] or 0.0))


def _at_risk(results: Results) -> float | None:
    value = results.customers.loc[results.customers["status"] == "active", "value_at_risk"]
    return float(value.sum()) if value.notna().any() else None


def _moves(customers: pd.DataFrame) -> pd.DataFrame:
    sums = {name: (name, "sum") for name in ("spent_since", "clv", "value_at_risk")}
    table = customers.groupby("move").agg(
        customers=("customer_id", "size"),
        clv_then=("clv_then", lambda values: values.sum(min_count=1)),
        **sums,
    )
    table = table.reindex([move for move in TITLES if move in table.index])
    return table.assign(title=[TITLES[move] for move in table.index]).rename_axis("move").reset_index()


def _first(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    ordered = rows.sort_values([by, "customer_id"], ascending=[False, True], na_position="last")
    return ordered.head(MOST_LISTED).reset_index(drop=True)


def _notes(before: Results, now: Results, gone: int, *, tiers: bool, same_model: bool) -> tuple[str, ...]:
    notes = []
    if before.horizon_days != now.horizon_days:
        notes.append(
            f"The churn threshold was {figures.days(before.horizon_days)} then and is"
            f" {figures.days(now.horizon_days)} now. Who was active then is told by the threshold of now; the"
            " probabilities of both speak of different questions and are not compared."
        )
    elif not tiers:
        notes.append(
            "One of the two versions proves nothing about who leaves, so nobody is said to be at high risk."
        )
    elif not same_model:
        notes.append(
            "Another model scored then: some of the moves between tiers are the model's and not the customers'."
        )
    if gone:
        notes.append(
            f"{figures.counted(gone, 'customer')} of then {'is' if gone == 1 else 'are'} not in the orders any more:"
            " their orders were taken out, or stand under another customer now."
        )
    return tuple(notes)
