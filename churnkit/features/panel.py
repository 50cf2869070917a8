"""Events and cutoffs -> the panel, one row per (customer_id, cutoff)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime

import ibis
from ibis import _
from ibis.expr import types as ir

from churnkit.features.cancellations import with_cancellations
from churnkit.features.events import EVENING_START_HOUR, events_at, steady_sum
from churnkit.labels import cutoff_table, label, trades

WINDOWS_DAYS = (30, 60, 90, 180, 365)
TREND_DAYS = (90, 180)
DECAY_DAYS = (30, 90, 180)
# Roots, shares and decayed counts need more digits than sums of money do.
_ROOT_DIGITS = 6
SPEND_TIERS = 5
RANKED = ("recency_days", "order_count", "monetary_total", "monetary_mean")


def panel(
    transactions: ir.Table,
    cutoffs: Sequence[datetime],
    horizon_days: int,
    *,
    observed_until: datetime,
    has_time: bool = True,
) -> ir.Table:
    """Features and outcomes of every customer at every cutoff.

    Parameters
    ----------
    transactions
        Canonical transactions.
    cutoffs
        Instants; features use rows strictly before them.
    horizon_days
        Length of the outcome window in days.
    observed_until
        First instant that is not known any more; outcomes whose window ends later are NULL.
    has_time
        Whether ``ordered_at`` carries a time of day; without one the hour features are left out.

    Returns
    -------
    ibis.Table
        Grain (customer_id, cutoff): every customer with a purchase before the cutoff; feature columns, then
        ``churned``, ``orders_next``, ``spend_next``. Row order is undefined.
    """
    return panel_of_lines(
        with_cancellations(transactions), cutoffs, horizon_days, observed_until, has_time=has_time
    )


def panel_of_lines(
    lines: ir.Table,
    cutoffs: Sequence[datetime],
    horizon_days: int,
    observed_until: datetime,
    *,
    has_time: bool = True,
    events: ir.Table | None = None,
) -> ir.Table:
    """As :func:`panel`, from lines whose cancellations were looked for (and perhaps materialised) before.

    ``events`` are those of ``lines`` at the cutoffs, where somebody has them already.
    """
    when = cutoff_table(cutoffs, horizon_days, observed_until)
    base = unranked(lines, events_at(lines, when) if events is None else events, when, has_time=has_time)
    return finished(base, lines, cutoffs, when)


def finished(base: ir.Table, lines: ir.Table, cutoffs: Sequence[datetime], when: ir.Table) -> ir.Table:
    """The whole panel of what :func:`unranked` gives. An engine that has that as a table works it out once, not for the
    ranks once more."""
    # Outcomes lie at or after the first cutoff; what came before need not be summed for them.
    first = ibis.timestamp(min(cutoffs).isoformat(sep=" ")) if cutoffs else None
    outcome_lines = lines if first is None else lines.filter(_.ordered_at >= first)
    return label(_ranks(base), trades(outcome_lines), when)


def unranked(
    lines: ir.Table,
    events: ir.Table,
    when: ir.Table,
    *,
    has_time: bool = True,
    history_start: datetime | None = None,
) -> ir.Table:
    """The panel without outcomes and without ranks, which alone need all customers of a cutoff at once.

    ``history_start`` is the instant of the first line, where ``lines`` are those of some customers only.
    """
    base = _behaviour(lines, events, has_time, history_start)
    if "category" in lines.columns:
        base = base.left_join(
            _favourite(lines, when), ["customer_id", "cutoff"], rname="{name}_favourite"
        ).drop("customer_id_favourite", "cutoff_favourite")
    return _derived(base)


def _days_before(cutoff: ir.Value, instant: ir.Value) -> ir.IntegerValue:
    return cutoff.date().delta(instant.date(), unit="day")


def _behaviour(lines: ir.Table, events: ir.Table, has_time: bool, history_start: datetime | None) -> ir.Table:
    """Plain aggregates over the events before each cutoff."""
    before = events.mutate(age_days=_days_before(_.cutoff, _.ordered_at))
    aggregates: dict[str, ir.Value] = {
        **_totals(),
        **_trailing(),
        **_gaps(),
        **_optional(set(before.columns), has_time),
    }
    grouped = before.group_by(["customer_id", "cutoff"]).aggregate(**aggregates).filter(_.order_count > 0)
    if history_start is not None:
        return grouped.mutate(history_start=ibis.timestamp(history_start.isoformat(sep=" ")))
    return grouped.cross_join(lines.aggregate(history_start=_.ordered_at.min()))


def _totals() -> Mapping[str, ir.Value]:
    purchase = _.is_purchase
    # An order whose lines carry several instants is worth what they come to by the cutoff.
    whole_order = _.order_sequence.notnull() & (
        _.order_goes_on_at.isnull() | (_.order_goes_on_at >= _.cutoff)
    )
    return {
        "recency_days": _.age_days.min(where=purchase),
        "tenure_days": _.age_days.max(where=purchase),
        "order_count": _.starts_order.cast("int64").sum(),
        "purchase_days": _.starts_day.cast("int64").sum(),
        "months_active": _.starts_month.cast("int64").sum(),
        "monetary_total": steady_sum(_.amount),
        "gross_total": steady_sum(_.gross),
        "refund_total": steady_sum(_.refund),
        "refund_count": (_.refund > 0).cast("int64").sum(),
        "bought_total": steady_sum(_.bought),
        "order_value_max": _.order_value.max(where=whole_order),
        "order_value_std": _.order_value.std(where=whole_order, how="sample").round(_ROOT_DIGITS),
        "line_count": _.line_count.sum(),
        "last_order_value": _.order_value.argmax(_.order_sequence, where=whole_order),
    }


def _trailing() -> Mapping[str, ir.Value]:
    values: dict[str, ir.Value] = {}
    stands = _.gross - _.open_refund
    for days in WINDOWS_DAYS:
        recent = _.age_days <= days
        values[f"orders_{days}d"] = ibis.ifelse(recent & _.starts_order, 1, 0).sum()
        values[f"spend_{days}d"] = steady_sum(ibis.ifelse(recent, stands, 0.0))
        values[f"lines_{days}d"] = ibis.ifelse(recent, _.line_count, 0).sum()
    for days in DECAY_DAYS:
        weight = (_.age_days.cast("float64") * (-1.0 / days)).exp()
        values[f"orders_decay_{days}d"] = steady_sum(ibis.ifelse(_.starts_order, weight, 0.0), _ROOT_DIGITS)
        values[f"spend_decay_{days}d"] = steady_sum(_.gross * weight)
    for days in TREND_DAYS:
        earlier = (_.age_days > days) & (_.age_days <= 2 * days)
        values[f"orders_prior_{days}d"] = ibis.ifelse(earlier & _.starts_order, 1, 0).sum()
        values[f"spend_prior_{days}d"] = steady_sum(ibis.ifelse(earlier, stands, 0.0))
    return values


def _gaps() -> Mapping[str, ir.Value]:
    gap = _.gap_days
    return {
        "gap_mean_days": gap.mean(),
        "gap_std_days": gap.cast("float64").std(how="sample").round(_ROOT_DIGITS),
        "gap_max_days": gap.max(),
        "gap_min_days": gap.min(),
        "gap_last_days": gap.argmax(_.sequence, where=gap.notnull()),
    }


def _optional(columns: set[str], has_time: bool) -> Mapping[str, ir.Value]:
    """Aggregates of columns that an export may lack."""
    values: dict[str, ir.Value] = {"weekend_orders": ibis.ifelse(_.starts_order & _.is_weekend, 1, 0).sum()}
    if has_time:
        values["evening_orders"] = ibis.ifelse(_.starts_order & (_.hour >= EVENING_START_HOUR), 1, 0).sum()
        values["hour_mean"] = _.hour.mean(where=_.starts_order)
    if "quantity" in columns:
        values["quantity_total"] = steady_sum(_.quantity)
    if "discount" in columns:
        values["discount_total"] = steady_sum(_.discount)
        values["discount_orders"] = _.starts_discount.cast("int64").sum()
    if "new_products" in columns:
        values["product_count"] = _.new_products.sum()
        values["repeat_lines"] = _.repeat_lines.sum()
        values["product_lines"] = _.product_lines.sum()
        values["new_products_last_order"] = _.new_products.argmax(_.sequence, where=_.is_purchase)
    if "new_categories" in columns:
        values["category_count"] = _.new_categories.sum()
    return values


def _share(part: ir.NumericValue, whole: ir.NumericValue) -> ir.NumericValue:
    return part.cast("float64") / whole.cast("float64").nullif(0.0)


def _pace_change(fast: ir.NumericValue, slow: ir.NumericValue) -> ir.NumericValue:
    """Daily pace of the last weeks against that of the last months, -1 (stopped) to 1: long after the last purchase -1."""
    return ((fast - slow) / (fast + slow).nullif(0.0)).fill_null(-1.0)


def _derived(base: ir.Table) -> ir.Table:
    """Ratios and trends of the aggregates; NULL where a ratio has no meaning."""
    columns = set(base.columns)
    # Returns of purchases that are not known, or of parts of them, count against the customer.
    order_mean = _share(ibis.greatest(_.monetary_total, 0.0), _.order_count)
    ratios: dict[str, ir.Value] = {
        "repeat_count": _.purchase_days - 1,
        "t_x_days": _.tenure_days - _.recency_days,
        "monetary_mean": order_mean,
        "orders_per_month": _share(_.order_count * 30, _.tenure_days + 30),
        "spend_per_month": _.monetary_total * 30.0 / (_.tenure_days + 30),
        "missed_orders": _share(_.recency_days * _.order_count, _.tenure_days + 30),
        "spend_pace_change": _pace_change(_.spend_decay_30d / 30.0, _.spend_decay_180d / 180.0),
        "overdue_ratio": _share(_.recency_days, _.gap_mean_days),
        "overdue_last_ratio": _share(_.recency_days, _.gap_last_days),
        "overdue_max_ratio": _share(_.recency_days, _.gap_max_days),
        "gap_cv": _.gap_std_days / _.gap_mean_days,
        "gap_trend": _share(_.gap_last_days, _.gap_mean_days),
        "order_value_cv": _.order_value_std / order_mean.nullif(0.0),
        "last_order_value_ratio": _.last_order_value / order_mean.nullif(0.0),
        "recency_tenure_ratio": _share(_.recency_days, _.tenure_days),
        "active_month_share": _share(_.months_active * 30, _.tenure_days + 30),
        "return_share": _share(_.refund_total, _.bought_total),
        "weekend_share": _share(_.weekend_orders, _.order_count),
        "lines_per_order": _share(_.line_count, _.order_count),
        "cutoff_month_sin": (_.cutoff.month() * (math.pi / 6)).sin(),
        "cutoff_month_cos": (_.cutoff.month() * (math.pi / 6)).cos(),
    }
    for days in TREND_DAYS:
        recent, earlier = _[f"orders_{days}d"], _[f"orders_prior_{days}d"]
        ratios[f"orders_trend_{days}d"] = _share(recent - earlier, recent + earlier)
        spent, spent_earlier = _[f"spend_{days}d"], _[f"spend_prior_{days}d"]
        ratios[f"spend_trend_{days}d"] = _share(spent - spent_earlier, spent.abs() + spent_earlier.abs())
    if "evening_orders" in columns:
        ratios["evening_share"] = _share(_.evening_orders, _.order_count)
    if "discount_total" in columns:
        ratios["discount_share"] = _share(_.discount_total, _.gross_total + _.discount_total)
        ratios["discount_order_share"] = _share(_.discount_orders, _.order_count)
    if "quantity_total" in columns:
        ratios["quantity_per_order"] = _share(_.quantity_total, _.order_count)
    if "product_count" in columns:
        ratios["repeat_product_share"] = _share(_.repeat_lines, _.product_lines)
        ratios["products_per_order"] = _share(_.product_count, _.order_count)
    return _mask_short_history(base.mutate(**ratios))


def _mask_short_history(derived: ir.Table) -> ir.Table:
    """A trailing window longer than the history before the cutoff is unknown, not small."""
    history_days = _days_before(_.cutoff, _.history_start)
    needs = {f"{what}_{days}d": days for what in ("orders", "spend", "lines") for days in WINDOWS_DAYS}
    for days in TREND_DAYS:
        needs |= {f"{what}_trend_{days}d": 2 * days for what in ("orders", "spend")}
    masked = {
        name: ibis.ifelse(history_days >= days, derived[name], ibis.null(derived[name].type()))
        for name, days in needs.items()
    }
    helpers = [f"{what}_prior_{days}d" for what in ("orders", "spend") for days in TREND_DAYS]
    return derived.mutate(**masked).drop(
        *helpers,
        "history_start",
        "bought_total",
        *(c for c in ("weekend_orders", "evening_orders", "discount_orders") if c in derived.columns),
    )


def _ranks(derived: ir.Table) -> ir.Table:
    """Percentile rank among the customers of the same cutoff, 0 (lowest) to 1, and the fifth of it that spend falls in."""
    keys = ["customer_id", "cutoff"]
    # Four orders of the rows: sorted without the hundred columns that have no part in them.
    ranked = derived.select(*keys, *RANKED)
    ranks = ranked.select(
        *keys,
        **{
            f"{name}_rank": ibis.percent_rank().over(ibis.window(group_by="cutoff", order_by=ranked[name]))
            for name in RANKED
        },
    )
    fifth = (_.monetary_total_rank * SPEND_TIERS).floor().cast("int64") + 1
    joined = derived.inner_join(ranks, keys)
    return joined.mutate(spend_tier=ibis.least(fifth, SPEND_TIERS))


def _favourite(lines: ir.Table, when: ir.Table) -> ir.Table:
    """The category that took most of the customer's money before the cutoff, and its share."""
    bought = lines.filter((_.amount > 0) & _.category.notnull())
    spent = bought.group_by(["customer_id", "category", "ordered_at", "cancelled_at"]).aggregate(
        gross=steady_sum(_.amount)
    )
    before = spent.join(when.select("cutoff"), spent.ordered_at < when.cutoff).filter(
        _.cancelled_at.isnull() | (_.cancelled_at >= _.cutoff)
    )
    spend = before.group_by(["customer_id", "cutoff", "category"]).aggregate(gross=steady_sum(_.gross))
    best_first = ibis.window(
        group_by=["customer_id", "cutoff"], order_by=[ibis.desc("gross"), ibis.asc("category")]
    )
    everything = ibis.window(group_by=["customer_id", "cutoff"])
    ranked = spend.mutate(
        position=ibis.row_number().over(best_first),
        favourite_share=(_.gross / _.gross.sum().over(everything)).round(_ROOT_DIGITS),
    )
    return ranked.filter(_.position == 0).select(
        "customer_id", "cutoff", favourite_category="category", favourite_share="favourite_share"
    )
