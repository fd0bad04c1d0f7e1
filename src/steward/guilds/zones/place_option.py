"""A time zone as an option of a command: offered by place while a member types, and found by what was sent off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import discord
from discord import app_commands

from steward.client.interactions import Ambiguous
from steward.client.panels.chooser import Named, Offered
from steward.errors import StewardError
from steward.text.cutting import cut_label
from steward.text.places import Place, find_places, is_offset, meant_places

HOW = "Type a city or a country, such as Berlin, New York or Japan."


async def _places(group: Any, _: discord.Interaction, typed: str) -> Named:
    now = group.clock.now()
    return [(place.label(now), place.zone) for place in find_places(typed, now)]


PlaceName = app_commands.Transform[str, Offered(_places, longest=64, narrowed=False)]


def chosen_place(typed: str, now: datetime, *, option: str) -> Place:
    """
    Return the place that was picked or typed.

    Raises:
        Ambiguous: it may mean several, or is only written almost like one.
        StewardError: it is none.

    """
    meant = meant_places(typed, now)
    if len(meant) == 1:
        return meant[0]
    near = meant or find_places(typed, now)
    shown = cut_label(typed.strip(), 40)
    if not near:
        raise StewardError(f"I don't know a place called “{shown}”.", remedy=HOW)
    said = f"“{shown}” can mean several places." if meant else f"I don't know a place called “{shown}”."
    if is_offset(typed):
        said = f"“{shown}” doesn't say when summer time begins, a place does."
    raise Ambiguous(said, option=option, offers=[(place.label(now), place.zone) for place in near])
