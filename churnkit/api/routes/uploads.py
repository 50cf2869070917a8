"""Files that are handed over: taken, listed, looked at, removed."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from churnkit.api.access import Caller, Deleter, Reader, Uploader
from churnkit.api.addresses import ask_again, made_at
from churnkit.api.looking import looked_at
from churnkit.api.models.readings import InspectionAnswer, ReadingBody
from churnkit.api.models.uploads import RemovedAnswer, UploadAnswer
from churnkit.api.paging import Page, Paged
from churnkit.api.receiving import ReceivedForm, receive_body, receive_form
from churnkit.api.threads import blocking, in_thread
from churnkit.config import max_file_bytes
from churnkit.ingest import Reading
from churnkit.store import Upload

router = APIRouter(tags=["uploads"])

MOST_PREVIEW_ROWS = 100

FILE_NAME = Query(
    min_length=1, max_length=300, description="What the file is called; its ending tells the format."
)
_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
RAW_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": _BINARY}},
}
FORM_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "One file, or several that are read as one.",
                        }
                    },
                }
            }
        },
    }
}


LOOKING: dict[int | str, dict[str, Any]] = {
    202: {"model": InspectionAnswer, "description": "A reader is still at it: ask again."}
}


@router.post(
    "/uploads",
    status_code=201,
    operation_id="upload_files",
    summary="Hand over one file, or several that are read as one, in a form",
    openapi_extra=FORM_BODY,
)
async def upload_files(caller: Uploader, request: Request, response: Response) -> UploadAnswer:
    """CSV, TSV, Excel, Parquet, or a zip of them; every part with a filename counts.

    The bytes go to disk as they come. The same file twice is two uploads with the same ``sha256``.
    """
    async with receive_form(request, caller.platform.folders.uploads, max_file_bytes()) as form:
        upload = await in_thread(keep_files, caller, form)
    made_at(request, response, "uploads", upload.upload_id)
    return UploadAnswer.of(upload)


@router.put(
    "/uploads",
    status_code=201,
    operation_id="upload_bytes",
    summary="Hand over one file as the body",
    openapi_extra=RAW_BODY,
)
async def upload_bytes(
    caller: Uploader, request: Request, response: Response, filename: Annotated[str, FILE_NAME]
) -> UploadAnswer:
    """For large files: ``curl -T orders.csv "…/uploads?filename=orders.csv"``.

    A digest in ``Repr-Digest``, ``Content-Digest`` or ``Content-SHA256`` is compared with what arrived.
    """
    most = max_file_bytes()
    async with receive_body(request, caller.platform.folders.uploads, filename, most) as file:
        upload = await in_thread(
            caller.platform.adopt_upload, caller.store, file.path, file.filename, most, sha256=file.sha256
        )
    made_at(request, response, "uploads", upload.upload_id)
    return UploadAnswer.of(upload)


@router.get("/uploads", operation_id="list_uploads", summary="The files of the workspace, newest first")
@blocking
def list_uploads(caller: Reader, paging: Paged) -> Page[UploadAnswer]:
    """Files stay until somebody deletes them, or the workspace's retention does."""
    rows, body = paging.of_list(sorted(caller.store.uploads.all(), key=_place, reverse=True), _place)
    return Page[UploadAnswer](**{**body, "items": [UploadAnswer.of(one) for one in rows]})


@router.get("/uploads/{upload_id}", operation_id="get_upload", summary="One file")
@blocking
def get_upload(caller: Reader, upload_id: str) -> UploadAnswer:
    """Its name, size and digest; the bytes themselves are not given out again."""
    return UploadAnswer.of(caller.store.uploads.get(upload_id))


@router.get(
    "/uploads/{upload_id}/preview",
    operation_id="preview_upload",
    summary="The first rows of a file, and what its columns are taken for",
    responses=LOOKING,
)
async def preview_upload(
    caller: Uploader,
    upload_id: str,
    response: Response,
    rows: Annotated[int, Query(ge=0, le=MOST_PREVIEW_ROWS, description="Rows to show.")] = 5,
) -> InspectionAnswer:
    """As without any answer; a look that takes longer than some seconds says ``looking``: ask again."""
    return _said(await looked_at(caller, upload_id, Reading(), rows=rows), response)


@router.post(
    "/uploads/{upload_id}/inspection",
    operation_id="inspect_upload",
    summary="What a file says when it is read with answers, and what is still open",
    responses=LOOKING,
)
async def inspect_upload(
    caller: Uploader,
    upload_id: str,
    body: ReadingBody,
    response: Response,
    rows: Annotated[int, Query(ge=0, le=MOST_PREVIEW_ROWS, description="Rows to show.")] = 5,
    again: Annotated[bool, Query(description="Look anew, also after the file ended a reader.")] = False,
) -> InspectionAnswer:
    """Nothing is kept: answer the questions by sending their choices' ``answer`` joined in ``answers``, until the status
    is ``readable``, then start an analysis with the same answers.
    """
    return _said(await looked_at(caller, upload_id, body.reading(), rows=rows, again=again), response)


@router.delete(
    "/uploads/{upload_id}",
    operation_id="delete_upload",
    summary="Delete a file with every analysis of it",
)
@blocking
def delete_upload(caller: Deleter, upload_id: str) -> RemovedAnswer:
    """Work on it is stopped; its bytes, results and models leave the disk. Scores of it that another analysis' model made
    stay until they are deleted. It cannot be undone.
    """
    return RemovedAnswer(analyses=caller.platform.delete_upload(caller.store, upload_id).sessions)


def keep_files(caller: Caller, form: ReceivedForm) -> Upload:
    """The files of a form as one upload; blocks."""
    most = max_file_bytes()
    if len(form.files) == 1:
        (file,) = form.files
        return caller.platform.adopt_upload(caller.store, file.path, file.filename, most, sha256=file.sha256)
    with ExitStack() as opened:
        streams = [(opened.enter_context(file.path.open("rb")), file.filename) for file in form.files]
        return caller.platform.receive_uploads(caller.store, streams, most)


def _said(answer: InspectionAnswer, response: Response) -> InspectionAnswer:
    if answer.status == "looking":
        response.status_code = 202
        ask_again(response)
    return answer


def _place(upload: Upload) -> tuple[str, str]:
    return upload.uploaded_at.isoformat(), upload.upload_id
