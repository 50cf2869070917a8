"""Whatever else a file says of its buyers, the right customers are counted, or a question offers them."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from churnkit.ingest import Reading
from churnkit.ingest.columns import choose_mapping
from churnkit.ingest.files import opened

PEOPLE, ORDERS = 60, 220
Cell = Callable[[random.Random, int, int], str]


def _phone(rng: random.Random, person: int, order: int) -> str:
    digits = f"171{20000000 + person * 7919 % 10000000:08d}"[:10]
    return rng.choice([f"+880 {digits[:4]}-{digits[4:]}", f"0{digits}", f"880{digits}", ""])


def _per_person(make: Callable[[random.Random], str]) -> Cell:
    return lambda rng, person, order: make(random.Random(person))


def _per_order(make: Callable[[random.Random], str]) -> Cell:
    return lambda rng, person, order: make(rng)


FLAG = _per_order(lambda rng: rng.choice("01"))
YES = _per_order(lambda rng: rng.choice(["yes", "no"]))
RATING = _per_order(lambda rng: str(rng.randint(1, 5)))
COUNTRY = _per_person(lambda rng: rng.choice(["DE", "FR", "BD", "US", "PL", "GB"]))
KIND = _per_person(lambda rng: rng.choice(["new", "returning", "vip"]))
GROUP = _per_person(lambda rng: rng.choice(["Retail", "Wholesale", "Staff", "B2B"]))
NOTE = _per_order(lambda rng: rng.choice(["", "", "", "Please ring twice", "Leave at the door", "Gift wrap"]))
DAY = _per_person(lambda rng: (dt.date(1990, 1, 1) + dt.timedelta(rng.randint(0, 9000))).isoformat())
POINTS = _per_order(lambda rng: str(rng.randint(0, 4000)))
VAT = _per_person(lambda rng: rng.choice(["", "", f"DE{rng.randint(10**8, 10**9)}"]))
REP = _per_order(lambda rng: f"R{rng.randint(1, 25):03d}")
PLACE = _per_order(lambda rng: f"S{rng.randint(1, 40):02d}")
IP = _per_order(lambda rng: ".".join(str(rng.randint(1, 250)) for _ in range(4)))
AGENT = _per_order(lambda rng: f"Mozilla/5.0 (X11; rv:{rng.randint(50, 90)}.0) Gecko")
CARD = _per_order(lambda rng: f"{rng.randint(1000, 9999)}")
AGE = _per_person(lambda rng: str(rng.randint(18, 90)))
POSTCODE = _per_person(lambda rng: str(rng.randint(10000, 99999)))
STAFF_MAIL = _per_order(lambda rng: rng.choice(["a.smith@shop.com", "b.jones@shop.com", "c.ray@shop.com"]))
ADDRESS = _per_order(lambda rng: hashlib.md5(str(rng.randint(0, 150)).encode()).hexdigest())

DISTRACTORS: dict[str, Cell] = {
    "Nouveau client": FLAG,
    "New customer": YES,
    "Neukunde": FLAG,
    "Cliente nuevo": FLAG,
    "Nuovo cliente": YES,
    "Nieuwe klant": FLAG,
    "Nowy klient": FLAG,
    "Новый клиент": FLAG,
    "Customer Rating": RATING,
    "Client rating": RATING,
    "Kundenbewertung": RATING,
    "Note client": RATING,
    "Buyer feedback": RATING,
    "Customer type": KIND,
    "Kundentyp": KIND,
    "Type de client": KIND,
    "Tipo de cliente": KIND,
    "Customer": KIND,
    "Client": GROUP,
    "Phone": _phone,
    "Customer phone": _phone,
    "Phone (Billing)": _phone,
    "Telefon": _phone,
    "Téléphone client": _phone,
    "Teléfono": _phone,
    "Telefone do cliente": _phone,
    "Customer Group": GROUP,
    "Kundengruppe": GROUP,
    "Groupe client": GROUP,
    "Member level": GROUP,
    "Customer Note": NOTE,
    "Kundennotiz": NOTE,
    "Client comment": NOTE,
    "Customer country": COUNTRY,
    "Pays du client": COUNTRY,
    "Land": COUNTRY,
    "Buyer Country": COUNTRY,
    "Customer birthday": DAY,
    "Kunde seit": DAY,
    "Customer since": DAY,
    "Client depuis": DAY,
    "Loyalty points": POINTS,
    "Customer points": POINTS,
    "Kundenpunkte": POINTS,
    "VAT ID": VAT,
    "Customer VAT number": VAT,
    "Sales rep ID": REP,
    "Account manager": REP,
    "Customer service agent": REP,
    "Kundenbetreuer": REP,
    "Store ID": PLACE,
    "Account": PLACE,
    "User": REP,
    "User agent": AGENT,
    "Customer user agent": AGENT,
    "Customer IP": IP,
    "Client IP address": IP,
    "Card number": CARD,
    "Customer age": AGE,
    "Customer zip": POSTCODE,
    "Client code postal": POSTCODE,
    "Customer address hash": ADDRESS,
    "Seller email": STAFF_MAIL,
    "Email": STAFF_MAIL,
    "Mitarbeiter E-Mail": STAFF_MAIL,
}


def _mail(rng: random.Random, person: int, order: int) -> str:
    return f"kunde{person:03d}@example.org"


def _number(rng: random.Random, person: int, order: int) -> str:
    return str(40_000 + person * 37)


def _name(rng: random.Random, person: int, order: int) -> str:
    first = ["Ann", "Bob", "Cy", "Dora", "Eve", "Finn"][person % 6]
    return f"{first} {['Ray', 'Lee', 'Stone', 'Field', 'Brook', 'Hill', 'Wood', 'Marsh', 'Ford', 'Lane'][person % 10]}"


BASES: dict[str, dict[str, Cell]] = {
    "e-mail": {"E-mail": _mail},
    "courriel": {"Courriel": _mail, "Nom du client": _name},
    "number": {"Customer ID": _number},
    "Kundennummer": {"Kundennummer": _number, "Name": _name},
    "both": {"Customer Email": _mail, "Customer ID": _number},
    "telephone": {"Mobile": _phone},
    "names": {"Customer Name": _name},
}
TRUTH = {"E-mail", "Courriel", "Customer ID", "Kundennummer", "Customer Email", "Mobile"}


def write(path: Path, columns: dict[str, Cell], seed: int = 1) -> None:
    """A file of orders, one row each, with the columns in front of and behind the date and the money."""
    rng = random.Random(seed)
    start = dt.datetime(2024, 1, 3, 9, 30)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Order number", *columns, "Order date", "Total"])
        for order in range(ORDERS):
            person = min(rng.randrange(PEOPLE), rng.randrange(PEOPLE))
            when = start + dt.timedelta(hours=53 * order)
            cells = [make(rng, person, order) for make in columns.values()]
            table.writerow(
                [1000 + order, *cells, f"{when:%Y-%m-%d %H:%M}", f"{rng.randint(500, 9000) / 100:.2f}"]
            )


def verdict(path: Path) -> tuple[str, dict[str, str]]:
    """``read``, ``asked`` or ``refused``, and the columns that say who bought or may."""
    with opened(path, path.parent / "work", Reading().settings) as raw:
        choice = choose_mapping(raw, Reading())
    mine = [item for item in choice.questions if item.field in ("customer_id", "email", "phone")]
    if not mine:
        who = {
            name: choice.mapping.columns[name]
            for name in ("customer_id", "email", "phone")
            if name in choice.mapping.columns
        }
        return "read", who
    if mine[0].refusal:
        return "refused", {}
    return "asked", {str(column): name for item in mine[0].choices for name, column in item.answer.items()}


@pytest.mark.slow
@pytest.mark.parametrize("base", BASES)
def test_no_other_column_is_taken_for_the_customer(base, tmp_path):
    """Each column beside two or three of the seven kinds of file: all of all would take the suite minutes more."""
    wrong = {}
    for place, (name, cell) in enumerate(DISTRACTORS.items(), start=list(BASES).index(base)):
        if name in BASES[base] or place % 3:
            continue
        write(tmp_path / "orders.csv", {name: cell, **BASES[base]})
        kind, who = verdict(tmp_path / "orders.csv")
        right = set(who.values()) & TRUTH if kind == "asked" else who and set(who.values()) <= TRUTH
        if base == "names":
            right = kind == "refused" or cell is _phone
        if not right:
            wrong[name] = (kind, who)
    assert wrong == {}


@pytest.mark.parametrize("base", [name for name in BASES if name != "names"])
def test_many_columns_about_buyers_at_once(base, tmp_path):
    """As wide exports have them: all that is known of a buyer, in one row."""
    left_out = {"Account", "User", "Client", "Customer", *BASES[base]}
    names = [name for name in DISTRACTORS if name not in left_out and DISTRACTORS[name] is not _phone]
    for seed in (1, 2):
        some = random.Random(seed).sample(names, 15)
        write(tmp_path / "orders.csv", {name: DISTRACTORS[name] for name in some} | BASES[base], seed)
        kind, who = verdict(tmp_path / "orders.csv")
        assert kind == "read", (some, who)
        assert set(who.values()) & TRUTH, (some, who)
