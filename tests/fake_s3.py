"""A little S3 on this machine: buckets in memory, spoken to by the real client."""

from __future__ import annotations

import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

MODIFIED = "2026-01-02T03:04:05.000Z"


class FakeS3:
    """``with FakeS3({"bucket": {"a.csv": b"…"}}) as s3`` answers at ``s3.endpoint``.

    Attributes
    ----------
    failures
        Status codes that the next requests for a file get instead of it.
    cut
        Whether a file's bytes break off in the middle.
    """

    def __init__(self, buckets: dict[str, dict[str, bytes]]) -> None:
        self.buckets = buckets
        self.failures: list[int] = []
        self.cut = False
        self.parts: dict[str, dict[int, bytes]] = {}
        self.requests: list[str] = []
        handler = type("Handler", (_Handler,), {"s3": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FakeS3:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    s3: FakeS3
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _where(self) -> tuple[dict[str, bytes] | None, str, dict[str, list[str]]]:
        parts = urlsplit(self.path)
        self.s3.requests.append(f"{self.command} {self.path}")
        bucket, _, name = unquote(parts.path).lstrip("/").partition("/")
        return self.s3.buckets.get(bucket), name, parse_qs(parts.query, keep_blank_values=True)

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _missing(self, code: str = "NoSuchKey") -> None:
        self._answer(404, f"<Error><Code>{code}</Code><Message>none</Message></Error>".encode())

    def do_HEAD(self) -> None:
        files, name, _ = self._where()
        if files is None or (name and name not in files):
            return self._missing()
        if name and self.s3.failures:
            return self._answer(self.s3.failures.pop(0))
        content = files.get(name, b"")
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Last-Modified", "Fri, 02 Jan 2026 03:04:05 GMT")
        self.end_headers()
        return None

    def do_GET(self) -> None:
        files, name, query = self._where()
        if files is None:
            return self._missing("NoSuchBucket")
        if not name:
            return self._answer(200, _listing(files, query), Content_Type="application/xml")
        if name not in files:
            return self._missing()
        return self._send_bytes(files[name])

    def _send_bytes(self, content: bytes) -> None:
        wanted = self.headers.get("Range")
        status, extra = 200, {}
        total = len(content)
        if wanted:
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            end = min(int(last) if last else total - 1, total - 1)
            content = content[int(first) : end + 1]
            status, extra = 206, {"Content-Range": f"bytes {first}-{end}/{total}"}
        self.send_response(status)
        for name, value in extra.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.s3.cut:
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            self.close_connection = True
            self.connection.close()
            return
        self.wfile.write(content)

    def do_PUT(self) -> None:
        files, name, query = self._where()
        content = self._body()
        if files is None:
            return self._missing("NoSuchBucket")
        if "partNumber" in query:
            self.s3.parts[query["uploadId"][0]][int(query["partNumber"][0])] = content
        else:
            files[name] = content
        return self._answer(200, ETag='"e"')

    def do_POST(self) -> None:
        files, name, query = self._where()
        content = self._body()
        if files is None:
            return self._missing("NoSuchBucket")
        if "uploads" in query:
            upload = uuid.uuid4().hex
            self.s3.parts[upload] = {}
            tag = "InitiateMultipartUploadResult"
            return self._answer(200, f"<{tag}><UploadId>{upload}</UploadId></{tag}>".encode())
        if "uploadId" in query:
            parts = self.s3.parts.pop(query["uploadId"][0])
            files[name] = b"".join(parts[number] for number in sorted(parts))
            tag = "CompleteMultipartUploadResult"
            return self._answer(200, f"<{tag}><ETag>e</ETag></{tag}>".encode())
        for key in [key for key in files if f"<Key>{escape(key)}</Key>".encode() in content]:
            del files[key]
        return self._answer(200, b"<DeleteResult></DeleteResult>")

    def do_DELETE(self) -> None:
        files, name, query = self._where()
        if files is not None and "uploadId" not in query:
            files.pop(name, None)
        self._answer(204)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            content = self._chunked()
        else:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "aws-chunked" in (self.headers.get("Content-Encoding") or ""):
            return _without_chunks(content)
        return content

    def _chunked(self) -> bytes:
        found = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found


def _without_chunks(content: bytes) -> bytes:
    """The body that the client's signed chunks wrap."""
    found = b""
    while content:
        head, _, rest = content.partition(b"\r\n")
        size = int(head.split(b";")[0], 16)
        if not size:
            break
        found += rest[:size]
        content = rest[size + 2 :]
    return found


def _listing(files: dict[str, bytes], query: dict[str, list[str]]) -> bytes:
    prefix, most = query.get("prefix", [""])[0], int(query.get("max-keys", ["1000"])[0])
    # By name, as the real one: files that go meanwhile move nothing.
    after = query.get("continuation-token", [""])[0]
    names = sorted(name for name in files if name.startswith(prefix) and name > after)
    # Small pages: the client must ask again.
    page = names[: min(most, 2)]
    rest = len(page) < len(names)
    rows = "".join(
        f"<Contents><Key>{escape(name)}</Key><LastModified>{MODIFIED}</LastModified><ETag>e</ETag>"
        f"<Size>{len(files[name])}</Size></Contents>"
        for name in page
    )
    following = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if rest else ""
    return (
        '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<IsTruncated>{str(rest).lower()}</IsTruncated><KeyCount>{len(page)}</KeyCount>{following}{rows}"
        "</ListBucketResult>"
    ).encode()
