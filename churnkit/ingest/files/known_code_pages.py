"""The code pages that are told apart, and who writes in them."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.ingest.files.alphabets import (
    ARABIC,
    BALTIC,
    CENTRAL,
    CYRILLIC,
    GREEK,
    HEBREW,
    TURKISH,
    WESTERN,
    Language,
)


@dataclass(frozen=True)
class Page:
    """A code page, who writes in it, and how much rarer it is than Windows-1252 (natural logarithm)."""

    codec: str
    languages: tuple[Language, ...] = ()
    rarity: float = 0.0
    east_asian: str = ""


PAGES = (
    Page("cp1252", WESTERN),
    Page("iso8859-1", WESTERN, 0.5),
    Page("cp1250", CENTRAL, 1.5),
    Page("cp1251", CYRILLIC, 1.5),
    Page("cp1254", TURKISH + WESTERN, 2.0),
    Page("cp1253", GREEK, 1.5),
    Page("cp1257", BALTIC, 2.5),
    Page("cp1255", HEBREW, 2.0),
    Page("cp1256", ARABIC, 2.0),
    Page("iso8859-15", WESTERN, 3.0),
    Page("iso8859-2", CENTRAL, 2.5),
    Page("iso8859-9", TURKISH, 3.5),
    Page("iso8859-7", GREEK, 2.5),
    Page("iso8859-5", CYRILLIC, 4.0),
    Page("koi8-r", CYRILLIC, 3.0),
    Page("cp866", CYRILLIC, 3.0),
    Page("mac-roman", WESTERN, 3.0),
    Page("mac-latin2", CENTRAL, 4.5),
    Page("mac-cyrillic", CYRILLIC, 4.0),
    Page("cp850", WESTERN, 3.0),
    Page("cp437", WESTERN, 3.5),
    Page("cp852", CENTRAL, 3.5),
    Page("cp857", TURKISH, 4.5),
    Page("cp737", GREEK, 4.5),
    Page("cp932", rarity=1.5, east_asian="japanese"),
    Page("euc_jp", rarity=2.5, east_asian="japanese"),
    Page("gb18030", rarity=1.5, east_asian="chinese"),
    Page("big5", rarity=1.5, east_asian="chinese"),
    Page("cp949", rarity=1.5, east_asian="korean"),
)

NAMES = {
    "cp1252": "Windows-1252",
    "iso8859-1": "Latin-1",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1257": "Windows-1257 (Baltic)",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "iso8859-15": "Latin-9",
    "iso8859-2": "Latin-2 (Central European)",
    "iso8859-9": "Latin-5 (Turkish)",
    "iso8859-7": "ISO 8859-7 (Greek)",
    "iso8859-5": "ISO 8859-5 (Cyrillic)",
    "koi8-r": "KOI8-R (Cyrillic)",
    "cp866": "DOS 866 (Cyrillic)",
    "mac-roman": "Mac Roman",
    "mac-latin2": "Mac Central European",
    "mac-cyrillic": "Mac Cyrillic",
    "cp850": "DOS 850 (Western European)",
    "cp437": "DOS 437 (Western European)",
    "cp852": "DOS 852 (Central European)",
    "cp857": "DOS 857 (Turkish)",
    "cp737": "DOS 737 (Greek)",
    "cp932": "Shift_JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "gb18030": "GB18030 (simplified Chinese)",
    "big5": "Big5 (traditional Chinese)",
    "cp949": "EUC-KR (Korean)",
}
"""Code pages for a person, by the name of their Python codec."""
