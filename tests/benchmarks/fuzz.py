"""Mutated files through the readers: python tests/benchmarks/fuzz.py [--files 3000] [--seed N] [--only N]

Sound exports (CSV in several dialects and encodings, workbooks, Parquet, zip, gzip) are cut, flipped, spliced,
renamed and edited inside; each is looked at and read as an order export, some as a list of contacts too. Reported:

- foreign: exceptions that are no `ChurnkitError`, and errors that the guard had to put into words;
- aborts and hangs: a child process reads a batch under limits of memory and of seconds a file, so that a crash is
  found and named, not fatal;
- wrong sums: rows in = kept + dropped, and where rows were only added or put in another order, the money against
  the file's own rows;
- the highest memory of any process.

The seed is printed; with it and ``--only N`` file N is made again, kept in the current folder and read.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import logging
import os
import random
import resource
import selectors
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

BATCH = 60
ADDRESS_BYTES = 6_000_000_000
RESIDENT_MB = 1_500
HEADER = ["order_id", "customer_id", "order_date", "product", "quantity", "unit_price"]

Rows = list[list[str]]


@dataclass(frozen=True)
class Made:
    """One file: its name, bytes, how it was made, and the money in it where that is known."""

    name: str
    content: bytes
    how: str
    money: float | None = None
    rows: int = 0


def sound_rows(rng: random.Random, count: int) -> Rows:
    """Orders that no rule drops or mends: ids of their own, plain dates, prices above nought."""
    start = datetime(2025, 1, 3)
    words = ["Tea", "Çay", "Kaffee, braun", 'Pipe 5"', "Beans; dark", "Zoë's cup", "Filter"]
    return [
        [
            f"O{10_000 + number}",
            f"C{rng.randrange(40):03d}",
            (start + timedelta(days=rng.randrange(500))).strftime("%Y-%m-%d"),
            rng.choice(words),
            str(rng.randint(1, 5)),
            f"{rng.randint(100, 9000) / 100:.2f}",
        ]
        for number in range(count)
    ]


def written_csv(rows: Rows, delimiter: str, encoding: str, line_end: str) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=line_end).writerows([HEADER, *rows])
    return stream.getvalue().encode(encoding, "replace")


def written_workbook(rows: Rows) -> bytes:
    import openpyxl

    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active.append(HEADER)
    for row in rows:
        book.active.append([*row[:2], datetime.fromisoformat(row[2]), row[3], int(row[4]), float(row[5])])
    book.save(stream)
    return stream.getvalue()


def written_parquet(rows: Rows) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = dict(zip(HEADER, map(list, zip(*rows, strict=True)), strict=True))
    table = pa.table(
        columns
        | {
            "quantity": list(map(int, columns["quantity"])),
            "unit_price": list(map(float, columns["unit_price"])),
        }
    )
    stream = io.BytesIO()
    pq.write_table(table, stream, row_group_size=40, compression="snappy")
    return stream.getvalue()


def zipped(members: dict[str, bytes], method: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return stream.getvalue()


def seed_file(rng: random.Random, rows: Rows) -> tuple[str, bytes]:
    """A sound export of a random kind: its name and bytes."""
    text = written_csv(
        rows,
        rng.choice(",;\t|"),
        rng.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
        rng.choice(["\n", "\r\n", "\r"]),
    )
    kind = rng.choice(["csv", "csv", "csv", "xlsx", "xlsx", "parquet", "parquet", "zip", "gz"])
    if kind == "xlsx":
        return "orders.xlsx", written_workbook(rows)
    if kind == "parquet":
        return "orders.parquet", written_parquet(rows)
    if kind == "zip":
        methods = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
        return "orders.zip", zipped({"orders.csv": text}, rng.choice(methods))
    if kind == "gz":
        return "orders.csv.gz", gzip.compress(text, mtime=0)
    return "orders.csv", text


def flip(rng: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice([1, 1, 3, 20])):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(1, len(content))]


def remove(rng: random.Random, content: bytes) -> bytes:
    start = rng.randrange(len(content))
    return content[:start] + content[start + rng.choice([1, 2, 10, 500]) :]


def repeat(rng: random.Random, content: bytes) -> bytes:
    start = rng.randrange(len(content))
    piece = content[start : start + rng.choice([1, 4, 100, 3000])]
    return content[:start] + piece * rng.choice([2, 3, 50]) + content[start:]


def insert(rng: random.Random, content: bytes) -> bytes:
    pieces = [
        b'"',
        b"\0",
        b"\r",
        b"\n",
        b"\xff\xfe",
        b",,,,,,",
        b"\n\n\n\n",
        b'"""',
        b"=1+1",
        b"\xed\xa0\x80",
        b"PAR1",
    ]
    start = rng.randrange(len(content))
    return content[:start] + rng.choice(pieces) * rng.choice([1, 1, 5, 2000]) + content[start:]


def footer(rng: random.Random, content: bytes) -> bytes:
    """Bytes changed where Parquet and zip keep their directories: near the end."""
    changed = bytearray(content)
    for _ in range(rng.choice([1, 2, 8])):
        changed[-1 - rng.randrange(min(len(changed), 1500))] = rng.choice(
            [0, 1, 127, 128, 255, rng.randrange(256)]
        )
    return bytes(changed)


ANY: list[Callable[[random.Random, bytes], bytes]] = [flip, cut, remove, repeat, insert, footer]

MEMBERS = [
    "/",
    ".",
    "..",
    "a/../../x",
    "\\",
    "__MACOSX/",
    "con",
    "x" * 300,
    "a\nb",
    "[Content_Types].xml",
    "é.csv",
]
XML_EDITS = [
    (b'r="A', b'r="XFD'),
    (b'r="', b'r="Z'),
    (b' r="', b' q="'),
    (b'="2"', b'="1048576"'),
    (b"<v>", b"<v>9999999999"),
    (b"<v>", b"<v>-1e400"),
    (b"<c ", b"<x:c "),
    (b"<row", b"<row><row"),
    (b"</c>", b""),
    (b't="inlineStr"', b't="s"'),
    (b't="n"', b't="d"'),
    (b't="', b't="e'),
    (b"<t>", b"<t>&lol;"),
    (b"<t>", b"<t>" + b"y" * 40_000),
    (b"numFmtId=", b'numFmtId="22" x='),
    (b"sheetId=", b"sheetid="),
    (b'name="Sheet"', b'name=""'),
    (b"Target=", b'Target="../../etc/passwd" x='),
    (b"sheet1.xml", b"sheet2.xml"),
    (b"<sheetData>", b"<sheetData/><sheetData>"),
    (b"<sheetData>", b"<!--<sheetData>"),
    (b'encoding="UTF-8"', b'encoding="UTF-16"'),
]


def inside(rng: random.Random, content: bytes) -> bytes:
    """An archive with a member renamed, changed, left out, or its XML edited."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
        method = archive.infolist()[0].compress_type
    for _ in range(rng.choice([1, 1, 2])):
        member = rng.choice(sorted(members))
        choice = rng.randrange(5)
        if choice == 0:
            members[rng.choice(MEMBERS)] = members.pop(member)
        elif choice == 1:
            members[member] = rng.choice(ANY)(rng, members[member] or b"x")
        elif choice == 2 and len(members) > 1:
            members.pop(member)
        else:
            old, new = rng.choice(XML_EDITS)
            times = rng.choice([1, 1, -1])
            members = {key: value.replace(old, new, times) for key, value in members.items()}
    return zipped(members, method)


def made(seed: int, number: int) -> Made:
    """File ``number`` of the run with this seed."""
    rng = random.Random(f"{seed}:{number}")
    rows = sound_rows(rng, rng.choice([30, 80, 150]))
    if rng.random() < 0.12:
        rng.shuffle(rows)
        rows += [[f"N{place}", *row[1:]] for place, row in enumerate(rng.choices(rows, k=rng.randrange(30)))]
        name, content = seed_file(rng, rows)
        return Made(name, content, "rows added and reordered", money_of(rows), len(rows))
    name, content = seed_file(rng, rows)
    if name.endswith((".xlsx", ".zip")) and rng.random() < 0.6:
        content, how = inside(rng, content), "changed inside"
    else:
        steps = rng.choices(ANY, k=rng.choice([1, 1, 2, 3]))
        for step in steps:
            content = step(rng, content) or b"x"
        how = ", ".join(step.__name__ for step in steps)
    if rng.random() < 0.05:
        name = rng.choice(
            ["orders", "orders.xlsx", "orders.csv", "orders[1].csv", "orders.parquet", "o r*d.zip"]
        )
    return Made(name, content, how)


def money_of(rows: Rows) -> float:
    return sum(int(row[4]) * float(row[5]) for row in rows)


def outcome(file: Made, folder: Path) -> str:
    """``read``, ``refused``, ``guarded: …`` or ``wrong: …``; whatever is foreign is raised."""
    import pandas as pd

    from churnkit.errors import ChurnkitError
    from churnkit.ingest import ingest, inspect
    from churnkit.services.look.small_tables import read_table

    path = folder / file.name
    path.write_bytes(file.content)
    if len(file.content) % 3 == 0:
        try:
            read_table(file.content, file.name, "a list of contacts")
        except ChurnkitError as error:
            if "not written as its format asks" in error.message:
                return f"guarded: {error.message}"
    try:
        if len(file.content) % 4 == 0:
            inspect(path, folder / "work")
        result = ingest(path, folder / "work", now=datetime(2026, 11, 20))
    except ChurnkitError as error:
        if not error.message or (file.money is not None):
            return f"wrong: a sound file was refused: {error}"
        guarded = "not written as its format asks" in error.message
        return f"guarded: {error.message}" if guarded else "refused"
    rows = pd.read_parquet(result.transactions)
    if result.row_count_in != result.row_count_kept + result.ledger.row_count_dropped:
        return f"wrong: {result.row_count_in} rows in, {result.row_count_kept} kept, others dropped"
    if len(rows) != result.row_count_kept:
        return f"wrong: {len(rows)} rows in the table, {result.row_count_kept} by the ledger"
    if file.money is not None and (len(rows) != file.rows or abs(rows["amount"].sum() - file.money) > 0.005):
        return f"wrong: {len(rows)} rows of {file.rows}, {rows['amount'].sum():.2f} of {file.money:.2f}"
    return "read"


def child(seed: int, first: int, last: int) -> None:
    """Read files ``first`` .. ``last`` - 1; a line before and a line after each."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_BYTES, ADDRESS_BYTES))
    logging.disable()
    for number in range(first, last):
        print(f"begin\t{number}", flush=True)
        with TemporaryDirectory(prefix="fuzz-") as folder:
            try:
                found = outcome(made(seed, number), Path(folder))
            # Foreign exceptions are what is looked for.
            except BaseException as error:  # noqa: BLE001
                found = f"foreign: {type(error).__name__}: {error}"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"end\t{number}\t{peak}\t{' '.join(found.split())[:300]}", flush=True)


@dataclass
class Tally:
    """What came of the files; ``bad`` holds a sentence for each that ended badly."""

    counts: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    peak_mb: int = 0
    slowest: tuple[float, int] = (0.0, -1)

    def add(self, number: int, words: str, seconds: float, seed: int) -> None:
        kind = words.partition(":")[0]
        self.counts[kind] += 1
        self.slowest = max(self.slowest, (seconds, number))
        if kind not in ("read", "refused"):
            self.bad.append(f"{number} ({made(seed, number).name}, {made(seed, number).how}) {words}")


def run_batch(seed: int, first: int, last: int, seconds: float, tally: Tally) -> None:
    """Files ``first`` .. ``last`` - 1 in child processes, a new one after each that dies."""
    while first < last:
        command = [
            sys.executable,
            str(Path(__file__).resolve()),
            "--child",
            str(first),
            str(last),
            "--seed",
            str(seed),
        ]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=REPOSITORY)
        first = follow(process, seed, first, last, seconds, tally)


def follow(
    process: subprocess.Popen[bytes], seed: int, first: int, last: int, seconds: float, tally: Tally
) -> int:
    """Note a child's lines; the number of the next file to read."""
    assert process.stdout is not None
    current, began = first, time.perf_counter()
    with process, selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        # The first file also pays for the imports.
        while selector.select(timeout=seconds + 20 * (current == first)):
            line = process.stdout.readline().decode()
            if not line:
                code = process.wait()
                if current < last:
                    tally.add(
                        current, f"abort: the process ended with {code}", time.perf_counter() - began, seed
                    )
                return current + 1
            mark, number, *rest = line.rstrip("\n").split("\t")
            if mark == "begin":
                current, began = int(number), time.perf_counter()
                continue
            tally.peak_mb = max(tally.peak_mb, int(rest[0]))
            tally.add(int(number), rest[1], time.perf_counter() - began, seed)
            current = int(number) + 1
        process.kill()
    tally.add(current, f"hang: more than {seconds:.0f} s", seconds, seed)
    return current + 1


def run(files: int, seed: int, seconds: float, workers: int) -> int:
    tallies = [Tally() for _ in range(0, files, BATCH)]
    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        batches = [
            pool.submit(run_batch, seed, first, min(files, first + BATCH), seconds, tally)
            for tally, first in zip(tallies, range(0, files, BATCH), strict=True)
        ]
        for batch in batches:
            batch.result()
    counts = sum((tally.counts for tally in tallies), Counter())
    bad = [words for tally in tallies for words in tally.bad]
    peak = max(tally.peak_mb for tally in tallies)
    slowest, number = max(tally.slowest for tally in tallies)
    print(*bad, sep="\n")
    print(
        f"{files:,} files in {time.perf_counter() - began:.0f} s, seed {seed}: {dict(counts.most_common())}"
    )
    print(f"highest memory {peak:,} MB (limit {RESIDENT_MB:,}); slowest file {number}: {slowest:.1f} s")
    failures = sum(counts[kind] for kind in ("foreign", "abort", "hang", "wrong"))
    return 1 if failures or peak > RESIDENT_MB or sum(counts.values()) != files else 0


def show(seed: int, number: int) -> int:
    file = made(seed, number)
    Path(f"fuzz_{number}_{file.name}").write_bytes(file.content)
    print(f"{file.name}: {len(file.content):,} bytes, {file.how}")
    with TemporaryDirectory(prefix="fuzz-") as folder:
        print(outcome(file, Path(folder)))
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--seconds", type=float, default=60.0, help="for one file")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", type=int, help="make, keep and read this one file")
    parser.add_argument("--child", type=int, nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        child(chosen.seed, *chosen.child)
        return 0
    print(f"seed {chosen.seed}", flush=True)
    if chosen.only is not None:
        return show(chosen.seed, chosen.only)
    return run(chosen.files, chosen.seed, chosen.seconds, chosen.workers)


if __name__ == "__main__":
    sys.exit(main())
