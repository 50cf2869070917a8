"""Customers who were erased, as hashes: what a file is held against before its orders are taken in."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from churnkit.results.codec import JsonObject


def customer_hash(key: str, shop_id: str, customer_id: str) -> str:
    """A customer of one shop; another shop's customer of the same number has another hash.

    Parameters
    ----------
    key
        Of this data folder, in hexadecimal digits.
    """
    return _hash(key, "customer", shop_id, customer_id)


def address_hash(key: str, address: str) -> str:
    """An e-mail address, the same in every shop; its case does not count."""
    return _hash(key, "address", "", address.strip().casefold())


def _hash(key: str, kind: str, shop_id: str, value: str) -> str:
    words = "\x00".join((kind, shop_id, value)).encode()
    return hmac.digest(bytes.fromhex(key), words, hashlib.sha256).hex()


@dataclass(frozen=True)
class Erased:
    """Who must not come back into a shop.

    Attributes
    ----------
    key
        What the hashes are made with, in hexadecimal digits.
    shop_id
        The shop that is asked about.
    hashes
        Of customers and of e-mail addresses.
    """

    key: str
    shop_id: str
    hashes: frozenset[str]

    def among(self, customer_ids: Iterable[str]) -> set[str]:
        """Those of these customers who were erased from the shop."""
        return {one for one in customer_ids if customer_hash(self.key, self.shop_id, one) in self.hashes}

    def has_address(self, address: str | None) -> bool:
        """Whether somebody of this e-mail address was erased."""
        return address is not None and address_hash(self.key, address) in self.hashes

    def to_json(self) -> JsonObject:
        """As a worker's order holds it."""
        return {"key": self.key, "shop_id": self.shop_id, "hashes": sorted(self.hashes)}

    @classmethod
    def from_json(cls, values: JsonObject) -> Erased:
        """The reverse of :meth:`to_json`."""
        return cls(values["key"], values["shop_id"], frozenset(values["hashes"]))
