"""Events of one or several shops -> one message: what it is called, and what it says in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from churnkit.alerts.catalogue import CATALOGUE, Weight
from churnkit.results.shop_events import EventKind
from churnkit.text import figures
from churnkit.text.respelling import respelled

MOST_OF_A_KIND = 3
MOST_SHOPS = 20
_ORDER: Mapping[Weight, int] = {"trouble": 0, "look": 1, "news": 2}


@dataclass(frozen=True)
class Happened:
    """An event as a digest tells it; ``at`` is UTC."""

    shop_id: str
    kind: EventKind
    sentence: str
    at: datetime


@dataclass(frozen=True)
class Item:
    """One piece of a digest: its heading, and sentences with the day of each."""

    title: str
    weight: Weight
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ShopPart:
    """What a digest says of one shop."""

    shop_id: str
    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Digest:
    """One message.

    Attributes
    ----------
    subject
        Of one line.
    more_shops
        How many shops are left out, to keep it short.
    """

    subject: str
    shops: tuple[ShopPart, ...]
    more_shops: int = 0


def digest_of(events: Sequence[Happened], names: Mapping[str, str]) -> Digest:
    """One message of all events, the weightiest first; of many of one kind the newest.

    Parameters
    ----------
    events
        At least one.
    names
        Of the shops.
    """
    by_shop: dict[str, list[Happened]] = {}
    for event in events:
        by_shop.setdefault(event.shop_id, []).append(event)
    parts = [
        ShopPart(shop_id, one_line(names.get(shop_id, "Shop")), _items(of_shop))
        for shop_id, of_shop in by_shop.items()
    ]
    parts.sort(key=lambda part: (_ORDER[part.items[0].weight], part.name, part.shop_id))
    return Digest(_subject(parts), tuple(parts[:MOST_SHOPS]), max(0, len(parts) - MOST_SHOPS))


def one_line(text: str, limit: int = 80) -> str:
    """A name for a subject: on one line, and cut."""
    flat = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _items(events: Sequence[Happened]) -> tuple[Item, ...]:
    by_kind: dict[EventKind, list[Happened]] = {}
    for event in sorted(events, key=lambda one: one.at, reverse=True):
        by_kind.setdefault(event.kind, []).append(event)
    items = []
    for kind, found in by_kind.items():
        lines = [f"{figures.day(one.at)}: {respelled(one.sentence)}" for one in found[:MOST_OF_A_KIND]]
        if len(found) > MOST_OF_A_KIND:
            lines.append(f"And {figures.count(len(found) - MOST_OF_A_KIND)} earlier ones of this kind.")
        items.append(Item(CATALOGUE[kind].title, CATALOGUE[kind].weight, tuple(lines)))
    return tuple(sorted(items, key=lambda item: _ORDER[item.weight]))


def _subject(parts: Sequence[ShopPart]) -> str:
    first = parts[0].items[0].title
    if len(parts) == 1:
        more = len(parts[0].items) - 1
        return f"{parts[0].name}: {first}" + (f", and {figures.count(more)} more" if more else "")
    return f"{first} ({parts[0].name}), and news of {figures.counted(len(parts) - 1, 'other shop')}"
