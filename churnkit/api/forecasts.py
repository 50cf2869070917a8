"""Forecasts on demand: by id, with other figures, or of somebody known by orders alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from churnkit.api.access import Caller
from churnkit.api.asked_models import by_rule, is_champion, known_customers, strangers
from churnkit.api.customer_answers import known_rows, require_customer
from churnkit.api.models.customer_models import ReasonFactor
from churnkit.api.models.forecast_models import Batch, BatchBody, BatchRow, Forecast, OrderLine, PredictBody
from churnkit.api.opened import OpenedRun
from churnkit.errors import ModelError

if TYPE_CHECKING:
    import pyarrow as pa

    from churnkit.services.whatif.known_customers import Explained, KnownCustomers

_OPTIONAL = ("product_id", "category", "quantity", "discount")
_STRANGER = "somebody"
# What only the run's own champion has been asked for.
_PROBABILITY_ALONE: dict[str, object] = dict.fromkeys(("risk_tier", "clv", "value_at_risk", "reason"))


def forecast(caller: Caller, run: OpenedRun, body: PredictBody) -> Forecast:
    """What is forecast of whom the body asks about.

    Raises
    ------
    NotFoundError
        The analysis knows no such customer, or the run no such model.
    DataError
        A figure is none of the analysis, or an order lies at or after its date.
    ModelError
        Somebody known by orders alone is asked about, and the model's file is missing or was changed.
    """
    if body.orders is not None:
        return _of_orders(caller, run, body.orders, body.model_id)
    assert body.customer_id is not None
    if body.features:
        return _of_features(caller, run, body.customer_id, body.features, body)
    if is_champion(run, body.model_id):
        return _stored(run, body.customer_id, explain=body.explain)
    return _of_other_model(caller, run, body.customer_id, body)


def batch(caller: Caller, run: OpenedRun, body: BatchBody) -> Batch:
    """Many customers at once; errors as of :func:`forecast`."""
    background = run.kept.background
    champion = is_champion(run, body.model_id)
    known = None if champion else known_customers(caller, run, body.model_id)
    p_churn = known.p_churn(body.customer_ids) if known is not None else None
    there = background.places
    wanted = [name for name in body.customer_ids if name in there]
    columns = ["customer_id", "p_churn", "status", "risk_tier", "clv", "value_at_risk", "factor_1"]
    # One table for all of them: taken out one by one, ten thousand customers would take seconds.
    rows = known_rows(run.results.customers[columns].iloc[[there[name] for name in wanted]])
    if p_churn is None:
        items = [BatchRow.model_validate({**row, "reason": row["factor_1"]}) for row in rows]
    else:
        items = [
            BatchRow.model_validate({**row, **_PROBABILITY_ALONE, "p_churn": p_churn[name]})
            for name, row in zip(wanted, rows, strict=True)
        ]
    return Batch(
        analysis_id=run.session.session_id,
        run_id=run.run_id,
        currency=run.currency,
        method="stored" if champion else "model",
        model=run.results.champion if known is None else known.model.name,
        items=items,
        unknown=[name for name in body.customer_ids if name not in there],
    )


def _stored(run: OpenedRun, customer_id: str, *, explain: bool) -> Forecast:
    found = require_customer(run, customer_id)
    factors = run.kept.background.risk_factors(customer_id) if explain else ()
    return Forecast(
        **_about(run),
        customer_id=customer_id,
        method="stored",
        model=run.results.champion,
        p_churn=found.p_churn,
        p_churn_before=None,
        status=found.status,
        risk_tier=found.risk_tier,
        expected_spend=found.expected_spend,
        clv=found.clv,
        reasons=list(found.reasons),
        factors=[ReasonFactor.model_validate(one) for one in factors],
        warnings=[],
    )


def _of_features(
    caller: Caller, run: OpenedRun, customer_id: str, changes: dict[str, float], body: PredictBody
) -> Forecast:
    require_customer(run, customer_id)
    warnings = []
    known, ruled = _askable(caller, run, body.model_id)
    if ruled is not None:
        warnings.append(f"{ruled.message} The shop's own return curve answered in its place.")
    found = known.changed(customer_id, changes)
    if found.unread:
        warnings.append(f"The model does not look at {', '.join(found.unread)}: other values change nothing.")
    why = known.explained(found.row) if body.explain else None
    return _probability_alone(
        run,
        known,
        customer_id=customer_id,
        method="features" if ruled is None else "rule",
        p_churn=found.after,
        p_churn_before=found.before,
        status=found.status,
        risk_tier=found.tier,
        why=why,
        warnings=warnings,
    )


def _of_other_model(caller: Caller, run: OpenedRun, customer_id: str, body: PredictBody) -> Forecast:
    require_customer(run, customer_id)
    known, ruled = _askable(caller, run, body.model_id)
    found = known.changed(customer_id, {})
    return _probability_alone(
        run,
        known,
        customer_id=customer_id,
        method="model" if ruled is None else "rule",
        p_churn=found.after,
        p_churn_before=None,
        status=found.status,
        risk_tier=found.tier,
        why=known.explained(found.row) if body.explain else None,
        warnings=[]
        if ruled is None
        else [f"{ruled.message} The shop's own return curve answered in its place."],
    )


def _askable(
    caller: Caller, run: OpenedRun, model_id: str | None
) -> tuple[KnownCustomers, ModelError | None]:
    """The model, or the rule in its place and why."""
    try:
        return known_customers(caller, run, model_id), None
    except ModelError as error:
        return by_rule(run), error


def _probability_alone(
    run: OpenedRun, known: KnownCustomers, *, why: Explained | None, **said: object
) -> Forecast:
    return Forecast.model_validate(
        {
            **_about(run),
            **said,
            "model": known.model.name,
            "expected_spend": None,
            "clv": None,
            "reasons": list(why.reasons) if why else [],
            "factors": list(why.factors) if why else [],
        }
    )


def _of_orders(caller: Caller, run: OpenedRun, orders: Sequence[OrderLine], model_id: str | None) -> Forecast:

    from churnkit.ingest.engine import backend_of, connect

    asked = strangers(caller, run, model_id)
    lines = _lines(orders, run.currency)
    has_time = any(line.ordered_at.time() != datetime.min.time() for line in orders)
    with TemporaryDirectory(prefix="churnkit-predict-") as folder, connect(Path(folder)) as connection:
        connection.register("strangers", lines)
        table = backend_of(connection).table("strangers")
        (row,) = asked.scored(table, has_time=has_time).to_dict("records")
    told = [row[name] for name in ("factor_1", "factor_2", "factor_3")]
    return Forecast.model_validate(
        {
            **_about(run),
            "customer_id": None,
            "method": "orders",
            "model": asked.model.name,
            "p_churn": row["p_churn"],
            "p_churn_before": None,
            "status": row["status"],
            "risk_tier": row["risk_tier"] if isinstance(row["risk_tier"], str) else None,
            "expected_spend": row["expected_spend"],
            "clv": row["clv"],
            "reasons": [text for text in told if isinstance(text, str)],
            "factors": [],
            "warnings": [],
        }
    )


def _lines(orders: Sequence[OrderLine], currency: str | None) -> pa.Table:
    """The orders as canonical transactions; columns that no line has are left out."""
    import pandas as pd
    import pyarrow as pa

    rows = [
        {
            "order_id": line.order_id or f"line {number}",
            "customer_id": _STRANGER,
            "ordered_at": line.ordered_at,
            "amount": line.amount,
            "is_return": line.amount < 0,
            "currency": currency,
            "source_row": number,
            **{name: getattr(line, name) for name in _OPTIONAL},
        }
        for number, line in enumerate(orders, start=1)
    ]
    table = pd.DataFrame(rows)
    empty = [name for name in _OPTIONAL if table[name].isna().all()]
    table["ordered_at"] = table["ordered_at"].astype("datetime64[us]")
    return pa.Table.from_pandas(
        table.drop(columns=[*empty, *(["currency"] if currency is None else [])]), preserve_index=False
    )


def _about(run: OpenedRun) -> dict[str, Any]:
    return {
        "analysis_id": run.session.session_id,
        "run_id": run.run_id,
        "currency": run.currency,
        "horizon_days": run.results.horizon_days,
    }
