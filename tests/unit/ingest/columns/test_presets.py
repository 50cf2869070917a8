"""Every export format that is known by its header, with its quirks, in files small enough to add up by hand."""

# The lines of an export are as long as they are.
# ruff: noqa: E501

from __future__ import annotations

import datetime as dt

import pytest

from churnkit.errors import DataError, MappingError
from churnkit.ingest import OpenQuestions
from churnkit.ingest.columns.preset_lookup import detect_preset, get_preset, preset_names
from churnkit.ingest.columns.presets import PRESETS

SHOPIFY_HEADER = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,"
    "Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,"
    "Billing Name,Cancelled at,Refunded Amount,Id,Phone"
)
SHOPIFY = f"""
{SHOPIFY_HEADER}
#1001,Ann@Example.com,paid,2025-03-28 10:00:00 +0100,fulfilled,EUR,90.00,5.00,0,95.00,TEN,10.00,2025-03-28 09:50:26 +0100,2,Mug,30.00,MUG,Ann A,,0.00,1,
#1001,,,,,,,,,,,,2025-03-28 09:50:26 +0100,1,Bowl,40.00,BWL,,,,,
#1002,bob@example.com,partially_refunded,2025-04-01 10:00:00 +0200,fulfilled,EUR,60.00,0,0,60.00,,0.00,2025-04-01 10:00:00 +0200,1,Mug,20.00,MUG,Bob B,,15.00,2,
#1002,,,,,,,,,,,,,1,Bowl,40.00,BWL,,,,,
#1003,ann@example.com,paid,2025-04-02 10:00:00 +0200,fulfilled,EUR,30.00,0,0,30.00,,0.00,2025-04-02 10:00:00 +0200,1,Mug,30.00,MUG,Ann A,2025-04-03 08:00:00 +0200,0.00,3,
#1004,cy@example.com,pending,,unfulfilled,EUR,30.00,0,0,30.00,,0.00,2025-04-03 10:00:00 +0200,1,Mug,30.00,MUG,Cy C,,0.00,4,
#1005,cy@example.com,refunded,2025-04-04 10:00:00 +0200,fulfilled,EUR,30.00,0,0,30.00,,0.00,2025-04-04 10:00:00 +0200,1,Mug,30.00,MUG,Cy C,,30.00,5,
#1006,,paid,2025-04-05 10:00:00 +0200,fulfilled,EUR,30.00,0,0,30.00,,0.00,2025-04-05 10:00:00 +0200,1,Mug,30.00,MUG,,,0.00,6,
#1007,bob@example.com,paid,2025-04-06 10:00:00 +0200,fulfilled,EUR,30.00,4.90,0,34.90,,0.00,2025-04-06 10:00:00 +0200,1,Mug,30.00,MUG,Bob B,,34.90,7,
#1008,,paid,2025-04-07 10:00:00 +0200,fulfilled,EUR,20.00,0,0,20.00,,0.00,2025-04-07 10:00:00 +0200,1,Mug,20.00,MUG,,,0.00,8,+49151
"""


def test_shopify_lines_bear_their_share_of_discount_and_refund(read_text):
    read = read_text(SHOPIFY)
    assert read.result.preset == "shopify"
    # #1001: 60 + 40 less 10 shared 6:4; #1002: 20 + 40 less a refund of 15 shared 1:2.
    assert read.amounts() == [
        ("#1001", "ann@example.com", 54.0),
        ("#1001", "ann@example.com", 36.0),
        ("#1002", "bob@example.com", 15.0),
        ("#1002", "bob@example.com", 30.0),
        ("#1008", "+49151", 20.0),
    ]
    assert read.rows["discount"].tolist() == pytest.approx([6.0, 4.0, 0.0, 0.0, 0.0])
    assert read.dropped() == {"no_customer": 1, "cancelled": 3, "unpaid": 1}
    assert read.mended() == {
        "continuation_line": 2,
        "email_lower_case": 1,
        "other_identity": 1,
        "discount_shared": 2,
        "refund_netted": 2,
    }
    assert read.result.currency == "EUR"


def test_shopify_keeps_the_local_wall_time_over_the_change_of_summer_time(read_text):
    rows = read_text(SHOPIFY).rows
    assert rows["ordered_at"].iloc[0] == dt.datetime(2025, 3, 28, 9, 50, 26)
    assert rows["ordered_at"].iloc[1] == dt.datetime(2025, 3, 28, 9, 50, 26)
    assert rows["ordered_at"].iloc[2] == dt.datetime(2025, 4, 1, 10)


def test_shopify_takes_the_billing_phone_where_the_phone_is_blank(read_text):
    """Cash on delivery: no address, and the number in one of two columns."""
    read = read_text("""
        Name,Email,Financial Status,Total,Created at,Currency,Phone,Billing Phone
        #1,,paid,50.00,2025-01-01 10:00:00 +0100,BDT,,+880 1712-345678
        #2,,paid,40.00,2025-02-01 10:00:00 +0100,BDT,01712345678,01712345678
        #3,,paid,45.00,2025-03-01 10:00:00 +0100,BDT,01812345678,01712345678
    """)
    assert read.rows["customer_id"].tolist() == ["+880 1712-345678", "+880 1712-345678", "01812345678"]


def test_shopify_ignoring_returns_leaves_refunds_alone(read_text):
    read = read_text(SHOPIFY, returns="ignore")
    totals = read.rows.groupby("order_id")["amount"].sum().round(6).to_dict()
    assert totals == {"#1001": 90.0, "#1002": 60.0, "#1007": 30.0, "#1008": 20.0}


def test_shopify_columns_in_any_order_and_spelling(read_text):
    read = read_text("""
        lineitem PRICE,name,remark,EMAIL,financial status,lineitem quantity,created at,currency
        10,#1,x,a@x.org,paid,3,2025-01-01 10:00:00 +0100,USD
        10,#2,x,a@x.org,paid,1,2025-02-01 10:00:00 +0100,USD
    """)
    assert read.amounts() == [("#1", "a@x.org", 30.0), ("#2", "a@x.org", 10.0)]


def test_a_shopify_order_comes_to_its_subtotal(read_text):
    """Free shipping as a discount is none on goods; a tip is no goods; a discount of lines is in the order's."""
    read = read_text(f"""
        {SHOPIFY_HEADER}
        #1,a@x.org,paid,,,EUR,57.00,10.00,0,57.00,FREESHIP,10.00,2025-01-01 10:00:00 +0100,1,Mug,57.00,M,,,0,1,
        #2,b@x.org,paid,,,EUR,80.00,0,0,83.00,TEN,20.00,2025-02-01 10:00:00 +0100,1,Mug,60.00,M,,,0,2,
        #2,,,,,,,,,,,,,1,Bowl,40.00,B,,,,,
        #2,,,,,,,,,,,,,1,Tip,3.00,,,,,,
    """)
    assert read.amounts() == [("#1", "a@x.org", 57.0), ("#2", "b@x.org", 48.0), ("#2", "b@x.org", 32.0)]
    assert read.dropped() == {"tip": 1}
    assert any(
        "1 orders" in note or "1 order" in note for note in read.result.notes if "free shipping" in note
    )


def test_shopify_lines_that_come_to_other_subtotals_are_asked(read_text):
    lines = "".join(
        f"#{i},c{i % 5}@x.org,paid,,,EUR,{10 + i}.00,0,0,{10 + i}.00,,0,2025-01-{i + 1:02d} 10:00:00 +0100,1,Mug,50.00,M,,,0,{i},\n"
        for i in range(20)
    )
    with pytest.raises(OpenQuestions, match="another sum") as problem:
        read_text(f"{SHOPIFY_HEADER}\n{lines}")
    (question,) = problem.value.questions
    assert [choice.amount for choice in question.choices] == [sum(range(10, 30)), 1000]
    read = read_text(f"{SHOPIFY_HEADER}\n{lines}", mapping=question.choices[0].answer)
    assert read.rows["amount"].sum() == pytest.approx(sum(range(10, 30)))


def test_shopify_without_lines_takes_the_total_once(read_text):
    read = read_text("""
        Name,Email,Financial Status,Created at,Total,Refunded Amount,Currency,Cancelled at
        #1,a@x.org,paid,2025-01-01 10:00:00 +0100,50.00,0,USD,
        #1,,,,,,,
        #2,b@x.org,paid,2025-02-01 10:00:00 +0100,40.00,10.00,USD,
    """)
    totals = read.rows.groupby("order_id")["amount"].sum().to_dict()
    assert totals == {"#1": 50.0, "#2": 30.0}


@pytest.mark.parametrize(
    "header",
    [
        "Date,Order #,Status,Customer,Customer type,Payment method,Product(s),Items sold,Coupon(s),Net sales,Attribution",
        "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales,"
        "Attribution",
    ],
)
def test_woocommerce_analytics_is_refused_for_its_names(read_text, header):
    cells = ",".join(["2025-01-01"] + ["x"] * header.count(","))
    with pytest.raises(MappingError, match="first and last name only") as problem:
        read_text(f"{header}\n{cells}\n")
    assert "plugin" in problem.value.remedy


def test_woocommerce_analytics_in_another_language_is_refused_as_well(read_text):
    with pytest.raises(MappingError, match="names"):
        read_text("""
            Datum,Bestellung #,Status,Kunde,Kundentyp,Produkt(e),Verkaufte Artikel,Gutschein(e),Nettoumsatz
            2025-01-03 10:00:00,1,Abgeschlossen,Anna Berg,neu,2× Tasse,2,,"20,00"
            2025-02-03 10:00:00,2,Abgeschlossen,Bernd Wald,neu,1× Tasse,1,,"10,50"
            2025-03-03 10:00:00,3,Abgeschlossen,Anna Berg,wiederkehrend,1× Tasse,1,,"10,00"
        """)


def test_woocommerce_plugin_guests_are_their_email(read_text):
    read = read_text("""
        order_id,order_number_formatted,order_number,date,status,shipping_total,order_total,order_currency,customer_user,billing_first_name,billing_email,order_item_1
        11,#11,11,5/31/2016 0:37,completed,0,25.00,USD,7,Ann,ann@x.org,name:Mug|quantity:1
        12,#12,12,6/1/2016 13:05,processing,0,10.00,USD,0,Bob,BOB@x.org,name:Mug|quantity:1
        13,#13,13,6/2/2016 9:00,cancelled,0,10.00,USD,0,Bob,bob@x.org,name:Mug|quantity:1
        14,#14,14,6/3/2016 9:00,on-hold,0,10.00,USD,7,Ann,ann@x.org,name:Mug|quantity:1
        15,#15,15,6/4/2016 9:00,completed,0,12.00,USD,0,,,name:Mug|quantity:1
        16,#16,16,6/5/2016 9:00,failed,0,12.00,USD,7,Ann,ann@x.org,name:Mug|quantity:1
    """)
    assert read.result.preset == "woocommerce_plugin"
    assert read.amounts() == [("11", "7", 25.0), ("12", "bob@x.org", 10.0)]
    assert read.rows["ordered_at"].tolist() == [
        dt.datetime(2016, 5, 31, 0, 37),
        dt.datetime(2016, 6, 1, 13, 5),
    ]
    assert read.dropped() == {"placeholder_customer": 1, "cancelled": 1, "unpaid": 2}


SQUARE_HEADER = (
    "Date,Time,Time Zone,Gross Sales,Discounts,Service Charges,Net Sales,Gift Card Sales,Tax,Tip,Partial Refunds,"
    "Total Collected,Source,Transaction ID,Payment ID,Event Type,Location,Dining Option,Customer ID,Customer Name,"
    "Customer Reference ID"
)


def test_square_transactions(read_text):
    zone = "Eastern Time (US & Canada)"
    read = read_text(f"""
        {SQUARE_HEADER}
        10/05/2026,2:30:00 PM,{zone},"$1,250.00",-$10.00,$0.00,"$1,240.00",$0.00,$0.00,$2.00,$0.00,"$1,242.00",POS,T1,P1,Payment,Main,,C1,Ann A,
        10/15/2026,9:05:00 AM,{zone},-$240.00,$0.00,$0.00,-$240.00,$0.00,$0.00,$0.00,$0.00,-$240.00,POS,T2,P2,Refund,Main,,C1,Ann A,
        10/16/2026,9:05:00 AM,{zone},$12.00,$0.00,$0.00,$12.00,$0.00,$0.00,$0.00,$0.00,$12.00,POS,T3,P3,Payment,Main,,,,
        10/17/2026,9:05:00 AM,{zone},$30.00,$0.00,$0.00,$30.00,$0.00,$0.00,$0.00,-$5.00,$25.00,POS,T4,P4,Payment,Main,,C2,Bo B,
    """)
    assert read.result.preset == "square_transactions"
    assert read.amounts() == [("T1", "C1", 1240.0), ("T2", "C1", -240.0), ("T4", "C2", 25.0)]
    assert read.rows["is_return"].tolist() == [False, True, False]
    assert read.rows["ordered_at"].iloc[0] == dt.datetime(2026, 10, 5, 14, 30)
    assert read.rows["discount"].iloc[0] == 10.0
    assert read.dropped() == {"no_customer": 1}
    assert read.result.has_time


def test_square_dates_of_an_american_shop_have_the_month_first(read_text):
    line = "{day},9:05:00 AM,{zone},$12.00,$0.00,$0.00,$12.00,$0.00,$0.00,$0.00,$0.00,$12.00,POS,{id},P,Payment,M,,C1,,"
    days = ["03/04/2026", "05/04/2026"]

    def export(zone):
        lines = [line.format(day=day, zone=zone, id=f"T{i}") for i, day in enumerate(days)]
        return "\n".join([SQUARE_HEADER, *lines]) + "\n"

    rows = read_text(export("Pacific Time (US & Canada)")).rows
    assert rows["ordered_at"].dt.month.tolist() == [3, 5]
    with pytest.raises(MappingError, match="day/month as well as month/day"):
        read_text(export("London"))


def test_square_items(read_text):
    zone = "Eastern Time (US & Canada)"
    read = read_text(f"""
        Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Payment ID,Event Type,Location,Customer ID
        10/15/2026,10:15:00 AM,{zone},Nails,Gel Manicure,1.0,Regular,GEL,,$45.00,-$5.00,$40.00,$0.00,T1,P1,Payment,Main,C1
        10/15/2026,10:15:00 AM,{zone},Retail,Oil,2.0,Regular,OIL,,$24.00,$0.00,$24.00,$2.12,T1,P1,Payment,Main,C1
        10/20/2026,1:00:00 PM,{zone},Nails,Gel Manicure,1.0,Regular,GEL,,$45.00,$0.00,$45.00,$0.00,T2,P2,Refund,Main,C1
        10/21/2026,1:00:00 PM,{zone},Nails,Pedicure,1.0,Regular,PED,,$40.00,$0.00,$40.00,$0.00,T3,P3,Payment,Main,
    """)
    assert read.result.preset == "square_items"
    # The refund stands there as a positive amount: its sign is mended.
    assert read.amounts() == [("T1", "C1", 40.0), ("T1", "C1", 24.0), ("T2", "C1", -45.0)]
    assert read.rows["category"].tolist() == ["Nails", "Retail", "Nails"]
    assert read.rows["quantity"].tolist() == [1.0, 2.0, 1.0]
    assert read.mended()["refund_sign"] == 1


@pytest.mark.parametrize(
    ("header", "date"),
    [
        (
            "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Status,Customer Email",
            "2026-01-05 10:00:00",
        ),
        (
            "id,Created (UTC),Amount,Amount Refunded,Currency,Captured,Description,Status,Customer Email",
            "2026-01-05 10:00",
        ),
    ],
)
def test_stripe(read_text, header, date):
    read = read_text(f"""
        {header}
        ch_1,{date},"20,25","0,25",eur,true,x,Paid,ann@x.org
        ch_2,2026-02-05 10:00:00,"10,00","0,00",eur,true,x,Failed,ann@x.org
        ch_3,2026-02-06 10:00:00,"10,00","10,00",eur,true,x,Refunded,ann@x.org
        ch_4,2026-02-07 10:00:00,"10,00","10,00",eur,true,x,Paid,bob@x.org
        ch_5,2026-02-08 10:00:00,"10,00","0,00",eur,false,x,Uncaptured,bob@x.org
        ch_6,2026-02-09 10:00:00,"10,00","0,00",eur,true,x,Paid,
        ch_7,2026-02-10 10:00:00,"30,00","0,00",eur,true,x,Paid,bob@x.org
    """)
    assert read.result.preset == "stripe"
    assert read.amounts() == [("ch_1", "ann@x.org", 20.0), ("ch_7", "bob@x.org", 30.0)]
    assert read.dropped() == {"no_customer": 1, "cancelled": 2, "unpaid": 2}
    assert read.result.currency == "EUR"
    assert read.rows["currency"].unique().tolist() == ["EUR"]


def test_amazon_all_orders_has_no_buyer(read_text):
    with pytest.raises(MappingError, match="names no buyer") as problem:
        read_text("""
            amazon-order-id\tpurchase-date\torder-status\tproduct-name\tsku\tasin\titem-status\tquantity\tcurrency\titem-price
            1\t2026-01-05T10:00:00+00:00\tShipped\tMug\tM\tB0\tShipped\t1\tUSD\t10.00
        """)
    assert "Orders report" in problem.value.remedy


def test_amazon_orders_drop_items_cancelled_inside_a_shipped_order(read_text):
    read = read_text("""
        order-id\torder-item-id\tpurchase-date\tpayments-date\tbuyer-email\tbuyer-name\tbuyer-phone-number\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price\torder-status\titem-status
        1\t11\t2026-01-05T10:00:00-08:00\t\ta1@marketplace.amazon.com\tA\t\tM\tMug\t2\tUSD\t20.00\tShipped\tShipped
        1\t12\t2026-01-05T10:00:00-08:00\t\ta1@marketplace.amazon.com\tA\t\tB\tBowl\t1\tUSD\t15.00\tShipped\tCancelled
        2\t21\t2026-02-05T10:00:00-08:00\t\tb2@marketplace.amazon.com\tB\t\tB\tBowl\t1\tUSD\t15.00\tPending\tUnshipped
        3\t31\t2026-03-05T10:00:00-08:00\t\tb2@marketplace.amazon.com\tB\t\tB\tBowl\t1\tUSD\t15.00\tShipped\tShipped
    """)
    # item-price is the line's, whatever the quantity.
    assert read.amounts() == [
        ("1", "a1@marketplace.amazon.com", 20.0),
        ("3", "b2@marketplace.amazon.com", 15.0),
    ]
    assert read.dropped() == {"cancelled": 1, "unpaid": 1}
    assert read.rows["ordered_at"].iloc[0] == dt.datetime(2026, 1, 5, 10)


EBAY_HEADER = (
    "Sales Record Number;Order Number;Buyer Username;Buyer Name;Buyer Email;Item Title;Custom Label;Quantity;"
    "Sold For;Shipping And Handling;Total Price;Payment Method;Sale Date;Paid On Date"
)


def test_ebay_with_its_preamble_and_footer(read_text):
    read = read_text(f"""
        sep=;
        {EBAY_HEADER}
        1;24-1;ann_77;Ann A;a@x.org;Mug;M;2;$45.99;$5.00;$96.98;PayPal;Jul-25-26;Jul-25-26
        2;24-2;bob;Bob B;b@x.org;;;3;;;$61.00;PayPal;Aug-02-26;Aug-02-26
        2;24-2;;;;Mug;M;1;$20.00;;;;;
        2;24-2;;;;Bowl;B;2;$18.00;;;;;

        83 record(s) downloaded
    """)
    assert read.result.preset == "ebay"
    assert read.amounts() == [("24-1", "ann_77", 91.98), ("24-2", "bob", 20.0), ("24-2", "bob", 36.0)]
    assert read.rows["ordered_at"].dt.date.tolist() == [
        dt.date(2026, 7, 25),
        dt.date(2026, 8, 2),
        dt.date(2026, 8, 2),
    ]
    assert read.dropped().get("summary_row", 0) >= 1
    assert read.result.currency == "$"


def test_magento_takes_the_base_total(read_text):
    read = read_text("""
        ID,"Purchase Point","Purchase Date","Bill-to Name","Ship-to Name","Grand Total (Base)","Grand Total (Purchased)",Status,"Customer Email",Subtotal,"Total Refunded"
        000000001,Main,"2026-01-05 10:00:00","Ann A","Ann A","€1,100.00","$1,210.00",complete,ann@x.org,1000,0
        000000002,Main,"2026-02-05 10:00:00","Ann A","Ann A","€50.00","$55.00",closed,ann@x.org,50,50
        000000003,Main,"2026-03-05 10:00:00","Bob B","Bob B","€80.00","$88.00",processing,bob@x.org,80,20
        000000004,Main,"2026-03-06 10:00:00","Bob B","Bob B","€80.00","$88.00",canceled,bob@x.org,80,0
        000000005,Main,"2026-03-07 10:00:00","Bob B","Bob B","€80.00","$88.00",pending_payment,bob@x.org,80,0
    """)
    assert read.result.preset == "magento"
    assert read.amounts() == [("000000001", "ann@x.org", 1100.0), ("000000003", "bob@x.org", 60.0)]
    assert read.dropped() == {"cancelled": 2, "unpaid": 1}
    assert read.result.currency == "EUR"


def test_bigcommerce(read_text):
    read = read_text("""
        Order ID,Customer ID,Customer Name,Customer Email,Customer Phone,Order Date,Order Status,Subtotal (inc tax),Order Total (inc tax),Order Total (ex tax),Order Currency Code,Exchange Rate,Product Details,Refund Amount
        101,7,Ann A,ann@x.org,,25/01/2026,Completed,90,100.00,90.00,GBP,1,x,0
        102,0,Bob B,bob@x.org,,02/02/2026,Shipped,45,50.00,45.00,GBP,1,x,10.00
        103,7,Ann A,ann@x.org,,03/02/2026,Cancelled,45,50.00,45.00,GBP,1,x,0
        104,7,Ann A,ann@x.org,,04/02/2026,Awaiting Payment,45,50.00,45.00,GBP,1,x,0
        105,7,Ann A,ann@x.org,,05/02/2026,Refunded,45,50.00,45.00,GBP,1,x,50.00
        106,7,Ann A,ann@x.org,,06/02/2026,Awaiting Fulfillment,45,50.00,45.00,GBP,1,x,0
    """)
    assert read.result.preset == "bigcommerce"
    assert read.amounts() == [("101", "7", 100.0), ("102", "bob@x.org", 40.0), ("106", "7", 50.0)]
    assert read.dropped() == {"cancelled": 2, "unpaid": 1}
    assert read.rows["ordered_at"].iloc[1] == dt.datetime(2026, 2, 2)


@pytest.mark.parametrize(
    "header",
    [
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
        "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country",
    ],
)
def test_online_retail(read_text, header):
    read = read_text(f"""
        {header}
        536365,85123A,HOLDER,6,12/1/2010 8:26,2.55,17850.0,United Kingdom
        536365,POST,POSTAGE,1,12/1/2010 8:26,18,17850.0,United Kingdom
        536365,POST,POSTAGE,1,12/1/2010 8:26,18,17850.0,United Kingdom
        C536379,D,Discount,-1,12/15/2010 9:41,27.5,14527.0,United Kingdom
        536414,22139,,56,12/1/2010 11:52,0,,United Kingdom
        A563185,B,Adjust bad debt,1,8/12/2011 14:50,-11062.06,12345.0,United Kingdom
        537197,22841,TIN,1,12/5/2010 14:02,0,12647.0,Germany
    """)
    assert read.result.preset == "online_retail"
    assert read.amounts() == [
        ("536365", "17850.0", 15.3),
        ("536365", "17850.0", 18.0),
        ("536365", "17850.0", 18.0),
        ("C536379", "14527.0", -27.5),
    ]
    assert read.rows["is_return"].tolist() == [False, False, False, True]
    assert read.dropped() == {"no_customer": 1, "bad_debt": 1, "zero_amount": 1}
    assert read.mended() == {}
    assert any("POST" in note for note in read.result.notes)


def test_a_known_header_without_its_customer_says_which_column_is_missing(read_text):
    with pytest.raises(MappingError, match="'Email'"):
        read_text("""
            Name,Financial Status,Created at,Lineitem quantity,Lineitem price
            #1,paid,2025-01-01 10:00:00 +0100,3,10
        """)


def test_a_preset_that_does_not_fit_the_file(read_text):
    with pytest.raises(MappingError, match="no column 'Created at'"):
        read_text("who,when,money\na,2025-01-05,1\n", preset="shopify")


def test_preset_none_leaves_the_header_to_the_suggestions(read_text):
    read = read_text(
        """
        InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
        1,A,a,2,2010-12-01 08:26:00,2.5,17850,UK
        2,B,b,1,2010-12-02 08:26:00,4.0,17850,UK
        """,
        preset="none",
    )
    assert read.result.preset is None
    assert read.rows["amount"].tolist() == [5.0, 4.0]


def test_preset_names_and_a_wrong_one():
    assert preset_names()[0] == "none"
    assert len(set(preset_names())) == len(PRESETS) + 1
    with pytest.raises(MappingError, match="'shopify'"):
        get_preset("shoppify")


def headers_of(preset):
    """Two headers of a format: with the first of its alternatives, and with the last."""
    for choose in (0, -1):
        header = [choice.split("|")[choose].replace("*", " (EUR)") for choice in preset.fingerprint]
        yield [*header, "order-item-id"] if preset.name == "amazon_orders" else header


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_no_fingerprint_is_met_by_another_formats_header(preset):
    for header in headers_of(preset):
        for damaged in (str, str.upper, lambda text: f" {text}_"):
            found = detect_preset([damaged(column) for column in (*header, "remark")])
            assert found is not None
            assert found.name == preset.name


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_format_is_read_or_refused_with_a_way_out(preset):
    if preset.refusal:
        assert preset.remedy
        assert not preset.columns
        return
    columns = {
        name: header.replace("*", " (EUR)")
        for table in (preset.columns, preset.totals)
        for name, (header, *_) in table.items()
    }
    assert preset.missing(preset.mapping(columns.values())) == ()
    assert preset.missing(preset.mapping(["remark"])) != ()


def test_an_unproven_preset_says_so(read_text):
    read = read_text("""
        Order number,Date created,Contact email,Total
        1,2025-01-05,ann@x.org,20.00
        2,2025-02-16,bob@x.org,30.00
    """)
    assert any("no real file has proven it" in note for note in read.result.notes)


def test_mixed_currencies_are_refused_and_one_can_be_chosen(read_text):
    text = """
        id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Status,Customer Email
        ch_1,2026-01-05 10:00:00,20.00,0,eur,true,Paid,ann@x.org
        ch_2,2026-02-05 10:00:00,30.00,0,usd,true,Paid,ann@x.org
        ch_3,2026-03-05 10:00:00,40.00,0,usd,true,Paid,bob@x.org
    """
    with pytest.raises(OpenQuestions, match="USD on 2 rows, EUR on 1 rows") as problem:
        read_text(text)
    assert "currency" in problem.value.remedy
    read = read_text(text, currency="usd")
    assert read.amounts() == [("ch_2", "ann@x.org", 30.0), ("ch_3", "bob@x.org", 40.0)]
    assert read.dropped() == {"other_currency": 1}
    with pytest.raises(DataError, match="CHF"):
        read_text(text, currency="CHF")


def test_one_preset_alone_knows_its_currency() -> None:
    assert {preset.name: preset.rules.currency for preset in PRESETS if preset.rules.currency} == {
        "online_retail": "GBP"
    }
