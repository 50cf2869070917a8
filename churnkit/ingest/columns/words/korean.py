"""Korean headers; see the package. They have no spaces: `PIECES` are the words that they are cut into."""

HEADERS = """
customer_id strong: 고객번호, 고객ID, 회원번호, 회원ID, 고객코드, 구매자ID, 주문자ID
customer_id usual: 고객, 회원, 구매자, 주문자, 아이디, 사용자
email strong: 이메일, 메일, 이메일주소, 주문자이메일, 구매자이메일, 고객이메일, 전자우편
customer_name strong: 이름, 성명, 고객명, 주문자명, 구매자명, 수취인명, 주문자이름, 회원명, 수령인, 수취인
order_id strong: 주문번호, 주문ID, 거래번호, 상품주문번호, 영수증번호, 주문코드, 전표번호
order_id usual: 주문, 거래, 영수증
ordered_at strong: 주문일시, 주문일, 주문일자, 구매일, 결제일, 주문시간, 거래일시, 거래일자, 구매일시, 판매일자,
    판매일, 주문날짜, 매출일자
ordered_at usual: 날짜, 일자, 일시
ordered_at weak: 결제일시, 등록일, 생성일
time strong: 시간, 주문시각
product_id strong: 상품번호, 상품코드, 상품ID, 품번, 바코드, 제품코드, 품목코드
product_name strong: 상품명, 제품명, 품명, 품목명, 메뉴명
product_name usual: 상품, 제품, 품목, 메뉴
category strong: 카테고리, 분류, 상품분류
quantity strong: 수량, 주문수량, 판매수량, 구매수량, 상품수량
quantity usual: 개수
unit_price strong: 단가, 판매가, 상품가격, 판매단가, 상품단가, 판매가격
unit_price usual: 가격
amount strong: 금액, 매출, 매출액, 판매금액, 상품금액, 매출금액, 거래금액, 소계
order_total strong: 결제금액, 주문금액, 총주문금액, 총결제금액, 합계금액, 총금액, 실결제금액, 최종결제금액, 총액
order_total usual: 합계, 총계
discount strong: 할인, 할인금액, 할인액
refunded strong: 환불금액, 환불액
currency strong: 통화, 통화코드
status strong: 상태, 주문상태, 결제상태, 처리상태, 배송상태
event_type strong: 거래구분, 거래유형, 구분
event_type weak: 유형
"""

DISQUALIFIERS = """
customer_id: 주소, 이름, 명, 전화번호, 연락처, 이메일, 금액, 수, 등급
order_id: 일, 일시, 일자, 상태, 금액, 수량, 상품, 명, 시간, 날짜
ordered_at: 배송, 취소, 반품, 환불, 생년월일, 발송
product_id: 명, 가격, 수량
product_name: 번호, 코드, 수량, 가격, 금액
quantity: 가격, 할인, 재고
unit_price: 할인, 배송, 원가
amount: 배송비, 할인, 환불, 수수료, 세금, 부가세, 포인트, 쿠폰, 원가
order_total: 배송비, 할인, 환불, 수수료, 세금, 부가세, 포인트, 쿠폰, 수량
status: 고객, 회원
"""

PIECES = """
pieces: 주문자, 구매자, 수취인, 고객, 회원, 주문, 상품, 제품, 번호, 코드, 이메일, 이름, 금액, 수량, 가격, 단가,
    일시, 일자, 날짜, 결제, 상태, 배송비, 배송, 할인, 환불, 수수료, 세금, 부가세, 포인트, 쿠폰, 취소, 반품, 발송,
    시간, 판매, 구매, 거래, 매출, 등급, 재고, 원가, 주소, 연락처, 전화번호, 생년월일
"""
