"""Many browsers at once: python tests/benchmarks/load.py [--data DIR] [--pages a,b] [--only loads,memory,uploads]

On the analysis of tests/benchmarks/app.py, made in the folder given by --data if it is not there, one server answers
raw clients that speak Streamlit's protocol (a page for the cookies, a WebSocket, a run of the script, an upload by PUT):

1. Loads: 20 and 50 clients open one finished page at the same moment. Errors, latencies, CPU seconds of the server a
   page; a real Chromium opens the dashboard in the midst of 50.
2. Memory: resident megabytes after 20, 50, 100 and 200 loads, every session closed, and again after Streamlit has
   forgotten closed sessions (two minutes).
3. Uploads: 200 MB by one client, and 60 MB by each of five at once; memory before, at most and afterwards.

Prints tables in Markdown.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import itertools
import os
import statistics
import sys
import tempfile
import threading
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Origin, Subprotocol

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from churnkit.accounts import OWNER
from tests.benchmarks import app as measured

PAGES = ("dashboard", "customers", "models")
AT_ONCE = (20, 50)
LOADS = (20, 50, 100, 200)
MEMORY_BATCH = 10
FORGOTTEN_SECONDS = 130
MEGABYTE = 1_000_000
ANSWER_SECONDS = 180
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Client:
    """One browser's connection, and what the page that it has opened consists of."""

    url: str
    socket: Any
    cookies: dict[str, str]
    session_id: str = ""
    uploader: str = ""
    errors: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    async def run(self, query: str, page: str, change: Any = None) -> float:
        """Seconds of a run of the script, until its last message is here; ``change`` sets widgets first."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        if change is not None:
            change(message.rerun_script.widget_states)
        began = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        self.texts.clear()
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                answer = ForwardMsg.FromString(await self.socket.recv())
                if self._take(answer):
                    return time.perf_counter() - began

    def _take(self, answer: ForwardMsg) -> bool:
        kind = answer.WhichOneof("type")
        if kind == "new_session":
            self.session_id = answer.new_session.initialize.session_id
        elif kind == "delta":
            element = answer.delta.new_element
            what = element.WhichOneof("type")
            if what == "exception":
                self.errors.append(element.exception.message)
            elif what == "file_uploader":
                self.uploader = element.file_uploader.id
            elif what in ("heading", "markdown", "alert"):
                self.texts.append(getattr(element, what).body)
        elif kind == "script_finished":
            if answer.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.errors.append("compile error")
            return answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        return False

    async def upload_place(self, name: str) -> Any:
        """Where the server wants a file to go."""
        message = BackMsg()
        message.file_urls_request.request_id = "1"
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.session_id
        await self.socket.send(message.SerializeToString())
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                answer = ForwardMsg.FromString(await self.socket.recv())
                if answer.WhichOneof("type") == "file_urls_response":
                    return answer.file_urls_response.file_urls[0]

    def put(self, path: str, file: Path) -> int:
        """The status that a file's PUT is answered with, sent as a browser sends it."""
        mark = "churnkitbenchmark"
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        ).encode()
        tail = f"\r\n--{mark}--\r\n".encode()
        connection = http.client.HTTPConnection(urlparse(self.url).netloc, timeout=ANSWER_SECONDS)
        with file.open("rb") as stream:
            blocks = iter(lambda: stream.read(1 << 18), b"")
            connection.request(
                "PUT",
                path,
                body=itertools.chain([head], blocks, [tail]),
                headers={
                    "Content-Type": f"multipart/form-data; boundary={mark}",
                    "Content-Length": str(len(head) + file.stat().st_size + len(tail)),
                    "Cookie": cookie_line(self.cookies),
                    "X-Xsrftoken": self.cookies.get("_streamlit_xsrf", ""),
                },
            )
            status = connection.getresponse().status
        connection.close()
        return status


def cookie_line(cookies: dict[str, str]) -> str:
    """Cookies as a request carries them."""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def first_cookies(url: str) -> dict[str, str]:
    """What a browser has after the page and the health of the server."""
    cookies: dict[str, str] = {}
    connection = http.client.HTTPConnection(urlparse(url).netloc, timeout=ANSWER_SECONDS)
    for path in ("/", "/_stcore/health"):
        connection.request("GET", path, headers={"Cookie": cookie_line(cookies)})
        answer = connection.getresponse()
        answer.read()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            cookies[name] = value
    connection.close()
    return cookies


@asynccontextmanager
async def connected(url: str) -> Any:
    """A client with cookies of its own and an open WebSocket."""
    cookies = await asyncio.to_thread(first_cookies, url)
    async with websockets.connect(
        f"{url.replace('http', 'ws', 1)}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit"), Subprotocol(cookies.get("_streamlit_xsrf", "none"))],
        additional_headers={"Cookie": cookie_line(cookies)},
        origin=Origin(url),
        max_size=None,
        compression=None,
    ) as socket:
        yield Client(url, socket, cookies)


async def load(url: str, page: str, query: str, start: asyncio.Event) -> tuple[float, list[str]]:
    """Seconds that a client waited for a page, and what went wrong; it begins when told to."""
    async with connected(url) as client:
        await start.wait()
        try:
            seconds = await client.run(query, page)
        except (TimeoutError, websockets.WebSocketException) as error:
            return ANSWER_SECONDS, [repr(error)]
        if not client.texts:
            client.errors.append("an empty page")
        return seconds, client.errors


async def at_once(
    url: str, page: str, query: str, count: int, beside: Any = None
) -> list[tuple[float, list[str]]]:
    """So many clients open a page at the same moment; ``beside`` runs in a thread meanwhile."""
    start = asyncio.Event()
    clients = [asyncio.create_task(load(url, page, query, start)) for _ in range(count)]
    await asyncio.sleep(1 + count / 50)
    other = asyncio.create_task(asyncio.to_thread(beside)) if beside else None
    start.set()
    found = await asyncio.gather(*clients)
    if other:
        await other
    return found


def cpu_seconds(pid: int) -> float:
    """CPU time of a process so far."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / TICKS


def loads(server: Any, url: str, query: str, pages: list[str], with_browser: bool) -> None:
    """Table of loads at once."""
    print("| page | at once | errors | median, 95th percentile, slowest | CPU seconds a page |")
    print("|---|---|---|---|---|")
    painted: list[float] = []
    for page, count in itertools.product(pages, AT_ONCE):
        asyncio.run(at_once(url, page, query, 1))
        before = cpu_seconds(server.pid)
        found = asyncio.run(at_once(url, page, query, count))
        cpu = (cpu_seconds(server.pid) - before) / count
        seconds = sorted(seconds for seconds, _ in found)
        errors = [error for _, errors in found for error in errors]
        p95 = statistics.quantiles(seconds, n=20)[-1]
        print(f"| {page} | {count} | {len(errors)} {errors[:1] or ''} | {statistics.median(seconds):.2f}, {p95:.2f},"
              f" {seconds[-1]:.2f} s | {cpu:.3f} |", flush=True)  # fmt: skip
    if with_browser:
        asyncio.run(
            at_once(url, "dashboard", query, AT_ONCE[-1], lambda: painted.append(chromium(url, query)))
        )
        print(
            f"\nChromium among {AT_ONCE[-1]}: the dashboard was whole after {painted[0]:.1f} s.", flush=True
        )


def chromium(url: str, query: str) -> float:
    """Seconds until a real browser shows the dashboard's last part."""
    import shutil

    from playwright.sync_api import sync_playwright

    path = next(found for name in measured.BROWSERS if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=measured.BROWSER_ARGUMENTS)
        page = browser.new_page()
        began = time.perf_counter()
        page.goto(f"{url}/dashboard?{query}")
        page.get_by_role("heading", name="Who has left already").wait_for(timeout=1000 * ANSWER_SECONDS)
        seconds = time.perf_counter() - began
        broken = page.query_selector_all('[data-testid="stException"]')
        browser.close()
    if broken:
        raise SystemExit("The dashboard in Chromium shows a traceback.")
    return seconds


def memory(server: Any, url: str, query: str) -> None:
    """Table of memory by loads."""
    print("\n| loads of the dashboard | memory |\n|---|---|")
    done, first = 0, 0.0
    for goal in LOADS:
        while done < goal:
            count = min(MEMORY_BATCH, goal - done)
            asyncio.run(at_once(url, "dashboard", query, count))
            done += count
        now = measured.memory(server.pid)["now"]
        first = first or now
        print(f"| {goal} | {now:.0f} MB ({now / first - 1:+.0%}) |", flush=True)
    time.sleep(FORGOTTEN_SECONDS)
    asyncio.run(at_once(url, "dashboard", query, 1))
    now = measured.memory(server.pid)["now"]
    print(f"| {LOADS[-1]}, closed sessions forgotten | {now:.0f} MB ({now / first - 1:+.0%}) |", flush=True)


async def upload(url: str, file: Path) -> tuple[int, float, list[str]]:
    """Status of the PUT, seconds until the page has taken the file over, what went wrong."""
    async with connected(url) as client:
        await client.run("upload=new", "upload")
        place = await client.upload_place(file.name)
        began = time.perf_counter()
        status = await asyncio.to_thread(client.put, place.upload_url, file)
        if status >= 300:
            return status, time.perf_counter() - began, []

        def chosen(states: Any) -> None:
            info = states.widgets.add(id=client.uploader).file_uploader_state_value.uploaded_file_info.add()
            info.name, info.size, info.file_id = file.name, file.stat().st_size, place.file_id
            info.file_urls.CopyFrom(place)

        await client.run("upload=new", "upload", chosen)
        if not any("Check what was understood" in text for text in client.texts):
            client.errors.append(f"the page does not ask for the columns: {client.texts[:1]}")
        return status, time.perf_counter() - began, client.errors


class Watch:
    """The highest resident memory of a process while it is entered, megabytes."""

    def __init__(self, pid: int) -> None:
        self.pid, self.peak, self._done = pid, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._done.wait(0.02):
            self.peak = max(self.peak, measured.memory(self.pid)["now"])

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._done.set()
        self._thread.join()


def uploads(server: Any, url: str, folder: Path) -> None:
    """Table of uploads."""
    print("\n| uploads | answers | slowest | memory before, at most, after |\n|---|---|---|---|")
    for count, size in ((1, 200), (5, 60)):
        file = folder / f"load_{size}.csv"
        if not file.exists():
            measured.UPLOAD_BYTES = size * MEGABYTE - MEGABYTE * 4
            measured.write_large(file)
        before = measured.memory(server.pid)["now"]
        with Watch(server.pid) as watch:
            found = asyncio.run(several(url, file, count))
        time.sleep(3)
        after = measured.memory(server.pid)["now"]
        answers = sorted(str(status) for status, _, _ in found)
        wrong = [error for _, _, errors in found for error in errors]
        slowest = max(seconds for _, seconds, _ in found)
        print(f"| {count} of {file.stat().st_size / MEGABYTE:.0f} MB | {', '.join(answers)} {wrong[:1] or ''} |"
              f" {slowest:.1f} s | {before:.0f}, {watch.peak:.0f}, {after:.0f} MB |", flush=True)  # fmt: skip


async def several(url: str, file: Path, count: int) -> list[tuple[int, float, list[str]]]:
    """Uploads at the same moment."""
    return await asyncio.gather(*(upload(url, file) for _ in range(count)))


def finished_analysis(folder: Path) -> str:
    """Id of the analysis that the benchmark looks at."""
    from churnkit.jobs import open_platform

    platform = open_platform(folder / "data", folder / "models")
    try:
        store = platform.store_for(measured.TENANT, OWNER)
        return next(one.session_id for one in store.sessions.all() if one.run_id)
    finally:
        platform.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "churnkit-benchmark-app")
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--pages", default=",".join(PAGES))
    parser.add_argument("--only", default="loads,memory,uploads")
    parser.add_argument("--skip-browser", action="store_true")
    options = parser.parse_args()
    folder = options.data.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    measured.child(f"prepare:{options.customers}", folder)
    os.environ["CHURNKIT_DATA_DIR"] = str(folder / "data")
    os.environ["CHURNKIT_MODELS_DIR"] = str(folder / "models")
    # Every client has a workspace of its own and opens the analysis by its link.
    os.environ["CHURNKIT_WORKSPACES"] = "browser"
    query = f"analysis={finished_analysis(folder)}"
    server, url = measured.serve(folder)
    try:
        wanted = options.only.split(",")
        if "loads" in wanted:
            loads(server, url, query, options.pages.split(","), not options.skip_browser)
        if "memory" in wanted:
            memory(server, url, query)
        if "uploads" in wanted:
            uploads(server, url, folder)
    finally:
        server.terminate()
        server.wait(timeout=30)


if __name__ == "__main__":
    main()
