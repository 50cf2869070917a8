"""A browser tab without the browser: the page's cookie, a raw WebSocket, uploads; everything an attacker can send."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

COOKIE = "churnkit_workspace"
XSRF = "_streamlit_xsrf"
ANSWER_SECONDS = 60


@dataclass
class Reply:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for found, value in self.headers if found.lower() == name.lower()), None)


def request(
    url: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | str | None = None
) -> Reply:
    """One request, its headers sent as they are."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=ANSWER_SECONDS)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path or "/", body=body, headers=dict(headers or {}))
        answer = connection.getresponse()
        return Reply(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


@dataclass
class Visitor:
    """One browser's cookies on one server."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)

    def load(self, path: str = "/") -> Reply:
        """Fetch the page and the health check, as a browser does, and keep their cookies."""
        for address in ("/_stcore/health", path):
            reply = request(self.url + address, headers=self._cookie_header() | {"accept": "text/html"})
            for name, value in reply.headers:
                if name.lower() == "set-cookie":
                    found, _, rest = value.partition("=")
                    self.cookies[found] = rest.split(";")[0]
        return reply

    def _cookie_header(self) -> dict[str, str]:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"cookie": jar} if jar else {}

    @contextmanager
    def tab(self, session_id: str = "", **headers: str) -> Iterator[Tab]:
        """A connected tab; ``session_id`` is the session that it asks to go on with."""
        protocols = ["streamlit", self.cookies.get(XSRF, "none"), *([session_id] if session_id else [])]
        origin = headers.pop("origin", self.url)
        with connect(
            self.url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=[Subprotocol(each) for each in protocols],
            additional_headers=self._cookie_header() | headers,
            origin=Origin(origin) if origin else None,
            max_size=None,
        ) as socket:
            yield Tab(socket)

    def send_file(self, session_id: str, file_id: str, megabytes: float = 0.1, method: str = "PUT") -> Reply:
        """Bring a file of zeros to the upload endpoint."""
        boundary = "frontier"
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="orders.csv"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        )
        body = head.encode() + bytes(int(megabytes * 1_000_000)) + f"\r\n--{boundary}--\r\n".encode()
        return request(
            f"{self.url}/_stcore/upload_file/{session_id}/{file_id}",
            method,
            self._cookie_header()
            | {
                "content-type": f"multipart/form-data; boundary={boundary}",
                "x-xsrftoken": self.cookies.get(XSRF, ""),
            },
            body if method == "PUT" else None,
        )


@dataclass
class Tab:
    """A WebSocket that speaks Streamlit's messages."""

    socket: ClientConnection
    session_id: str = ""

    def run(self, page_hash: str = "", query: str = "") -> list[ForwardMsg]:
        """Run the script and return what it drew."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_script_hash = page_hash
        self.socket.send(message.SerializeToString())
        drawn = []
        while True:
            answer = self._next()
            drawn.append(answer)
            if answer.WhichOneof("type") == "new_session":
                self.session_id = answer.new_session.initialize.session_id
            if answer.WhichOneof("type") == "script_finished":
                return drawn

    def file_id(self) -> str:
        """Ask for the address of one upload."""
        (only,) = self.file_ids("orders.csv")
        return only

    def file_ids(self, *names: str) -> list[str]:
        """Ask for the addresses of several uploads at once."""
        message = BackMsg()
        message.file_urls_request.request_id = "1"
        message.file_urls_request.file_names.extend(names)
        message.file_urls_request.session_id = self.session_id
        self.socket.send(message.SerializeToString())
        while True:
            answer = self._next()
            if answer.WhichOneof("type") == "file_urls_response":
                return [str(one.file_id) for one in answer.file_urls_response.file_urls]

    def _next(self) -> ForwardMsg:
        answer = ForwardMsg()
        answer.ParseFromString(self.socket.recv(timeout=ANSWER_SECONDS))
        return answer


def words(messages: list[ForwardMsg]) -> str:
    """Everything that was drawn, as text to search in."""
    return "\n".join(str(message) for message in messages)
