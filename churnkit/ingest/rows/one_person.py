"""Ids, e-mail addresses and telephone numbers that stand together are one person, whichever of them a row names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from churnkit.ingest.engine import compose
from churnkit.ingest.files import RawTable
from churnkit.ingest.rows.person_keys import calling_codes, email_key, is_domestic, mailbox_key, phone_digits
from churnkit.text.figures import count

if TYPE_CHECKING:
    import pandas as pd

SAME_PEOPLE = "same_people"
"""Temporary table: identity (as a row names it), person (whose it is, NULL for nobody's)."""

_TUPLES = "person_tuples"
_PHONES = "person_phones"

# An address that so many others come with belongs to a shop, a company or nobody, not to one person; and of two addresses
# with one telephone number a family is as likely as one person: a number joins nobody who has an address or id of an own.
_MOST = {"id": 10, "email": 5, "phone": 1}
# With so many it names nobody at all: what a till or a form puts where a customer gives none.
_NOBODYS = 20

Node = tuple[str, str]


@dataclass(frozen=True)
class SamePeople:
    """Who is who.

    Attributes
    ----------
    count
        Identities that are another's, in the table `SAME_PEOPLE`.
    shared
        Ids, addresses and numbers of several people: they join nobody.
    nobody
        Addresses and numbers of so many that they name nobody.
    """

    count: int = 0
    shared: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What to tell of addresses and numbers that many use."""
        found = (
            (self.shared, "several customers; nobody is joined by it."),
            (self.nobody, f"more than {_NOBODYS} customers, so it is taken for nobody's."),
        )
        return tuple(
            f"{texts[0]!r}{f' and {count(len(texts) - 1)} more like it' if len(texts) > 1 else ''} stands beside {words}"
            for texts, words in found
            if texts
        )


def find_same_people(
    raw: RawTable, cells: str, people: str, bound: dict[str, object], *, decimals: bool
) -> SamePeople:
    """Find who is the same person, over the distinct combinations of id, address and number.

    An id is one of the file's own spellings; a person known by several gets the id on most rows (of equals, the first),
    else the address, else the number as the file writes it.

    Parameters
    ----------
    cells, people
        The cells that may name a buyer, as columns of a statement on the raw table; and the query of ``cells`` that
        gives real_id, real_email and real_phone, NULL for nobody.
    decimals
        Ids are written with and without ``.0``: the two are one.
    """
    raw.run(
        """
        CREATE OR REPLACE TEMP TABLE {table} AS
        WITH cells AS (SELECT {cells}, count(*) AS rows, min({row}) AS first_row FROM {raw} GROUP BY ALL)
        SELECT real_id, real_email, real_phone, sum(rows) AS rows, min(first_row) AS first_row FROM ({people})
        WHERE coalesce(real_id, real_email, real_phone) IS NOT NULL GROUP BY ALL
        """,
        bound,
        table=_TUPLES,
        cells=cells,
        people=people,
    )
    _phone_keys(raw)
    found = raw.connection.execute(_suspects(decimals=decimals)).df()
    return _write(raw, found) if len(found) else NOBODY_TWICE


def _phone_keys(raw: RawTable) -> None:
    """Each spelling of a number with its key: the number as it is dialled at home, where somebody wrote it so.

    ``+880 1712-345678``, ``8801712345678`` and ``01712345678`` get one key because the file holds the last; a number is
    never cut to one that nobody has. In Russia an 8 and in Hungary 06 stand for the country's code.
    """
    raw.connection.execute(
        compose(
            """
            CREATE OR REPLACE TEMP TABLE {table} AS
            WITH spelled AS (
                SELECT DISTINCT real_phone AS phone, {digits} AS digits, {domestic} AS domestic
                FROM {tuples} WHERE real_phone IS NOT NULL
            ),
            known AS (
                SELECT digits, bool_or(domestic) AS at_home,
                       bool_or(NOT regexp_matches(phone, '^[ ''(]*([+]|00)')) AS plain
                FROM spelled WHERE digits IS NOT NULL GROUP BY digits
            ),
            rests AS (
                SELECT digits, ltrim(substr(digits, place + 1), '0') AS rest
                FROM known, (VALUES (1), (2), (3)) AS places(place)
                WHERE NOT at_home AND length(digits) >= 9 AND list_contains({codes}, left(digits, place))
            ),
            cut AS (
                SELECT rests.digits, max_by(rest, length(rest)) AS home
                FROM rests JOIN known AS short ON short.digits = rest AND short.plain
                WHERE length(rest) >= 7 GROUP BY rests.digits
            ),
            trunk AS (
                SELECT known.digits, '7' || substr(known.digits, 2) AS abroad FROM known
                WHERE length(digits) = 11 AND starts_with(digits, '8')
                UNION ALL
                SELECT digits, '36' || substr(digits, 2) FROM known WHERE at_home AND starts_with(digits, '6')
            )
            SELECT phone, coalesce(cut.home, abroad_cut.home, abroad.digits, spelled.digits) AS key
            FROM spelled LEFT JOIN cut USING (digits)
            LEFT JOIN trunk USING (digits) LEFT JOIN known AS abroad ON abroad.digits = trunk.abroad
            LEFT JOIN cut AS abroad_cut ON abroad_cut.digits = abroad.digits
            """,
            table=_PHONES,
            tuples=_TUPLES,
            digits=phone_digits("real_phone"),
            domestic=is_domestic("real_phone"),
            codes=calling_codes(),
        )
    )


def _suspects(*, decimals: bool) -> str:
    """Combinations that share an id, an address or a number with another one, or whose identity is spelled oddly."""
    return compose(
        """
        WITH cleaned AS (SELECT *, {address} AS address FROM {tuples} LEFT JOIN {phones} ON phone = real_phone),
        keyed AS (
            SELECT real_id AS id, real_email AS email, real_phone AS phone, rows, first_row,
                   {id_key} AS id_key, {mailbox} AS email_key, key AS phone_key, address
            FROM cleaned
        )
        SELECT * FROM keyed
        QUALIFY (id_key IS NOT NULL AND count(*) OVER (PARTITION BY id_key) > 1)
             OR (email_key IS NOT NULL AND count(*) OVER (PARTITION BY email_key) > 1)
             OR (phone_key IS NOT NULL AND count(*) OVER (PARTITION BY phone_key) > 1)
             OR (id IS NULL AND email <> address) OR (phone IS NOT NULL AND phone_key IS NULL)
        ORDER BY first_row
        """,
        id_key="regexp_replace(real_id, '[.]0$', '')" if decimals else "real_id",
        mailbox=mailbox_key("address"),
        address=email_key("real_email"),
        tuples=_TUPLES,
        phones=_PHONES,
    )


@dataclass
class _Groups:
    """Connected components (disjoint sets with path halving; Tarjan 1975)."""

    parents: dict[Node, Node] = field(default_factory=dict)

    def find(self, node: Node) -> Node:
        parents = self.parents
        parents.setdefault(node, node)
        while parents[node] != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    def join(self, nodes: Sequence[Node]) -> None:
        for node in nodes[1:]:
            self.parents[self.find(node)] = self.find(nodes[0])


NOBODY_TWICE = SamePeople()
"""Nobody stands in the file under two identities."""


@dataclass(frozen=True)
class _Seen:
    """One combination: spellings and nodes, both of id, address and number, None where blank."""

    spelled: tuple[str | None, str | None, str | None]
    nodes: tuple[Node | None, Node | None, Node | None]
    shown: tuple[str | None, str | None, str | None]
    rows: int

    def identity(self, nobody: set[Node]) -> tuple[str, Node | None] | None:
        """What a row names its buyer by, and the node of that."""
        pairs = zip(self.spelled, self.nodes, strict=True)
        return next(((text, node) for text, node in pairs if text is not None and node not in nobody), None)


def _write(raw: RawTable, found: pd.DataFrame) -> SamePeople:
    """Join the combinations into people and write the identities that are another's."""
    seen = [_seen(row) for row in found.astype(object).where(found.notna(), None).itertuples(index=False)]
    others = _neighbours(seen)
    shared = {node for node, met in others.items() if met > _MOST[node[0]]}
    nobody = {node for node in shared if node[0] != "id" and others[node] > _NOBODYS}
    groups = _Groups()
    for one in seen:
        groups.join([node for node in one.nodes if node is not None and node not in shared])
    people: dict[Node, Counter[tuple[int, str]]] = defaultdict(Counter)
    owners: dict[str, Node] = {}
    for one in seen:
        for rank, (node, text) in enumerate(zip(one.nodes, one.shown, strict=True)):
            if node is not None and text is not None and node not in shared:
                people[groups.find(node)][rank, text] += one.rows
        named = one.identity(nobody)
        if named and named[1] is not None and named[1] not in shared:
            owners.setdefault(named[0], groups.find(named[1]))
    persons: dict[str, str | None] = {text: _name(people[group]) for text, group in owners.items()}
    persons |= {one.spelled[2]: None for one in seen if one.spelled[2] is not None and one.nodes[2] is None}
    changed = [(text, person) for text, person in persons.items() if text != person]
    _fill_table(raw, changed)
    return SamePeople(len(changed), _texts(seen, shared - nobody), _texts(seen, nobody))


def _seen(row: Any) -> _Seen:
    keys = (("id", row.id_key), ("email", row.email_key), ("phone", row.phone_key))
    nodes = tuple((kind, key) if key is not None else None for kind, key in keys)
    return _Seen(
        (row.id, row.email, row.phone),
        cast(tuple[Node | None, Node | None, Node | None], nodes),
        (row.id, row.address, row.phone),
        int(row.rows),
    )


def _neighbours(seen: Sequence[_Seen]) -> dict[Node, int]:
    """For each id, address and number the largest count of different others of one kind that it comes with."""
    met: dict[Node, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in seen:
        nodes = [node for node in one.nodes if node is not None]
        for node in nodes:
            for kind, key in nodes:
                if kind != node[0]:
                    met[node][kind].add(key)
    return {node: max(map(len, kinds.values()), default=0) for node, kinds in met.items()}


def _name(spellings: Counter[tuple[int, str]]) -> str:
    """The spelling on most rows, of an id before an address before a number; of equals the first of the file."""
    return min(spellings, key=lambda item: (item[0], -spellings[item]))[1]


def _texts(seen: Sequence[_Seen], nodes: set[Node]) -> tuple[str, ...]:
    """How the file writes them."""
    found = {
        text: None
        for one in seen
        for node, text in zip(one.nodes, one.spelled, strict=True)
        if node in nodes and text is not None
    }
    return tuple(found)


def _fill_table(raw: RawTable, changed: list[tuple[str, str | None]]) -> None:
    raw.connection.execute(
        compose(
            """
            CREATE OR REPLACE TEMP TABLE {table} AS
            SELECT unnest(CAST($texts AS VARCHAR[])) AS identity, unnest(CAST($persons AS VARCHAR[])) AS person
            """,
            table=SAME_PEOPLE,
        ),
        {"texts": [text for text, _ in changed], "persons": [person for _, person in changed]},
    )
