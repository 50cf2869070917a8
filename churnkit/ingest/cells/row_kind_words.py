"""What a row is by the words of a column of row kinds: a sale, money given back, or no purchase at all."""

from __future__ import annotations

from typing import Literal

from churnkit.ingest.cells.plain_words import word_table
from churnkit.ingest.cells.vocabulary import UNKNOWN, Vocabulary

RowKind = Literal["sale", "payment", "return", "left_out", "method", "unknown"]
"""``payment`` is a sale unless the sales themselves stand in the file as well; ``method`` is a means of payment."""

# Words of "weak" tell that a row is a sale only where the column tells rows apart anyway.
_WORDS = word_table("""
filler: checkout, the, of, to, from, for, by, a, an, in, on, and, row, type, kind, event, product, products,
    item, items, customer, new, normal, regular, user, list, detail, details, page, add, added, added to,
    remove, removed, begin, start, express, received, full, web, website, completed, complete, total of, de, la,
    le, du, des, di, do, da, del, der, die, das, von, zu, allgemeine, allgemeiner, mit, per, kunde, client,
    cliente, klient, i, paypal, pay pal, stripe, ebay, mobile, general, cash on, main, partial, partly, teil,
    partiel, parcial, parziale, site, sitio, artikel
sale: sale, sales, sell, sold, purchase, purchases, purchased, buy, bought, order, orders, ordered,
    placed order, order completed, invoice, invoices, bill, charge, charges, capture, captured,
    checkout completed, subscription payment, rebill, renewal, verkauf, verkaufe, rechnung, rechnungen,
    ausgangsrechnung, bestellung, auftrag, kauf, kassenverkauf, kassenbon, bon, vente, ventes, commande, achat,
    facture, ticket de caisse, venta, ventas, pedido, compra, factura, boleta, vendita, vendite, ordine,
    acquisto, fattura, scontrino, venda, vendas, encomenda, fatura, nota fiscal, verkoop, bestelling, aankoop,
    factuur, verkoopfactuur, sprzedaz, zamowienie, zakup, faktura, faktura vat, paragon, prodej, objednavka,
    nakup, uctenka, predaj, salg, ordre, kop, kjop, forsaljning, kvitto, myynti, tilaus, osto, lasku, satis,
    siparis, satin alma, πωληση, παραγγελια, αγορα, τιμολογιο, αποδειξη, продажа, заказ, покупка, счет, чек,
    реализация, 売上, 販売, 購入, 注文, 請求, 销售, 销售单, 购买, 購買, 订单, 下单, 판매, 구매, 주문
weak: standard, online, offline, store, in store, instore, pos, retail, wholesale, shop, phone, telephone,
    dine in, takeaway, take away, pickup, b b, outlet, subscription, recurring, one time, einmalig, reorder,
    marketplace, laden, magasin, tienda, negozio, loja, winkel, sklep
payment: payment, payments, paid, zahlung, zahlungen, zahlungseingang, einzahlung, website zahlung, paiement,
    reglement, encaissement, pago, cobro, pagamento, incasso, recebimento, betaling, ontvangst, platnosc,
    wplata, platba, uhrada, innbetaling, indbetaling, inbetalning, betalning, maksu, suoritus, odeme, tahsilat,
    πληρωμη, εισπραξη, оплата, платеж, поступление, 支払, 支払い, 入金, 付款, 支付, 收款, 결제, 입금
return: refund, refunds, refunded, return, returns, returned, credit note, credit notes, credit memo,
    credit invoice, credit, credits, store credit, sales return, chargeback, chargebacks, reversal, reversed,
    rma, money back, payment refund, exchange return, negative invoice, gutschrift, gutschriften, erstattung,
    ruckerstattung, ruckzahlung, ruckgabe, retoure, retouren, rucksendung, ruckbuchung, rechnungskorrektur,
    stornorechnung, storno, korrekturrechnung, retour, retours, avoir, avoirs, remboursement, remboursements,
    note de credit, facture d avoir, devolucion, devoluciones, reembolso, abono, nota de credito,
    factura rectificativa, rectificativa, contracargo, reso, resi, rimborso, nota di credito, devolucao,
    estorno, terugbetaling, retourzending, creditnota, creditfactuur, retourboeking, zwrot, zwroty, korekta,
    faktura korygujaca, nota kredytowa, reklamacja, vratka, vraceni, dobropis, reklamace, opravny doklad,
    vratenie, retur, refusjon, kreditnota, tilbakebetaling, tilbagebetaling, returnering, kreditfaktura,
    aterbetalning, hyvitys, hyvityslasku, palautus, iade, iade faturasi, geri odeme, επιστροφη, πιστωτικο,
    πιστωτικο τιμολογιο, возврат, возвраты, кредит нота, корректировочный счет, 返品, 返金, 赤伝, 退货, 退貨,
    退款, 退货单, 반품, 환불
left_out: view, views, view item, viewed, pageview, page view, page views, pv, product view, view item list, view cart,
    impression, impressions, click, clicks, clicked, cart, carts, add to cart, added to cart, addtocart,
    remove from cart, removefromcart, cart add, cart remove, basket, add to basket, wishlist, add to wishlist,
    fav, favorite, favourite, like, begin checkout, checkout started, checkout start, initiate checkout,
    add payment info, add shipping info, abandoned, abandoned cart, search, searches, session, session start,
    visit, visits, first visit, scroll, login, log in, logout, signup, sign up, register, registration,
    email open, open, sent, email, newsletter, download, share, rating, review, browse, user engagement,
    select item, select content, select promotion, view promotion, view search results, app open, install,
    payout, payouts, paid out, transfer, transfers, bank transfer, withdrawal, withdrawals, general withdrawal,
    deposit, deposits, top up, topup, fee, fees, stripe fee, application fee, commission, commissions, tax,
    taxes, vat, shipping, shipping label, shipping charge, shipment, delivery, postage, freight, label,
    adjustment, adjustments, balance adjustment, correction, inventory adjustment, stock, stock movement,
    transfer in, transfer out, void, voided, voids, no sale, hold, reserve, reserve hold, reserve release,
    release, authorization, authorisation, auth, quote, quotation, estimate, draft, offer, proforma, pro forma,
    delivery note, expense, expenses, bill payment, interest, loan, currency conversion, conversion, balance,
    opening balance, closing balance, beginning balance, tip, tips, gratuity, cash in, cash out, payin,
    petty cash, drawer, open drawer, contribution, advance, advertising, ad spend, cancel, cancelled, canceled,
    cancellation, failed, declined, test, subtotal, sub total, total, totals, grand total, header, footer,
    summary, comment, note, discount, coupon, gift card issue, aufruf, ansicht, warenkorb, merkzettel, klick,
    suche, auszahlung, auszahlungen, uberweisung, abbuchung, allgemeine abbuchung, bankgutschrift, gebuhr,
    gebuhren, entgelt, provision, steuer, mehrwertsteuer, versand, versandkosten, porto, fracht, anpassung,
    korrektur, wahrungsumrechnung, umbuchung, einlage, entnahme, privatentnahme, kassensturz, angebot,
    lieferschein, entwurf, zwischensumme, summe, gesamtsumme, gesamt, saldo, ubertrag, abbruch, storniert,
    trinkgeld, rabatt, einbehaltung, freigabe, vue, panier, virement, versement, retrait, frais, taxe, tva,
    livraison, port, ajustement, devis, brouillon, bon de livraison, sous total, solde, annulation, annule,
    remise, conversion de devise, vista, carrito, transferencia, retiro, retirada, comision, comisiones, tarifa,
    impuesto, iva, envio, ajuste, cotizacion, presupuesto, borrador, albaran, anulacion, anulado, cancelado,
    propina, descuento, visualizzazione, carrello, bonifico, prelievo, commissione, commissioni, tassa,
    spedizione, rettifica, preventivo, bozza, ddt, subtotale, totale, annullato, sconto, visualizacao, carrinho,
    saque, taxa, imposto, frete, orcamento, rascunho, estornado taxa, repasse, bekeken, winkelwagen,
    overboeking, opname, uitbetaling, kosten, btw, verzending, correctie, offerte, concept, pakbon, subtotaal,
    totaal, geannuleerd, korting, wyswietlenie, koszyk, przelew, wyplata, oplata, prowizja, podatek, wysylka,
    oferta, szkic, razem, suma, suma czesciowa, anulowane, rabat, zobrazeni, kosik, prevod, vyber, vyplata,
    poplatek, provize, dan, doprava, postovne, nabidka, mezisoucet, celkem, sleva, visning, handlekurv, kurv,
    varukorg, overforing, utbetaling, udbetaling, utbetalning, gebyr, avgift, moms, mva, frakt, fragt, tilbud,
    offert, delsum, i alt, summa, alennus, ostoskori, maksu palautus, toimitusmaksu, yhteensa, goruntuleme,
    sepet, para cekme, ucret, komisyon, vergi, kargo, duzeltme, teklif, taslak, ara toplam, toplam, indirim,
    προβολη, καλαθι, μεταφορα, αναληψη, προμηθεια, φορος, φπα, μεταφορικα, προσφορα, υποσυνολο, συνολο,
    просмотр, корзина, перевод, вывод, вывод средств, комиссия, налог, ндс, доставка, корректировка,
    перемещение, списание, предложение, черновик, итого, всего, скидка, 閲覧, カート, 振込, 出金, 手数料, 税,
    消費税, 送料, 調整, 見積, 小計, 合計, 割引, キャンセル, 取消, 浏览, 瀏覽, 点击, 加购, 加入购物车, 购物车,
    收藏, 转账, 提现, 手续费, 佣金, 税费, 运费, 调整, 报价, 合计, 优惠, 조회, 장바구니, 출금, 수수료, 배송비,
    합계
method: cash, card, cards, credit card, debit card, visa, mastercard, amex, american express, klarna, sofort,
    giropay, ideal, apple pay, google pay, bancontact, gift card, voucher, cod, cash on delivery, cheque, check,
    upi, wallet, net banking, netbanking, invoice payment by, bar, barzahlung, ec karte, ec, kreditkarte,
    lastschrift, vorkasse, nachnahme, kauf auf rechnung, especes, carte, carte bancaire, efectivo, tarjeta,
    contanti, carta, contrassegno, dinheiro, cartao, boleto, pix, contant, pin, creditcard, gotowka, karta,
    za pobraniem, hotovost, hotove, kartou, dobirka, kontant, kort, swish, vipps, kateinen, kortti, nakit,
    kredi karti, havale, μετρητα, καρτα, наличные, карта, 現金, カード, クレジットカード, 现金, 支付宝, 微信,
    현금, 카드
""")

_VOCABULARY = Vocabulary(_WORDS)
# What one word of several decides, the first of these that is there.
_DECIDING: tuple[tuple[str, RowKind], ...] = (
    ("method", "method"),
    ("left_out", "left_out"),
    ("return", "return"),
    ("sale", "sale"),
    ("payment", "payment"),
    ("weak", "sale"),
)


def classify_row_kind(value: str) -> RowKind:
    """What a row of this kind is; ``unknown`` where a word of it is in no table."""
    roles = set(_VOCABULARY.roles(value))
    if UNKNOWN in roles:
        return "unknown"
    return next((kind for role, kind in _DECIDING if role in roles), "unknown")


def is_plain_sale(value: str) -> bool:
    """Whether the value says by itself that its rows are sales, which ``online`` or ``store`` does not."""
    return bool({"sale", "payment"} & set(_VOCABULARY.roles(value)))
