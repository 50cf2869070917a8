"""One person's data: taken out for them, and erased."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.access import Deleter, Exporter
from churnkit.api.addresses import under_way
from churnkit.api.analysis_choice import find_analysis
from churnkit.api.files import file_answer, file_responses
from churnkit.api.models.jobs import JobAnswer
from churnkit.api.routes.jobs import job_answer
from churnkit.api.threads import blocking
from churnkit.services.privacy.archive_name import archive_name

router = APIRouter(prefix="/shops/{shop_id}/privacy", tags=["shops"])

ShopId = Annotated[str, Path(description="Id of the shop's analysis, or `default`.", max_length=64)]
Customer = Annotated[
    str, Path(description="The customer's id as it stands in the file.", examples=["17850"], max_length=500)
]


class Erasing(BaseModel):
    """Work that takes a customer out."""

    model_config = ConfigDict(extra="forbid")

    jobs: list[JobAnswer] = Field(
        description="One for the shop, and one for each other analysis of the same files; it is done when all are."
    )


@router.get(
    "/{customer_id:path}",
    operation_id="export_customer",
    summary="Everything that is known of a customer",
    response_class=Response,
    responses=file_responses("application/zip"),
)
@blocking
def export_customer(caller: Exporter, shop_id: ShopId, customer_id: Customer) -> Response:
    """A ZIP of JSON: rows of every table and of every file of the shop. The audit log says who took it, not of whom."""
    # The libraries that read files come when somebody asks.
    from churnkit.services.privacy.customer_archive import customer_archive

    session_id = find_analysis(caller.store, shop_id).session_id
    folders = caller.platform.customer_folders(caller.store, session_id)
    return file_answer(
        caller,
        lambda: customer_archive(caller.store, session_id, folders, customer_id),
        archive_name(),
        "application/zip",
        session_id,
    )


@router.delete(
    "/{customer_id:path}",
    status_code=202,
    operation_id="erase_customer",
    summary="Erase a customer",
)
@blocking
def erase_customer(
    caller: Deleter, shop_id: ShopId, customer_id: Customer, request: Request, response: Response
) -> Erasing:
    """Takes their rows out of orders, versions, lists, campaigns and uploaded files, and keeps them out of later files."""
    session_id = find_analysis(caller.store, shop_id).session_id
    jobs = caller.platform.erase_customer(caller.store, session_id, customer_id)
    under_way(request, response, jobs[0].job_id)
    return Erasing(jobs=[job_answer(caller, job) for job in jobs])
