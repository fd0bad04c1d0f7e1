"""Lists of events, of templates, and the weekly plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from steward.bots.events.editing.weekly_plan import PlanEntry
from steward.bots.events.model.details import Details
from steward.bots.events.model.lists import Listed, ListPage
from steward.bots.events.rsvp.actions import LIST, MINE
from steward.bots.events.views.post import headed
from steward.client.components import turns
from steward.client.embeds import BLUE, Message, at, field, plain
from steward.text.durations import spell
from steward.text.names import DAY_NAMES
from steward.text.plurals import counted


def ahead_list(guild_id: int, page: ListPage, days: int | None) -> Message:
    """
    List what lies ahead, some at a time.

    Args:
        days: of how many days they are; None for the next of each.

    """
    title = "Upcoming events" if days is None else f"Events in the next {counted(days, 'day')}"
    lines = [_line(guild_id, one) for one in page.lines]
    return _paged(title, lines, page, "There are no upcoming events.", lambda to: LIST.id(to, days or 0))


def mine_list(guild_id: int, page: ListPage) -> Message:
    """List what a member has answered, some at a time."""
    lines = [f"{_line(guild_id, one)}: {_answer(one)}" for one in page.lines]
    return _paged("Your events", lines, page, "You haven't signed up for any upcoming events.", MINE.id)


def templates_list(templates: Mapping[str, Details]) -> Message:
    lines = [
        f"**{plain(name)}**: {plain(details.title)}, {spell(details.minutes)}" for name, details in templates.items()
    ]
    text = "\n".join(lines) or "No templates yet. `/event template save` keeps one."
    return {"embeds": [{"title": "Templates", "description": text, "color": BLUE}]}


def plan(entries: Sequence[PlanEntry]) -> Message:
    by_day = {entry.weekday: entry for entry in entries}
    fields = [
        field(name, planned(by_day[day]) if day in by_day else "nothing", inline=False)
        for day, name in enumerate(DAY_NAMES)
    ]
    return {"embeds": [{"title": "The weekly plan", "color": BLUE, "fields": fields}]}


def planned(entry: PlanEntry) -> str:
    """Say what a weekday holds."""
    details = entry.details
    before = " the day before" if entry.posted >= entry.starts else ""
    seats = "" if details.seats is None else f", {counted(details.seats, 'seat')}"
    said = (
        f"**{plain(details.title)}** at {entry.starts:%H:%M} for {spell(details.minutes)}{seats}; posted at"
        f" {entry.posted:%H:%M}{before} in <#{entry.channel_id}> ({entry.zone.key})"
    )
    return "\n".join([said, *(f"{plain(name)}: {plain(text)}" for name, text in details.fields)])


def _line(guild_id: int, one: Listed) -> str:
    title = plain(one.details.title)
    if one.link_to is not None:
        channel_id, message_id = one.link_to
        title = f"[{title}](https://discord.com/channels/{guild_id}/{channel_id}/{message_id})"
    return f"{at(one.starts_at)} **{title}**"


def _answer(one: Listed) -> str:
    option = one.details.option(one.answer)
    name = plain(headed(option)) if option is not None else "an answer that isn't offered any more"
    return name if one.seated else f"on the waitlist for {name}"


def _paged(title: str, lines: Sequence[str], page: ListPage, none: str, turn: Callable[[int], str]) -> Message:
    embed = {
        "title": title,
        "description": "\n".join(lines) or none,
        "color": BLUE,
        "footer": {"text": f"page {page.number + 1}"},
    }
    return {"embeds": [embed], "components": turns(page.number, page.more, turn)}
