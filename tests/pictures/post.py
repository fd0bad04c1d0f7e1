"""
A message with an embed and buttons as Discord's client lays it out in its dark theme, to SVG.

What it says is the message's payload. Measures and colours are those of Discord's web client in a narrow window, twice
as large; the typeface is that of the charts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape
from itertools import groupby
from typing import Any

from steward.charts.canvas import FAMILY, width
from steward.cli.demo.embeds import readable
from steward.sim.channels.message import Message
from steward.sim.guilds.guild import Guild
from tests.pictures.emoji import SHAPES

PAGE, EMBED, BRIGHT, TEXT, MUTED = "#313338", "#2b2d31", "#f2f3f5", "#dbdee1", "#949ba4"
BLURPLE, MENTION, MENTIONED, TIME = "#5865f2", "#3c4270", "#c9cdfb", "#3a3c42"
BUTTONS = {2: "#4e5058", 3: "#248046"}  # by Discord's number of their style: grey, green
LEFT, WIDE, PADDING, GAP, COLUMNS = 72, 440, 16, 8, 3
LINE = 1.3  # of the size of the type
Piece = tuple[str, str]  # words or one emoji, and the colour of their ground
_TOKEN = re.compile(r"(<[#t][^>]*>)")
_EMOJI = re.compile(f"([{''.join(SHAPES)}])")


def drawn(message: Message, guild: Guild, now: datetime) -> str:
    """Return a message with one embed as it is read in its guild at an instant."""
    return Sheet(guild, now).drawn(message)


class Sheet:
    """What is drawn from top to bottom; `y` is where the next part begins."""

    def __init__(self, guild: Guild, now: datetime) -> None:
        self._guild, self._now = guild, now
        self._parts: list[str] = []
        self._y = 16.0

    def drawn(self, message: Message) -> str:
        """Return the whole picture."""
        self._author(message)
        self._embed(message.embeds[0])
        for row in message.components:
            self._buttons(row["components"])
        wide, high = LEFT + WIDE + 16, self._y + 8
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high:g}" width="{wide * 2}" '
            f'height="{high * 2:g}" font-family="{FAMILY}" xml:space="preserve">'
            f"{_box(0, 0, wide, high, PAGE, 8)}{''.join(self._parts)}</svg>"
        )

    def _author(self, message: Message) -> None:
        name, y = message.author.name, self._y
        self._parts.append(f'<circle cx="36" cy="{y + 20}" r="20" fill="{BLURPLE}"/>')
        self._words(36, y + 27, name[0].upper(), 20, "#ffffff", 700, anchor="middle")
        after = LEFT + self._words(LEFT, y + 14, name, 16, BRIGHT, 500) + 6
        self._parts.append(_box(after, y + 1, 32, 15, BLURPLE, 4))
        self._words(after + 16, y + 12.5, "APP", 10.5, "#ffffff", 600, anchor="middle")
        self._words(after + 40, y + 14, f"Today at {self._now:%H:%M}", 12, MUTED)
        self._y += 24

    def _embed(self, embed: dict[str, Any]) -> None:
        top, place, x, room = self._y, len(self._parts), LEFT + PADDING, WIDE - 2 * PADDING
        self._y += 14
        self._flow(x, embed["title"], 16, BRIGHT, 600, room)
        self._y += 6
        if "description" in embed:
            self._flow(x, embed["description"], 14, TEXT, 400, room)
            self._y += 6
        for inline, fields in groupby(embed["fields"], key=lambda field: bool(field.get("inline"))):
            together = list(fields)
            size = COLUMNS if inline else 1
            for first in range(0, len(together), size):
                self._fields(x, room, together[first : first + size], size)
        self._y += 8
        high = self._y - top
        edge = _box(LEFT, top, 8, high, f"#{embed['color']:06x}", 4)
        self._parts.insert(
            place, edge + _box(LEFT + 8, top, WIDE - 8, high, EMBED, 4) + _box(LEFT + 4, top, 8, high, EMBED, 0)
        )
        self._y += 8

    def _fields(self, x: float, room: float, fields: Iterable[dict[str, Any]], columns: int) -> None:
        top, lowest = self._y, self._y
        wide = (room - GAP * (columns - 1)) / columns
        for number, field in enumerate(fields):
            left, self._y = x + number * (wide + GAP), top + 2
            self._flow(left, field["name"], 14, BRIGHT, 600, wide)
            self._y += 2
            self._flow(left, field["value"], 14, TEXT, 400, wide)
            lowest = max(lowest, self._y)
        self._y = lowest + 8

    def _buttons(self, buttons: Iterable[dict[str, Any]]) -> None:
        x = float(LEFT)
        for button in buttons:
            emoji, label = button.get("emoji", {}).get("name", ""), button["label"]
            before = 16 + (24 if emoji else 0)
            wide = before + width(label, 14) + 16
            self._parts.append(_box(x, self._y, wide, 32, BUTTONS[button["style"]], 4))
            if emoji:
                self._shape(x + 16, self._y + 7, emoji, 18)
            self._words(x + before, self._y + 21, label, 14, "#ffffff", 500)
            x += wide + 8
        self._y += 40

    def _flow(self, x: float, text: str, size: float, colour: str, weight: int, room: float) -> None:
        """Write text in lines no wider than `room`."""

        def wide(word: str) -> float:
            return size * 1.25 if word in SHAPES else width(word, size, weight)

        for paragraph in text.split("\n"):
            line: list[Piece] = []
            for word, ground in self._pieces(paragraph):
                if line and sum(wide(before) for before, _ in line) + wide(word.rstrip()) > room:
                    self._line(x, line, size, colour, weight)
                    line = []
                line.append((word, ground))
            self._line(x, line, size, colour, weight)

    def _line(self, x: float, line: list[Piece], size: float, colour: str, weight: int) -> None:
        """Write one line; a mention or a time has a ground of its own."""
        for (ground, emoji), pieces in groupby(line, key=lambda piece: (piece[1], piece[0] in SHAPES)):
            words = "".join(word for word, _ in pieces)
            if emoji:
                self._shape(x, self._y + 1, words, size * 1.2)
                x += size * 1.25
                continue
            if ground:
                self._parts.append(_box(x - 1, self._y, width(words.rstrip(), size) + 2, size * LINE, ground, 3))
            x += self._words(x, self._y + size * 1.02, words, size, MENTIONED if ground == MENTION else colour, weight)
        self._y += size * LINE

    def _pieces(self, line: str) -> Iterator[Piece]:
        """Split a line where it may be broken; beside each piece stands the colour of its ground."""
        for token in filter(None, _TOKEN.split(line)):
            ground = {"<#": MENTION, "<t": TIME}.get(token[:2], "")
            for word in re.findall(r"\S+\s*|\s+", readable(token, self._guild, self._now)):
                for piece in filter(None, _EMOJI.split(word)):
                    yield piece, ground

    def _shape(self, x: float, y: float, emoji: str, size: float) -> None:
        self._parts.append(f'<g transform="translate({x:.1f} {y:.1f}) scale({size / 36:.3f})">{SHAPES[emoji]}</g>')

    def _words(
        self, x: float, y: float, words: str, size: float, colour: str, weight: int = 400, anchor: str = "start"
    ) -> float:
        """Write words with their baseline at `y` and return how wide they are."""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
            f'text-anchor="{anchor}">{escape(words)}</text>'
        )
        return width(words, size, weight)


def _box(x: float, y: float, wide: float, high: float, colour: str, radius: float) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="{radius}" fill="{colour}"/>'
