"""Customers of an opened run in the shape of answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from churnkit.api.customer_filters import WantedCustomers
from churnkit.api.models.customer_models import (
    CustomerAnswer,
    CustomerPage,
    CustomerRow,
    ReasonFactor,
    ReasonTheme,
)
from churnkit.api.opened import OpenedRun
from churnkit.api.paging import Paging
from churnkit.errors import NotFoundError
from churnkit.results.customer import Customer
from churnkit.services.decide.customer_list import find_customers


def page_of(run: OpenedRun, wanted: WantedCustomers, paged: Paging) -> CustomerPage:
    """A page of the customers that match."""
    found = find_customers(
        run.store,
        run.results,
        wanted.filter,
        order_by=wanted.order_by,
        descending=wanted.descending,
        limit=paged.limit,
        offset=paged.first(run.tag),
    )
    items = [CustomerRow.model_validate(_row(row)) for row in known_rows(found.rows)]
    return CustomerPage(
        **paged.of_rows(items, found.total, run.tag),
        analysis_id=run.session.session_id,
        run_id=run.run_id,
        currency=run.currency,
        value_at_risk=found.value_at_risk,
        expected_leavers=found.expected_leavers,
    )


def require_customer(run: OpenedRun, customer_id: str) -> Customer:
    """One customer.

    Raises
    ------
    NotFoundError
        The analysis knows nobody with that id.
    """
    found = run.kept.background.customer(customer_id)
    if found is None:
        raise NotFoundError(
            f"Looking for customer {customer_id[:60]!a}: the analysis knows nobody with that id.",
            "Take an id of the list of customers.",
        )
    return found


def customer_answer(run: OpenedRun, found: Customer, *, explain: bool) -> CustomerAnswer:
    """Everything that is known of one customer, with what explains the forecast if that is asked."""
    factors = themes = None
    if explain:
        background = run.kept.background
        factors = [ReasonFactor.model_validate(one) for one in background.risk_factors(found.customer_id)]
        themes = [ReasonTheme.model_validate(one) for one in background.themes(found.customer_id)]
    known = {name: value for name, value in vars(found).items() if name in CustomerAnswer.model_fields}
    return CustomerAnswer(
        **known,
        analysis_id=run.session.session_id,
        run_id=run.run_id,
        currency=run.currency,
        reasons=found.reasons,
        factors=factors,
        themes=themes,
    )


def known_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame, what is missing as None."""
    return [
        {str(name): None if value is None or value != value else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "reason": row.get("factor_1")}
