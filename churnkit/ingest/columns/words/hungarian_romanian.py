"""Hungarian and Romanian headers; see the package."""

HEADERS = """
customer_id strong: vevőkód, vevő azonosító, ügyfél azonosító, ügyfélszám, vásárló azonosító, vevőszám, cod client,
    id client, număr client, codul clientului
customer_id usual: vevő, vásárló, ügyfél, felhasználó, client, cumpărător, utilizator
email strong: e mail cím, email cím, vevő email, vevő e mail, adresă email, adresa de email, email client
customer_name strong: vevő neve, név, vásárló neve, teljes név, vezetéknév, keresztnév, nume client,
    nume și prenume, prenume, nume, cégnév, denumire client
order_id strong: rendelésszám, rendelés azonosító, megrendelés száma, rendelés száma, számlaszám, bizonylatszám,
    tranzakció azonosító, nyugtaszám, număr comandă, nr comandă, id comandă, comandă id, număr factură, nr factură,
    numărul comenzii, nr bon
order_id usual: rendelés, számla, comandă, factură, comanda, bon
ordered_at strong: rendelés dátuma, megrendelés dátuma, vásárlás dátuma, rendelés ideje, számla kelte,
    eladás dátuma, data comenzii, dată comandă, data comandă, data achiziției, data facturii, data vânzării
ordered_at usual: dátum, időpont, data, dată, nap
ordered_at weak: létrehozva, létrehozás dátuma, data creării, creat la
time strong: idő, óra, ora, oră
product_id strong: cikkszám, termékkód, termék azonosító, vonalkód, cod produs, id produs, cod articol
product_name strong: terméknév, termék neve, megnevezés, termék megnevezése, nume produs, denumire produs
product_name usual: termék, cikk, leírás, produs, articol, descriere
category strong: kategória, termékkategória, termékcsoport, categorie, categorie produs
quantity strong: mennyiség, darabszám, rendelt mennyiség, cantitate, cant, nr bucăți
quantity usual: db, darab, bucăți, buc
unit_price strong: egységár, bruttó egységár, nettó egységár, darabár, preț unitar, preț pe unitate, preț vânzare
unit_price usual: ár, preț
amount strong: összeg, érték, tétel összesen, forgalom, bevétel, bruttó érték, nettó érték, valoare,
    cifră de afaceri, încasări, bruttó összeg
amount usual: sumă, árbevétel, eladás, vânzări
order_total strong: végösszeg, rendelés összege, rendelés értéke, fizetendő, fizetendő összeg, összesen bruttó,
    teljes összeg, bruttó végösszeg, total comandă, valoare comandă, valoarea comenzii, total de plată,
    valoare totală, sumă totală
order_total usual: összesen, total
discount strong: kedvezmény, kedvezmény összege, engedmény, reducere, discount total
refunded strong: visszatérített összeg, visszatérítés, sumă rambursată, rambursat
currency strong: pénznem, deviza, monedă, valută, moneda
status strong: állapot, rendelés állapota, státusz, rendelés státusza, fizetés állapota, stare, stare comandă,
    status comandă
event_type strong: tranzakció típusa, bizonylat típusa, tip document, tip tranzacție
event_type weak: típus, tip
"""

DISQUALIFIERS = """
customer_id: cím, név, neve, város, ország, dátum, adresă, nume, oraș, țară, data, telefon, típus, tip, mail
order_id: dátum, dátuma, állapot, állapota, összeg, összege, értéke, data, stare, valoare, total, típus, tip,
    mennyiség
ordered_at: szállítás, születési, kiszállítás, regisztráció, livrare, naștere, expediere, înregistrare, határidő,
    scadență
unit_price: költség, kedvezmény, áfa, szállítás, cost, reducere, tva, livrare, beszerzési
amount: költség, áfa, szállítási, szállítás, kedvezmény, díj, cost, tva, livrare, transport, reducere, pénznem,
    pontok
order_total: költség, szállítási, szállítás, kedvezmény, díj, cost, livrare, transport, reducere, pénznem,
    mennyiség
quantity: ár, kedvezmény, készlet, stoc, preț
product_name: kód, cod, ár, preț, id
product_id: név, neve, nume, ár, preț
status: szállítás, livrare, dátum
"""
