"""What a demo shows: a live view on a terminal, a line every few hours elsewhere, and a summary at the end."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from steward.bots.stats.part import StatsPart
from steward.cli.demo.bets.bet_figures import BetFigures
from steward.cli.demo.embeds import embed
from steward.cli.demo.event_figures import EventFigures, EventTally
from steward.cli.demo.figures import Figures
from steward.cli.demo.music.music_figures import MusicFigures
from steward.cli.demo.play import CHANNEL, Demo
from steward.text.cutting import cut_label
from steward.text.plurals import counted

LINE_EVERY = timedelta(hours=3)
FRAMES_A_SECOND = 8
LINE = 95  # characters in the widest panels


@contextmanager
def live_view(demo: Demo, *, watched: bool, quiet: bool) -> Iterator[None]:
    """Return a context manager that shows the run: live if `watched`, else in lines unless `quiet`."""
    if quiet:
        yield
    elif watched:
        with Live(get_renderable=_Screen(demo), refresh_per_second=FRAMES_A_SECOND, transient=True):
            yield
    else:
        with _timeline(demo):
            yield


def print_summary(figures: Figures, demo: Demo, *, judged: bool) -> None:
    """Print some of the bot's posts as in Discord, and the figures, which are `judged` or not."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)
    console.print()
    pictures = {
        "#bets, a corrected result": _correction(demo),
        "#events, the most answered": _most_answered(demo),
        "#reports, the newest": _newest_report(demo),
    }
    for title, picture in pictures.items():
        if picture is not None:
            console.print(Panel(picture, title=title, width=76, title_align="left"))
    console.print(_figures_table(figures))
    console.print(_verdict(figures, judged=judged))


def _verdict(figures: Figures, *, judged: bool) -> Text:
    if figures.kept_its_promises:
        bets = "every bet paid as its games ended, the ledger sums to zero, " if figures.bets.placed.due else ""
        kept = "Every join, leave, ban and answer recorded, every counter and post correct, "
        return Text(f"{kept}{bets}no request refused.", style="bold green")
    found = "; ".join(figures.wrong)
    if not judged:
        return Text(f"You took part on the page, which the figures don't know of: {found}.", style="bold yellow")
    return Text(f"Failed: {found}.", style="bold red")


def _figures_table(figures: Figures) -> Table:
    table = Table(title="One run, measured", title_justify="left", box=None, show_header=False, padding=(0, 2))
    table.add_column(justify="left", style="bold")
    table.add_column(justify="left")
    virtual = timedelta(seconds=round(figures.virtual_seconds))
    rows = [
        ("replayed", figures.source),
        ("time", f"{virtual} simulated in {figures.wall_seconds:.1f} s ({figures.speed:,} times as fast)"),
        ("members", f"{figures.members:,} at the end, {figures.messages_sent:,} messages"),
        ("joins", _of(figures.joins_recorded, figures.joins_sent)),
        ("leaves", _of(figures.leaves_recorded, figures.leaves_sent)),
        ("bans", _of(figures.bans_recorded, figures.bans_sent)),
        ("unbans", _of(figures.unbans_recorded, figures.unbans_sent)),
        ("counters", " · ".join(f"{counter.name} (true: {counter.true_value})" for counter in figures.counters)),
        ("renames", f"{figures.renames}, refused: {figures.rename_429}"),
        ("REST calls", f"{figures.rest_calls:,}, rate limited (429): {figures.http_429}"),
        ("logins", str(figures.identifies)),
        ("reports", str(figures.reports)),
        *_event_rows(figures.events),
        *_bet_rows(figures.bets),
        *_music_rows(figures.music),
        ("heartbeat edits", f"{figures.heartbeat_edits:,}"),
        ("memory", f"{figures.rss_mb:.0f} MB resident, bot and simulator together"),
        ("errors", str(figures.errors)),
    ]  # fmt: skip
    for name, value in rows:
        table.add_row(name, value)
    return table


def _event_rows(events: EventFigures) -> list[tuple[str, str]]:
    if not events.made:
        return []
    return [
        ("events", f"{events.made} by form, poll and series; posts that match the database: {_all(events.posts)}"),
        ("clicks, commands", f"{events.acts}, without a reply in time: {events.unanswered}"),
        ("answers", f"{_all(events.answers)} recorded correctly"),
        (
            "seats",
            f"{_all(events.seats)} held by members who were told so, events over or under capacity: {events.misfilled}",
        ),
        ("moved up", f"{_all(events.moved_up)} notified once"),
        ("reminders", f"{_all(events.reminders)} sent once"),
        ("attendance", f"{_all(events.attendance)} in voice counted"),
        ("edits of posts", f"{events.edits}, less than a second apart: {events.hasty_edits}"),
    ]


def _music_rows(music: MusicFigures) -> list[tuple[str, str]]:
    if not music.answers:
        return []
    down = f"{music.while_down} of them while the service was down, later than three seconds: {music.late}"
    refused = f"{music.refused} refused, shown again: {music.shown_again}; shown twice: {music.repeated}"
    return [
        ("music", f"{counted(music.answers, 'answer')} of five artists, {down}"),
        ("artists", f"{refused}; weekly posts: {music.weekly}"),
    ]


def _bet_rows(bets: BetFigures) -> list[tuple[str, str]]:
    if not bets.placed.due:
        return []
    proof = f"adds up in all but {bets.flaws} places" if bets.flaws else "sums to zero, every rule holds"
    return [
        ("bets", f"{_all(bets.placed)} recorded as confirmed, {bets.parlays} of them parlays"),
        ("odds", f"{counted(bets.asked_again, 'slip')} shown once more, since the odds had dropped"),
        ("paid", f"{_all(bets.settled)} as the games ended; {bets.staked:,} points staked, {bets.paid:,} paid"),
        ("refunded", f"{_all(bets.refunded)} bets on the game that was put off"),
        ("corrected", f"{_all(bets.corrected)} settled anew by the corrected result, once each"),
        ("market", f"{_all(bets.market)} stakes paid as two people agreed"),
        ("results", f"{_all(bets.posts)} told once in #bets"),
        ("wallets", f"{_all(bets.wallets)} hold what their members reckon"),
        ("ledger", f"{bets.transactions:,} transactions, {bets.entries:,} entries: {proof}"),
    ]


def _all(compared: EventTally) -> str:
    surplus = f" and {compared.surplus} too many" if compared.surplus else ""
    return f"{compared.kept:,} of {compared.due:,}{surplus}"


def _of(recorded: int, sent: int) -> str:
    return f"{recorded:,} of {sent:,} recorded"


def _newest_report(demo: Demo) -> RenderableType | None:
    messages = demo.stage.channels["STATS_CHANNEL_ID"].messages
    return embed(messages[-1], demo.stage.guild, demo.clock.now()) if messages else None


def _most_answered(demo: Demo) -> RenderableType | None:
    """Return the post of the event that most members answered."""
    seen_events = demo.people.seen_events
    if not seen_events:
        return None
    found = max(reversed(seen_events), key=lambda seen: len(seen.answers))
    return embed(found.post, demo.stage.guild, demo.clock.now())


def _correction(demo: Demo) -> RenderableType | None:
    """Return what was told last of a corrected result."""
    told = [one for one in demo.bettors.hall.messages if one.embeds and one.embeds[0]["title"].startswith("Corrected")]
    return embed(told[-1], demo.stage.guild, demo.clock.now()) if told else None


# The live view


class _Screen:
    """Draws in its own thread; if the loop changes something meanwhile, the last picture stays."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self._last: RenderableType = ""

    def __call__(self) -> RenderableType:
        with suppress(RuntimeError):  # "changed size during iteration"
            self._last = _screen(self._demo)
        return self._last


def _screen(demo: Demo) -> RenderableType:
    lived = demo.clock.now() - demo.opened
    whole = demo.script.weekend + timedelta(days=demo.script.days)
    bar = ProgressBar(total=whole.total_seconds(), completed=min(lived, whole).total_seconds(), width=30)
    head = Columns([Text(f"{demo.clock.now():%A %H:%M}", style="bold"), bar, Text(demo.script.source, style="dim")])
    return Group(head, Columns([_channels(demo), _tracked(demo)]), _latest(demo))


def _channels(demo: Demo) -> RenderableType:
    table = Table(box=None, show_header=False, padding=(0, 1))
    guild = demo.stage.guild
    names = {channel.channel_id: channel for channel in demo.steward.host.names.channels}
    for channel in demo.stage.channels.values():
        if channel.id in names:
            due = demo.steward.host.names.next_change(channel.id)
            left = 0.0 if due is None else max(0.0, (due - demo.clock.now()).total_seconds())
            wait = "" if due is None else f"next rename in {left / 60:.0f} min"
            table.add_row(Text(f"🔊 {channel.name}", style="bold cyan"), Text(wait, style="dim"))
        else:
            messages = f"{len(channel.messages)} message{'s' if len(channel.messages) != 1 else ''}"
            table.add_row(Text(f"#  {channel.name}"), Text(messages, style="dim"))
    return Panel(table, title=f"{guild.name}, {guild.member_count:,} members", width=56, title_align="left")


def _tracked(demo: Demo) -> RenderableType:
    table = Table(box=None, show_header=False, padding=(0, 1))
    sent, recorder = demo.sent, demo.sim.recorder
    for kind in ("message", "join", "leave", "ban", "unban"):
        table.add_row(f"{kind}s", f"{sent[kind]:,}")
    table.add_row("of these recorded", f"{demo.steward.bots.part(StatsPart).service.recorded:,}")
    table.add_row("clicks, commands", f"{demo.people.acts:,}")
    table.add_row("renames", str(recorder.count(method="PATCH", route=CHANNEL, status=200)))
    table.add_row("REST calls", f"{recorder.count():,}")
    refused = recorder.count(status=429)
    table.add_row("refused (429)", Text(str(refused), style="red" if refused else "green"))
    table.add_row("memory, both", f"{demo.memory_mb:.0f} MB")
    return Panel(table, title="so far", width=42, title_align="left")


def _latest(demo: Demo) -> RenderableType:
    talk = [f"{message.author.name}: {message.content}" for message in demo.stage.general.messages[-4:]]
    lines = Text("\n".join(cut_label(line, LINE) for line in talk), style="dim") if talk else None
    scenes = [cut_label(f"{moment:%H:%M}  {channel}: {line}", LINE) for moment, channel, line in demo.lines[-4:]]
    pictures = {"#general": lines, "#events, #bets": Text("\n".join(scenes)), "#reports": _newest_report(demo)}
    return Group(
        *(
            Panel(picture, title=title, width=99, title_align="left")
            for title, picture in pictures.items()
            if picture is not None
        )
    )


# Off a terminal


@contextmanager
def _timeline(demo: Demo) -> Iterator[None]:
    """Print a line every three virtual hours, from a thread, since the clock must not wait for it."""
    stop = threading.Event()
    printer = threading.Thread(target=_print_lines, args=(demo, stop), name="timeline")
    days = demo.script.days
    lived = f"{days:g} day{'s' if days != 1 else ''}"
    weekend = "a weekend of bets, then " if demo.script.weekend else ""
    print(f"Steward on a simulated Discord: {weekend}{demo.script.source}, {lived}.", flush=True)
    printer.start()
    try:
        yield
    finally:
        stop.set()
        printer.join()


def _print_lines(demo: Demo, stop: threading.Event) -> None:
    due, printed = demo.began + LINE_EVERY, 0
    while not stop.wait(0.02):
        for moment, channel, line in demo.lines[printed:]:
            print(f"{moment:%a %H:%M}  {channel}: {line}", flush=True)
            printed += 1
        if demo.clock.now() >= due:
            while due <= demo.clock.now():
                due += LINE_EVERY
            with suppress(RuntimeError):  # the loop changed something meanwhile: the next line will have it
                _print_line(demo)


def _print_line(demo: Demo) -> None:
    names = "  ".join(counter.name for counter in demo.counters())
    sent = demo.sent
    print(
        f"{demo.clock.now():%a %H:%M}  {names}   "
        f"{sent['join']} joins, {sent['leave']} leaves, {sent['message']:,} messages so far",
        flush=True,
    )
