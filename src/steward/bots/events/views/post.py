"""The post of an occurrence: what, when, where, who comes, and the buttons to say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from steward.bots.events.model.details import Details, Option
from steward.bots.events.model.occurrences import Occurrence, State
from steward.bots.events.rsvp.actions import ANSWER, NOTE, WHO, WITHDRAW
from steward.bots.events.rsvp.answers import Rsvp
from steward.bots.events.rsvp.lineup import Lineup
from steward.client.components import Style, button, row
from steward.client.embeds import BLUE, FIELD_LENGTH, GREEN, NOTHING, Message, at, clean, field
from steward.text.cutting import cut_text
from steward.text.escaping import escape_mentions

GREY = 0x6B7280
BUTTONS_A_ROW = 5
TOGETHER = 5900  # characters of an embed, of the 6000 that Discord takes
LISTS_LENGTH = 3600  # of these, at most
SHORTEST_LIST = 40
NOTE_SHOWN = 40

COLOURS = {State.PLANNED: BLUE, State.POSTED: GREEN, State.CANCELLED: GREY, State.OVER: GREY}


def post(event: Occurrence, lineup: Lineup, now: datetime) -> Message:
    details = event.details
    title, description = _title(event), details.description
    facts = [*_facts(event), *_seats(details, lineup)]
    room = TOGETHER - len(title) - _length(facts)
    lists = _lists(details, lineup, room - len(description))
    embed: Message = {
        "title": title,
        "color": COLOURS[event.state],
        "fields": [*facts, *lists],
    }
    if description:
        embed["description"] = cut_text(description, room - _length(lists))
    if details.image_url:
        embed["image"] = {"url": details.image_url}
    return {"content": "", "embeds": [embed], "components": _buttons(event, now)}


def headed(option: Option) -> str:
    """Name an answer, its emoji before it."""
    return f"{option.emoji} {option.label}".strip()


def line(answer: Rsvp, longest: int = NOTE_SHOWN) -> str:
    """Write one member's answer, the note beside it cut to a length."""
    note = " ".join(answer.note.split())
    if not note:
        return clean(answer.name)
    return f"{clean(answer.name)} ({clean(note, longest)})"


def names_within(names: Iterable[str], count: int, room: int, between: str = "\n") -> str:
    """Join the first names, as many as there is room for, and say how many more there are of `count`."""
    shown: list[str] = []
    length = 0
    for name in names:
        more = f"and {count - len(shown)} more"
        if length + len(name) + len(between) + len(more) > room:
            return between.join([*shown, more])
        shown.append(name)
        length += len(name) + len(between)
    if count > len(shown):
        shown.append(f"and {count - len(shown)} more")
    return between.join(shown) or NOTHING


def button_rows(buttons: Sequence[Message]) -> list[Message]:
    """Put buttons into rows of five."""
    return [row(*buttons[first : first + BUTTONS_A_ROW]) for first in range(0, len(buttons), BUTTONS_A_ROW)]


def _title(event: Occurrence) -> str:
    title = escape_mentions(event.details.title)
    if event.state is State.CANCELLED:
        return f"Cancelled: {title}"
    return f"{title} (ended)" if event.state is State.OVER else title


def _facts(event: Occurrence) -> list[Message]:
    details = event.details
    when = f"{at(event.starts_at)} to {at(event.ends_at, 't')}\n{at(event.starts_at, 'R')}"
    if details.cutoff:
        when += f"\nSign-up until {at(event.closes_at, 'f')}"
    facts = [field("When", when)]
    if details.voice_channel_id is not None:
        facts.append(field("Where", f"<#{details.voice_channel_id}>"))
    elif details.place:
        facts.append(field("Where", escape_mentions(details.place)))
    if details.roles:
        facts.append(field("For", " ".join(f"<@&{role}>" for role in sorted(details.roles))))
    facts += [field(clean(name), escape_mentions(text)) for name, text in details.fields]
    return facts


def _seats(details: Details, lineup: Lineup) -> list[Message]:
    if details.seats is None:
        return []
    taken = sum(lineup.tally(option.key).seated for option in details.options if option.comes)
    return [field("Seats", f"{taken} of {details.seats} taken")]


def _lists(details: Details, lineup: Lineup, left: int) -> list[Message]:
    """Show who answered what; lists that are long together are each cut, and say how many more there are."""
    lists = [
        (_counted(option, lineup), lineup.seated.get(option.key, ()), lineup.tally(option.key).seated, True)
        for option in details.options
        if option.comes or lineup.tally(option.key).seated
    ]
    if lineup.all_waiting:
        lists.append((f"⏳ Waitlist ({lineup.all_waiting})", lineup.waiting, lineup.all_waiting, False))
    left = min(LISTS_LENGTH, left - sum(len(head) for head, *_ in lists))
    room = min(FIELD_LENGTH, max(SHORTEST_LIST, left // (len(lists) or 1)))
    return [
        field(head, names_within(map(line, named), count, room), inline=inline) for head, named, count, inline in lists
    ]


def _length(fields: Sequence[Message]) -> int:
    return sum(len(field["name"]) + len(field["value"]) for field in fields)


def _counted(option: Option, lineup: Lineup) -> str:
    """Head a list with how many there are, and of how many seats of its own."""
    count = lineup.tally(option.key).seated
    return f"{headed(option)} ({count}{'' if option.seats is None else f'/{option.seats}'})"


def _buttons(event: Occurrence, now: datetime) -> list[Message]:
    if event.state is not State.POSTED:
        return []
    closed = now >= event.closes_at
    offered = [
        button(
            option.label,
            ANSWER.id(event.id, option.key),
            style=Style.GREEN if option.comes else Style.GREY,
            emoji=option.emoji or None,
            disabled=closed and option.comes,  # the others may give a seat back
        )
        for option in event.details.options
    ]
    further = [button("Who's coming", WHO.id(event.id, 0)), button("Add a note", NOTE.id(event.id))]
    if not any(option.declines for option in event.details.options):  # some way out there must be
        further.append(button("Take me out", WITHDRAW.id(event.id)))
    return [*button_rows(offered), row(*further)]
