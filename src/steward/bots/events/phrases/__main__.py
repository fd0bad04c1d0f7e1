"""
The child that reads what the grammar does not know: one JSON object in, one out, by the library dateparser.

It imports no more of Steward: `DateLibrary` begins one for each phrase.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any

LANGUAGES = (  # those that Discord speaks
    *("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "uk", "cs", "da", "sv", "nb", "fi", "hu", "ro", "bg"),
    *("hr", "lt", "el", "tr", "id", "vi", "th", "hi", "ja", "ko", "zh"),
)


def found(asked: dict[str, Any]) -> dict[str, Any] | None:
    """Return the wall time that a text names and how exactly (`time`, `day`, `month`), or None."""
    from dateparser.date import DateDataParser

    reader = DateDataParser(
        languages=list(LANGUAGES),
        settings={
            "RELATIVE_BASE": datetime.fromisoformat(asked["now"]),
            "PREFER_DATES_FROM": "future",
            "RETURN_TIME_AS_PERIOD": True,
            "RETURN_AS_TIMEZONE_AWARE": False,
            "DATE_ORDER": "MDY" if asked["month_first"] else "DMY",
        },
    )
    answer = reader.get_date_data(asked["text"])
    if answer is None or answer.date_obj is None:
        return None
    return {"wall": answer.date_obj.replace(tzinfo=None).isoformat(), "period": answer.period}


if __name__ == "__main__":
    json.dump(found(json.load(sys.stdin)), sys.stdout)
