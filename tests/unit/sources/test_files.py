"""Files of a folder, behind a link, in object storage, and the rows of a database."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnkit.config import PRIVATE_HOSTS, SOURCES_FOLDER
from churnkit.errors import ChurnkitError, DataError, SettingsError
from churnkit.outgoing import AddressRefused, Unreachable
from churnkit.outgoing.fetch import fetch
from churnkit.sources import folder as folder_source
from churnkit.sources.pulling import SourceFailed
from churnkit.sources.settings import LinkSettings, settings_of
from churnkit.sources.sql import plain_type
from tests.fake_s3 import FakeS3
from tests.fake_shops import FakeFiles
from tests.unit.sources.pulls import Puller

ORDERS = b"customer,date,amount\na,2026-01-01,5\n"


@pytest.fixture(autouse=True)
def allowed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")
    monkeypatch.setenv(SOURCES_FOLDER, str(tmp_path / "root"))
    monkeypatch.setattr(folder_source, "LOOK_AGAIN_SECONDS", 0.0)
    (tmp_path / "root").mkdir()


def put(path: Path, content: bytes = ORDERS, *, age: float = 3600) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (time.time() - age,) * 2)


def labels(puller: Puller) -> list[str]:
    return [file.label for file in puller.pull().files]


def test_a_folder_gives_each_file_once(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "c.pdf", ".hidden.csv", "~$a.xlsx", "empty.csv"):
        put(tmp_path / "root/shop" / name, b"" if name.startswith("empty") else name.encode())
    puller = Puller(tmp_path, "folder", {"folder": "shop"})
    assert "2 files, 2 of them not fetched" in puller.pull(is_test=True).words
    assert labels(puller) == ["a.csv", "b.csv"]
    assert labels(puller) == []
    put(tmp_path / "root/shop/a.csv", b"changed", age=1000)
    put(tmp_path / "root/shop/copy.csv", b"b.csv")
    assert labels(puller) == ["a.csv"], "the copy of a file that is known is nothing new"


def test_a_file_that_is_being_written_waits(tmp_path: Path) -> None:
    put(tmp_path / "root/a.csv", age=5)
    puller = Puller(tmp_path, "folder", {"pattern": "*.csv"})
    found = puller.pull()
    assert not found.files and "may still be written to" in found.notes[0]
    assert labels(puller) == ["a.csv"], "it stood still between two pulls"


def test_a_file_that_changes_between_two_looks_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "root/a.csv")
    monkeypatch.setattr("time.sleep", lambda seconds: put(tmp_path / "root/a.csv", ORDERS + b"b", age=3000))
    puller = Puller(tmp_path, "folder", {})
    assert labels(puller) == []


def test_nothing_outside_of_the_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "secret/x.csv")
    (tmp_path / "root/link").symlink_to(tmp_path / "secret")
    (tmp_path / "root/y.csv").symlink_to(tmp_path / "secret/x.csv")
    with pytest.raises(SourceFailed, match="no such place"):
        Puller(tmp_path, "folder", {"folder": "link"}).pull()
    assert labels(Puller(tmp_path, "folder", {})) == []
    for path in ("../secret", "/etc", "a/../../secret"):
        with pytest.raises(SettingsError, match="below the server's folder"):
            settings_of("folder", {"folder": path})
    monkeypatch.delenv(SOURCES_FOLDER)
    with pytest.raises(SourceFailed, match="has none for sources"):
        Puller(tmp_path, "folder", {}).pull()


@pytest.fixture
def files() -> Iterator[FakeFiles]:
    pages = {
        "/orders.csv": (200, {"Content-Type": "text/csv", "ETag": '"1"'}, ORDERS),
        "/sheet": (302, {"Location": "/orders.csv"}, b""),
        "/round": (302, {"Location": "/round"}, b""),
        "/inside": (302, {"Location": "https://10.0.0.1/orders.csv"}, b""),
        "/page": (200, {"Content-Type": "text/html; charset=utf-8"}, b"<p>sign in"),
        "/disguised": (200, {"Content-Type": "text/csv"}, b"  <!DOCTYPE html><title>"),
        "/closed": (403, {}, b""),
        "/named": (200, {"Content-Disposition": 'attachment; filename="mai.xlsx"'}, b"PK"),
        "/nothing": (200, {"Content-Type": "text/csv"}, b""),
    }
    with FakeFiles(pages) as fake:
        yield fake


def linked(files: FakeFiles, path: str, folder: Path, **credentials: str) -> Puller:
    return Puller(folder, "link", {"url": f"{files.url}{path}"}, credentials)


def test_a_link_gives_the_file_when_it_is_another(files: FakeFiles, tmp_path: Path) -> None:
    puller = linked(files, "/sheet", tmp_path)
    assert labels(puller) == ["sheet.csv"]
    assert labels(puller) == [] and files.sent[-1]["if-none-match"] == '"1"'
    files.pages["/orders.csv"] = (200, {"ETag": '"2"'}, ORDERS)
    assert labels(puller) == [], "the same bytes under another tag"
    files.pages["/orders.csv"] = (200, {"ETag": '"3"'}, ORDERS + b"b,2026-01-02,6\n")
    assert len(labels(puller)) == 1
    assert labels(linked(files, "/named", tmp_path / "n")) == ["mai.xlsx"]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/page", "a web page"),
        ("/disguised", "a web page"),
        ("/closed", "not open to everybody"),
        ("/gone", "nothing at this address"),
        ("/nothing", "empty"),
    ],
)
def test_what_is_no_file_is_refused(files: FakeFiles, tmp_path: Path, path: str, why: str) -> None:
    with pytest.raises(SourceFailed, match=why):
        linked(files, path, tmp_path).pull()


def test_redirects_are_checked_and_end(files: FakeFiles, tmp_path: Path) -> None:
    with pytest.raises(AddressRefused, match="open internet"):
        linked(files, "/inside", tmp_path).pull()
    with pytest.raises(Unreachable, match="more than 5 times"):
        linked(files, "/round", tmp_path).pull()


def test_half_a_file_and_too_large_a_one_never_count(files: FakeFiles, tmp_path: Path) -> None:
    files.failures = [0]
    puller = linked(files, "/orders.csv", tmp_path)
    with pytest.raises(Unreachable):
        puller.pull()
    assert puller.cursor == {}
    puller.max_bytes = len(ORDERS) - 1
    with pytest.raises(DataError, match="at most"):
        puller.pull()
    puller.max_bytes = len(ORDERS)
    assert labels(puller) == ["orders.csv"]


def test_an_authorization_stays_with_its_host(
    files: FakeFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeFiles({"/orders.csv": (200, {}, ORDERS)}) as other:
        # Another name of this machine: another host.
        monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1 localhost")
        there = other.url.replace("127.0.0.1", "localhost")
        files.pages["/moved"] = (307, {"Location": f"{there}/orders.csv"}, b"")
        fetch(
            f"{files.url}/moved",
            tmp_path / "x",
            {},
            max_bytes=1000,
            seconds=5,
            private={"Authorization": "Bearer geheim"},
        )
        assert files.sent[-1]["authorization"] == "Bearer geheim"
        assert "authorization" not in other.sent[-1]


def test_a_sheet_is_fetched_as_its_table() -> None:
    sheet = "https://docs.google.com/spreadsheets/d/1aBcDeFgHiJkLmNoPqRsTuVwXyZ"
    assert LinkSettings(url=f"{sheet}/edit?usp=sharing").download_url == f"{sheet}/export?format=csv&gid=0"
    published = "https://docs.google.com/spreadsheets/d/e/2PACX-1v/pub?output=csv"
    assert LinkSettings(url=published).download_url == published


def test_object_storage_gives_each_file_once(tmp_path: Path) -> None:
    files = {"shop/a.csv": ORDERS, "shop/b.csv": ORDERS + b"x", "other.csv": b"x"}
    with FakeS3({"orders": files}) as s3:
        settings = {"bucket": "orders", "prefix": "shop", "endpoint": s3.endpoint}
        puller = Puller(tmp_path, "storage", settings, {"access_key": "a", "secret_key": "b"})
        assert "2 files" in puller.pull(is_test=True).words
        assert labels(puller) == ["a.csv", "b.csv"]
        assert labels(puller) == []
        s3.buckets["orders"]["shop/c.csv"] = b"new"
        s3.failures = [500] * 20
        with pytest.raises(ChurnkitError):
            puller.pull()
        s3.failures = []
        assert labels(puller) == ["c.csv"]


def database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE o (customer TEXT, at TEXT, amount NUMERIC)")
        connection.execute("INSERT INTO o VALUES ('a', '2026-01-01', 5.5), ('b', '2026-01-02', 7)")
    connection.close()


def test_a_query_gives_its_rows_when_they_are_others(tmp_path: Path) -> None:
    pytest.importorskip("adbc_driver_sqlite", reason="install churnkit[sql]")
    path = tmp_path / "root/shop.db"
    database(path)
    puller = Puller(tmp_path, "sql", {"system": "sqlite", "file": "shop.db", "query": "SELECT * FROM o;"})
    assert puller.pull(is_test=True).words == "It can be read. Its columns: customer, at, amount."
    assert puller.pull().words == "2 rows of the query."
    assert pq.read_table(next(puller.out.iterdir())).to_pydict()["amount"] == [5.5, 7.0]
    assert puller.pull().words == "Nothing new."
    before = path.read_bytes()
    for query in ("SELECT * FROM o) AS x; DELETE FROM o", "DELETE FROM o", "SELECT nothing FROM o"):
        with pytest.raises(ChurnkitError):
            Puller(tmp_path, "sql", {"system": "sqlite", "file": "shop.db", "query": query}).pull()
    assert path.read_bytes() == before


def test_numbers_of_any_precision_arrive_as_text() -> None:
    assert plain_type(pa.opaque(pa.string(), "numeric", "PostgreSQL")) == pa.string()
    assert plain_type(pa.int64()) == pa.int64()


def test_a_database_in_a_private_network_takes_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("adbc_driver_postgresql", reason="install churnkit[sql]")
    settings = {
        "system": "postgresql",
        "host": "127.0.0.1",
        "port": 1,
        "database": "d",
        "user": "u",
        "query": "SELECT 1",
    }
    monkeypatch.delenv(PRIVATE_HOSTS)
    with pytest.raises(AddressRefused, match="open internet"):
        Puller(tmp_path, "sql", settings, {"password": "geheim"}).pull()
    monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")
    with pytest.raises(SourceFailed, match="Asking the database") as failed:
        Puller(tmp_path, "sql", settings, {"password": "geheim"}).pull()
    assert "geheim" not in str(failed.value)


def test_settings_that_are_none_are_refused_in_words() -> None:
    for kind, values, why in (
        ("link", {}, "it needs url"),
        ("link", {"url": "https://a.example", "more": 1}, "it takes no more"),
        ("link", {"url": 5}, "Setting a source up"),
        ("shopify", {"shop": "shop.example"}, "myshopify.com"),
        ("sql", {"system": "sqlite", "file": "a", "query": "DROP TABLE o"}, "one SELECT"),
        ("folder", {"pattern": "a/b"}, "names? of files"),
    ):
        with pytest.raises(SettingsError, match=why):
            settings_of(kind, values)  # type: ignore[arg-type]
    assert settings_of("shopify", {"shop": "my-shop"}).base == "https://my-shop.myshopify.com"  # type: ignore[union-attr]
