"""Who bought: of ids, e-mail addresses and telephone numbers, the columns whose cells hang together as people do."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.ingest.columns.customer_candidates import (
    Candidate,
    emails,
    ids,
    names,
    phones,
)
from churnkit.ingest.columns.customer_counts import CustomerCounts, IdentityField
from churnkit.ingest.columns.customer_questions import ask_customer, refuse_customer
from churnkit.ingest.columns.mapping_draft import MappingDraft

# Share of orders from which on a column names everybody.
_ALL = 0.98
# People change their address, and some have two accounts: up to this share two columns name the same people.
_STRAY = 0.1
# Fewer people than this share of the addresses are groups of them, such as countries.
_GROUPS = 0.1
# Names are spelled in several ways, and a family or a company has one account.
_SHARED = 0.6
# Two columns of which each comes with several of the other are about different things.
_BOTH = 0.3
_MOST = 0.5
_TIE = 0.03


def choose_customer(draft: MappingDraft, counts: CustomerCounts) -> None:
    """Take the columns that say who bought, or ask, with the customers that each would make.

    An e-mail address is believed before an id that does not determine it or is not determined by it; a header only
    chooses among columns whose cells can be people.
    """
    name_column = names(draft)
    for field in ("customer_id", "email", "phone"):
        draft.chosen.pop(field, None)
    if name_column:
        draft.chosen["customer_name"] = name_column
    numbers = [item for item in phones(draft, counts) if not _is_shared(counts, item, name_column)]
    addresses = [item for item in emails(draft, counts) if _is_one(counts, item, name_column, numbers)]
    codes = [item for item in ids(draft, counts) if _is_one(counts, item, name_column, numbers)]
    addresses = [item for item in addresses if not _is_staff(counts, item, codes)]
    if addresses:
        _by_address(draft, counts, addresses, codes, numbers)
    elif codes:
        _by_code(draft, counts, codes, numbers)
    elif numbers:
        _take(draft, numbers[0], "telephone numbers, and no column of ids or e-mail addresses")
        draft.notes.append(f"Customers are told apart by their telephone numbers ({numbers[0].column!r}).")
    else:
        refuse_customer(draft, counts, name_column)


def _is_shared(counts: CustomerCounts, item: Candidate, name_column: str | None) -> bool:
    """People of many names have it: a branch, a clerk, the shop's own address."""
    if name_column is None or name_column == item.column:
        return False
    people: tuple[IdentityField, str] = ("customer_id", name_column)
    if item.field == "email" or item.header == 1:
        few = item.is_doubtful or item.named.customers < _GROUPS * counts.named(*people).customers
        return few and counts.strays(item.key, people) > _SHARED
    return counts.strays(item.key, people) > _SHARED


def _is_staff(counts: CustomerCounts, email: Candidate, codes: Sequence[Candidate]) -> bool:
    """A few addresses beside many customers' numbers are those of who sold."""
    return any(
        code.is_plain
        and email.named.customers < _GROUPS * code.named.customers
        and counts.strays(email.key, code.key) > _BOTH
        for code in codes
        if not code.named.once_an_order
    )


def _is_one(
    counts: CustomerCounts, item: Candidate, name_column: str | None, numbers: Sequence[Candidate]
) -> bool:
    """Neither names nor telephone numbers say that it is a place, a clerk, a group or something of the order."""
    if _is_shared(counts, item, name_column):
        return False
    if not numbers or numbers[0].named.share < _MOST or numbers[0].is_doubtful:
        return True
    number = numbers[0]
    apart, together = counts.strays(item.key, number.key), counts.strays(number.key, item.key)
    if apart > _STRAY and item.named.customers < _GROUPS * number.named.customers:
        return False
    if item.field == "email" or item.header == 1:
        return True
    return together <= _SHARED and not (apart > _BOTH and together > _BOTH)


def _by_address(
    draft: MappingDraft,
    counts: CustomerCounts,
    addresses: list[Candidate],
    codes: list[Candidate],
    numbers: list[Candidate],
) -> None:
    email, rivals = _best_address(counts, addresses)
    if rivals:
        ask_customer(draft, [email, *rivals], "hold the e-mail addresses of different people")
        return
    everybody = email.named.share >= _ALL
    for code in [item for item in codes if item.is_plain or not everybody]:
        apart = counts.strays(code.key, email.key)
        together = counts.strays(email.key, code.key)
        if apart <= _STRAY and together <= _STRAY and not code.named.once_an_order:
            _take(draft, code, "")
            break
        if apart <= _STRAY:
            draft.notes.append(
                f"{code.column!r} changes from order to order of one e-mail address, so {email.column!r} says who"
                " bought."
            )
        elif _is_serious(code, email) and (together <= _STRAY or code.header == 1):
            ask_customer(
                draft, [email, code], "do not name the same customers: one id comes with several addresses"
            )
            return
    _take(draft, email, "the cells are e-mail addresses")
    found = [item for item in (email, *codes) if item.column in draft.chosen.values()]
    _add_phone(draft, found, numbers)


def _best_address(counts: CustomerCounts, found: list[Candidate]) -> tuple[Candidate, list[Candidate]]:
    """The customers' own addresses, and others that would make other customers of the orders."""
    best = found[0]
    for other in found[1:]:
        if other.named.share > 1.4 * best.named.share and other.header >= 0.4:
            best = other
    rivals = [
        item
        for item in found
        if item is not best
        and item.header >= best.header - _TIE
        and item.named.share >= 0.7 * best.named.share
        and counts.differ("email", best.column, item.column) > 0.05
    ]
    return best, rivals


def _is_serious(code: Candidate, email: Candidate) -> bool:
    """A plain header above as many people as companies have among their buyers: a question, not a mistake."""
    enough = code.named.customers > _GROUPS * email.named.customers
    return code.is_plain and enough and code.named.share > 0.5


def _by_code(
    draft: MappingDraft, counts: CustomerCounts, codes: list[Candidate], numbers: list[Candidate]
) -> None:
    lasting = [item for item in codes if not _is_once(item)]
    if not lasting:
        found = [*codes, *numbers]
        if numbers:
            ask_customer(draft, [*numbers, *codes], "may say who bought")
        else:
            ask_customer(draft, found, "changes with every order, so that nobody ever comes back")
        return
    if len(lasting) < len(codes):
        draft.notes.append(
            f"{codes[0].column!r} changes with every order, so {lasting[0].column!r} is taken for the customer."
            if codes[0] not in lasting
            else f"{lasting[0].column!r} is taken for the customer."
        )
    best = lasting[0]
    rivals = [item for item in lasting[1:] if item.header >= best.header - _TIE]
    different = [item for item in rivals if not draft.pairs.equivalent(best.column, item.column)]
    if different:
        ask_customer(draft, [best, *different], "may each be the customer")
        return
    draft.notes.extend(
        f"{best.column!r} and {item.column!r} name the same customers; the former is used." for item in rivals
    )
    if numbers and best.header == 1 and _are_apart(counts, best, numbers[0]):
        ask_customer(draft, [best, numbers[0]], "do not name the same customers")
        return
    if not best.is_plain or best.is_doubtful:
        if _confirmed(counts, best, numbers):
            _take(draft, best, "")
        elif not (best.is_plain and not numbers and best.named.customers > 5):
            ask_customer(draft, [*numbers[:1], *lasting], "may say who bought, and no header says so plainly")
            return
    _take(draft, best, "")
    _add_phone(draft, [best], numbers)


def _are_apart(counts: CustomerCounts, one: Candidate, other: Candidate) -> bool:
    if other.is_doubtful or other.named.share < _MOST:
        return False
    return min(counts.strays(one.key, other.key), counts.strays(other.key, one.key)) > _BOTH


def _is_once(item: Candidate) -> bool:
    return item.named.once_an_order and item.named.orders > 50


def _confirmed(counts: CustomerCounts, code: Candidate, numbers: Sequence[Candidate]) -> bool:
    """The telephone numbers say the same."""
    return bool(numbers) and all(
        share <= _STRAY
        for share in (
            counts.strays(code.key, numbers[0].key),
            counts.strays(numbers[0].key, code.key),
        )
    )


def _add_phone(draft: MappingDraft, found: Sequence[Candidate], numbers: Sequence[Candidate]) -> None:
    """A telephone number names the buyers whom nothing else names."""
    if numbers and max((item.named.share for item in found), default=0.0) < _ALL:
        _take(draft, numbers[0], "telephone numbers, where nothing else says who bought")


def _take(draft: MappingDraft, item: Candidate, reason: str) -> None:
    if draft.chosen.get("customer_name") == item.column:
        del draft.chosen["customer_name"]
    if reason or item.field == "phone":
        draft.put(item.field, item.column, 0.95 if item.field == "email" else 0.8, reason)
        return
    draft.chosen[item.field] = item.column
    if draft.scores["customer_id", item.column].confidence < item.header:
        draft.put(
            item.field, item.column, item.header, "its values hang together with the orders as people do"
        )
