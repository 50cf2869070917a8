"""Customers of an analysis: lists with the filters of the page, and one with what explains the forecast."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from churnkit.api.access import Reader
from churnkit.api.caching import Tagged
from churnkit.api.customer_answers import customer_answer, page_of, require_customer
from churnkit.api.customer_filters import Wanted
from churnkit.api.models.customer_models import CustomerAnswer, CustomerPage
from churnkit.api.opened import open_run
from churnkit.api.paging import Paged
from churnkit.api.parameters import AnalysisId, RunId
from churnkit.api.threads import blocking

router = APIRouter(prefix="/analyses/{analysis_id}/customers", tags=["customers"])

CustomerId = Annotated[
    str, Path(description="The customer's id as it stands in the file.", examples=["17850"], max_length=500)
]


@router.get("", operation_id="list_customers", summary="Customers that match, sorted and in pages")
@blocking
def list_customers(
    caller: Reader,
    analysis_id: AnalysisId,
    wanted: Wanted,
    paged: Paged,
    tagged: Tagged,
    run_id: RunId = None,
) -> CustomerPage:
    """The list of the customers page, with its filters; without any filter everybody, by rank."""
    run = open_run(caller, analysis_id, run_id)
    tagged.of(run.tag)
    return page_of(run, wanted, paged)


@router.get("/{customer_id:path}", operation_id="get_customer", summary="One customer")
@blocking
def get_customer(
    caller: Reader,
    analysis_id: AnalysisId,
    customer_id: CustomerId,
    tagged: Tagged,
    explain: Annotated[bool, Query(description="With factors and themes behind the probability.")] = False,
    run_id: RunId = None,
) -> CustomerAnswer:
    """Probability, value and history of one customer, and the reasons in words; HEAD says whether there is such a one."""
    run = open_run(caller, analysis_id, run_id)
    found = require_customer(run, customer_id)
    tagged.of(run.tag)
    return customer_answer(run, found, explain=explain)
