"""Find the `?` of a statement that stand for values."""

from __future__ import annotations

import re
from functools import lru_cache

# What may contain a question mark that stands for no value: strings, quoted names, comments.
_TOKEN = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/)|(\?)""", re.DOTALL)


@lru_cache(maxsize=512)
def split_at_placeholders(sql: str) -> tuple[str, ...]:
    """Return the pieces of `sql` between its placeholders: one more than there are."""
    pieces, begin = [], 0
    for match in _TOKEN.finditer(sql):
        if match[2] is not None:
            pieces.append(sql[begin : match.start()])
            begin = match.end()
    pieces.append(sql[begin:])
    return tuple(pieces)
