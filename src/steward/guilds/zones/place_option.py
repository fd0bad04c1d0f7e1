"""
A time zone as an option of a command, offered by place while a member types, and in the panel of `/setup`.

In the panel it is a menu of places, and a modal for any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import discord
from discord import app_commands

from steward.client.components import option, select, text_input
from steward.client.embeds import Message
from steward.client.interactions import Ambiguous
from steward.client.panels.chooser import Named, Offered
from steward.client.panels.form import ModalForm
from steward.errors import StewardError
from steward.guilds.setup.draft import SectionDraft
from steward.text.cutting import cut_label
from steward.text.places import PROMINENT, Place, find_places, is_offset, is_place, meant_places, place_of

HOW = "Type a city or a country, such as Berlin, New York or Japan."
OTHER = "other"
MAX_OPTIONS = 25
GUESS = "That's a guess from your language: change it if it's wrong."
NOBODY = "Nobody has chosen one yet: choose yours below."


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


def zone_said(draft: SectionDraft[Any], now: datetime) -> str:
    """Say the zone with the time there, and how it came to be."""
    settings = draft.settings
    said = f"{settings.zone}, {now.astimezone(settings.zone_info):%H:%M} now."
    if not settings.zone_chosen:
        return f"{said} {NOBODY}"
    return f"{said} {GUESS}" if draft.guessed else said


def zone_select(
    custom_id: str, draft: SectionDraft[Any], now: datetime, offered: Sequence[tuple[str, str]] = ()
) -> Message:
    """
    Offer places: the chosen one, and those that a text may mean, or else those of most people.

    Args:
        offered: what a text may mean that somebody has typed: what it is called, and its zone.

    """
    chosen = draft.settings.zone if draft.settings.zone_chosen else None
    labels = {zone: label for label, zone in reversed(offered)}  # of two places with one zone the first
    zones = list(dict.fromkeys(zone for _, zone in offered)) or list(PROMINENT)
    if chosen is not None and chosen not in zones:
        zones.insert(0, chosen)
    options = [
        option(labels.get(zone) or _place(zone).label(now), zone, chosen=zone == chosen and not offered)
        for zone in zones[: MAX_OPTIONS - 1]
    ]
    options.append(option("Another place …", OTHER))
    return select(custom_id, options, placeholder="Which of these places?" if offered else "Time zone")


def zone_form(now: datetime) -> ModalForm:
    """Ask for any place."""
    place = text_input("A city or a country near you", "place", placeholder="Berlin, New York, Japan", most=64)
    return ModalForm("Time zone", (place, lambda text: chosen_place(text, now, option="place").zone))


def _place(zone: str) -> Place:
    return place_of(zone) if is_place(zone) else Place(zone, zone)
