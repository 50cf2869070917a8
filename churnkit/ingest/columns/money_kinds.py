"""Words in headers that make a column of figures something else than what was paid: shipping, fees, weights."""

from __future__ import annotations

from churnkit.ingest.cells import without_accents, word_table

KINDS = {
    kind: tuple(map(without_accents, words))
    for kind, words in word_table("""
shipping: shipping, freight, delivery, postage, carriage, courier, versand, porto, fracht, lieferkosten,
    liefergebuhr, livraison, frais de port, port, expedition, envio, frete, flete, entrega, spedizione,
    trasporto, verzending, verzendkosten, bezorgkosten, wysylka, dostawa, dostawy, przesylka, doprava, dopravne,
    postovne, frakt, fragt, levering, kargo, nakliye, toimitus, αποστολη, μεταφορικα, доставка, доставки, 送料,
    配送, 运费, 運費, 배송
tax: tax, taxes, vat, gst, hst, pst, qst, duty, duties, iva, igv, icms, ipi, mwst, ust, umsatzsteuer,
    mehrwertsteuer, steuer, tva, taxe, btw, moms, podatek, vat kwota, dph, afa, kdv, impuesto, impuestos,
    imposto, impostos, imposta, tasse, vero, φπα, налог, ндс, 税額, 消費税, 税额, 稅額, 税金
tip: tip, tips, gratuity, trinkgeld, pourboire, propina, mancia, gorjeta, fooi, dricks, napiwek, чаевые, チップ
discount: discount, discounts, rabatt, rabat, nachlass, skonto, remise, reduction, descuento, descuentos,
    bonificacion, sconto, desconto, korting, coupon, kupon, promo, promotion, markdown, saving, savings,
    ersparnis, znizka, sleva, zlava, indirim, alennus, εκπτωση, скидка, скидки, 割引, 値引, 折扣, 優惠, クーポン
gift: gift, giftcard, voucher, gutschein, geschenk, geschenkkarte, cadeau, carte cadeau, regalo, buono, vale,
    bon cadeau, cadeaubon, store credit, credit, credits, wallet, wrap, presente, cartao presente, podarunek,
    подарок, подарочная, ギフト
points: points, point, punkte, bonuspunkte, loyalty, treue, reward, rewards, cashback, punti, puntos, pontos,
    punten, punkty, body, баллы, бонусы, ポイント, 积分, 點數
fee: fee, fees, commission, commissions, provision, gebuhr, gebuhren, entgelt, frais, comision, comisiones,
    comissao, tarifa, taxa, tariffa, commissione, commissioni, commissie, kosten, handling, processing,
    surcharge, zuschlag, prowizja, oplata, poplatek, komisyon, avgift, gebyr, комиссия, сбор, insurance,
    versicherung, assurance, seguro, assicurazione, verzekering, 手数料, 佣金
refund: refund, refunds, refunded, refundable, returned, return, returns, erstattung, erstattet, ruckerstattung,
    retoure, rembourse, remboursement, reembolso, reembolsado, rimborso, rimborsato, estorno, devolucion,
    devolucao, terugbetaling, terugbetaald, zwrot, vraceno, iade, chargeback, dispute, возврат, 返金, 退款
cost: cost, costs, cogs, profit, margin, markup, earnings, payout, wholesale, einkaufspreis, einkauf, gewinn,
    marge, ek, rohertrag, cout, benefice, achat ht, costo, coste, costes, custo, ganancia, utilidad, lucro,
    margen, margem, ricavo netto, kostprijs, winst, koszt, zysk, naklad, zisk, прибыль, себестоимость, 原価, 利益,
    成本, 利润
balance: balance, saldo, solde, kontostand, outstanding, due, owed, owing, unpaid, offen, offener, restant,
    reste, pendiente, pendente, guthaben, remaining, deposit, kaution, anzahlung, caution, acompte, anticipo,
    deposito, installment, installments, cuotas, parcelas, loan, limit, threshold, minimum, maximum, min, max,
    budget, target, goal, lifetime, ltv, clv, average, avg, cumulative, running, previous, last, donation,
    spende, rounding, adjusted, adjustment, adjustments, estimated, forecast, quoted, insured, declared,
    customs, authorized, authorised, bakiye, zustatek, остаток, баланс, 残高, 余额
measure: weight, gewicht, poids, peso, waga, hmotnost, vikt, kg, gram, grams, lbs, oz, height, width, length,
    depth, size, volume, grosse, rating, ratings, score, stars, bewertung, note, review, reviews, calificacion,
    avaliacao, valutazione, age, alter, year, jahr, annee, ano, anno, month, monat, mois, mes, day, days, tage,
    jours, dias, week, hour, minute, minutes, seconds, duration, zip, zipcode, postal, postcode, plz, cp, cep,
    cap, phone, telefon, tel, fax, latitude, longitude, lat, lng, lon, count, number, no, nr, num, id, code,
    rank, position, index, age group, qty, quantity, pieces, units, stock, inventory, temperature, distance, km,
    lead, percent, percentage, pct, prozent, pourcentage, porcentaje, exchange, kurs, rate, вес, рейтинг, 重量, 評価
""").items()
}
"""Kind -> words, in the languages of the headers that are known; a header is of the first kind that it names."""
