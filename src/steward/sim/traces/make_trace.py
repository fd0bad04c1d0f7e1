"""
Generates the trace that ships with the simulator: `python -m steward.sim.traces.make_trace [FILE] [SEED]`.

It is a generated day of an active community of about 5,000, without names or messages of real people.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from random import Random

import orjson

from steward.sim.people.names import invented_name
from steward.sim.traces.replay import share_online
from steward.sim.traces.trace import Trace, TraceLine

_DAY = 24 * 60
_REGULARS = 260
_OUTSIDE = 2_000  # first number of names that belong to no member at the start
_AWKWARD = (
    "@everyone", "@here", "`rm -rf`", "*bold* _move_", "||spoiler||", "zero\u200bwidth", "Ünïcödé", "名前", "Мария",
    "emoji 🦦🦦", "<@&1234>", "right\u202eto left", "[link](http://x)", "Robert'); DROP TABLE", "a" * 32, "  blank  ",
)  # fmt: skip
_OPENINGS = (
    "morning all", "anyone around tonight?", "has anybody tried the new build?", "that fixed it, thanks!", "lol",
    "brb", "what time is the meetup again?", "I will bring snacks", "the otters won again", "patch notes are out",
    "who wants to play later?", "my cat walked over the keyboard", "same here", "no idea, sorry", "nice one 🎉",
    "is it just me or is it slow today?", "works on my machine", "welcome!", "see you tomorrow", "good night 🌙",
)  # fmt: skip
_TAILS = (
    "", "", "", " :)", " 😀", " …", " really", " again", " (finally)", " - what do you think?", " <3", "!!",
    " see #rules", " ¯\\_(ツ)_/¯", " @everyone", " ```print(1)```", " https://example.org/page?x=1&y=2",
)  # fmt: skip


def generate(seed: int = 1) -> Trace:
    """
    Generate a day with about 200 joins, 90 leaves, 6 bans, 2 unbans and 2,000 messages.

    The same seed gives the same day; other seeds have other newcomers.
    """
    random = Random(seed)  # noqa: S311 - must be reproducible
    day = _Day(random, seed)
    for minute in sorted(_minutes(random, random.randint(1900, 2100))):
        day.speak(minute)
    for minute in sorted(_minutes(random, random.randint(160, 240))):
        day.join(minute)
    day.depart(random.randint(70, 110))
    day.moderate(bans=random.randint(4, 8), unbans=random.randint(1, 3))
    return Trace(tuple(sorted(day.lines, key=lambda line: line.minute)))


class _Day:
    """Builds the lines of a day."""

    def __init__(self, random: Random, seed: int) -> None:
        self.lines: list[TraceLine] = []
        self._random = random
        self._first = _OUTSIDE + seed * 10_000
        self._newcomers: list[tuple[int, str]] = []
        self._gone: set[str] = set()

    def speak(self, minute: int) -> None:
        """Add a message by a regular, with a bias to the first ones."""
        who = invented_name(int(_REGULARS * self._random.random() ** 2))
        text = self._random.choice(_OPENINGS) + self._random.choice(_TAILS)
        self.lines.append(TraceLine(minute, "message", who, text))

    def join(self, minute: int) -> None:
        """Add the join of a newcomer; one in twelve has an awkward name, one in three says hello."""
        number = len(self._newcomers)
        name = invented_name(self._first + number)
        if number % 12 == 5 and number // 12 < len(_AWKWARD):  # noqa: PLR2004 - one in twelve
            name = _AWKWARD[number // 12]
        self._newcomers.append((minute, name))
        self.lines.append(TraceLine(minute, "join", name))
        if self._random.random() < 1 / 3:
            self._later(minute, "message", name, "hi, I am new here")

    def depart(self, count: int) -> None:
        """Add leaves: half of them newcomers, some of whom rejoin."""
        for number in range(count):
            if number % 2:
                minute, name = self._newcomer()
                left = self._later(minute + 45, "leave", name)
                if number % 14 == 1:
                    self._later(left + 30, "join", name)
            else:
                name = invented_name(_REGULARS + number)
                self.lines.append(TraceLine(self._random.randrange(_DAY), "leave", name))

    def moderate(self, *, bans: int, unbans: int) -> None:
        """Add bans of newcomers soon after they joined, and unbans of some."""
        for number in range(bans):
            minute, name = self._newcomer()
            banned = self._later(minute + 45, "ban", name)
            if number < unbans:
                self._later(banned + 20, "unban", name)

    def _newcomer(self) -> tuple[int, str]:
        """Return a newcomer of the first twenty hours who does not leave otherwise, with the minute of joining."""
        while True:
            minute, name = self._random.choice(self._newcomers)
            if name not in self._gone and minute < 20 * 60:
                self._gone.add(name)
                return minute, name

    def _later(self, minute: int, kind: str, name: str, text: str = "") -> int:
        when = min(minute + self._random.randint(1, 40), _DAY - 1)
        self.lines.append(TraceLine(when, kind, name, text))
        return when


def _minutes(random: Random, count: int) -> list[int]:
    """Return random minutes of the day, weighted by how many people are online."""
    weights = [(share_online(minute / 60) - 0.5) ** 1.5 for minute in range(_DAY)]
    return random.choices(range(_DAY), weights, k=count)


def packed(trace: Trace) -> bytes:
    """Serialize a trace as the bytes of a gzip file, deterministically."""
    rows = []
    for line in trace.lines:
        row = {"t": f"{line.minute // 60 % 24:02}:{line.minute % 60:02}", "kind": line.kind, "user": line.user}
        if line.kind == "message":
            row["text"] = line.text
        elif line.kind == "rename":
            row["to"] = line.text
        rows.append(orjson.dumps(row))
    return gzip.compress(b"\n".join(rows) + b"\n", mtime=0)


def main(arguments: list[str]) -> None:
    """Generate a trace; the arguments are its file and seed."""
    path = Path(arguments[0]) if arguments else Path(__file__).parents[1] / "data" / "community-day.jsonl.gz"
    path.write_bytes(packed(generate(int(arguments[1]) if len(arguments) > 1 else 1)))


if __name__ == "__main__":
    main(sys.argv[1:])
