"""A time zone as an option of a command: offered by place while a member types, and found by what was sent off."""

from __future__ import annotations

from datetime import datetime

from discord import app_commands

from steward.client.interactions import Ambiguous
from steward.errors import StewardError
from steward.text.cutting import cut_label
from steward.text.places import Place, find_places, is_offset, meant_places

MOST_CHOICES, LONGEST_CHOICE = 25, 100  # that Discord shows
HOW = "Type a city or a country, such as Berlin, New York or Japan."

PlaceName = app_commands.Range[str, 1, 64]


def offer_places(typed: str, now: datetime) -> list[app_commands.Choice[str]]:
    """Offer the places that a text may mean, each with the time on its clock."""
    return [
        app_commands.Choice(name=cut_label(place.label(now), LONGEST_CHOICE), value=place.zone)
        for place in find_places(typed, now)[:MOST_CHOICES]
    ]


def chosen_place(typed: str, now: datetime, *, option: str) -> Place:
    """
    Return the place that was picked or typed.

    Args:
        typed: the option's text.
        now: the time.
        option: the option's name.

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
