"""One customer out of every file of a shop, and out of files that come later."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from churnkit.errors import DataError
from churnkit.ingest import Reading, ingest
from churnkit.results.codec import from_text
from churnkit.results.erased import Erased, address_hash, customer_hash
from churnkit.services.privacy.erasing import ERASED_FILE, ErasedFiles, ShopFiles, erase_from_files
from churnkit.services.privacy.raw_files import without_rows_of
from churnkit.services.privacy.scrubbing import Person
from churnkit.services.privacy.tombstones import without_erased

KEY = "ab" * 32
COLUMNS = {"customer_id": "Customer", "order_id": "Order"}
# The second line of order 2 names nobody, a note of customer 8's order has a line break, and 7's figure 7 is a price.
ORDERS = (
    "Order,Customer,Date,Total,Note\r\n"
    '1,8,2026-01-02,7,"two\r\nlines"\r\n'
    "2,7,2026-01-03,5,\r\n"
    "2,,2026-01-03,6,\r\n"
    "3,8,2026-01-04,8,for Ann@Shop.example\r\n"
    "4,7.0,2026-01-05,9,\r\n"
    "5,9,2026-01-06,7,7\r\n"
)


@pytest.fixture
def shop(tmp_path: Path) -> ShopFiles:
    """Files of customers 7 (ann@shop.example), 8 and 9."""
    look = tmp_path / "analyses" / "looks"
    look.mkdir(parents=True)
    frame = pd.DataFrame(
        {"order_id": ["1", "2", "3", "4", "5"], "customer_id": ["8", "7", "8", "7", "9"], "amount": 1.0}
    )
    frame.to_parquet(look / "transactions.parquet", index=False)
    frame.rename(columns={"customer_id": "told_by"}).to_parquet(look / "tellings.parquet", index=False)
    pd.DataFrame({"customer_id": ["7", "8"], "email": ["ann@shop.example", None]}).to_parquet(
        look / "contacts.parquet", index=False
    )
    pd.DataFrame({"example_rows": ["row 1: Customer=7, Total=5 | row 2: Customer=8, Total=9"]}).to_parquet(
        look / "ledger.parquet", index=False
    )
    document = {
        "largest": [{"customer_id": "7", "amount": 7}, {"customer_id": "8", "amount": 7}],
        "busiest": {"customer_id": "7"},
        "words": ["7 has 2 orders.", "8 has 7 orders.", "Write to ann@shop.example"],
    }
    (look / "profile.json").write_text(json.dumps(document, indent=1) + "\n")
    (look / "reading.json").write_text('{"notes": ["Customer=7, Total=5"]}')
    upload = tmp_path / "orders.csv"
    upload.write_bytes(ORDERS.encode("cp1252"))
    pulled = tmp_path / "analyses" / "sources" / "s"
    pulled.mkdir(parents=True)
    (pulled / "page.jsonl").write_text('{"email": "ann@shop.example"}')
    return ShopFiles((tmp_path / "analyses",), (upload,), COLUMNS)


def erased(shop: ShopFiles, tmp_path: Path) -> tuple[ErasedFiles, dict[str, Path]]:
    work, out = tmp_path / "work", tmp_path / "out"
    for folder in (work, out):
        folder.mkdir(exist_ok=True)
    found = erase_from_files(shop, ["7"], KEY, work, out)
    assert from_text(ErasedFiles, (out / ERASED_FILE).read_text()) == found
    return found, {Path(one.place).name: out / one.draft for one in found.files if one.draft}


def test_every_kind_of_file_loses_the_customer_and_nobody_else(shop: ShopFiles, tmp_path: Path) -> None:
    found, drafts = erased(shop, tmp_path)
    assert list(pd.read_parquet(drafts["transactions.parquet"])["customer_id"]) == ["8", "8", "9"]
    assert list(pd.read_parquet(drafts["tellings.parquet"])["order_id"]) == ["1", "3", "5"]
    assert list(pd.read_parquet(drafts["contacts.parquet"])["customer_id"]) == ["8"]
    assert list(pd.read_parquet(drafts["ledger.parquet"])["example_rows"]) == ["row 2: Customer=8, Total=9"]
    assert json.loads(drafts["profile.json"].read_text()) == {
        "largest": [{"customer_id": "8", "amount": 7}],
        "busiest": {"customer_id": "erased"},
        "words": ["erased has 2 orders.", "8 has 7 orders.", "Write to erased"],
    }
    assert found.hashes == (address_hash(KEY, "ANN@shop.example "),)
    # How a look read goes as a whole: the file is read again.
    assert "reading.json" in {Path(one.place).name for one in found.files if one.draft is None}
    # 2 transactions, 2 tellings, 1 contact, 4 rows of the upload.
    assert found.rows == 9


def test_a_text_file_keeps_every_other_line_as_it_was(shop: ShopFiles, tmp_path: Path) -> None:
    _, drafts = erased(shop, tmp_path)
    lines = ORDERS.splitlines(keepends=True)
    assert drafts["orders.csv"].read_bytes() == "".join([*lines[:3], lines[-1]]).encode("cp1252")


def test_customers_who_go_by_their_address_leave_the_text_file_alone(tmp_path: Path) -> None:
    file, target = tmp_path / "orders.csv", tmp_path / "left.csv"
    file.write_text(
        "Order,Mail,Date,Total\n1,Ann@Shop.example,2026-01-02,7\n2,bob@shop.example,2026-01-03,5\n",
        encoding="utf-8",
    )
    columns = {"email": "Mail", "order_id": "Order"}
    ann = Person(frozenset({"ann@shop.example"}), frozenset(), frozenset({"1"}))
    assert without_rows_of(file, ann, columns, tmp_path, target) == 1
    assert target.read_text(encoding="utf-8") == "Order,Mail,Date,Total\n2,bob@shop.example,2026-01-03,5\n"
    nobody = Person(frozenset({"eve@shop.example"}), frozenset(), frozenset())
    assert without_rows_of(file, nobody, columns, tmp_path, target) == 0
    # One who goes by a number is named nowhere in it: it cannot be told which rows are theirs.
    assert without_rows_of(file, Person(frozenset({"+49 151"})), columns, tmp_path, target) is None


def test_a_file_that_nobody_can_take_rows_out_of_goes_as_a_whole(shop: ShopFiles, tmp_path: Path) -> None:
    (upload,) = shop.uploads
    for content in (b"PK\x03\x04 no archive", ORDERS.replace("Customer", "Buyer").encode()):
        upload.write_bytes(content)
        found, _ = erased(shop, tmp_path)
        assert [one.draft for one in found.files if one.place == str(upload)] == [None]
        assert found.removed_uploads == ("orders.csv",)


def test_nothing_is_written_of_files_without_the_customer(shop: ShopFiles, tmp_path: Path) -> None:
    work, out = tmp_path / "work", tmp_path / "out"
    for folder in (work, out):
        folder.mkdir()
    found = erase_from_files(shop, ["77"], KEY, work, out)
    # What a source has pulled so far goes in any case: nobody has read it yet.
    assert {Path(one.place).name for one in found.files} == {"page.jsonl", "reading.json"}
    assert (found.rows, found.hashes) == (0, ())


def test_longer_names_leave_sentences_and_short_numbers_stay_figures() -> None:
    long, short = Person(frozenset({"17850"})), Person(frozenset({"17"}))
    assert long.out_of_words("The best is 17850, not 178501.") == "The best is erased, not 178501."
    assert short.out_of_words("17 days: of 17 orders 17 came back; customer 17 too.") == (
        "17 days: of 17 orders 17 came back; customer erased too."
    )
    assert short.out_of_words("17 has 4 orders.") == "erased has 4 orders."
    assert short.out_of({"customers": ["17", "18"], "17": 1, "orders": [17, "x"]}) == {
        "customers": ["18"],
        "orders": [17, "x"],
    }


def read(folder: Path, rows: str, gone: frozenset[str], shop_id: str = "s") -> dict[str, object]:
    source = folder / "orders.csv"
    source.write_text("order,email,customer_id,date,amount\n" + rows)
    ingested = without_erased(ingest(source, folder / "w", Reading()), Erased(KEY, shop_id, gone))
    kept = pd.read_parquet(ingested.transactions)
    assert ingested.ledger.row_count_kept == len(kept)
    assert ingested.contacts is not None
    return {
        "customers": sorted(kept["customer_id"]),
        "contacts": sorted(pd.read_parquet(ingested.contacts)["customer_id"]),
        "erased": ingested.ledger.rows("erased"),
    }


ROWS = "1,a@x.example,10,2026-01-02,5\n2,b@x.example,11,2026-01-03,6\n3,b@x.example,11,2026-01-09,6\n"


def test_a_later_file_does_not_bring_somebody_back(tmp_path: Path) -> None:
    gone = frozenset({customer_hash(KEY, "s", "11")})
    assert read(tmp_path, ROWS + "4,a@x.example,10,2026-01-11,5\n", gone) == {
        "customers": ["10", "10"], "contacts": ["10"], "erased": 2,
    }  # fmt: skip


def test_the_number_counts_in_its_own_shop_and_the_address_in_all(tmp_path: Path) -> None:
    number, address = customer_hash(KEY, "s", "11"), address_hash(KEY, "B@X.example")
    assert read(tmp_path, ROWS, frozenset({number}), shop_id="another")["erased"] == 0
    found = read(tmp_path, ROWS + "4,a@x.example,10,2026-01-11,5\n", frozenset({address}), shop_id="another")
    assert (found["customers"], found["erased"]) == (["10", "10"], 2)


def test_a_file_of_nobody_else_is_refused(tmp_path: Path) -> None:
    gone = frozenset({customer_hash(KEY, "s", one) for one in ("10", "11")})
    with pytest.raises(DataError, match="erased on request"):
        read(tmp_path, ROWS, gone)
