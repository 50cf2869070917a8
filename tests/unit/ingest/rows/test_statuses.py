"""Returns, refunds and what statuses say."""

from __future__ import annotations

import pytest

from churnkit.ingest import OpenQuestions

MAP = {"customer_id": "who", "order_id": "order", "order_datetime": "when", "amount": "money"}


def test_returns_net_or_are_ignored(read_text):
    text = """
        who,order,when,money
        a,1,2025-01-05,100
        a,1,2025-01-09,-30
        b,2,2025-02-05,50
    """
    net = read_text(text, mapping=MAP)
    assert net.rows["amount"].tolist() == [100.0, -30.0, 50.0]
    assert net.rows["is_return"].tolist() == [False, True, False]
    months = [(month.month, month.orders, month.amount) for month in net.result.understood.months]
    assert months == [("2025-01", 1, 70.0), ("2025-02", 1, 50.0)]
    ignored = read_text(text, mapping=MAP, returns="ignore")
    assert ignored.rows["amount"].tolist() == [100.0, 50.0]
    assert ignored.dropped() == {"return_ignored": 1}
    assert ignored.result.reading.settings.returns == "ignore"


def test_statuses_in_words(read_text):
    statuses = [
        ("Completed", "kept"),
        ("partially refunded", "kept"),
        ("Awaiting Fulfillment", "kept"),
        ("Versendet", "kept"),
        ("Attending", "kept"),
        ("Selesai", "kept"),
        ("Đã giao", "kept"),
        ("Cancelled", "cancelled"),
        ("cancelled_by_guest", "cancelled"),
        ("Dibatalkan", "cancelled"),
        ("Đã hủy", "cancelled"),
        ("storniert", "cancelled"),
        ("Annulée", "cancelled"),
        ("Refunded", "cancelled"),
        ("Erstattet", "cancelled"),
        ("voided", "cancelled"),
        ("Payment failed", "unpaid"),
        ("pending", "unpaid"),
        ("En attente", "unpaid"),
        ("wc-on-hold", "unpaid"),
        ("Unpaid", "unpaid"),
    ]
    lines = "".join(f"a,{i},2025-01-{i + 1:02d},10,{status}\n" for i, (status, _) in enumerate(statuses))
    read = read_text("who,order,when,money,status\n" + lines, mapping={**MAP, "status": "status"})
    kept = [statuses[row - 1][0] for row in read.rows["source_row"]]
    assert kept == [status for status, verdict in statuses if verdict == "kept"]
    assert read.dropped() == {"cancelled": 9, "unpaid": 5}


def test_a_refund_status_on_negative_rows_marks_returns(read_text):
    read = read_text(
        """
        who,order,when,money,status
        a,1,2025-01-05,100,Completed
        a,1,2025-01-09,-30,Refunded
        b,2,2025-02-05,50,Completed
        """,
        mapping={**MAP, "status": "status"},
    )
    assert read.rows["amount"].tolist() == [100.0, -30.0, 50.0]


def test_row_types_give_refunds_their_sign(read_text):
    read = read_text(
        """
        who,order,when,money,type
        a,1,2025-01-05,100,Sale
        a,1,2025-01-09,30,Credit note
        b,2,2025-02-05,-50,Refund
        """,
        mapping={**MAP, "event_type": "type"},
    )
    assert read.rows["amount"].tolist() == [100.0, -30.0, -50.0]
    assert read.mended() == {"refund_sign": 1}


def test_negative_pieces_are_a_return_whatever_the_sign_of_the_money(read_text):
    read = read_text(
        """
        who,order,when,pieces,money
        a,1,2025-01-05,2,100
        a,2,2025-01-09,-1,50
        b,3,2025-02-05,-1,-20
        """,
        mapping={**MAP, "quantity": "pieces"},
    )
    assert read.rows["amount"].tolist() == [100.0, -50.0, -20.0]
    assert read.mended() == {"refund_sign": 1}
    both = read_text(
        """
        who,order,when,pieces,price
        a,1,2025-01-05,2,50
        a,2,2025-01-09,-1,-50
        """,
        mapping={
            "customer_id": "who",
            "order_id": "order",
            "order_datetime": "when",
            "quantity": "pieces",
            "unit_price": "price",
        },
    )
    assert both.rows["amount"].tolist() == [100.0, -50.0]


def test_credit_notes_keep_their_negative_total(read_text):
    read = read_text(
        """
        who,order,when,total
        a,1,2025-01-05,45
        a,1,2025-01-05,45
        a,2,2025-02-05,-25
        a,2,2025-02-05,-25
        """,
        mapping={"customer_id": "who", "order_id": "order", "order_datetime": "when", "order_total": "total"},
        duplicates="keep",
    )
    assert read.rows["amount"].tolist() == [22.5, 22.5, -12.5, -12.5]


def test_a_refund_column_is_netted_and_a_full_refund_cancels(read_text):
    read = read_text(
        """
        who,order,when,money,back
        a,1,2025-01-05,100,30
        a,2,2025-01-09,30,30
        b,3,2025-02-05,50,
        """,
        mapping={**MAP, "refunded": "back"},
    )
    assert read.rows["amount"].tolist() == [70.0, 50.0]
    assert read.dropped() == {"cancelled": 1}
    assert read.mended() == {"refund_netted": 1}


def test_a_flag_or_date_of_cancellation(read_text):
    read = read_text(
        """
        who,order,when,money,gone
        a,1,2025-01-05,100,no
        a,2,2025-01-09,30,yes
        b,3,2025-02-05,50,
        b,4,2025-02-06,50,2025-02-07
        """,
        mapping={**MAP, "cancelled": "gone"},
    )
    assert read.rows["order_id"].tolist() == ["1", "3"]
    assert read.dropped() == {"cancelled": 2}


def orders(statuses, header="status", count=100):
    """Orders of 20 customers whose cells of status ``statuses`` gives by place."""
    rows = (
        f"k{i % 20},{i},2025-{1 + i % 9:02d}-{1 + i % 28:02d},{20 + i % 7}.50,{statuses(i)}"
        for i in range(count)
    )
    return "\n".join([f"who,order,when,money,{header}", *rows]) + "\n"


def test_negation_is_read_in_whole_words(read_text):
    words = ("Not delivered", "Undelivered", "Not approved", "Payment error", "Awaiting bank wire payment")
    read = read_text(orders(lambda i: words[i] if i < 5 else "Delivered"), mapping=MAP)
    assert read.dropped() == {"unpaid": 3, "undelivered": 2}


def test_every_column_of_statuses_is_asked(read_text):
    read = read_text(
        orders(
            lambda i: (
                f"Aberto,{'Recusado' if i < 4 else 'Confirmado'},{'Devolvido' if i > 95 else 'Enviado'}"
            ),
            "Status do Pedido,Status do Pagamento,Status do Envio",
        ),
        mapping=MAP,
    )
    assert read.dropped() == {"cancelled": 4, "unpaid": 4}
    found = read.result.mapping.columns
    assert found["status"] == "Status do Pedido"


def test_unknown_statuses_are_asked_and_rare_ones_are_told(read_text):
    with pytest.raises(OpenQuestions) as asked:
        read_text(orders(lambda i: "Zorg" if i < 2 else "Paid"), mapping=MAP)
    (question,) = asked.value.questions
    assert (question.field, question.option) == ("statuses", "--status")
    counts, left_out = question.choices
    assert (counts.answer, counts.orders, counts.amount) == ({"statuses": {"zorg": "counts"}}, 2, 42.0)
    assert left_out.answer == {"statuses": {"zorg": "left_out"}}
    rare = read_text(orders(lambda i: "Zorg" if i < 1 else "Paid"), mapping=MAP)
    assert len(rare.rows) == 100
    assert any("'Zorg'" in note for note in rare.result.notes)


@pytest.mark.parametrize(
    ("statuses", "header", "kept"),
    [
        (lambda i: "Pending,Cash on delivery", "status,Payment method", 100),
        (lambda i: f"{'voided' if i < 10 else 'pending'},Nachnahme", "Financial Status,Zahlungsart", 90),
        (
            lambda i: f"pending,{'fulfilled' if i % 2 else 'unfulfilled'}",
            "Financial Status,Fulfillment Status",
            100,
        ),
        (
            lambda i: f"{'unpaid' if i < 5 else 'paid'},{'delivered' if i else 'new'}",
            "Payment Status,Delivery Status",
            99,
        ),
        (lambda i: "Pending" if i < 5 else "Completed", "status", 95),
    ],
)
def test_what_is_paid_on_the_doorstep_counts(read_text, statuses, header, kept):
    read = read_text(orders(statuses, header), mapping=MAP)
    assert len(read.rows) == kept
    assert any("pending" in note.lower() or "unpaid" in note.lower() for note in read.result.notes)


@pytest.mark.parametrize("waiting", [30, 90])
def test_too_many_waiting_orders_without_a_proof_are_asked(read_text, waiting):
    with pytest.raises(OpenQuestions) as asked:
        read_text(orders(lambda i: "Pending" if i < waiting else "Completed"), mapping=MAP)
    (question,) = asked.value.questions
    assert question.choices[0].orders == waiting
