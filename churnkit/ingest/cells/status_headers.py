"""What a column of statuses speaks of, by its header."""

from __future__ import annotations

from typing import Literal

from churnkit.ingest.cells.plain_words import word_table
from churnkit.ingest.cells.vocabulary import Vocabulary

StatusSubject = Literal["order", "payment", "shipping"]
"""What a column of statuses speaks of."""

_HEADERS = Vocabulary(
    word_table("""
status: status, statuses, statut, statuts, estado, etat, stato, situacao, situacion, situation, stan, stav,
    tila, tilanne, durum, durumu, zustand, toestand, tilstand, lage, κατασταση, статус, состояние, ステータス,
    状態, 状况, 状态, 状況, 상태, bestellstatus, auftragsstatus, orderstatus, bestelstatus, ordrestatus,
    tilausstatus, statusnavn, statusname, verkaufsstatus
weak: state, provincia, province, region, zustand
payment: payment*, pay, paid, paystatus, financial, billing, invoice, zahl*, bezahl*, rechnung*, paiement*,
    pago*, cobr*, pagament*, betal*, betaal*, platn*, platb*, uhrad*, oplat*, maksu*, odeme*, πληρωμ*, оплат*,
    платеж*, 支払, 支払い, 入金, 決済, 付款, 支付, 결제, 입금
shipping: ship*, deliver*, fulfil*, dispatch*, tracking, logistic*, versand*, liefer*, livraison*, expedition*,
    envio*, entrega*, despacho*, spedizion*, consegn*, verzend*, bezorg*, lever*, forsend*, wysyl*, dostaw*,
    doprav*, doruc*, toimitus*, kargo*, teslim*, αποστολ*, παραδοσ*, достав*, отправ*, отгруз*, 発送, 配送,
    出荷, 物流, 发货, 發貨, 배송
line: line, lineitem, item, items, position, positions*, zeile, ligne, linea, riga, regel, artikel, pozycj*,
    poloz*, строк*, 明細
other: customer*, client*, kunde*, kunden*, buyer, member*, account*, user*, marital, marketing, email, consent,
    tax, vat, stock, inventory, product*, produkt*, producto*, produto*, prodotto*, loyalty, vip, subscription*,
    abo*, contact*, newsletter, employment, gender, civil, lead, ticket, seller, address, provincia, country,
    fraud, risk, sync, return, returns, approval
"""),
)


def status_subject(header: str) -> StatusSubject:
    """What a column of statuses speaks of."""
    roles = _roles(header)
    if "shipping" in roles:
        return "shipping"
    return "payment" if "payment" in roles else "order"


def is_status_header(header: str) -> bool:
    """Whether the header says that the column holds statuses of orders: ``Payment status``, no ``Customer status``."""
    roles = _roles(header)
    return "status" in roles and not roles & {"other", "weak"}


def is_other_status(header: str) -> bool:
    """Whether the header says that its column speaks of something else than orders."""
    return "other" in _roles(header)


def is_of_line(header: str) -> bool:
    """Whether it is the state of a line within its order."""
    return "line" in _roles(header)


def _roles(header: str) -> set[str]:
    found = set(_HEADERS.roles(header))
    return found | {"status"} if header.strip().lower().endswith("status") else found
