"""
CSV for spreadsheets: names stay unchanged, and no cell is run as a formula.

The only CSV writer in the product; `steward.store.export.export` uses it for the exports of every bot.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping, Sequence

from steward.store.transaction import Value

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel assumes the old encoding of its country; other readers of UTF-8 skip it."""

FORMULA_SIGNS = frozenset("=+-@")
UNSEEN_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # Hangul fillers and the blank of Braille
CONTROLS = frozenset("\t\r\n")


class CsvRows:
    """Turns rows into the bytes of a CSV file, one at a time (RFC 4180, UTF-8)."""

    def __init__(self, columns: Sequence[str]) -> None:
        import csv  # imported here to save memory: exports are rare

        self._line = io.StringIO()
        self._csv = csv.DictWriter(self._line, columns, lineterminator="\r\n")

    def header(self) -> bytes:
        self._line.write(BYTE_ORDER_MARK)
        self._csv.writeheader()
        return self._taken()

    def row(self, row: Mapping[str, Value]) -> bytes:
        self._csv.writerow({name: harmless(value) for name, value in row.items()})
        return self._taken()

    def _taken(self) -> bytes:
        text = self._line.getvalue()
        self._line.seek(0)
        self._line.truncate()
        return text.encode()


def harmless(value: Value) -> Value:
    """
    Put an apostrophe before a text that a spreadsheet would run as a formula (OWASP: "CSV Injection").

    Invisible characters before the sign (spaces, controls, format characters, marks) do not hide it, and its
    full-width and small forms count as well: some spreadsheets drop the former and accept the latter.
    """
    if not isinstance(value, str):
        return value
    first = next((char for char in value if not _is_unseen(char)), "")
    is_formula = unicodedata.normalize("NFKC", first)[:1] in FORMULA_SIGNS
    return f"'{value}" if value and (is_formula or value[0] in CONTROLS) else value


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char)[0] in "CMZ" or char in UNSEEN_LETTERS
