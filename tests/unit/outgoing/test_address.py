"""Which addresses the server calls: those of the open internet over https, and what was allowed by name."""

from __future__ import annotations

import socket

import pytest

from churnkit.config import PRIVATE_HOSTS
from churnkit.errors import SettingsError
from churnkit.outgoing import Address, AddressRefused
from churnkit.outgoing.address import is_public


def means(monkeypatch: pytest.MonkeyPatch, *ips: str) -> None:
    """Let every name mean these IP addresses."""

    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("ip", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_open_internet(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
def test_no_open_internet(ip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_public(ip)
    means(monkeypatch, ip)
    with pytest.raises(AddressRefused, match="open internet"):
        Address.parse("https://shop.example/hook").resolve()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f000001", "017700000001", "127.1", "[::1]", "[::ffff:7f00:1]"]
)
def test_numbers_that_mean_this_machine(host: str) -> None:
    with pytest.raises(AddressRefused, match="open internet"):
        Address.parse(f"https://{host}/hook").resolve()


def test_one_private_address_among_others_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    means(monkeypatch, "1.1.1.1", "10.0.0.1")
    with pytest.raises(AddressRefused, match="open internet"):
        Address.parse("https://shop.example/hook").resolve()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("http://shop.example/", "must begin with https"),
        ("https://shop.example:8443/", "port must be 443, found 8443"),
        ("https://me:secret@shop.example/", "no user name or password"),
        ("https://@shop.example/", "no user name or password"),
        ("ftp://shop.example/", "write it as https"),
        ("shop.example/hook", "write it as https"),
        ("https://", "write it as https"),
        ("https://shop.example:0/", "write it as https"),
        ("https://shop.example:99999/", "write it as https"),
        ("https://shop.example/a b", "write it as https"),
        ("https://shop.exa\nmple/", "write it as https"),
        ("https://bücher.example/", "write it as https"),
        ("https://[::1/", "write it as https"),
        ("https://shop.example/" + "a" * 2000, "write it as https"),
    ],
)
def test_how_an_address_is_written(text: str, why: str) -> None:
    with pytest.raises(AddressRefused, match=why) as raised:
        Address.parse(text)
    assert "secret" not in str(raised.value)


def test_parts_of_an_address() -> None:
    found = Address.parse("https://Shop.Example.:443/hooks/a%2Fb?x=1#part")
    assert found == Address("shop.example", 443, "/hooks/a%2Fb?x=1", is_tls=True, may_be_private=False)
    assert Address.parse("https://shop.example").target == "/"


def test_hosts_of_ones_own_are_allowed_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PRIVATE_HOSTS, "Localhost, [::1] models.internal")
    means(monkeypatch, "10.0.0.7")
    assert Address.parse("http://models.internal:11434/v1").resolve() == ["10.0.0.7"]
    assert Address.parse("http://[::1]:8000/").port == 8000
    assert Address.parse("http://LOCALHOST/").port == 80
    with pytest.raises(AddressRefused, match="must begin with https"):
        Address.parse("http://other.internal/")
    with pytest.raises(AddressRefused, match="open internet"):
        Address.parse("https://other.internal/").resolve()


def test_allowed_hosts_have_no_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PRIVATE_HOSTS, "localhost:11434")
    with pytest.raises(SettingsError, match="without port"):
        Address.parse("https://shop.example/")
