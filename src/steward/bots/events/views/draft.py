"""An event in the making: the private preview of its post, with what changes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from steward.bots.events.editing.draft import EventDraft
from steward.bots.events.model.details import MAX_REMINDERS, Details, Reach
from steward.bots.events.model.occurrences import Occurrence, State
from steward.bots.events.model.pictures import warning
from steward.bots.events.recurrence.planning import A_MINUTE
from steward.bots.events.rsvp import actions
from steward.bots.events.rsvp.lineup import Lineup
from steward.bots.events.views.post import post
from steward.client.components import Style, button, channel_select, option, row, select
from steward.client.components.reply import LONGEST_TEXT
from steward.client.embeds import Message, at, plain
from steward.client.panels.typed_times import TypedTime, which_reading
from steward.runtime.wall_time import wall_of
from steward.store import instant_of
from steward.text.cutting import cut_text
from steward.text.durations import about, spell
from steward.text.recurrence.usual import Frequency, offered

TEXT_CHANNELS = (0, 5)
USUAL_REMINDERS = (0, 10, 30, 60, 3 * 60, 24 * 60, 2 * 24 * 60, 7 * 24 * 60)
THREAD, NATIVE = "thread", "native"
NEXT_SHOWN = 3
REPEATS_SAID = {
    Frequency.ONCE: "Doesn't repeat",
    Frequency.DAILY: "Repeats daily",
    Frequency.WEEKLY: "Repeats weekly",
    Frequency.FORTNIGHTLY: "Repeats every two weeks",
    Frequency.BY_DATE: "Repeats monthly, on this date",
    Frequency.BY_WEEKDAY: "Repeats monthly, on this weekday",
    Frequency.LAST_WEEKDAY: "Repeats monthly, on the last of these weekdays",
    Frequency.CUSTOM: "Repeats by your rule",
}


def panel(
    draft: EventDraft, now: datetime, *, note: str = "", zone_note: str = "", warnings: Sequence[str] = ()
) -> Message:
    """
    Show a draft: what was understood of it, the post as it would look, and what changes it.

    Args:
        note: what the last choice led to, such as a permission that is missing.
        zone_note: what is to be known of the clock on which the time was read.
        warnings: what Discord would refuse, and why.

    """
    note = draft.problem or note
    said = [f"⚠️ {line}" for line in note.splitlines()]
    usable = not draft.problem and (draft.start is not None or draft.occurrence_id is not None)
    ways_out = row(_write(draft), _discard(draft))
    if not usable:
        return {"content": "\n".join(said), "embeds": [], "components": [ways_out]}
    if draft.doubts:
        typed = TypedTime(draft.texts.when, draft.doubts)
        asked = which_reading(typed, draft.zone, lambda number, _: actions.MEANT.id(draft.id, number), zone_note)
        content = "\n".join([*said, asked["content"]])
        return {"content": content, "embeds": [], "components": [*asked["components"], ways_out]}
    said += [f"⚠️ {warning}" for warning in warnings]
    if draft.occurrence_id is None or draft.whole:
        said += _understood(draft, now, zone_note)
    if ends := warning(draft.details.image_url):
        said.append(f"⚠️ {ends}")
    said.append("Nothing is posted until you press Post." if draft.occurrence_id is None else _whose(draft))
    return {
        "content": cut_text("\n".join(said), LONGEST_TEXT),
        "embeds": post(_occurrence(draft, now), Lineup(), now)["embeds"],
        "components": _controls(draft),
    }


def when_said(wall: datetime, draft: EventDraft, now: datetime) -> str:
    """Say a wall time in full: `Friday 27 November 2026, 20:00 (Europe/Berlin), in 6 days`."""
    ahead = instant_of(wall, draft.zone) - now
    until = f"in {about(ahead)}" if ahead > timedelta(0) else f"{about(ahead)} ago"
    return f"{wall:%A} {wall.day} {wall:%B %Y, %H:%M} ({draft.zone.key}), {until}"


def _understood(draft: EventDraft, now: datetime, zone_note: str) -> list[str]:
    assert draft.start is not None  # noqa: S101 - the caller has looked
    rule = draft.recurrence()
    walls = [draft.start] if rule is None else list(rule.occurrences(draft.start - A_MINUTE, NEXT_SHOWN + 1))
    said = [f"**When:** {when_said(walls[0], draft, now)}"]
    said += [*draft.notes, *filter(None, (zone_note,))]
    said.append(f"**How long:** {spell(draft.details.minutes)}")
    if rule is not None:
        following = ", ".join(at(instant_of(wall, draft.zone), "D") for wall in walls[1:])
        said.append(f"**Repeats:** {rule.describe()}" + (f"; then {following}" if following else ""))
    ahead = f"{spell(draft.lead)} before each start" if draft.lead else "right away"
    if rule is not None and not draft.lead:
        ahead = "right away, and each next one when the last is over"
    said.append(f"**Posted:** in <#{draft.channel_id}>, {ahead}")
    return said


def _whose(draft: EventDraft) -> str:
    reach = "the whole series from here on" if draft.whole else "this event only"
    return f"This changes {reach}. Nothing changes until you press Save; then I tell everyone who signed up."


def _occurrence(draft: EventDraft, now: datetime) -> Occurrence:
    """Return the first occurrence as it would be."""
    start = draft.start or wall_of(now, draft.zone)
    starts_at = instant_of(start, draft.zone)
    ends_at = starts_at + timedelta(minutes=draft.details.minutes)
    return Occurrence(
        id=0,
        event_id=0,
        guild_id=0,
        channel_id=draft.channel_id,
        message_id=None,
        organiser_id=0,
        zone=draft.zone,
        original=start,
        starts_at=starts_at,
        ends_at=ends_at,
        state=State.POSTED,
        recurs=draft.repeats is not Frequency.ONCE,
        details=draft.details,
        differs=False,
        revision=0,
    )


def _controls(draft: EventDraft) -> list[Message]:
    last = (
        button("Post" if draft.occurrence_id is None else "Save", actions.POST_IT.id(draft.id), style=Style.GREEN),
        _write(draft),
        button("Who and where", actions.PEOPLE.id(draft.id)),
        button("More", actions.MORE.id(draft.id)),
        _discard(draft),
    )
    rows = [_reminders(draft), _extras(draft)]
    if draft.whole:
        rows.insert(0, _repeats(draft))
    if draft.occurrence_id is None:
        where = channel_select(
            actions.WHERE.id(draft.id), kinds=TEXT_CHANNELS, placeholder="Posted in …", chosen=(draft.channel_id,)
        )
        rows = [where, _repeats(draft), _reminders(draft)]
        return [*map(row, rows), row(_extras(draft)), row(*last)]
    return [*map(row, rows), row(*last)]


def _repeats(draft: EventDraft) -> Message:
    choices = [
        option(REPEATS_SAID[repeats], repeats.value, chosen=repeats is draft.repeats)
        for repeats in offered(draft.start, written=bool(draft.rule))
    ]
    return select(actions.REPEATS.id(draft.id), choices)


def _reminders(draft: EventDraft) -> Message:
    chosen = {reminder.minutes for reminder in draft.details.reminders}
    choices = [
        option("At the start" if not minutes else f"{spell(minutes).capitalize()} before", str(minutes))
        | {"default": minutes in chosen}
        for minutes in sorted({*USUAL_REMINDERS, *chosen})
    ]
    most = min(MAX_REMINDERS, len(choices))
    return select(actions.REMINDERS.id(draft.id), choices, placeholder="No reminders", least=0, most=most)


def _extras(draft: EventDraft) -> Message:
    chosen = chosen_extras(draft.details)
    choices = [
        option("Open a thread under the post", THREAD, chosen=THREAD in chosen),
        option("Also create a Discord event", NATIVE, chosen=NATIVE in chosen),
        option("Send reminders as DMs", Reach.DM.value, chosen=Reach.DM.value in chosen),
        option(
            "Reminders mention the role of attendees",
            Reach.ROLE.value,
            chosen=Reach.ROLE.value in chosen,
            description="instead of each member; choose it in Who and where",
        ),
    ]
    return select(actions.EXTRAS.id(draft.id), choices, placeholder="Extras", least=0, most=len(choices))


def chosen_extras(details: Details) -> Sequence[str]:
    """Return which of the extras hold."""
    held = [name for name, holds in ((THREAD, details.thread), (NATIVE, details.native)) if holds]
    return held + sorted({reminder.reach.value for reminder in details.reminders} - {Reach.MENTION.value})


def made(draft: EventDraft, first: Occurrence, warnings: Sequence[str]) -> Message:
    """Say that it is made, and what of it Discord will refuse."""
    title = plain(draft.details.title)
    where = f"<#{draft.channel_id}>"
    said = f"**{title}** is set for {at(first.starts_at)}. "
    said += (
        f"I'll post it in {where} {spell(draft.lead)} before each start." if draft.lead else f"It's posted in {where}."
    )
    lines = [said, "`/event edit`, `move` and `cancel` change it.", *(f"⚠️ {warning}" for warning in warnings)]
    return {"content": cut_text("\n".join(lines), LONGEST_TEXT), "embeds": [], "components": []}


def _write(draft: EventDraft) -> Message:
    return button("Change the text", actions.WRITE.id(draft.id))


def _discard(draft: EventDraft) -> Message:
    return button("Discard", actions.DISCARD.id(draft.id), style=Style.RED)
