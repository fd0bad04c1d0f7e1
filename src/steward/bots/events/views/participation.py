"""Who came: the report, one event's attendance, and how reliable members are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from steward.bots.events.attendance.participation import MEASURED, Participation, Reliability, Turnout
from steward.bots.events.model.occurrences import Occurrence
from steward.client.embeds import BLUE, FIELD_LENGTH, Message, at, clean, field, plain
from steward.text.cutting import cut_list

EVENTS_LENGTH = 2400  # of an embed's 6000 characters in all, and of 4096 of a description
LIST_LENGTH = 3900
NOT_MEASURED = "not measured: no voice channel was set, or nobody was in it"


def report(what: str, found: Participation, *, hears: bool) -> Message:
    """
    Show who took part in the events of a stretch of time.

    Args:
        what: the stretch: `this week so far`.

    """
    events = cut_list([_event(turnout) for turnout in found.turnouts], EVENTS_LENGTH)
    fields = []
    said, came = found.said_and_came
    if said:
        fields.append(field("Came, of those who said yes", f"{came} of {said} ({_percent(came, said)})"))
        fields.append(field("Came every time", _names(found.perfect) or "nobody", inline=False))
    fields.append(field("Didn't answer", _names(found.silent) or "nobody", inline=False))
    embed = {
        "title": f"Participation: {what}",
        "description": events,
        "color": BLUE,
        "fields": fields,
    }
    if not hears:
        embed["footer"] = {"text": "Attendance isn't measured: I'm not told who is in voice."}
    return {"embeds": [embed]}


def attendance(turnout: Turnout) -> Message:
    """List who was at an event, those who answered first."""
    event = turnout.event
    lines = []
    for one in turnout.there:
        option = event.details.option(one.option) if one.option is not None else None
        name = clean(one.name) if one.name else f"<@{one.user_id}>"
        said = (
            "no answer" if option is None else option.label if one.comes or not option.comes else "was on the waitlist"
        )
        if not turnout.measured:
            lines.append(f"{name}: {plain(said)}")
            continue
        was = f"{one.minutes} min" if one.counted else "doesn't want to be counted"
        sign = "✅" if one.attended else "🔸" if one.minutes or not one.counted else "❌"
        lines.append(f"{sign} {name}: {plain(said)}, {was}")
    embed = {
        "title": plain(event.details.title),
        "description": f"{_event(turnout)}\n\n{cut_list(lines, LIST_LENGTH - 300) or 'Nobody answered.'}",
        "color": BLUE,
    }
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def own_reliability(found: Reliability | None, days: int) -> str:
    """Tell a member how reliable they are, as far as what is over is kept: for so many days, 0 for ever."""
    if found is None:
        return (
            f"There's nothing to show yet: none of the events you said yes to{_within_days(days)} was measured. Only"
            " events with a voice channel are."
        )
    return (
        f"You came to **{found.came} of {found.said}** events you said yes to, of the last {MEASURED} that"
        f" were measured{_within_days(days)}. Only you and the organisers of events you sign up for can see this."
    )


def reliabilities(event: Occurrence, names: Mapping[int, str], found: Mapping[int, Reliability], days: int) -> Message:
    """Show an organiser how reliable those are who said that they come; `days` as for `own_reliability`."""
    lines = [
        f"{clean(name)}: {_rate(found[user]) if user in found else 'nothing measured yet'}"
        for user, name in names.items()
    ]
    embed = {
        "title": f"Came when they said yes: {plain(event.details.title)}",
        "description": cut_list(lines, LIST_LENGTH) or "Nobody has said yes.",
        "color": BLUE,
        "footer": {
            "text": f"Of the last {MEASURED} measured events each said yes to{_within_days(days)}. Only you see this."
        },
    }
    return {"embeds": [embed]}


def _event(turnout: Turnout) -> str:
    event = turnout.event
    said = f"{len(turnout.yes)} said yes"
    if not turnout.measured:
        return f"{at(event.starts_at, 'f')} **{plain(event.details.title)}**: {said}; {NOT_MEASURED}"
    awaited, came = len(turnout.awaited), len(turnout.came)
    share = f", {came} of {awaited} came ({_percent(came, awaited)})" if awaited else ""
    further = f", {len(turnout.unannounced)} came without answering" if turnout.unannounced else ""
    return f"{at(event.starts_at, 'f')} **{plain(event.details.title)}**: {said}{share}{further}"


def _within_days(days: int) -> str:
    return f" in the last {days} days" if days else ""


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %"


def _rate(found: Reliability) -> str:
    return f"{found.came} of {found.said} ({_percent(found.came, found.said)})"


def _names(counted: Sequence[tuple[str, int]]) -> str:
    return cut_list([f"{clean(name)} ({number})" for name, number in counted], FIELD_LENGTH, separator=", ")
