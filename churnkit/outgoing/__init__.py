"""Requests that the server makes to others: to the open internet alone, and to what it was allowed by name."""

from churnkit.outgoing.address import Address, AddressRefused
from churnkit.outgoing.post import Answer, Unreachable, post, send

__all__ = ["Address", "AddressRefused", "Answer", "Unreachable", "post", "send"]
