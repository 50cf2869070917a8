"""Words of headers by language: what shops call the fields, and the words that turn a header into something else.

Each module has two tables in the form of `word_table`. ``HEADERS``: ``field class: header, header`` where a "strong"
header names the field and nothing else, and a weaker class keeps ``order date`` ahead of ``created at``.
``DISQUALIFIERS``: ``field: word, word``, single words; a ``ship date`` is a date, but not the order's. Languages written
without spaces have ``PIECES`` too, the words that their headers are cut into. Words stand as people write them.
"""

from churnkit.ingest.columns.words import (
    chinese,
    czech,
    dutch,
    english,
    french,
    german,
    greek,
    hungarian_romanian,
    italian,
    japanese,
    korean,
    nordic,
    polish,
    portuguese,
    russian,
    spanish,
    turkish,
)

# English first: of equally near headers the first is shown.
LANGUAGES = (
    english,
    german,
    french,
    spanish,
    portuguese,
    italian,
    dutch,
    nordic,
    polish,
    czech,
    hungarian_romanian,
    turkish,
    greek,
    russian,
    japanese,
    chinese,
    korean,
)
WITHOUT_SPACES = (japanese, chinese, korean)

__all__ = ["LANGUAGES", "WITHOUT_SPACES"]
