"""One request to a server on this machine: pinned, no redirect, cut, and over in time."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from churnkit.config import PRIVATE_HOSTS
from churnkit.outgoing import Address, AddressRefused, Unreachable, post
from tests.certificates import write_certificate


class Hook(http.server.ThreadingHTTPServer):
    """Answers as it is told, and remembers what it was asked."""

    daemon_threads = True
    status = 200
    answer = b"thanks"
    headers: tuple[tuple[str, str], ...] = ()
    drip_seconds = 0.0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        self.enough = threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        for name, value in self.server.headers:
            self.send_header(name, value)
        self.end_headers()
        while self.server.drip_seconds and not self.server.enough.wait(self.server.drip_seconds):
            self.wfile.write(b".")
        self.wfile.write(self.server.answer)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def start() -> Iterator[Callable[[ssl.SSLContext | None], Hook]]:
    running: list[tuple[Hook, threading.Thread]] = []

    def begin(context: ssl.SSLContext | None = None) -> Hook:
        server = Hook()
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        running.append((server, thread))
        return server

    yield begin
    for server, thread in running:
        server.enough.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1 hooks.example other.example")


def address(server: Hook, host: str = "127.0.0.1", scheme: str = "http") -> Address:
    return Address.parse(f"{scheme}://{host}:{server.server_port}/hook?x=1")


def test_a_request_and_its_answer(start: Callable[..., Hook]) -> None:
    server = start()
    server.headers = (("Retry-After", "7"),)
    found = post(address(server), b"{}", {"webhook-id": "a"}, seconds=5)
    assert (found.status, found.body, found.is_cut, found.retry_after) == (200, b"thanks", False, "7")
    path, headers, body = server.seen[0]
    assert (path, headers["webhook-id"], body) == ("/hook?x=1", "a", b"{}")
    assert headers["Host"] == f"127.0.0.1:{server.server_port}"


def test_a_redirect_is_not_followed(start: Callable[..., Hook]) -> None:
    server = start()
    server.status, server.headers = 302, (("Location", f"http://127.0.0.1:{server.server_port}/elsewhere"),)
    assert post(address(server), b"", {}, seconds=5).status == 302
    assert [path for path, _, _ in server.seen] == ["/hook?x=1"]


def test_a_long_answer_is_cut(start: Callable[..., Hook]) -> None:
    server = start()
    server.answer = b"x" * 300_000
    found = post(address(server), b"", {}, seconds=5)
    assert (len(found.body), found.is_cut) == (64_000, True)


def test_an_answer_that_drips_is_over_in_time(start: Callable[..., Hook]) -> None:
    server = start()
    server.drip_seconds = 0.02
    with pytest.raises(Unreachable, match=r"no answer within 0.3 seconds"):
        post(address(server), b"", {}, seconds=0.3)


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable, match="cannot be reached") as raised:
        post(Address.parse(f"http://127.0.0.1:{port}/secret-path"), b"", {}, seconds=5)
    assert "secret-path" not in str(raised.value)


def test_what_is_no_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def say() -> None:
            with server.accept()[0] as other:
                other.recv(1000)
                other.sendall(b"SSH-2.0-x\r\n")

        thread = threading.Thread(target=say)
        thread.start()
        with pytest.raises(Unreachable, match="cannot be reached"):
            post(Address.parse(f"http://127.0.0.1:{server.getsockname()[1]}/"), b"", {}, seconds=5)
        thread.join()


def test_a_line_break_cannot_add_a_header(start: Callable[..., Hook]) -> None:
    server = start()
    with pytest.raises(Unreachable, match="cannot be reached"):
        post(address(server), b"", {"x": "a\r\nb: c"}, seconds=5)


def test_a_name_is_looked_up_once(start: Callable[..., Hook], monkeypatch: pytest.MonkeyPatch) -> None:
    """A second look could mean this machine, after the first was found to be the open internet."""
    looks: list[str] = []
    asked = socket.getaddrinfo

    def look_up(host: str, *args: Any, **more: Any) -> Any:
        # An address in numbers asks nobody.
        if not host[0].isdigit():
            looks.append(host)
            host = "127.0.0.1"
        return asked(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    server = start()
    assert post(address(server, "hooks.example"), b"", {}, seconds=5).status == 200
    assert looks == ["hooks.example"]
    assert server.seen[0][1]["Host"] == f"hooks.example:{server.server_port}"


def test_a_private_network_is_not_called(start: Callable[..., Hook], monkeypatch: pytest.MonkeyPatch) -> None:
    server = start()
    monkeypatch.delenv(PRIVATE_HOSTS)
    with pytest.raises(AddressRefused, match="open internet"):
        post(Address("127.0.0.1", server.server_port, "/", False, False), b"", {}, seconds=5)
    assert server.seen == []


def test_a_certificate_must_be_the_hosts(
    start: Callable[..., Hook], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = write_certificate(tmp_path, "hooks.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    asked = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *a, **more: asked("127.0.0.1", *a, **more))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = start(context)
    assert post(address(server, "hooks.example", "https"), b"", {}, seconds=5).body == b"thanks"
    with pytest.raises(Unreachable, match="certificate"):
        post(address(server, "other.example", "https"), b"", {}, seconds=5)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Unreachable, match="certificate"):
        post(address(server, "hooks.example", "https"), b"", {}, seconds=5)
    assert len(server.seen) == 1
