"""Texts that members type, without the characters that no field of Discord shows and a database may refuse."""

from __future__ import annotations

import unicodedata
from typing import Any

_KEPT = "\n\t"
_DROPPED = ("Cc", "Cs")  # control characters, NUL among them, and halves of surrogate pairs


def tidy(data: Any) -> None:
    """Tidy every text of an interaction's data in place: the values of options and of a modal's fields."""
    if isinstance(data, list):
        for item in data:
            tidy(item)
    elif isinstance(data, dict):
        for key, item in data.items():
            if key == "value" and isinstance(item, str):
                data[key] = tidied(item)
            elif key != "resolved":
                tidy(item)


def tidied(text: str) -> str:
    """Return a text without control characters; line breaks and tabs stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in text if letter in _KEPT or unicodedata.category(letter) not in _DROPPED)
