"""The project's own phrases, and their table in docs/times.md, printed by `python -m tests.text.phrase_table`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from steward.text.times import BadTime, TypedMoment, understand

PHRASES = Path(__file__).with_name("phrases.tsv")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 12, tzinfo=BERLIN)  # a Wednesday
REFUSED, GAP = "REFUSED", "GAP"
NOT_TIMES = "Refused"


class Row(NamedTuple):
    """One phrase: its section, what somebody types, and what is to be read."""

    section: str
    text: str
    expected: str


def rows() -> Iterator[Row]:
    """Yield the phrases of the table."""
    section = ""
    for line in PHRASES.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line[1:-1]
        elif not line.startswith("#"):
            yield Row(section, *line.split("\t"))


def said(text: str) -> str:
    """Write what is read of a text as the table has it."""
    try:
        moment = understand(text, NOW, BERLIN)
    except BadTime:
        return REFUSED
    return " | ".join(_reading(one) for one in (moment, *moment.alternatives))


def verdict(row: Row) -> str:
    """Judge one phrase: read, asked, refused or wrong."""
    got = said(row.text)
    if got != (REFUSED if row.expected == GAP else row.expected):
        return "wrong"
    if got == REFUSED:
        return "refused"
    return "asked" if " | " in got else "read"


def table() -> str:
    """Return the table of the docs."""
    lines = ["| | phrases | read | asked | refused | wrong |", "|---|---|---|---|---|---|"]
    counts: dict[str, Counter[str]] = {}
    for row in rows():
        section = "No time, or an impossible one" if row.section == NOT_TIMES else row.section
        counts.setdefault(section, Counter())[verdict(row)] += 1
    counts["**All**"] = sum(counts.values(), Counter())
    for section, count in counts.items():
        figures = [count.total(), *(count[name] for name in ("read", "asked", "refused", "wrong"))]
        lines.append(f"| {section} | " + " | ".join(map(str, figures)) + " |")
    return "\n".join(lines)


def _reading(moment: TypedMoment) -> str:
    length = "" if moment.length is None else f" for {int(moment.length.total_seconds() // 60)} min"
    rule = f" {moment.rule}" if moment.rule else ""
    return f"{moment.wall:%Y-%m-%d %H:%M}{length}{rule}"


if __name__ == "__main__":
    print(table())  # noqa: T201
