"""The post of a poll: the times, who could, and a button for each."""

from __future__ import annotations

from datetime import datetime

from steward.bots.events.polls.draft import HOUR, PollDraft
from steward.bots.events.polls.poll import Poll, PollTime
from steward.bots.events.rsvp.actions import POLL_CLOSE, POLL_MAKE, POLL_VOTE
from steward.bots.events.views.post import GREY, button_rows, names_within
from steward.client.components import Style, button, option, row, select
from steward.client.embeds import BLUE, Message, at, clean, field, plain
from steward.text.clock_times import wall_label
from steward.text.durations import spell
from steward.text.plurals import counted

NAMES_LENGTH = 420  # of an embed's 6000 characters, for each of ten times


def poll_post(poll: Poll, now: datetime) -> Message:
    """Show a poll as it is now."""
    best = poll.best(now)
    times = [_time(time, is_best=best is not None and time.position == best.position) for time in poll.times]
    embed = {
        "title": f"When: {plain(poll.title)}",
        "description": _state(poll, best),
        "color": BLUE if poll.state == "open" else GREY,
        "fields": times,
    }
    return {"content": "", "embeds": [embed], "components": _buttons(poll, best, now)}


def posted(draft: PollDraft, poll: Poll) -> list[str]:
    """Tell its organiser that a poll is posted, and what was made of the times they typed."""
    lines = [f"The poll for **{plain(poll.title)}** is posted here, open until {at(poll.closes_at)}."]
    lines += [f"{time.position}. {at(time.starts_at)}" for time in poll.times]
    lines += [f"“{plain(typed.text)}”: {note}" for typed in draft.times for note in typed.notes]
    if draft.closes is not None:
        lines += [f"“{plain(draft.closes.text)}”: {note}" for note in draft.closes.notes]
    if draft.overrules:
        lines.append(f"The event takes {spell(poll.minutes)}, as you wrote in `length`.")
    elif draft.minutes is None and poll.minutes != HOUR:
        lines.append(f"The event takes {spell(poll.minutes)}.")
    return lines


def closing(poll: Poll, best: PollTime | None) -> Message:
    """Tell the organiser how a poll has ended."""
    title = plain(poll.title)
    if best is None:
        text = f"The poll for **{title}** is closed: nobody can make any of the times still ahead."
    else:
        works = f"it works for {counted(len(best.voters), 'member')}"
        text = f"The poll for **{title}** is closed. Best: {at(best.starts_at)}, {works}. The button creates it."
    mention = f"<@{poll.organiser_id}>" if poll.organiser_id else ""
    users = [str(poll.organiser_id)] if poll.organiser_id else []
    return {"content": f"{text}\n{mention}".strip(), "allowed_mentions": {"parse": [], "users": users}}


def voted(time: PollTime, *, could: bool) -> str:
    """Say what a click has come to."""
    return f"Got it, you can make {at(time.starts_at)}." if could else f"Got it, you can't make {at(time.starts_at)}."


def _state(poll: Poll, best: PollTime | None) -> str:
    if poll.state == "made":
        return "The event is created."
    if poll.state == "open":
        return f"Click every time you can make; click again to take it back. Open until {at(poll.closes_at, 'f')}."
    return "Closed. No time works for anyone." if best is None else f"Closed. The best time is {at(best.starts_at)}."


def _time(time: PollTime, *, is_best: bool) -> Message:
    star = "⭐ " if is_best else ""
    names = names_within((clean(name) for _, name in time.voters), len(time.voters), NAMES_LENGTH, ", ")
    return field(
        f"{star}{time.position}. {wall_label(time.wall)} ({len(time.voters)})", f"{at(time.starts_at)}\n{names}"
    )


def _buttons(poll: Poll, best: PollTime | None, now: datetime) -> list[Message]:
    if poll.state == "made":
        return []
    if poll.state != "open":
        if best is None:
            return []
        made = button(
            f"Make the event: {wall_label(best.wall)}", POLL_MAKE.id(poll.id, best.position), style=Style.GREEN
        )
        others = [
            option(f"{wall_label(time.wall)}, works for {len(time.voters)}", str(time.position))
            for time in poll.times
            if time.starts_at > now and time.position != best.position
        ]
        menu = [row(select(POLL_MAKE.id(poll.id), others, placeholder="Create it at another time"))] if others else []
        return [row(made), *menu]
    times = [
        button(f"{time.position}. {wall_label(time.wall)}", POLL_VOTE.id(poll.id, time.position)) for time in poll.times
    ]
    return [*button_rows(times), row(button("Close the poll", POLL_CLOSE.id(poll.id), style=Style.RED))]
