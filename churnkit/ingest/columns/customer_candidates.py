"""Columns that may say who bought: what their cells let them be, and how plainly their header says it."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.ingest.columns.cell_evidence import Evidence
from churnkit.ingest.columns.customer_counts import CustomerCounts, IdentityField, Named
from churnkit.ingest.columns.customer_words import (
    FLAGS,
    names_a_customer,
    names_somebody_else,
    says_no_id,
    says_phone,
)
from churnkit.ingest.columns.header_likeness import header_score
from churnkit.ingest.columns.mapping_draft import MappingDraft
from churnkit.ingest.columns.suitability import looks_like_date, looks_like_names
from churnkit.ingest.files import written

# A header that is one of the field's own words, not one that only holds it.
PLAIN_HEADER = 0.84
# Up to here, repeats or their absence are chance.
_FEW = 50
# So few people on so many orders each are branches, channels or sizes of something.
_FEW_PEOPLE, _MANY_ORDERS = 20, 50
_LARGEST_RATING = 10
# Addresses of so few people beside another column's are the shop's own.
_STAFF = 0.1


@dataclass(frozen=True)
class Candidate:
    """A column that may say who bought; ``header`` is how plainly its header says so, 0..1."""

    field: IdentityField
    column: str
    header: float
    named: Named

    @property
    def key(self) -> tuple[IdentityField, str]:
        """Field and column."""
        return self.field, self.column

    @property
    def is_plain(self) -> bool:
        """The header is one of the words for it."""
        return self.header >= PLAIN_HEADER

    @property
    def is_doubtful(self) -> bool:
        """A handful of people with all the orders: it may be a branch or a channel as well."""
        people = max(1, self.named.customers)
        return people < _FEW_PEOPLE and self.named.orders > _MANY_ORDERS * people


def emails(draft: MappingDraft, counts: CustomerCounts) -> list[Candidate]:
    """Columns of e-mail addresses of many people, the most plainly named first."""
    found = [
        Candidate("email", name, _email_header(name), counts.named("email", name))
        for name in people_columns(draft)
        if draft.evidence[name].email_share > 0.8 and not _masked(draft.evidence[name])
    ]
    most = max((item.named.customers for item in found), default=0)
    many = [item for item in found if item.named.customers > _STAFF * most or most <= _FEW_PEOPLE]
    return sorted(many, key=lambda item: (-item.header, -item.named.orders))


def ids(draft: MappingDraft, counts: CustomerCounts) -> list[Candidate]:
    """Columns of codes whose header speaks of customers and whose cells can be theirs, the plainest first."""
    found = []
    for name in people_columns(draft):
        header = _id_header(written(name, draft.evidence), draft.evidence[name])
        if header >= 0.5 and may_be_ids(draft.evidence[name], plain=header >= PLAIN_HEADER):
            found.append(Candidate("customer_id", name, header, counts.named("customer_id", name)))
    return sorted(found, key=lambda item: (-item.header, -item.named.orders))


def phones(draft: MappingDraft, counts: CustomerCounts) -> list[Candidate]:
    """Columns of telephone numbers, the fullest first."""
    found = [
        Candidate("phone", name, 0.5 if names_somebody_else(name) else 1.0, counts.named("phone", name))
        for name in people_columns(draft)
        if is_phone(name, draft.evidence[name])
    ]
    able = [item for item in found if item.named.customers > 1 and item.header > 0.5]
    return sorted(able, key=lambda item: -item.named.orders)


def names(draft: MappingDraft) -> str | None:
    """A column of people's names, None without one."""
    chosen = draft.chosen.get("customer_name")
    likely = ([chosen] if chosen else []) + [
        name for name in people_columns(draft) if header_score("customer_id", name)[0] >= 0.5
    ]
    return next((name for name in likely if looks_like_names(draft.evidence[name]) and not _odd(name)), None)


def _odd(header: str) -> bool:
    """Names of things, places or staff."""
    thing = header_score("product_name", header)[0] >= header_score("customer_name", header)[0] > 0
    return thing or names_somebody_else(header) or says_no_id(header)


def people_columns(draft: MappingDraft) -> list[str]:
    """Columns that no field but those of people has taken."""
    mine = ("customer_id", "email", "phone", "customer_name")
    taken = {column for field, column in draft.chosen.items() if field not in mine}
    return [name for name in draft.evidence if name not in taken]


def may_be_ids(facts: Evidence, *, plain: bool) -> bool:
    """Whether the cells can be customers' ids: neither flags nor ratings, dates, money, names or addresses.

    Parameters
    ----------
    plain
        The header says plainly that they are, so that a few of them are believed.
    """
    if facts.has_decimals or looks_like_date(facts) > 0.9 or looks_like_names(facts):
        return False
    if facts.email_share > 0.5 or _are_flags(facts) or not facts.filled:
        return False
    if facts.distinct <= 1:
        return plain and facts.filled <= _FEW
    if plain:
        return True
    if facts.number_share > 0.9 and facts.largest <= _LARGEST_RATING:
        return False
    return facts.distinct >= _FEW_PEOPLE


def is_phone(header: str, facts: Evidence) -> bool:
    """Telephone numbers by their cells, or by the header where the cells are bare digits."""
    if facts.phone_share < 0.6 or facts.has_decimals:
        return False
    written = [cell for cell in facts.cells if cell.startswith(("+", "00", "(", "'+"))]
    return says_phone(header) or (not facts.bare_digits and len(written) > 0.5 * len(facts.cells))


def _are_flags(facts: Evidence) -> bool:
    seen = {cell.strip().lower() for cell in facts.cells}
    return 0 < len(seen) <= 3 and seen <= FLAGS


def _masked(facts: Evidence) -> bool:
    """Most addresses are blacked out (``a***@x.org``), so that different people share one."""
    return sum("**" in cell for cell in facts.cells) > 0.3 * len(facts.cells)


def _email_header(header: str) -> float:
    if names_somebody_else(header):
        return 0.1
    return max(0.4, header_score("email", header)[0])


def _id_header(header: str, facts: Evidence) -> float:
    """A header of customers' ids, or one of e-mail addresses above cells that hide them (a hash for each)."""
    if names_somebody_else(header) or says_phone(header) or says_no_id(header):
        return 0.0
    own = max(header_score("customer_id", header)[0], 0.9 if names_a_customer(header) else 0.0)
    hidden = header_score("email", header)[0] if facts.email_share < 0.2 and facts.number_share < 0.5 else 0.0
    return max(own, 0.95 * hidden)
