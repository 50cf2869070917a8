"""Customers who do not exist, scored as if they stood among the shop's: orders in, probabilities and value out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.clv import YearModel
from churnkit.errors import DataError
from churnkit.explain.contributions import Contributions, contributions
from churnkit.explain.ranking import describe_shop
from churnkit.explain.reasons import reasons
from churnkit.features.indicators import as_of_the_shop
from churnkit.features.one_more_order import ranks_among
from churnkit.features.panel import panel
from churnkit.features.purchase_process import describe_with, fit_order_value, fit_process
from churnkit.ingest import CONTACT_FIELDS, ColumnMapping, Ingested, Reading, ingest, inspect
from churnkit.ingest.engine import connect
from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.segments.standing import is_active, risk_tier, status
from churnkit.services.decide.repricing import priced_folder
from churnkit.services.whatif.stored_model import stored_model, stored_value_model
from churnkit.store import ModelSeal
from churnkit.text.figures import count, day, instant
from churnkit.tournament.model import ChurnModel

COLUMNS = (
    "customer_id",
    "p_churn",
    "status",
    "risk_tier",
    "expected_spend",
    "clv",
    "factor_1",
    "factor_2",
    "factor_3",
)
# No id of a file holds this character at its start: canonical ids are trimmed text.
_STRANGER = "\u241f"
# What cannot be known of customers whose file lacks the column.
_NEEDS = {
    "product_id": (
        "product_count",
        "products_per_order",
        "repeat_lines",
        "repeat_product_share",
        "product_lines",
        "new_products_last_order",
    ),
    "category": ("category_count", "favourite_category", "favourite_share"),
    "quantity": ("quantity_total", "quantity_per_order"),
    "discount": ("discount_total", "discount_share", "discount_order_share"),
}
_NEEDS_TIME = ("hour_mean", "evening_share")


def score_file(
    run_folder: Path, models_folder: Path, file: Path, workdir: Path, *, seal: ModelSeal | None
) -> pd.DataFrame:
    """Score the customers of a file by a stored run's champion, without training anything.

    The same features are computed at the run's own cutoff. Parameters of the purchase process, ranks and typical figures
    are the shop's. Whatever the file does not tell, or only the shop's own customers have, counts as unknown.

    Parameters
    ----------
    run_folder, models_folder
        The run and the folder of the model files.
    file
        Orders, any kind of file that can be uploaded. With the columns of the run's own file it is read as that was.
    workdir
        Folder for intermediate files.
    seal
        As for ``stored_model``.

    Returns
    -------
    pandas.DataFrame
        Columns ``COLUMNS``, riskiest first; money as in the run.

    Raises
    ------
    DataError, MappingError
        The file cannot be read, is in another currency, or has orders at or after the cutoff.
    ModelError
        The model file is missing or was changed.
    """
    results = Results(run_folder, priced=priced_folder(run_folder))
    cutoff = datetime.fromisoformat(results.cutoff)
    ingested = _read(results, file, workdir)
    rows = _rows(results, ingested, cutoff, workdir)
    model = stored_model(results, models_folder, seal)
    shop = results.scored()
    p = model.p_churn(rows)
    value_model = stored_value_model(results)
    settings = results.summary.settings.analysis
    recency_days = rows["recency_days"].to_numpy()
    active = is_active(recency_days, results.horizon_days)
    proven = bool(results.customers["risk_tier"].notna().any())
    year = results.summary.value.year
    # A run from before the year was learned has no parameters of it.
    clv = (
        YearModel(year.value).values(rows, p, value_model.spend_if_buying(rows), settings.money).clv
        if isinstance(year, Found)
        else np.full(len(rows), np.nan)
    )
    table = pd.DataFrame(
        {
            "customer_id": rows["customer_id"].str.removeprefix(_STRANGER),
            "status": status(recency_days, results.horizon_days),
            "p_churn": p.round(6),
            "risk_tier": pd.array(risk_tier(p, active, settings.tiers, proven=proven), dtype="str"),
            "expected_spend": value_model.expected_spend(rows, p).round(2),
            "clv": clv.round(2),
        }
    )
    table = table.join(_reasons(results, model, rows, shop))
    return table.sort_values(["p_churn", "customer_id"], ascending=[False, True], ignore_index=True)[
        list(COLUMNS)
    ]


def _read(results: Results, file: Path, workdir: Path) -> Ingested:
    """The file as canonical transactions, by the mapping of the run's own file where that fits."""
    facts = results.facts
    settings = replace(results.summary.settings.ingest, sheet=None, encoding=None)
    # Dates are held against the run's own cutoff below, more strictly.
    reading = Reading(settings=settings, one_day_is_enough=True, accepted=("dates_beyond",))
    columns = {info.name for info in inspect(file, workdir, reading).columns}
    needed = {name: column for name, column in facts.mapping.items() if name not in CONTACT_FIELDS}
    if set(needed.values()) <= columns:
        mapping = ColumnMapping(needed, day_first=facts.day_first)
        reading = replace(reading, mapping=mapping, preset=facts.preset)
    ingested = ingest(file, workdir, reading)
    if ingested.currency and results.currency and ingested.currency != results.currency:
        raise DataError(
            f"Scoring customers: their orders must be in the currency of the analysis, {results.currency}; they are in"
            f" {ingested.currency}.",
            f"Convert the amounts to {results.currency}.",
        )
    return ingested


def _rows(results: Results, ingested: Ingested, cutoff: datetime, workdir: Path) -> pd.DataFrame:
    """Panel rows of the file's customers at the cutoff, with the columns of the shop's own."""
    facts, shop = results.facts, results.scored()
    with connect(workdir) as connection:
        backend = ibis.duckdb.from_connection(connection)
        own = backend.read_parquet(results.transactions_path, table_name="shop")
        strangers = backend.read_parquet(ingested.transactions, table_name="strangers")
        _require_past(strangers, cutoff)
        lines = _among(own, strangers, cutoff)
        expression = panel(
            lines, [cutoff], results.horizon_days, observed_until=cutoff, has_time=facts.has_time
        )
        described = expression.to_pyarrow().to_pandas()
        known = set(strangers.columns)
    rows = described[described["customer_id"].str.startswith(_STRANGER)].sort_values(
        "customer_id", ignore_index=True
    )
    if rows.empty:
        raise DataError(
            "Scoring customers: at least one of them must have a purchase, an order with an amount above 0; none has.",
            "Check which column holds the amount.",
        )
    unknown = [name for column, names in _NEEDS.items() if column not in known for name in names]
    if facts.has_time and not ingested.has_time:
        unknown += _NEEDS_TIME
    rows = rows.drop(columns=[name for name in unknown if name in rows.columns])
    rows = ranks_among(rows, shop)
    rows = rows.join(describe_with(rows, fit_process(shop), fit_order_value(shop), results.horizon_days))
    return as_of_the_shop(rows.reindex(columns=list(shop.columns)), shop)


def _require_past(strangers: ir.Table, cutoff: datetime) -> None:
    late = strangers.filter(_.ordered_at >= ibis.timestamp(cutoff.isoformat(sep=" ")))
    found = late.aggregate(rows=late.count(), first=late.ordered_at.min(), row=late.source_row.min())
    (summary,) = found.to_pyarrow().to_pylist()
    if summary["rows"]:
        raise DataError(
            f"Scoring customers: all orders must lie before {instant(cutoff)}, the date of the analysis, as if these"
            f" customers stood among the shop's on that day; {count(summary['rows'])} rows do not, the first of"
            f" {day(summary['first'])} (row {count(summary['row'])} is one).",
            "Move their dates, or leave these rows out.",
        )


def _among(own: ir.Table, strangers: ir.Table, cutoff: datetime) -> ir.Table:
    """The strangers' lines with the columns of the shop's, and the shop's first line.

    The panel asks how far back the history goes; the first line alone answers that.
    """
    schema = own.schema()
    named = strangers.mutate(customer_id=ibis.literal(_STRANGER) + strangers.customer_id)
    absent = {name: ibis.null(schema[name]) for name in schema.names if name not in strangers.columns}
    conformed = named.mutate(**absent).select(*schema.names).cast(schema)
    start = own.aggregate(first=_.ordered_at.min())
    first_line = own.inner_join(start, own.ordered_at == start.first).order_by("source_row").limit(1)
    return conformed.union(first_line.select(*schema.names))


def _reasons(results: Results, model: ChurnModel, rows: pd.DataFrame, shop: pd.DataFrame) -> pd.DataFrame:
    """Why each differs from the shop's average customer."""
    with results.reading("contributions.parquet") as path:
        stored = pd.read_parquet(path).drop(columns="customer_id")
    base = results.evidence.base
    # The comparison needs what the features push, not what they are.
    average = describe_shop(
        shop,
        Contributions(stored.astype("float64"), base, pd.DataFrame(index=stored.index)),
        results.horizon_days,
    )
    return reasons(model, rows, contributions(model, rows), shop=average, currency=results.currency)
