"""Files in a form (``multipart/form-data``): each goes to disk as it comes."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from churnkit.api.problems import ApiError
from churnkit.api.receiving.arriving import pieces, too_large
from churnkit.api.receiving.bodies import ReceivedFile, Sink
from churnkit.api.threads import in_thread

MOST_PARTS = 100
MOST_FIELD_BYTES = 100_000
# Beside the files: boundaries, headers, short fields.
FORM_BYTES = 1 << 20


@dataclass
class ReceivedForm:
    """What a form held: files in their order, and the texts of other fields by name."""

    files: list[ReceivedFile] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def receive_form(
    request: Request, folder: Path, max_bytes: int, *, needs_file: bool = True
) -> AsyncIterator[ReceivedForm]:
    """The files of a form in ``folder``, which are gone afterwards unless they were moved.

    Raises
    ------
    ApiError
        It is no form (415), is broken or lacks a file that is needed (422), is too large, too slow, or broke off.
    DiskError
        The disk is full.
    """
    form = _FormOnDisk(_boundary(request), folder, max_bytes)
    try:
        async for piece in pieces(request, max_bytes + FORM_BYTES):
            await in_thread(form.write, piece)
        yield await in_thread(form.finish, needs_file=needs_file)
    finally:
        await in_thread(form.forget)


# A broken form is told to whoever sent it; a line for each would let them fill the log.
logging.getLogger("python_multipart").setLevel(logging.ERROR)


class _FormOnDisk:
    """Takes the bytes of a form; every method blocks."""

    def __init__(self, boundary: bytes, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._received = ReceivedForm()
        self._sinks: list[Sink] = []
        self._parts = 0
        self._is_whole = False
        self._begin()
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._end_headers,
                "on_part_data": self._data,
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
        )

    def write(self, piece: bytes) -> None:
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise _broken(str(error)) from error

    def finish(self, *, needs_file: bool) -> ReceivedForm:
        if not self._is_whole:
            raise _broken("its end is missing")
        if needs_file and not self._received.files:
            raise _broken("it has no file; a part is one by its filename")
        return self._received

    def forget(self) -> None:
        for sink in self._sinks:
            sink.forget()

    def _begin(self) -> None:
        self._headers: dict[bytes, bytes] = {}
        self._reading_name, self._reading_value = b"", b""
        self._name = ""
        self._text = bytearray()
        self._sink: Sink | None = None

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._reading_name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._reading_value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._reading_name.lower()] = self._reading_value
        self._reading_name, self._reading_value = b"", b""

    def _end_headers(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise _broken(f"it has more than {MOST_PARTS} parts")
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if b"name" not in options:
            raise _broken("a part has no name")
        self._name = options[b"name"].decode("utf-8", "replace")
        if b"filename" in options:
            self._sink = Sink(self._folder, options[b"filename"].decode("utf-8", "replace"))
            self._sinks.append(self._sink)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._sink is None:
            self._text += data[start:end]
            if len(self._text) > MOST_FIELD_BYTES:
                raise _broken(f"the field {self._name!r} has more than {MOST_FIELD_BYTES} bytes")
            return
        self._sink.write(memoryview(data)[start:end])
        if sum(sink.size_bytes for sink in self._sinks) > self._max_bytes:
            raise too_large(self._max_bytes)

    def _end_part(self) -> None:
        if self._sink is not None:
            self._received.files.append(self._sink.finished())
        else:
            self._received.fields[self._name] = self._text.decode("utf-8", "replace")

    def _end(self) -> None:
        self._is_whole = True


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data":
        raise ApiError(
            415,
            "media_type",
            "Receiving the file: it must come as multipart/form-data.",
            "Send it as a form (curl -F file=@orders.csv), or its bytes alone by PUT.",
            {"Accept": "multipart/form-data"},
        )
    if not options.get(b"boundary"):
        raise _broken("its Content-Type names no boundary")
    return options[b"boundary"]


def _broken(what: str) -> ApiError:
    return ApiError(422, "form", f"Reading the form: {what}.", "Send it again as multipart/form-data.")
