"""What a member is told who has answered, or asks who comes."""

from __future__ import annotations

from steward.bots.events.model.details import Details
from steward.bots.events.model.occurrences import Occurrence, State
from steward.bots.events.model.series import Series
from steward.bots.events.rsvp.actions import CALENDAR, RESTORE, WHO
from steward.bots.events.rsvp.answers import LONGEST_NOTE, RsvpOutcome
from steward.bots.events.rsvp.lineup import NamesPage
from steward.bots.events.rsvp.roster import RsvpTally
from steward.bots.events.rsvp.seating import LINE_COUNTED
from steward.bots.events.views.post import headed, line
from steward.client.components import button, row, text_input, turns
from steward.client.embeds import BLUE, Message, at, plain
from steward.client.panels.form import ModalForm
from steward.text.clock_times import wall_label
from steward.text.cutting import cut_label
from steward.text.plurals import counted
from steward.text.recurrence.rule import RecurrenceRule

LABEL_SHOWN = 40
NOTES_SHOWN = (LONGEST_NOTE, 100, 40, 16)
PAGE_LENGTH = 4096  # of an embed's description
MOVED_UP_NAMED = 20


def answered(outcome: RsvpOutcome) -> Message:
    """Say what an answer has come to; whoever comes can put it into the own calendar."""
    now = outcome.now
    if now is None:
        return {"content": "You haven't signed up." if outcome.before is None else "Got it, I removed your answer."}
    event = outcome.occurrence
    option = event.details.option(now.option)
    comes = option is not None and option.comes
    name = f"**{plain(headed(option))}**" if option is not None else "That"
    if not now.seated:
        return {"content": f"{name} is full. You're {_in_line(outcome)}: I'll tell you when a spot opens up."}
    if not comes:
        declines = option is not None and option.declines
        return {"content": "Got it, you're not coming." if declines else f"Got it: {name}."}
    return {
        "content": f"You're in: {name}.",
        "components": [row(button("Add to my calendar", CALENDAR.id(event.id), emoji="📅"))],
    }


def who(event: Occurrence, page: NamesPage) -> Message:
    """List everybody who has answered, some at a time."""
    offered = [page.tallies.get(option.key, RsvpTally()) for option in event.details.options]
    total = sum(tally.seated + tally.waiting for tally in offered)
    embed = {
        "title": plain(event.details.title),
        "description": _listed(event.details, page) or "Nobody has signed up yet.",
        "color": BLUE,
        "footer": {"text": f"{counted(total, 'answer')}, page {page.number + 1} of {page.last + 1}"},
    }
    turned = turns(page.number, page.number < page.last, lambda to: WHO.id(event.id, to))
    return {"embeds": [embed], "components": turned}


def note_form(note: str = "") -> ModalForm:
    """Ask for the few words beside an answer."""
    return ModalForm(
        "Add a note", (text_input("Your note", "note", value=note, required=False, most=LONGEST_NOTE), str)
    )


def _listed(details: Details, page: NamesPage) -> str:
    """Write a page; notes that are long together are each cut, so that it fits into an embed."""
    for longest in NOTES_SHOWN:
        text = "\n".join(_lines(details, page, longest))
        if len(text) <= PAGE_LENGTH:
            break
    return text


def _lines(details: Details, page: NamesPage, longest: int) -> list[str]:
    lines: list[str] = []
    for option in details.options:
        given = [answer for answer in page.answers if answer.option == option.key]
        if given:
            label = plain(cut_label(headed(option), LABEL_SHOWN))
            lines.append(f"**{label}** ({page.tallies.get(option.key, RsvpTally()).seated})")
            lines += [f"{'' if one.seated else '⏳ '}{line(one, longest)}" for one in given]
    return lines


def _in_line(outcome: RsvpOutcome) -> str:
    if outcome.line > LINE_COUNTED:
        return f"on the waitlist, with at least {LINE_COUNTED:,} ahead"
    return f"on the waitlist, #{outcome.line}"


def put_in(outcome: RsvpOutcome, user_id: int) -> str:
    """Tell an organiser what has become of a member who was put in."""
    now = outcome.now
    option = outcome.occurrence.details.option(now.option) if now is not None else None
    name = plain(headed(option)) if option is not None else "that"
    if now is None or now.seated:
        return f"<@{user_id}> is now under **{name}**."
    return f"**{name}** is full: <@{user_id}> is {_in_line(outcome)}."


def taken_out(outcome: RsvpOutcome, user_id: int) -> str:
    """Tell an organiser that a member was taken out."""
    if outcome.before is None:
        return f"<@{user_id}> hadn't signed up."
    up = ", ".join(f"<@{place.user_id}>" for place in outcome.moved_up[:MOVED_UP_NAMED])
    return f"I took <@{user_id}> out." + (f" {up} moved up from the waitlist." if up else "")


def moved(event: Occurrence, series: Series | None = None) -> Message:
    """Tell an organiser when an event is now, and the series where the whole of it was moved."""
    wall = wall_label(event.wall)
    said = f"**{plain(event.details.title)}** is now on {wall} ({event.zone.key}): {at(event.starts_at, 'R')}."
    if series is not None and series.rule is not None:
        said += f" From then on it's {RecurrenceRule.parse(series.rule, series.start).describe()}."
    return {"content": said}


def cancelled(event: Occurrence) -> Message:
    """Tell an organiser that an event will not be."""
    wall = wall_label(event.wall)
    said = f"**{plain(event.details.title)}** on {wall} is cancelled."
    back = row(button("Bring it back", RESTORE.id(event.id)))
    return {"content": f"{said} The series continues." if event.recurs else said, "components": [back]}


def restored(event: Occurrence) -> Message:
    """Tell an organiser that a cancelled event is back on."""
    wall = wall_label(event.wall)
    said = f"**{plain(event.details.title)}** on {wall} is back."
    if event.state is State.POSTED:
        return {"content": f"{said} Everybody's answers are as they were, and I told those who had answered."}
    return {"content": f"{said} I'll post it when it's time."}
