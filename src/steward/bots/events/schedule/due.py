"""What the events bot does when it is due: the moments of occurrences, and the end of polls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from steward.bots.events.model.occurrences import MomentKind
from steward.bots.events.polls.store import CLOSING, close_poll
from steward.bots.events.schedule.effects import happen
from steward.store import Work
from steward.store.due.due import DueItem
from steward.store.due.work import DueKind


def event_kinds(
    *,
    before_reminding: Callable[[int], Awaitable[None]],
    role_reaches: Callable[[DueItem], Awaitable[bool]],
) -> dict[str, DueKind]:
    """Return what is done when it is due."""

    async def moment(item: DueItem) -> Work[object]:
        if item.kind != MomentKind.REMIND:
            return partial(happen, item=item)
        await before_reminding(item.number)
        return partial(happen, item=item, role_reaches=await role_reaches(item))

    async def closing(item: DueItem) -> Work[object]:
        return partial(close_poll, poll_id=item.number)

    moments = dict.fromkeys(map(str, MomentKind), DueKind(moment, _failed))
    return {**moments, CLOSING: DueKind(closing, lambda _: "A poll can't be closed")}


def _failed(item: DueItem) -> str:
    what = item.kind.removeprefix("event_")
    return f"What was due for event {item.number} ({what}) keeps failing"
