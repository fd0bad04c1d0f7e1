"""The label in the name of an adopted channel: what is left once the number of its old counter is taken out."""

from __future__ import annotations

import re

COLON = re.compile("[:\uff1a\ufe55\ufe13\u2236\ua789]")  # as typed, full-width, small, upright, ratio, in a word
_DIGIT = "[\\d\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089](?:\ufe0f?\u20e3)?"  # also raised, and as keycap emoji
_DIGITS = f"(?:{_DIGIT})+"
_ONE = f"{_DIGITS}(?:[.,'\u2019\u066c\\s]{_DIGITS})*(?:\\s?[kKmM]|\\s?%)?"  # 12 · 1,234 · 1.2k · 12 345 · 12 %
_NUMBER = f"{_ONE}(?:\\s*/\\s*{_ONE})?"
_OPENING, _CLOSING = "([{<\u300c\u3010\u300e\u27e8", ")\\]}>\u300d\u3011\u300f\u27e9"
_BETWEEN = "\\s_=~\u2248|\u2502\u2503\uff5c\u00b7\u2022\u00bb\u203a\u2192\u30fb\\-\u2010-\u2015\uff0d#"
_FIRST = re.compile(f"^([^\\w{_OPENING}]*)[{_OPENING}]*{_NUMBER}(?![^\\W_])[{_CLOSING}{_BETWEEN}]*")
_LAST = re.compile(f"[{_OPENING}{_BETWEEN}]*(?<![^\\W_]){_NUMBER}[{_CLOSING}{_BETWEEN}]*(\\W*)$")


def label_in(name: str) -> str:
    """
    Return the label in a channel's name; empty where it has none.

    Before a colon everything is the label, as in the names that Steward writes. Elsewhere a number at the beginning or
    the end is the old count of another bot: `Members - 12`, `12 members` and `Members (12)` are labelled `Members`.
    """
    colon = COLON.search(name)
    if colon is not None:
        return name[: colon.start()].strip()
    return _LAST.sub(r" \1", _FIRST.sub(r"\1", name)).strip()
