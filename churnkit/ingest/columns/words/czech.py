"""Czech and Slovak headers; see the package."""

HEADERS = """
customer_id strong: id zákazníka, číslo zákazníka, č zákazníka, kód zákazníka, zákaznické číslo, id klienta,
    číslo klienta, kód klienta, id kupujícího, číslo odběratele, id zákazníka, zákazník id, číslo karty zákazníka
customer_id usual: zákazník, klient, odběratel, kupující, uživatel, id uživatele, zákazník, odberateľ, kupujúci,
    používateľ
email strong: e mail zákazníka, email zákazníka, e mailová adresa, emailová adresa, mail zákazníka, email klienta,
    emailová adresa zákazníka
customer_name strong: jméno a příjmení, příjmení, jméno, jméno zákazníka, název firmy, firma, meno a priezvisko,
    meno, priezvisko, meno zákazníka, celé jméno, fakturační jméno
customer_name usual: název, zákazník, odběratel
order_id strong: číslo objednávky, č objednávky, id objednávky, kód objednávky, objednávka č, objednávka číslo,
    číslo faktury, číslo dokladu, číslo účtenky, číslo prodejky, číslo transakce, id transakce, variabilní symbol,
    číslo bločku, číslo faktúry, kód faktury
order_id usual: objednávka, doklad, faktura, účtenka, transakce, faktúra
ordered_at strong: datum objednávky, datum vytvoření objednávky, datum nákupu, datum prodeje, datum transakce,
    datum vystavení, datum faktury, objednáno, čas objednávky, dátum objednávky, dátum nákupu, dátum predaja,
    datum a čas objednávky, dátum vystavenia
ordered_at usual: datum, datum a čas, dátum, den, deň, dátum a čas
ordered_at weak: datum vytvoření, vytvořeno, datum platby, datum úhrady, dátum vytvorenia, vytvorené
time strong: čas, hodina, čas prodeje
product_id strong: kód produktu, id produktu, kód zboží, číslo zboží, kód položky, číslo položky, katalogové číslo,
    číslo produktu, kód tovaru, čárový kód, kód varianty, číslo artiklu
product_name strong: název produktu, název zboží, název položky, popis produktu, názov produktu, názov tovaru,
    názov položky, položka název
product_name usual: produkt, zboží, položka, popis, tovar, název, služba
category strong: kategorie, kategorie produktu, skupina zboží, kategória, název kategorie, skupina produktů
quantity strong: množství, počet kusů, počet ks, množstvo, množství zboží, objednané množství, počet položek
quantity usual: počet, ks, kusů, kusov, kusy
unit_price strong: jednotková cena, cena za kus, cena za kus s dph, cena za ks, cena s dph, prodejní cena,
    cena produktu, cena za jednotku, cena za mj, cena položky, predajná cena, cena bez dph
unit_price usual: cena
amount strong: částka, cena položky celkem, hodnota, obrat, tržba, tržby, částka s dph, suma položky, čiastka,
    celkem za položku, cena celkem položka, hodnota položky, prodej
amount usual: tržba celkem, suma
order_total strong: celková cena, cena celkem, celkem s dph, celková částka, cena objednávky, hodnota objednávky,
    částka objednávky, celkem k úhradě, k úhradě, celková cena s dph, celková cena objednávky, částka celkem,
    celková suma, cena spolu, suma objednávky, cena celkem s dph, hodnota košíku, celková hodnota, spolu s dph
order_total usual: celkem, spolu, uhrazeno, zaplaceno, celkom, celkem kč
discount strong: sleva, výše slevy, částka slevy, zľava, sleva celkem, výška zľavy
refunded strong: vráceno, vrácená částka, refundováno, vrátená suma, částka vrácení
currency strong: měna, kód měny, mena, měna objednávky
status strong: stav objednávky, stav, stav platby, status objednávky, stav zásilky
event_type strong: typ dokladu, druh dokladu, typ transakce, druh transakce, typ pohybu
event_type weak: druh
"""

DISQUALIFIERS = """
customer_id: adresa, mail, jméno, meno, příjmení, město, země, psč, datum, počet, částka, typ, skupina, poznámka,
    telefon, nový, věk, hodnota, cena
order_id: datum, dátum, stav, částka, cena, počet, množství, položka, typ, celkem, poznámka, zdroj, čas
ordered_at: odeslání, doručení, dodání, expedice, narození, registrace, vrácení, storna, změny, splatnosti,
    dodania, odoslania, narodenia, registrácie, splatnosť
product_id: název, názov, cena, množství, popis, kategorie, typ
product_name: kód, cena, množství, kategorie, id, číslo
quantity: cena, sleva, skladem, vrácené, stornované, sklad
unit_price: náklad, sleva, daň, doprava, dopravy, dopravné, nákupní, zľava
amount: náklad, náklady, daň, dph, doprava, dopravy, dopravné, poštovné, sleva, slevy, vrácení, měna, datum, marže,
    zisk, provize, body, zľava
order_total: náklad, náklady, daň, doprava, dopravy, dopravné, poštovné, sleva, slevy, vrácení, měna, datum, marže,
    zisk, provize, položek, počet, zľava
status: zákazníka, dopravy, datum
"""
