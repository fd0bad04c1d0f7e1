"""The figures of a demo run, for its summary and `--json`."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from steward.cli.demo.bets.bet_figures import BetFigures
from steward.cli.demo.event_figures import EventFigures
from steward.cli.demo.music.music_figures import MusicFigures
from steward.errors import NeedsOperator


@dataclass(frozen=True, slots=True)
class CounterFigure:
    """A counter channel at the end: the number shown, and the true one."""

    name: str
    shown: int | None
    true_value: int


@dataclass(frozen=True, slots=True)
class Figures:
    """
    The figures of one run.

    Attributes:
        joins_sent: joins in the simulated guild; `_recorded`: those in the bot's database.
        renames: channel renames that succeeded; `rename_429`: those that were rate limited.
        http_429: requests that were rate limited.
        rss_mb: resident memory of the process at the end, simulator included, in MiB.
        errors: lines of level ERROR and above that the bot logged.
        speed: virtual seconds a real second.
        events, bets, music: the figures of the events, the bets and the music bot.

    """

    source: str
    virtual_seconds: float
    wall_seconds: float
    speed: float
    guilds: int
    members: int
    messages_sent: int
    joins_sent: int
    joins_recorded: int
    leaves_sent: int
    leaves_recorded: int
    bans_sent: int
    bans_recorded: int
    unbans_sent: int
    unbans_recorded: int
    renames: int
    rename_429: int
    http_429: int
    rest_calls: int
    identifies: int
    reports: int
    heartbeat_edits: int
    rss_mb: float
    errors: int
    counters: list[CounterFigure]
    events: EventFigures
    bets: BetFigures
    music: MusicFigures

    @property
    def all_recorded(self) -> bool:
        """Whether every event of the simulation is in the database."""
        pairs = (
            (self.joins_sent, self.joins_recorded),
            (self.leaves_sent, self.leaves_recorded),
            (self.bans_sent, self.bans_recorded),
            (self.unbans_sent, self.unbans_recorded),
        )
        return all(sent == recorded for sent, recorded in pairs)

    @property
    def all_true(self) -> bool:
        """Whether every counter shows the true number."""
        return all(counter.shown == counter.true_value for counter in self.counters)

    @property
    def kept_its_promises(self) -> bool:
        """Whether nothing was lost, nothing was rate limited, and everything shown is right."""
        return not self.wrong

    @property
    def wrong(self) -> list[str]:
        """What is wrong, in a few words each."""
        found = []
        if not self.all_recorded:
            found.append("joins, leaves or bans are missing")
        if not self.all_true:
            found.append("a counter is wrong")
        if self.http_429:
            found.append(f"{self.http_429} requests were rate limited (429)")
        if self.errors:
            found.append(f"{self.errors} errors were logged")
        return found + self.events.wrong + self.bets.wrong + self.music.wrong


STANDARD_OUTPUT = Path("-")


def check_writable(path: Path) -> None:
    """Check before the run that the figures can be written after it; `NeedsOperator` if they cannot."""
    if path == STANDARD_OUTPUT:
        return
    try:
        path.open("a").close()
    except OSError as error:
        raise NeedsOperator(
            f"The figures cannot be written to {path}: {error.strerror or error}.", remedy="Name another file."
        ) from error


def write_json(figures: Figures, path: Path) -> None:
    """Write the figures as one JSON object; `-` is standard output."""
    text = orjson.dumps(asdict(figures), option=orjson.OPT_INDENT_2).decode() + "\n"
    if path == STANDARD_OUTPUT:
        sys.stdout.write(text)
    else:
        path.write_text(text)
