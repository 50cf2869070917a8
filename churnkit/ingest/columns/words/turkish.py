"""Turkish headers; see the package."""

HEADERS = """
customer_id strong: müşteri no, müşteri numarası, müşteri id, müşteri kodu, müşteri kimliği, alıcı id, üye no,
    cari kodu, cari kod, müşteri kart no, kart no
customer_id usual: müşteri, alıcı, üye, kullanıcı, kullanıcı adı, cari, kullanıcı id, müşteri bilgisi
email strong: e posta, eposta, e posta adresi, müşteri e posta, e posta adresi, müşteri e postası, alıcı e posta,
    mail adresi
customer_name strong: müşteri adı, ad soyad, adı soyadı, ad, soyad, alıcı adı, müşteri adı soyadı, isim,
    isim soyisim, alıcı ad soyad, cari adı, cari ünvanı, firma, unvan
customer_name usual: müşteri, alıcı
order_id strong: sipariş no, sipariş numarası, sipariş id, sipariş kodu, fatura no, fatura numarası, fiş no,
    işlem no, belge no, evrak no, satış no, paket no
order_id usual: sipariş, fatura, fiş, işlem, belge
ordered_at strong: sipariş tarihi, sipariş zamanı, alışveriş tarihi, satış tarihi, satın alma tarihi, işlem tarihi,
    fatura tarihi, belge tarihi, fiş tarihi, sipariş oluşturma tarihi, sipariş tarihi ve saati
ordered_at usual: tarih, tarih saat, gün, tarihi
ordered_at weak: oluşturulma tarihi, oluşturma tarihi, ödeme tarihi
time strong: saat, zaman, sipariş saati, satış saati
product_id strong: ürün kodu, ürün no, ürün id, stok kodu, barkod, model kodu, malzeme kodu, ürün numarası, stok no
product_name strong: ürün adı, ürün ismi, ürün açıklaması, stok adı, malzeme adı, ürün başlığı
product_name usual: ürün, açıklama, mal, hizmet, ürünler
category strong: kategori, ürün kategorisi, kategori adı, ürün grubu, grup
quantity strong: adet, miktar, sipariş adedi, ürün adedi, satış adedi, satılan adet, satış miktarı
quantity usual: sayı, adedi
unit_price strong: birim fiyat, birim fiyatı, ürün fiyatı, satış fiyatı, adet fiyatı, kdv dahil birim fiyat
unit_price usual: fiyat, fiyatı
amount strong: tutar, tutarı, satır tutarı, ciro, satış tutarı, net tutar, kdv dahil tutar, satır toplamı,
    işlem tutarı, brüt tutar, gelir, hasılat
amount usual: satış, bedel
order_total strong: toplam tutar, sipariş tutarı, genel toplam, toplam fiyat, sipariş toplamı, ödenecek tutar,
    toplam sipariş tutarı, fatura tutarı, ödenen tutar, faturalanacak tutar, sepet tutarı, kdv dahil toplam,
    sipariş toplam tutarı
order_total usual: toplam, ara toplam, ödenen
discount strong: indirim, indirim tutarı, iskonto, iskonto tutarı
refunded strong: iade tutarı, iade edilen tutar
currency strong: para birimi, döviz, döviz cinsi, döviz kodu
status strong: sipariş durumu, durum, durumu, ödeme durumu, sipariş statüsü, statü
event_type strong: işlem tipi, işlem türü, belge tipi, belge türü, fatura tipi
event_type weak: tip, tür, türü
"""

DISQUALIFIERS = """
customer_id: adres, adresi, posta, ad, adı, soyad, soyadı, şehir, il, ilçe, ülke, tarih, tarihi, sayısı, tutar,
    tip, tipi, grup, grubu, not, notu, telefon, telefonu, yeni, yaş
order_id: tarih, tarihi, durum, durumu, tutar, tutarı, adet, adedi, satır, tip, tipi, toplam, toplamı, not, notu,
    kaynağı, zamanı, saati
ordered_at: kargo, teslim, teslimat, sevk, doğum, kayıt, iade, iptal, güncelleme, güncellenme, vade, termin
product_id: adı, ismi, fiyat, fiyatı, adet, adedi, açıklaması, kategorisi
product_name: kodu, fiyat, fiyatı, adet, adedi, kategorisi, no, id
quantity: fiyat, fiyatı, indirim, iade, iptal, stok, tutar, tutarı
unit_price: maliyet, indirim, iskonto, kargo, alış, vergi
amount: maliyet, vergi, kargo, indirim, iskonto, iade, tarih, kâr, komisyon, puan, hediye
order_total: maliyet, vergi, kargo, indirim, iskonto, iade, tarih, kâr, komisyon, puan, adet
status: müşteri, kargo, tarih
"""
