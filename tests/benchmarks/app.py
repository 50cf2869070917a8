"""The app on an analysis of 20,000 customers: python tests/benchmarks/app.py [--data DIR] [--customers N] [--skip-browser]

Made-up orders are analysed once and kept in the folder given by --data; what is measured then:

1. Pages: server time of the first and of later renders of every page, through AppTest on the shell (aim: 500 ms at the
   95th percentile of all later ones).
2. What-if: 95th percentile of the server time of a slider's move (aim: 100 ms). AppTest runs the whole page where a
   browser's move reruns the fragment only, so this is an upper bound; the service's own share stands beside it.
3. Chromium: start of the server to first paint beside a bare Streamlit page's, in turn (aim: 0.3 s more), and to the
   last figure of Home; the server's own seconds until the heading beside it, which a busy machine changes less; memory of
   the idle server (aim: 300 MB), and after an upload of 100 MB.

Every measurement runs in a process of its own. Prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import URLError

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from churnkit.accounts import OWNER  # noqa: E402

TENANT = "local"
ANALYSIS_SECONDS = 1800
WARM_RENDERS = 5
STARTS = 5
BARE = 'import streamlit as st\n\nst.title("Bare")\n'
MOVES = (("plan_save_rate", 5, 60), ("plan_discount", 1, 30), ("plan_customers", 50, 500))
MOVES_EACH = 20
UPLOAD_BYTES = 100_000_000
LAST_ANSWER = ".st-key-home_worked [data-testid=stMetricValue]"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--disable-gpu",
]


def generate(path: Path, customers: int, seed: int = 1) -> None:
    """Orders of customers with an own pace, value and drop-out over 900 days, one to three lines each."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    days = 900
    day = rng.uniform(0, days * 0.85, customers)
    gap = rng.gamma(2.0, 35.0, customers) + 4
    leaving, value = rng.beta(1.2, 6.0, customers), rng.lognormal(3.4, 0.6, customers)
    alive, parts = np.ones(customers, dtype=bool), []
    while alive.any():
        who = np.flatnonzero(alive)
        lines = rng.integers(1, 4, len(who))
        order = np.repeat(who, lines)
        parts.append(
            pd.DataFrame(
                {
                    "customer_id": order,
                    "day": np.repeat(day[who], lines),
                    "product_id": rng.integers(0, 400, len(order)),
                    "quantity": rng.integers(1, 4, len(order)),
                    "unit_price": (value[order] / 3 * rng.lognormal(0, 0.3, len(order))).round(2),
                }
            )
        )
        day[who] += rng.exponential(gap[who]) + 0.5
        alive[who] = (rng.random(len(who)) > leaving[who]) & (day[who] < days)
    table = pd.concat(parts).sort_values("day")
    table["order_id"] = "A" + table.groupby(["customer_id", "day"], sort=False).ngroup().astype(str)
    table["customer_id"] = "C" + table["customer_id"].astype(str).str.zfill(6)
    table["product_id"] = "P" + table["product_id"].astype(str)
    table["order_date"] = (pd.Timestamp("2024-01-01") + pd.to_timedelta(table.pop("day"), unit="D")).dt.floor(
        "s"
    )
    table.to_csv(path, index=False)


def prepare(folder: Path, customers: int) -> dict[str, Any]:
    """The finished analysis in ``folder``, made now if it is not there; seconds of look and analysis, or none."""
    from churnkit.config import AnalysisSettings
    from churnkit.ingest import Reading
    from churnkit.jobs import open_platform

    platform = open_platform(folder / "data", folder / "models")
    store = platform.store_for(TENANT, OWNER)
    try:
        if any(session.run_id for session in store.sessions.all()):
            return {}
        source = folder / "orders.csv"
        generate(source, customers)
        with source.open("rb") as stream:
            upload = platform.receive_upload(store, stream, "orders.csv", 10**9)
        settings = AnalysisSettings()
        session = platform.start_look(store, upload.upload_id, Reading(), settings)
        look = wait(platform, store, session.session_id, "look")
        platform.start_analysis(store, session.session_id, settings)
        return {"look": look, "analysis": wait(platform, store, session.session_id, "analyze")}
    finally:
        platform.close()


def wait(platform: Any, store: Any, session_id: str, kind: str) -> float:
    """Seconds until the job of a kind has ended well."""
    started = time.monotonic()
    while time.monotonic() - started < ANALYSIS_SECONDS:
        job = platform.progress(store, session_id, kind)
        if job is not None and job.status == "completed":
            return time.monotonic() - started
        if job is not None and job.status == "failed":
            raise SystemExit(f"The {kind} failed: {job.error_message}")
        time.sleep(0.1)
    raise SystemExit(f"The {kind} did not end within {ANALYSIS_SECONDS} seconds.")


def keep_compiled_pages() -> None:
    """AppTest compiles a page anew for every run, where a server keeps what it has compiled."""
    from streamlit.runtime.scriptrunner.script_cache import ScriptCache

    compiled: dict[str, Any] = {}
    compile_page = ScriptCache.get_bytecode

    def kept(cache: ScriptCache, script_path: str) -> Any:
        if script_path not in compiled:
            compiled[script_path] = compile_page(cache, script_path)
        return compiled[script_path]

    # AppTest asks the class, and offers no other place to keep what was compiled.
    setattr(ScriptCache, "get_bytecode", kept)  # noqa: B010


def pages() -> dict[str, Any]:
    """Child: milliseconds of each page's first render in the process and of later ones."""
    from streamlit.testing.v1 import AppTest

    keep_compiled_pages()
    app = AppTest.from_file(str(REPOSITORY / "main.py"), default_timeout=120)
    milliseconds(app.run)
    found: dict[str, Any] = {}
    for page in sorted((REPOSITORY / "pages").glob("*.py")):
        app.switch_page(f"pages/{page.name}")
        first = milliseconds(app.run)
        later = [milliseconds(app.run) for _ in range(WARM_RENDERS)]
        wrong = [f"{part.message}" for part in app.exception]
        found[page.stem] = {"first": first, "later": later, "wrong": wrong}
    return found


def sliders() -> dict[str, Any]:
    """Child: milliseconds of slider moves on the what-if page, and of the service alone."""
    from streamlit.testing.v1 import AppTest

    keep_compiled_pages()
    app = AppTest.from_file(str(REPOSITORY / "main.py"), default_timeout=120).run()
    app.switch_page("pages/whatif.py").run()
    moves = []
    for key, low, high in MOVES:
        for step in range(MOVES_EACH):
            app.slider(key=key).set_value(low + (high - low) * step // (MOVES_EACH - 1))
            moves.append(milliseconds(app.run))
    if app.exception:
        raise SystemExit(f"The what-if page failed: {app.exception[0].message}")
    return {"page": percentile(moves), "service": percentile(service_moves())}


def service_moves() -> list[float]:
    """Milliseconds of what the page asks for at each move."""
    from dataclasses import replace

    from churnkit.config import data_dir, models_dir
    from churnkit.jobs import open_platform
    from churnkit.results.campaign_money import Scenario
    from churnkit.results.folders import Results
    from churnkit.services.whatif.simulate import Desk

    platform = open_platform(data_dir(), models_dir())
    session = next(s for s in platform.store_for(TENANT, OWNER).sessions.all() if s.run_id)
    folder = platform.run_folder(session)
    assert folder is not None
    desk = Desk(Results(folder))
    moves = []
    for step in range(3 * MOVES_EACH):
        scenario = Scenario(
            name="",
            customers=50 + 300 * step,
            assumptions=replace(desk.defaults, save_rate=(5 + step % 55) / 100),
        )
        moves.append(milliseconds(lambda scenario=scenario: desk.play(scenario)))
    return moves


def milliseconds(call: Any) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - started)


def percentile(values: list[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"median": statistics.median(values), "p95": statistics.quantiles(values, n=20)[-1]}


def chromium(folder: Path) -> dict[str, Any]:
    """Child: first paint, memory idle, after a walk through all pages and after a large upload."""
    from playwright.sync_api import sync_playwright

    browser_path = next(path for name in BROWSERS if (path := shutil.which(name)))
    upload = folder / "large.csv"
    if not upload.exists():
        write_large(upload)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=BROWSER_ARGUMENTS)
        bare = folder / "bare.py"
        bare.write_text(BARE, encoding="utf-8")
        paints = [
            (*first_paint(browser, folder, str(bare))[:2], *first_paint(browser, folder))
            for _ in range(STARTS)
        ]
        page = browser.new_page()
        server, url = serve(folder)
        try:
            page.goto(url)
            page.get_by_role("heading", level=1).wait_for(timeout=60_000)
            settled(page)
            idle = memory(server.pid)
            for stem in sorted(path.stem for path in (REPOSITORY / "pages").glob("*.py")):
                page.goto(f"{url}/{stem}")
                page.get_by_test_id("stSidebarContent").wait_for(state="attached", timeout=60_000)
                settled(page)
            walked = memory(server.pid)
            seen = browser_moves(page, url)
            page.goto(f"{url}/upload?upload=new")
            settled(page)
            page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(str(upload))
            page.get_by_role("button", name="Read the file").wait_for(timeout=300_000)
            settled(page)
            time.sleep(3)
            uploaded = memory(server.pid)
        finally:
            server.terminate()
            server.wait(timeout=30)
            browser.close()
    forget_uploads(folder, upload.name)
    memories = {"idle": idle, "walked": walked, "uploaded": uploaded}
    return {"paints": paints, "moves": percentile(seen), **memories}


def first_paint(browser: Any, folder: Path, script: str = "app.py") -> tuple[float, float, float]:
    """Seconds from the start of a server until a visitor's browser shows the heading of its first page, seconds of the
    processor that the server took for it, and seconds until Home's last answer, the heading's again on a bare page.
    """
    page = browser.new_page()
    started = time.perf_counter()
    server, url = serve(folder, script)
    try:
        page.goto(url)
        page.get_by_role("heading", level=1).wait_for(timeout=60_000)
        heading, busy = time.perf_counter() - started, processor_seconds(server.pid)
        if script != "app.py":
            return heading, busy, heading
        page.locator(LAST_ANSWER).wait_for(timeout=60_000)
        return heading, busy, time.perf_counter() - started
    finally:
        page.close()
        server.terminate()
        server.wait(timeout=30)


def browser_moves(page: Any, url: str) -> list[float]:
    """Milliseconds from a key on the slider to another figure on the screen."""
    figure = ".st-key-out_net [data-testid=stMetricValue]"
    page.goto(f"{url}/whatif")
    page.locator(figure).wait_for(timeout=60_000)
    settled(page)
    slider = page.locator(".st-key-plan_save_rate").get_by_role("slider")
    slider.focus()
    moves = []
    for _ in range(MOVES_EACH):
        before = page.locator(figure).inner_text()
        started = time.perf_counter()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "([css, text]) => document.querySelector(css).innerText !== text",
            arg=[figure, before],
            polling=10,
        )
        moves.append(1000 * (time.perf_counter() - started))
        settled(page)
    return moves


def forget_uploads(folder: Path, name: str) -> None:
    """Remove what the measurement uploaded."""
    from churnkit.jobs import open_platform

    platform = open_platform(folder / "data", folder / "models")
    store = platform.store_for(TENANT, OWNER)
    for upload in store.uploads.all():
        if upload.filename == name:
            platform.delete_upload(store, upload.upload_id)
    platform.close()


def serve(folder: Path, script: str = "app.py") -> tuple[subprocess.Popen[bytes], str]:
    """A server on the prepared data, up and answering; its log lies in ``folder``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return server, url
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise SystemExit(f"The server did not start: see {folder / 'server.log'}")


def settled(page: Any) -> None:
    """Wait until the script has run."""
    page.wait_for_timeout(400)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=120_000)


def processor_seconds(pid: int) -> float:
    """Seconds of the processor that a process has taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> dict[str, float]:
    """Megabytes of a process that are in memory, now and at most so far."""
    text = Path(f"/proc/{pid}/status").read_text()
    return {
        name: int(re.findall(rf"{field}:\s+(\d+)", text)[0]) / 1000
        for name, field in (("now", "VmRSS"), ("peak", "VmHWM"))
    }


def write_large(path: Path) -> None:
    """Order lines of 100 MB."""
    line = "A{order},C{customer:06d},2025-{month:02d}-{day:02d} 12:00:00,P{product},2,9.99\n"
    with path.open("w", encoding="utf-8") as file:
        file.write("order_id,customer_id,order_date,product_id,quantity,unit_price\n")
        written, number = 0, 0
        while written < UPLOAD_BYTES:
            block = "".join(
                line.format(
                    order=n // 3,
                    customer=n * 7919 % 60_000,
                    month=1 + n % 12,
                    day=1 + n % 28,
                    product=n % 900,
                )
                for n in range(number, number + 50_000)
            )
            written += file.write(block)
            number += 50_000


def child(mode: str, folder: Path) -> Any:
    """The result of this script in a process of its own."""
    command = [sys.executable, str(Path(__file__)), "--data", str(folder), "--child", mode]
    done = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def report(folder: Path, customers: int, skip_browser: bool) -> None:
    """Measure everything and print the table."""
    made = child(f"prepare:{customers}", folder)
    print("| what | measured | aim |\n|---|---|---|")
    for name, seconds in made.items():
        print(f"| {name}, made-up shop of {customers:,} customers | {seconds:.1f} s | |", flush=True)
    seen = child("pages", folder)
    for stem, found in seen.items():
        wrong = f" **{found['wrong'][0]}**" if found["wrong"] else ""
        first, later = found["first"], max(found["later"])
        print(f"| page {stem}: first render, slowest of {WARM_RENDERS} later ones | {first:.0f} ms, {later:.0f} ms{wrong} |"
              " |", flush=True)  # fmt: skip
    of_all = percentile([each for found in seen.values() for each in found["later"]])
    print(
        f"| all pages, later renders: median, 95th percentile | {of_all['median']:.0f} ms, {of_all['p95']:.0f} ms |"
        " 500 ms |"
    )
    found = child("sliders", folder)
    for name, aim in (("page", "100 ms"), ("service", "")):
        figures = found[name]
        print(
            f"| slider move, {name}: median, 95th percentile | {figures['median']:.0f} ms, {figures['p95']:.0f} ms"
            f" | {aim} |",
            flush=True,
        )
    if skip_browser or not any(shutil.which(name) for name in BROWSERS):
        print("| Chromium | not measured: no browser | |")
        return
    found = child("chromium", folder)
    bare, bare_busy, ours, busy, whole = (
        statistics.median(each) for each in zip(*found["paints"], strict=True)
    )
    print(f"| start of the server to first paint, bare page and app | {bare:.2f} s, {ours:.2f} s | + 0.3 s |")
    print(f"| the server's own seconds until then, bare page and app | {bare_busy:.2f} s, {busy:.2f} s | |")
    print(f"| start of the server to the last answer of Home | {whole:.2f} s | |")
    moves = found["moves"]
    print(f"| slider move, as the browser sees it | {moves['median']:.0f} ms, {moves['p95']:.0f} ms | |")
    print(f"| memory of the idle server | {found['idle']['now']:.0f} MB | 300 MB |")
    print(f"| after a walk through all pages | {found['walked']['now']:.0f} MB | |")
    after = found["uploaded"]
    print(f"| after an upload of 100 MB: now, peak | {after['now']:.0f} MB, {after['peak']:.0f} MB | |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "churnkit-benchmark-app")
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--skip-browser", action="store_true")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.data.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if options.child is None:
        report(folder, options.customers, options.skip_browser)
        return
    os.environ["CHURNKIT_DATA_DIR"] = str(folder / "data")
    os.environ["CHURNKIT_MODELS_DIR"] = str(folder / "models")
    os.environ["CHURNKIT_WORKSPACES"] = "shared"
    mode, _, argument = options.child.partition(":")
    results = {
        "prepare": lambda: prepare(folder, int(argument)),
        "pages": pages,
        "sliders": sliders,
        "chromium": lambda: chromium(folder),
    }
    print(json.dumps(results[mode]()))


if __name__ == "__main__":
    main()
