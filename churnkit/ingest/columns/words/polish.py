"""Polish headers; see the package."""

HEADERS = """
customer_id strong: id klienta, numer klienta, nr klienta, kod klienta, identyfikator klienta, klient id,
    id kupującego, numer kontrahenta, kod kontrahenta, id kontrahenta, numer karty klienta
customer_id usual: klient, kupujący, nabywca, kontrahent, odbiorca, użytkownik, id użytkownika, login kupującego,
    login, zamawiający, konto, numer karty
email strong: adres e mail, adres email, email klienta, e mail klienta, klient e mail, klient email,
    email kupującego, e mail kupującego, adres e mail klienta, poczta
customer_name strong: imię i nazwisko, nazwisko, imię, nazwa klienta, imię nazwisko, nazwa kontrahenta,
    dane klienta, nazwa firmy, firma, nazwa odbiorcy, nazwisko i imię
customer_name usual: nazwa, klient, kupujący, odbiorca
order_id strong: numer zamówienia, nr zamówienia, id zamówienia, zamówienie nr, zamówienie numer, zamówienie id,
    identyfikator zamówienia, kod zamówienia, numer faktury, nr faktury, numer paragonu, nr paragonu,
    numer transakcji, id transakcji, numer dokumentu, nr dokumentu, numer rachunku
order_id usual: zamówienie, transakcja, faktura, paragon, dokument, rachunek
ordered_at strong: data zamówienia, data złożenia zamówienia, data zakupu, data transakcji, data sprzedaży,
    data faktury, data wystawienia, data i godzina zamówienia, data złożenia, zamówiono, data paragonu,
    data dodania zamówienia
ordered_at usual: data, data i godzina, data i czas, dzień
ordered_at weak: data utworzenia, utworzono, data dodania, dodano, data płatności, data zapłaty
time strong: godzina, czas, godzina zamówienia, godzina transakcji, godz
product_id strong: id produktu, kod produktu, numer produktu, symbol, symbol produktu, kod towaru, indeks,
    kod artykułu, numer artykułu, kod kreskowy, sygnatura, indeks towaru, id towaru, symbol towaru
product_name strong: nazwa produktu, nazwa towaru, nazwa artykułu, tytuł produktu, opis produktu, nazwa usługi
product_name usual: produkt, towar, artykuł, opis, tytuł oferty, usługa, pozycja, asortyment
category strong: kategoria, kategoria produktu, grupa towarowa, grupa produktów, nazwa kategorii, dział
quantity strong: ilość, liczba sztuk, ilość sztuk, ilość zamówiona, liczba, liczba produktów
quantity usual: sztuk, szt, sztuki
unit_price strong: cena jednostkowa, cena za sztukę, cena brutto, cena sprzedaży, cena produktu,
    cena jednostkowa brutto, cena jedn, cena netto, cena jedn brutto
unit_price usual: cena
amount strong: kwota, wartość pozycji, wartość brutto, wartość netto, kwota brutto, przychód, wartość sprzedaży,
    kwota transakcji, wartość linii, obrót, wartość towaru
amount usual: wartość, sprzedaż, utarg
order_total strong: wartość zamówienia, kwota zamówienia, suma zamówienia, razem brutto, kwota całkowita,
    wartość całkowita, łączna kwota, łączna wartość, wartość zamówienia brutto, kwota do zapłaty, do zapłaty,
    wartość koszyka, suma brutto, razem do zapłaty, wartość faktury
order_total usual: razem, suma, łącznie, zapłacono, kwota wpłaty, ogółem
discount strong: rabat, zniżka, kwota rabatu, wartość rabatu, upust, rabat kwotowy
refunded strong: kwota zwrotu, zwrócono, wartość zwrotu, zwrócona kwota
currency strong: waluta, kod waluty, waluta zamówienia
status strong: status zamówienia, stan zamówienia, status płatności, stan, status realizacji, status transakcji
event_type strong: typ dokumentu, rodzaj dokumentu, typ transakcji, rodzaj transakcji, typ operacji
event_type weak: rodzaj
"""

DISQUALIFIERS = """
customer_id: adres, mail, nazwa, imię, nazwisko, miasto, kraj, data, liczba, ilość, kwota, typ, grupa, uwagi,
    telefon, nowy, wiek, wartość, komentarz
order_id: data, status, kwota, wartość, ilość, liczba, pozycja, typ, suma, stan, uwagi, źródło
ordered_at: wysyłki, wysłania, dostawy, realizacji, urodzenia, rejestracji, zwrotu, anulowania, modyfikacji,
    aktualizacji, terminu, termin
product_id: nazwa, cena, ilość, opis, kategoria, typ
product_name: kod, cena, ilość, kategoria, id, symbol, numer
quantity: cena, rabat, zwrócona, anulowana, dostępna, magazyn
unit_price: koszt, rabat, podatek, vat, dostawy, wysyłki, przesyłki, zakupu
amount: koszt, podatek, podatku, vat, dostawy, wysyłki, przesyłki, rabat, rabatu, zwrotu, waluta, data, marża,
    zysk, prowizja, prowizji, punkty
order_total: koszt, podatek, podatku, vat, dostawy, wysyłki, przesyłki, rabat, rabatu, zwrotu, waluta, data, marża,
    zysk, prowizja, ilość
status: klienta, wysyłki, dostawy, data
"""
