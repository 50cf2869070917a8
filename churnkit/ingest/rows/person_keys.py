"""E-mail addresses and telephone numbers as keys: one value for what different people type for the same one."""

from __future__ import annotations

import re

from churnkit.ingest.engine import compose

# ! to ~ as East Asian keyboards write them, and their blank.
_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000"
_NARROW = "".join(chr(code) for code in range(0x21, 0x7F)) + " "
_ODD = r"[^a-z0-9@._+%!#$&*/=?^{|}~-]|[.]$|[.]@|^mailto:|^[.]"

# E.164 country codes (ITU-T, 2016), and the two that mobile numbers of Mexico and Argentina carry abroad.
_CALLING_CODES = frozenset(
    re.findall(
        r"\d+",
        """
        1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82
        84 86 90 91 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235
        236 237 238 239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263
        264 265 266 267 268 269 290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375
        376 377 378 380 381 382 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 521 549 590
        591 592 593 594 595 596 597 598 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689
        690 691 692 850 852 853 855 856 880 886 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977
        979 992 993 994 995 996 998
        """,
    )
)
# A number without its area has as many; what has fewer is cut off, masked or no number.
_WHOLE_NUMBER = 7
_LEAST_DIGITS = 4


def email_key(cell: str) -> str:
    """SQL: an address as its mailbox has it, without what people put around it; ``cell`` is text in lower case.

    ``mailto:``, angle brackets, quotes, blanks, a dot at the end and full-width letters go; of several addresses the
    first counts. Dots before ``@gmail.com`` make no difference to Google, and ``googlemail.com`` is the same, so neither
    does here; other mailboxes are never taken for one another.
    """
    plain = compose(
        "lower(translate({cell}, '{wide}', '{narrow}'))", cell=cell, wide=_WIDE, narrow=_quoted(_NARROW)
    )
    inner = f"CASE WHEN contains({plain}, '<') THEN regexp_extract({plain}, '<([^<>]*)>', 1) ELSE {plain} END"
    first = (
        f"regexp_extract(regexp_replace({inner}, '^\\s*mailto:', ''), '[^\\s,;\"''<>()]+@[^\\s,;\"''<>()]+')"
    )
    clean = f"coalesce(nullif(rtrim(ltrim({first}, '.'), '.'), ''), {plain})"
    return f"CASE WHEN regexp_matches({cell}, '{_ODD}') OR NOT contains({cell}, '@') THEN {clean} ELSE {cell} END"


def mailbox_key(address: str) -> str:
    """SQL: the mailbox of a clean address."""
    google = f"regexp_matches({address}, '@(gmail|googlemail)[.]com$')"
    local = f"replace(split_part({address}, '@', 1), '.', '')"
    return f"CASE WHEN {google} THEN {local} || '@gmail.com' ELSE {address} END"


def phone_digits(cell: str) -> str:
    """SQL: the digits of a telephone number without signs for abroad and leading zeros; NULL where it is none.

    An extension or a second number behind it is left out, and so is a number that nobody has: fewer than four digits,
    one digit over and over, or digits in a row.
    """
    plain = compose("translate({cell}, '{wide}', '{narrow}')", cell=cell, wide=_WIDE, narrow=_quoted(_NARROW))
    plain = f"replace(regexp_replace({plain}, '[.]0$', ''), '(0)', '')"
    alone = f"regexp_replace({plain}, '(?i)(ext|x|#|/|;|,| or ).*$', '')"
    digits = f"regexp_replace({alone}, '[^0-9]', '', 'g')"
    whole = f"regexp_replace({plain}, '[^0-9]', '', 'g')"
    chosen = f"CASE WHEN length({digits}) >= {_WHOLE_NUMBER} THEN {digits} ELSE {whole} END"
    number = f"ltrim({chosen}, '0')"
    return (
        f"CASE WHEN length({number}) >= {_LEAST_DIGITS} AND length(replace({number}, left({number}, 1), '')) > 1"
        f" AND NOT contains('0123456789012345', {number}) AND NOT contains({cell}, 'E+') THEN {number} END"
    )


def is_domestic(cell: str) -> str:
    """SQL condition: the number is written as at home, with one zero before it."""
    digits = f"ltrim(regexp_replace({cell}, '[^0-9+]', '', 'g'))"
    return f"(starts_with({digits}, '0') AND NOT starts_with({digits}, '00'))"


def calling_codes() -> str:
    """SQL list of the calling codes of countries."""
    return "[" + ", ".join(f"'{code}'" for code in sorted(_CALLING_CODES)) + "]"


def _quoted(text: str) -> str:
    return text.replace("'", "''")
