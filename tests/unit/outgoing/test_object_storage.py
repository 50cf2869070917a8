"""Object storage against a fake S3 that pages its listings, refuses and breaks off."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from churnkit.config import PRIVATE_HOSTS
from churnkit.errors import SettingsError
from churnkit.outgoing import AddressRefused
from churnkit.outgoing.object_storage import ObjectStorage, StorageFailed, StorageKeys, StoragePlace
from tests.fake_s3 import FakeS3

KEYS = StorageKeys("AKIA", "geheim")


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")
    files = {f"shop/{number}.csv": b"a;b\n" * number for number in (1, 2, 3)}
    with FakeS3({"orders": {**files, "other.csv": b"x"}}) as fake:
        yield fake


def storage(s3: FakeS3, **more: str) -> ObjectStorage:
    return ObjectStorage(
        StoragePlace(**{"bucket": "orders", "prefix": "shop/", "endpoint": s3.endpoint, **more}), KEYS
    )


def test_lists_all_pages_of_its_folder(s3: FakeS3) -> None:
    found = storage(s3).list()
    assert [(one.name, one.size_bytes) for one in found] == [("1.csv", 4), ("2.csv", 8), ("3.csv", 12)]
    assert storage(s3, prefix="nowhere").list() == []


def test_what_is_written_comes_back(s3: FakeS3, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"some bytes" * 1000)
    there = storage(s3)
    there.upload(tmp_path / "a", "deep/a.bin")
    there.write("b.txt", b"b")
    assert there.download("deep/a.bin", tmp_path / "b") == hashlib.sha256(b"some bytes" * 1000).hexdigest()
    assert (tmp_path / "b").read_bytes() == b"some bytes" * 1000
    assert s3.buckets["orders"]["shop/b.txt"] == b"b"
    there.delete("b.txt")
    there.delete("b.txt")
    assert "shop/b.txt" not in s3.buckets["orders"]


def test_too_large_and_broken_off_and_refused(s3: FakeS3, tmp_path: Path) -> None:
    there = storage(s3)
    with pytest.raises(StorageFailed, match="larger than"):
        there.download("3.csv", tmp_path / "x", max_bytes=11)
    s3.cut = True
    with pytest.raises(StorageFailed, match="broke off"):
        there.download("3.csv", tmp_path / "x")
    s3.cut, s3.failures = False, [403]
    with pytest.raises(StorageFailed, match="not allowed"):
        there.download("3.csv", tmp_path / "x")
    with pytest.raises(StorageFailed, match="no such bucket"):
        storage(s3, bucket="another").check()
    with pytest.raises(StorageFailed, match="no such file"):
        there.download("4.csv", tmp_path / "x")
    there.check()


def test_private_endpoints_and_missing_keys_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for endpoint in ("http://127.0.0.1:9000", "https://minio.example:9000"):
        with pytest.raises(AddressRefused):
            StoragePlace("orders", endpoint=endpoint)
    with pytest.raises(AddressRefused, match="open internet"):
        ObjectStorage(StoragePlace("orders", endpoint="https://127.0.0.1"), KEYS)
    with pytest.raises(SettingsError, match="access key"):
        ObjectStorage(StoragePlace("orders"), StorageKeys("", ""))
    for wrong in (
        {"bucket": "A"},
        {"bucket": "orders", "prefix": "a/../b"},
        {"bucket": "orders", "region": "a b"},
    ):
        with pytest.raises(SettingsError):
            StoragePlace(**wrong)


def test_keys_are_never_printed() -> None:
    assert "geheim" not in repr(KEYS)
