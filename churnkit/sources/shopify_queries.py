"""What is asked of Shopify's Admin API (https://shopify.dev/docs/api/admin-graphql)."""

from __future__ import annotations

VERSION = "2026-07"
LINES = 50
MORE_LINES = 250

_MONEY = "{ shopMoney { amount } }"
_LINE_FIELDS = f"""
pageInfo {{ hasNextPage endCursor }}
nodes {{ name sku quantity originalUnitPriceSet {_MONEY} }}
"""

SHOP = "{ shop { name currencyCode ianaTimezone } currentAppInstallation { accessScopes { handle } } }"

ORDERS = f"""
query ($first: Int!, $after: String, $query: String, $lines: Int!) {{
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{
      id name email phone createdAt updatedAt cancelledAt test displayFinancialStatus currencyCode
      subtotalPriceSet {_MONEY} totalPriceSet {_MONEY} totalDiscountsSet {_MONEY} totalRefundedSet {_MONEY}
      customer {{ id }}
      lineItems(first: $lines) {{ {_LINE_FIELDS} }}
    }}
  }}
}}
"""

MORE = f"""
query ($id: ID!, $first: Int!, $after: String) {{
  order(id: $id) {{ lineItems(first: $first, after: $after) {{ {_LINE_FIELDS} }} }}
}}
"""
