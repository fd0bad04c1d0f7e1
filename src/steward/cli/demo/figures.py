"""What a demo run measured: the figures of its summary and of `--json`."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from steward.cli.demo.event_figures import EventFigures
from steward.errors import NeedsOperator


@dataclass(frozen=True, slots=True)
class CounterFigure:
    """A counter channel at the end: what its name shows, and what is true."""

    name: str
    shown: int | None
    true_value: int


@dataclass(frozen=True, slots=True)
class Figures:
    """
    The figures of one run.

    Attributes:
        joins_sent: joins that happened in the simulated guild; `_recorded`: those in the bot's database.
        renames: channel renames that Discord carried out; `rename_429`: those it refused for their number.
        http_429: refusals of any request for their number.
        rss_mb: resident memory of the process at the end, simulator included, in MiB.
        errors: lines of level ERROR and above that the bot logged.
        speed: virtual seconds a wall second.
        events: what the events bot did.

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

    @property
    def all_recorded(self) -> bool:
        """Whether every event that was sent is in the database."""
        pairs = (
            (self.joins_sent, self.joins_recorded),
            (self.leaves_sent, self.leaves_recorded),
            (self.bans_sent, self.bans_recorded),
            (self.unbans_sent, self.unbans_recorded),
        )
        return all(sent == recorded for sent, recorded in pairs)

    @property
    def all_true(self) -> bool:
        """Whether every counter shows the truth."""
        return all(counter.shown == counter.true_value for counter in self.counters)

    @property
    def kept_its_promises(self) -> bool:
        """Whether nothing was lost, nothing refused and nothing wrong is shown."""
        return not self.wrong

    @property
    def wrong(self) -> list[str]:
        """What is not as promised, in a few words each."""
        found = []
        if not self.all_recorded:
            found.append("joins, leaves or bans are missing")
        if not self.all_true:
            found.append("a counter is wrong")
        if self.http_429:
            found.append(f"{self.http_429} requests were rate limited (429)")
        if self.errors:
            found.append(f"{self.errors} errors were logged")
        return found + self.events.wrong


STANDARD_OUTPUT = Path("-")


def check_writable(path: Path) -> None:
    """
    See, before the run, that the figures can be written afterwards.

    Raises:
        NeedsOperator: they cannot.

    """
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
