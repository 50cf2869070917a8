"""Why a row is left out, as far as the row itself says."""

from __future__ import annotations

from churnkit.ingest.cells import NOT_FLAGGED
from churnkit.ingest.columns import EDGE_ROWS, UNCLEAR
from churnkit.ingest.engine import compose
from churnkit.ingest.rows.bound_values import BoundValues
from churnkit.ingest.rows.reading_plan import ReadingPlan
from churnkit.ingest.rows.repeated_orders import REPEATED, Repeats
from churnkit.ingest.rows.summary_rows import SUMMARIES

_EARLIEST = "TIMESTAMP '1980-01-02'"


def drop_reasons(plan: ReadingPlan, repeats: Repeats, bound: BoundValues) -> list[tuple[str, str]]:
    """(reason, SQL condition on the rows of ``filled``) in the ledger's order, without those that need money."""
    found = [
        ("no_purchase", bound.is_one_of("event_type", "no_purchase", plan.kinds.left_out)),
        ("no_purchase", _paid_out(plan, bound)),
        ("summary_row", _summaries(plan)),
        ("unparseable_date", "ordered_at IS NULL"),
    ]
    if plan.raw.filled_rows:
        found.insert(
            1, ("summary_row", compose("source_row IN (SELECT source_row FROM {edges})", edges=EDGE_ROWS))
        )
    if plan.mixed_dates == "other_order":
        found.append(
            ("unclear_date", compose("source_row IN (SELECT source_row FROM {table})", table=UNCLEAR))
        )
    if plan.latest is not None:
        found.append(("future_date", f"ordered_at > {bound.add('latest', plan.latest)}"))
    found += [
        ("implausible_date", f"ordered_at < {_EARLIEST}"),
        ("no_customer", "identity IS NULL AND NOT any_customer"),
        ("placeholder_customer", "identity IS NULL"),
    ]
    if plan.drop_duplicates:
        for reason in (one for one in ("duplicate_line", "older_version") if one in repeats.reasons):
            rows = "SELECT source_row FROM {table} WHERE reason = '{reason}'"
            again = compose("source_row IN (" + rows + ")", table=REPEATED, reason=reason)
            found.append((reason, again))
    if plan.has("cancelled"):
        flag = bound.is_one_of("cancelled", "not_flagged", NOT_FLAGGED)
        found.append(("cancelled", f"cancelled IS NOT NULL AND NOT {flag}"))
    for verdict, keys in plan.statuses.dropped.items():
        found.append((verdict, bound.is_one_of(plan.statuses.cells.key_sql(), verdict, keys)))
    if plan.has("captured"):
        found.append(("unpaid", bound.is_one_of("captured", "not_flagged", NOT_FLAGGED)))
    if plan.rules.bad_debt_prefix:
        prefix = bound.add("bad_debt_prefix", plan.rules.bad_debt_prefix)
        found.append(("bad_debt", f"coalesce(starts_with(upper(order_key), {prefix}), false)"))
    if len(plan.money.currencies.codes) > 1 and plan.money.currencies.chosen is not None:
        chosen = bound.add("currency", plan.money.currencies.chosen)
        found.append(("other_currency", f"currency IS DISTINCT FROM {chosen}"))
    if plan.rules.tip_names and plan.has("product_name"):
        tips = bound.is_one_of("lower(product_name)", "tip_names", tuple(sorted(plan.rules.tip_names)))
        found.append(("tip", tips))
    if plan.first_row_only and plan.money.route == "unit_price":
        found.append(("continuation_line", "quantity IS NULL AND unit_price IS NULL"))
    return [(reason, condition) for reason, condition in found if condition != "false"]


def _paid_out(plan: ReadingPlan, bound: BoundValues) -> str:
    """The shop's own account paid somebody, and gave nothing back with it."""
    if not (plan.rules.receiver and plan.has("amount")):
        return "false"
    returns = bound.is_one_of("event_type", "paid_back", plan.kinds.returns)
    return f"coalesce(amount < 0, false) AND NOT coalesce({returns}, false)"


def _summaries(plan: ReadingPlan) -> str:
    found = "heading OR (identity IS NULL AND NOT any_customer AND ordered_at IS NULL)"
    if not plan.summaries.rows:
        return found
    return compose("{found} OR source_row IN (SELECT source_row FROM {table})", found=found, table=SUMMARIES)
