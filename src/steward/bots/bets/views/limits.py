"""What members read about their own limits and breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from steward.bots.bets.care.rules import LimitKind, LimitPeriod, OwnLimit, Wagered, room
from steward.bots.bets.section import BetsSection
from steward.client.components import Action
from steward.client.components.actions import number
from steward.client.embeds import BLUE, Message, at, field
from steward.store import from_millis

BREAK = Action("bets", "break", args=(number,))  # until when, in seconds since 1970
NO_BREAK = Action("bets", "no_break")

NO_LIMIT = frozenset({"none", "no", "off"})
WHAT = {LimitKind.STAKE: "stake", LimitKind.LOSS: "lose"}
NONE_SET = "None. `/limits stake` and `/limits loss` set them."
NO_BREAK_ON = "None. `/limits cool-off` begins one of some days, `/limits exclude` one of months or years."
SETTLED = "Your open bets are settled as usual."


def limits_view(
    limits: Sequence[OwnLimit], used: Mapping[LimitPeriod, Wagered], until: datetime | None, section: BetsSection
) -> Message:
    """
    Show a member's limits and break.

    Args:
        used: what they have bet in the day and the week that it is.
        until: of the break; None for no break.

    """
    lines = [_line(one, used[one.period], section) for one in limits]
    pause = NO_BREAK_ON if until is None else f"until {at(until, 'f')} ({at(until, 'R')}). {SETTLED}"
    fields = [field("Limits", "\n".join(lines) or NONE_SET), field("Break from betting", pause)]
    footer = "Only you see this. A lower limit counts at once, a higher one after 24 hours."
    return {"embeds": [{"title": "Your limits", "color": BLUE, "fields": fields, "footer": {"text": footer}}]}


def limit_set(limit: OwnLimit, section: BetsSection) -> str:
    """Tell a member what their limit is now, and what it will be."""
    if limit.next_ms is not None:
        begins = at(from_millis(limit.next_ms), "f")
        return f"From {begins} on: {_most(limit, limit.next_amount, section)}. Until then {_stays(limit, section)}."
    return f"From now on: {_most(limit, limit.amount, section)}."


def break_question(until: datetime) -> str:
    """Ask whoever is about to take a break."""
    return (
        f"**Take a break from betting until {at(until, 'f')}? Nobody can shorten it, not even an admin.**\n"
        f"You can't bet in this server until then. {SETTLED}"
    )


def break_taken(until: datetime) -> str:
    return f"You're taking a break from betting until {at(until, 'f')}. {SETTLED}"


def _line(limit: OwnLimit, used: Wagered, section: BetsSection) -> str:
    said = _most(limit, limit.amount, section)
    left = room(limit, used)
    if left is not None:
        said += f"; {section.points(left)} left"
    if limit.next_ms is not None:
        said += f". From {at(from_millis(limit.next_ms), 'f')} on {_most(limit, limit.next_amount, section)}"
    return said


def _most(limit: OwnLimit, amount: int | None, section: BetsSection) -> str:
    what = WHAT[limit.kind]
    if amount is None:
        return f"no limit of what you {what} a {limit.period}"
    return f"you can {what} at most {section.points(amount)} a {limit.period}"


def _stays(limit: OwnLimit, section: BetsSection) -> str:
    return f"it stays at {section.points(limit.amount or 0)}"
