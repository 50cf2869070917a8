"""Whatever stands beside the money, under whatever header: the right sum is read, or asked with it among the choices."""

from __future__ import annotations

import csv
import datetime as dt
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from churnkit.ingest import OpenQuestions, ingest


def names(text: str) -> list[str]:
    """Headers, a semicolon behind each."""
    return [" ".join(name.split()) for name in text.split(";")]


NOW = dt.datetime(2026, 11, 20)
MONEY = ("amount", "order_total", "unit_price")
TOTALS = names("""
    Total; Order Total; Grand Total; Amount; Gesamtbetrag; Betrag; Montant total; Total TTC; Importe total;
    Valor total; Totale; Totaalbedrag; Sales; Revenue; order_value; Order Amount (EUR); total_price
""")
BESIDE = names("""
    gift card amount; shipping amount; commission amount; tip amount; tax amount; points amount; refund
    amount; Valor do Frete; Adjusted Net Order Amount; wallet amount; deposit amount; insurance amount;
    donation amount; service amount; handling amount; cashback amount; bonus amount; store credit amount;
    loyalty amount; voucher amount; discount amount; fee amount; payout amount; surcharge amount; rounding
    amount; balance amount; installment amount; due amount; minimum amount; vendor amount; partner amount;
    affiliate amount; packaging amount; duty amount; escrow amount; freight_value; Total tax; Total shipping;
    Total discount; Total weight; Shipping Total; Tax Total; sales tax; sales commission; revenue share;
    Versandbetrag; Gutscheinbetrag; Steuerbetrag; Rabattbetrag; Trinkgeld Betrag; Montant remise; Montant TVA;
    Montant livraison; Importe envío; Importe IVA; Importe propina; Valor do desconto; Valor do cupom; Importo
    spedizione; Importo IVA; Bedrag verzending; Btw bedrag; Kwota VAT; Сумма доставки; Fraktbelopp; 送料; 消費税
""")
OTHER = names("""
    Weight; Rating; Zip code; Year; Balance; Unit cost; Profit; Margin; Review score; Exchange rate; PLZ;
    Gewicht
""")
PIECES = names("""
    Quantity; Qty; Menge; Quantité; Cantidad; Quantidade; Anzahl
""")
PRICES = names("""
    Unit Price; Price; Item Price; Einzelpreis; Prix unitaire; Precio unitario; Preis
""")
TAKEN_OFF = {
    "Total discount",
    "discount amount",
    "Rabattbetrag",
    "Montant remise",
    "Valor do desconto",
    "refund amount",
}

Shop = tuple[pd.DataFrame, set[float]]
"""Columns of a file, and the sums of money that are right for it."""


def beside(rng: random.Random, money: pd.Series) -> list[Any]:
    """Figures of another column: fixed, small, mostly 0, large, of the money's size, a share of it, whole, negative."""
    makers: tuple[Callable[[float], Any], ...] = (
        lambda paid: 4.9,
        lambda paid: round(rng.uniform(0.5, 9), 2),
        lambda paid: round(rng.uniform(5, 60), 2) if rng.random() < 0.15 else 0,
        lambda paid: round(rng.uniform(1000, 9000), 2),
        lambda paid: round(rng.uniform(20, 80), 2),
        lambda paid: round(0.12 * paid, 2),
        lambda paid: rng.randint(0, 300),
        lambda paid: -round(0.03 * paid, 2),
    )
    make = rng.choice(makers)
    return [make(paid) for paid in money]


def a_row_an_order(rng: random.Random, total: str) -> Shop:
    count = 110
    money = pd.Series([round(rng.lognormvariate(3.6, 0.6), 2) for _ in range(count)])
    frame = pd.DataFrame(
        {"Order ID": [f"A{1000 + i}" for i in range(count)], "Customer ID": customers(rng, count)}
    )
    frame["Order Date"] = [str(dt.date(2024, 1, 1) + dt.timedelta(days=3 * i)) for i in range(count)]
    return frame.assign(**{total: money}), {money.sum()}


def customers(rng: random.Random, count: int) -> list[str]:
    return [f"C{rng.randint(1, 40):03d}" for _ in range(count)]


class Lines:
    """Orders of one to four lines, with columns to choose from."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        order = [i for i in range(100) for _ in range(rng.randint(1, 4))]
        who = customers(rng, 100)
        self.order = pd.Series(order)
        self.first = ~self.order.duplicated()
        self.pieces = pd.Series([rng.choice([1, 1, 1, 2, 2, 3, 5]) for _ in order])
        self.price = pd.Series([rng.choice([4.5, 9.9, 12.0, 18.9, 24.0, 31.0, 49.5, 149.0]) for _ in order])
        self.money = self.pieces * self.price
        self.total = self.money.groupby(self.order).transform("sum")
        self.frame = pd.DataFrame({"Line ID": [f"L{i:05d}" for i in range(len(order))]})
        self.frame["Order ID"] = [f"A{1000 + i}" for i in order]
        self.frame["Customer ID"] = [who[i] for i in order]
        self.frame["Order Date"] = [str(dt.date(2024, 1, 1) + dt.timedelta(days=3 * i)) for i in order]
        self.once = rng.random() < 0.5

    def of_order(self, choices: Iterable[float]) -> pd.Series:
        """A figure of each order, on all of its lines."""
        drawn = [self.rng.choice(list(choices)) for _ in range(100)]
        return self.order.map(lambda order: drawn[order])

    def placed(self, figures: pd.Series) -> pd.Series:
        """A figure of orders on each of their lines, or on the first alone."""
        return figures.where(self.first) if self.once else figures

    def sum(self, figures: pd.Series) -> float:
        return float(figures[self.first].sum())

    def with_columns(self, **columns: Any) -> pd.DataFrame:
        return self.frame.assign(**columns)


def lines_and_total_with_shipping(rng: random.Random, total: str) -> Shop:
    made = Lines(rng)
    shipping = made.of_order([0, 4.9, 9.9])
    columns: dict[str, Any] = {rng.choice(PIECES): made.pieces, rng.choice(PRICES): made.price}
    frame = made.with_columns(
        **columns, Shipping=made.placed(shipping), **{total: made.placed(made.total + shipping)}
    )
    return frame, {made.money.sum(), made.sum(made.total + shipping)}


def total_with_a_tax_that_no_column_has(rng: random.Random, total: str) -> Shop:
    made = Lines(rng)
    taxed = (made.total * 1.19).round(2)
    columns: dict[str, Any] = {rng.choice(PIECES): made.pieces, rng.choice(PRICES): made.price}
    return made.with_columns(**columns, **{total: made.placed(taxed)}), {made.money.sum(), made.sum(taxed)}


def price_that_is_the_lines_total(rng: random.Random, total: str) -> Shop:
    made = Lines(rng)
    columns: dict[str, Any] = {rng.choice(PIECES): made.pieces, rng.choice(PRICES): made.money}
    return made.with_columns(**columns, **{total: made.placed(made.total)}), {made.money.sum()}


def discount_of_the_order(rng: random.Random, total: str) -> Shop:
    made = Lines(rng)
    off = made.of_order([0, 0, 2, 4])
    columns: dict[str, Any] = {rng.choice(PIECES): made.pieces, rng.choice(PRICES): made.price}
    frame = made.with_columns(**columns, Discount=made.placed(off), **{total: made.placed(made.total - off)})
    return frame, {made.sum(made.total - off)}


def discount_that_is_off_already(rng: random.Random, total: str) -> Shop:
    made = Lines(rng)
    columns: dict[str, Any] = {rng.choice(PIECES): made.pieces, rng.choice(PRICES): made.price}
    frame = made.with_columns(
        **columns, Discount=(0.1 * made.money).round(2), **{total: made.placed(made.total)}
    )
    return frame, {made.money.sum()}


def gross_fee_net(rng: random.Random, total: str) -> Shop:
    gross, fee, net = rng.choice(
        [("Brutto", "Entgelt", "Netto"), ("Gross", "Fee", "Net"), (total, "Fees", "Net amount")]
    )
    frame, truth = a_row_an_order(rng, gross)
    charged = (0.029 * frame[gross] + 0.3).round(2)
    return frame.assign(
        **{fee: -charged if rng.random() < 0.5 else charged, net: frame[gross] - charged}
    ), truth


KINDS = (
    a_row_an_order,
    lines_and_total_with_shipping,
    total_with_a_tax_that_no_column_has,
    price_that_is_the_lines_total,
    discount_of_the_order,
    discount_that_is_off_already,
    gross_fee_net,
)


def outcome(frame: pd.DataFrame, truth: set[float]) -> str:
    """``right``, ``asked`` with the right sum among the choices, or what went wrong."""

    def near(amount: float) -> bool:
        return any(abs(amount - one) <= 0.003 * abs(one) for one in truth)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(
                [list(frame), *frame.astype(object).where(frame.notna(), "").itertuples(index=False)]
            )
        try:
            read = ingest(path, Path(folder) / "work", now=NOW)
        except OpenQuestions as open_ones:
            money = [question for question in open_ones.questions if question.field in MONEY]
            if money and any(near(choice.amount or 0.0) for choice in money[0].choices):
                return "asked"
            return f"asked without the right choice: {open_ones.message}"
        amount = float(pd.read_parquet(read.transactions)["amount"].sum())
    return "right" if near(amount) else f"silent: {amount} for {truth}, {dict(read.mapping.columns)}"


def shuffled(
    rng: random.Random, frame: pd.DataFrame, others: Iterable[str], money: pd.Series
) -> pd.DataFrame:
    """The file with further columns, all in any order."""
    frame = frame.assign(**{name: beside(rng, money) for name in others if name not in frame})
    return frame[rng.sample(list(frame), len(frame.columns))]


def outcome_beside(name: str) -> str:
    """A row an order, and one column whose header overlaps the total's."""
    rng = random.Random(name)
    total = rng.choice(TOTALS)
    frame, truth = a_row_an_order(rng, total)
    return outcome(shuffled(rng, frame, [name], frame[total]), truth)


def outcome_of(seed: int) -> tuple[str, str]:
    """The kind of a made-up file, and how it was read."""
    rng = random.Random(seed)
    kind = KINDS[seed % len(KINDS)]
    frame, truth = kind(
        rng, rng.choice([name for name in TOTALS if name not in ("Sales", "Amount", "Betrag")])
    )
    others = rng.sample([name for name in BESIDE if name not in TAKEN_OFF], 2) + rng.sample(OTHER, 1)
    money = pd.Series([rng.lognormvariate(3.6, 0.6) for _ in range(len(frame))])
    return kind.__name__, outcome(shuffled(rng, frame, others, money), truth)


@pytest.mark.parametrize(
    "name", ["gift card amount", "Valor do Frete", "Adjusted Net Order Amount", "refund amount"]
)
def test_a_header_that_overlaps_never_displaces_the_total(name):
    assert outcome_beside(name) == "right"


@pytest.mark.parametrize("seed", range(len(KINDS)))
def test_each_kind_of_file_is_read_right_or_asked(seed):
    assert outcome_of(seed)[1] in ("right", "asked")


@pytest.mark.slow
def test_the_total_beside_every_other_column():
    found = {name: outcome_beside(name) for name in BESIDE}
    assert {name: how for name, how in found.items() if how not in ("right", "asked")} == {}
    assert Counter(found.values())["right"] >= 0.95 * len(BESIDE)


@pytest.mark.slow
def test_files_of_every_kind_with_any_columns():
    found = [outcome_of(seed) for seed in range(1000, 1000 + 4 * len(KINDS))]
    assert [one for one in found if one[1] not in ("right", "asked")] == []
    settled = [how for kind, how in found if kind != total_with_a_tax_that_no_column_has.__name__]
    assert settled.count("right") >= 0.9 * len(settled)
